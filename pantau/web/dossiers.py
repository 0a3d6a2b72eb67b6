"""Cases as pages show them: what their reports tell, and how an office has them in hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from alerts.dossier import read_cases
from alerts.names import is_initials, name_words
from extract.law import Law, Rule, Timing
from pantau.config import Config
from pantau.records import NO_NAME, Actor, Case, Report
from pantau.state import cases, casework
from pantau.state.casework import Entry, Standing
from pantau.web.briefs import open_or_upheld

Status = Literal["pns", "pppk", "official"]
STATUSES: dict[Status, str] = {
    "pns": "bila PNS",
    "pppk": "bila PPPK",
    "official": "bila pejabat negara, pejabat daerah, atau pejabat ASN",
}


@dataclass(frozen=True, slots=True)
class Dossier:
    """A case with its reports (by date), its log and how it stands."""

    case: Case
    reports: tuple[Report, ...]
    log: tuple[Entry, ...]
    standing: Standing

    @property
    def best(self) -> Report:
        """The report to be quoted: of a paper rather than of a post, then the surest."""
        return min(self.reports, key=lambda r: (r.gone, r.citizen, -r.mention.score, told_at(r)))

    @property
    def shown(self) -> bool:
        return open_or_upheld(self.case, self.standing)


def read(session: Session, config: Config, case_ids: Sequence[int]) -> list[Dossier]:
    """Cases by their ids, in order of id; what is no case is left out."""
    logs = casework.logs(session, case_ids)
    made = []
    for told in read_cases(session, cases.stored(session, case_ids), config):
        log = tuple(logs[told.case.id])
        reports = tuple(sorted(told.reports, key=lambda r: (told_at(r), r.article_id)))
        made.append(Dossier(told.case, reports, log, casework.standing(log)))
    return made


def told_at(report: Report) -> datetime:
    return report.published or report.first_seen


def names_somebody(actor: Actor) -> bool:
    """Whether a name is told by which a person can be found; initials and one word are none."""
    if actor.name == NO_NAME or is_initials(actor.name):
        return False
    return len(name_words(actor.name)) > 1


@dataclass(frozen=True, slots=True)
class Step:
    """A line of a case's time line."""

    at: datetime
    kind: Literal["report", "stage", "seen", "work"]
    text: str
    href: str = ""
    note: str = ""


def time_line(dossier: Dossier, stage_words: dict[str, str]) -> list[Step]:
    """From the first report on: reports, stages they tell, and what the office did."""
    steps = [Step(dossier.case.first_seen, "seen", "Pertama terbaca sistem")]
    reached = "alleged"
    for report in dossier.reports:
        where = "akun warga" if report.citizen else report.source_name
        steps.append(
            Step(told_at(report), "report", f"Diberitakan {where}", f"/artikel/{report.article_id}")
        )
        mention = report.mention
        if mention.stage != reached:
            by = f" oleh {mention.stage_by}" if mention.stage_by else ""
            said = f"{stage_words[mention.stage]}{by}, menurut {where}"
            steps.append(Step(told_at(report), "stage", said))
            reached = mention.stage
    steps += [Step(entry.at, "work", entry.told, entry.link, entry.note) for entry in dossier.log]
    return sorted(steps, key=lambda step: step.at)


@dataclass(frozen=True, slots=True)
class Fitting:
    """Rules that may fit an act, and for whom; ``whose`` is empty for every ASN."""

    whose: str
    rules: tuple[Rule, ...]


def fitting_rules(law: Law, case: Case, zone: ZoneInfo) -> tuple[list[Fitting], date, Timing]:
    """The readings and articles that may be shown, the day they are taken for, and whether that
    lies before or after candidates are determined. No text tells an actor's status for sure, so
    what binds only some is told with its condition."""
    day = case.act_date or case.first_seen.astimezone(zone).date()

    def of(status: Status | None) -> tuple[Rule, ...]:
        return law.rules_for(
            case.skb_forms, subject=case.subject, day=day, region=case.region_code, status=status
        )

    common = of(None)
    found = [Fitting("", common)]
    if case.subject == "asn":
        known = set(common)
        for status, whose in STATUSES.items():
            more = tuple(rule for rule in of(status) if rule not in known)
            if status != "official":
                known.update(more)
            found.append(Fitting(whose, more))
    return [one for one in found if one.rules], day, law.phase(day, case.region_code).timing
