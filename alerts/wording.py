"""Says an alert in Indonesian: blocks of lines from which both parts of a mail are made.

Nothing is decided here and nothing is called proven in our own words: what an authority
decided is told as its statement, with its name. The words stand in ``data/wording.toml``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from urllib.parse import urlsplit

from alerts.answering import Signer, Ticket
from alerts.data import load
from alerts.names import Likeness, is_initials, likeness, name_words
from alerts.plain import plain, quoted, shorten
from extract.law import load as load_law
from pantau.config.models import Subscription
from pantau.records import NO_NAME, Alert, Case, Report
from pantau.state import casework

_WORDS = load("wording.toml")
_SAY: dict[str, str] = _WORDS["say"]
_LABEL: dict[str, str] = _WORDS["label"]
_FORMS = load_law().forms

OLD = timedelta(days=30)
"""An act older than this may be an old one that is told anew: the mail asks."""
_OTHERS_SHOWN = 20
_SENTENCE = 1500
_NAME = 120

Kind = Literal["quote", "text", "fact", "source", "note", "answers"]


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    href: str = ""
    """A web address, where the line leads somewhere."""
    faint: bool = False
    """Said in passing: times, checksums."""


@dataclass(frozen=True, slots=True)
class Block:
    """A label and what stands under it."""

    kind: Kind
    label: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """A whole mail but for its form."""

    subject: str
    kicker: str
    title: str
    blocks: tuple[Block, ...]
    footer: str


@dataclass(frozen=True, slots=True)
class Places:
    """Where things are found: what a mail needs to know of the rest of the house."""

    region_name: Callable[[str], str]
    """Official name with its level of a Kepmendagri code: "Kabupaten Grobogan"."""
    archive_path: Callable[[str], str]
    """Where the archive holds the bytes with this SHA-256."""
    base_url: str = ""
    """Where the pages are served; empty where they are not."""
    signer: Signer | None = None
    """Of the links by which a mail is answered; without it there are none."""

    def archive_url(self, sha256: str) -> str:
        return f"{self.base_url.rstrip('/')}/arsip/{sha256}" if self.base_url else ""

    def answer_url(self, ticket: Ticket, verb: str, now: datetime) -> str:
        if not (self.base_url and self.signer):
            return ""
        token = self.signer.token(ticket, now)
        return f"{self.base_url.rstrip('/')}/jawab/{token}?tindakan={verb}"

    def unsubscribe_url(self, subscription_id: str, recipient: str, now: datetime) -> str:
        if not (self.base_url and self.signer):
            return ""
        token = self.signer.token(Ticket(0, subscription_id, recipient), now)
        return f"{self.base_url.rstrip('/')}/berhenti/{token}"

    def case_url(self, case_id: int) -> str:
        return f"{self.base_url.rstrip('/')}/kasus/{case_id}" if self.base_url else ""


def notice(
    alert: Alert, subscription: Subscription, places: Places, now: datetime, recipient: str = ""
) -> Notice:
    """Say an alert to one recipient of a subscription. Times are shown in the zone of ``now``."""
    case = alert.case
    reports = sorted(alert.reports, key=lambda report: (_told(report), report.article_id))
    first = best(reports)
    others = [report for report in reports if report.article_id != first.article_id]
    blocks = [
        Block("note", _LABEL["changes"], tuple(Line(plain(change)) for change in alert.changes)),
        Block("quote", _LABEL["rectification"], _rectification(case)),
        _quote(first, now),
        _answer(case),
        *_facts(alert, reports, places, now),
        Block("source", _LABEL["sources"], tuple(_source(first, places, now))),
        Block("source", _LABEL["others"], tuple(_others(others, places, now))),
        Block("fact", _LABEL["office"], (Line(competent_office(case.region_code, places)),)),
        Block("note", _LABEL["why"], tuple(_why(first, subscription, places))),
        Block("note", _LABEL["is_not"], tuple(Line(line) for line in _WORDS["is_not"]["lines"])),
        Block("answers", _LABEL["answers"], tuple(_answers(alert, places, now, recipient))),
    ]
    return Notice(
        subject=subject(alert, places),
        kicker=_WORDS["kicker"][alert.kind].format(id=case.id),
        title=_WORDS["title"][case.subject],
        blocks=tuple(block for block in blocks if block.lines),
        footer=_WORDS["is_not"]["footer"],
    )


def best(reports: Sequence[Report]) -> Report:
    """The report to be quoted: the surest, of a paper rather than of a post, then the first."""
    return min(
        reports,
        key=lambda report: (report.gone, report.citizen, -report.mention.score, _told(report)),
    )


def subject(alert: Alert, places: Places) -> str:
    """Act, office and place within 70 characters; no person's name."""
    case = alert.case
    rules = _WORDS["subject"]
    names = {word for report in alert.reports for word in name_words(report.mention.actor.name)}
    names |= set(name_words(case.actor.name))
    form = _FORMS.get(_leading_form(alert))
    told = form.subject if form else _nameless(case.act, names)
    act = plain(rules[alert.kind].format(act=told or _WORDS["status"][case.subject]), 200)
    office = _nameless(case.actor.position, names) or _WORDS["status"][case.subject]
    place = shorten(_short_place(case.region_code, places), rules["place_at_most"])
    kept_for_act = min(len(act), rules["act_at_least"])
    room = rules["limit"] - len(": ") - len(", ") * bool(place) - len(place) - kept_for_act
    tail = ", ".join(filter(None, (shorten(office, room), place)))
    return f"{shorten(act, rules['limit'] - len(': ') - len(tail))}: {tail}"


def competent_office(code: str | None, places: Places) -> str:
    """The supervisor's office for a region; of the province where no more is known."""
    if code is None:
        return _SAY["no_office"]
    supervisor = _WORDS["supervisor"].get(code[:2], _WORDS["supervisor"]["name"])
    office = f"{supervisor} {plain(places.region_name(code[:5]))}"
    return _SAY["province_office"].format(office=office) if len(code) < 5 else office


def day(when: date) -> str:
    """Sabtu, 12 Oktober 2024."""
    calendar = _WORDS["calendar"]
    weekday, month = calendar["days"][when.weekday()], calendar["months"][when.month - 1]
    return f"{weekday}, {when.day} {month} {when.year}"


def moment(when: datetime, now: datetime) -> str:
    """Sabtu, 12 Oktober 2024 pukul 08.25 WIB, in the zone of ``now``."""
    local = when.astimezone(now.tzinfo)
    offset = local.utcoffset() or timedelta()
    hours = int(offset.total_seconds() // 3600)
    zone = _WORDS["calendar"]["zones"].get(str(hours), f"UTC{hours:+d}")
    return f"{day(local)} pukul {local:%H.%M} {zone}"


def _quote(report: Report, now: datetime) -> Block:
    return Block(
        "quote",
        _LABEL["quote"],
        (
            Line(f"“{quoted(report.mention.sentence, _SENTENCE)}”"),
            Line(f"{told_by(report)}, {_when_published(report, now)}", faint=True),
        ),
    )


def _rectification(case: Case) -> tuple[Line, ...]:
    told = quoted(case.rectification, _SENTENCE)
    return (Line(f"“{told}”"),) if told else ()


def _answer(case: Case) -> Block:
    said = [Line(_SAY["denied"])] if case.denied else []
    told = Line(f"“{quoted(case.answer, _SENTENCE)}”" if case.answer else _SAY["no_answer"])
    return Block("text", _LABEL["answer"], (*said, told))


def _facts(alert: Alert, reports: Sequence[Report], places: Places, now: datetime) -> list[Block]:
    case, holder = alert.case, alert.holder
    facts = {
        "who": [Line(name) for name in _names(case, reports)],
        "position": [Line(quoted(case.actor.position, _NAME) or _SAY["unknown"])],
        "agency": [Line(quoted(case.actor.agency, _NAME) or _SAY["unknown"])],
        "status": [Line(_WORDS["status"][case.subject])],
        "place": [Line(_place(case.region_code, places))],
        "act_date": [Line(_act_date(case, now))],
        "beneficiary": [Line(quoted(case.beneficiary, _NAME) or _SAY["unknown"])],
        "form": _form_lines(case),
        "phase": [Line(_phase(case))],
        "stage": [Line(stage_line(case, reports))],
        "holder": [Line(plain(holder))] if holder else [],
        "first_seen": _first_seen(case, places, now),
    }
    return [Block("fact", _LABEL[key], tuple(lines)) for key, lines in facts.items()]


def _names(case: Case, reports: Sequence[Report]) -> list[str]:
    """Each person once, by the fullest writing of the name."""
    told = sorted(
        {case.actor.name, *(report.mention.actor.name for report in reports)} - {NO_NAME, ""},
        key=lambda name: (is_initials(name), -len(name_words(name)), -len(name), name),
    )
    persons: list[str] = []
    for name in told:
        if all(likeness(name, person) <= Likeness.UNKNOWN for person in persons):
            persons.append(name)
    shown = [quoted(name, _NAME) for name in persons] or [_SAY["unknown"]]
    return [_SAY["initials"].format(name=name) if is_initials(name) else name for name in shown]


def _form_lines(case: Case) -> list[Line]:
    lines = []
    for number in case.skb_forms:
        form = _FORMS[number]
        lines += [
            Line(_SAY["form"].format(number=number, name=form.title)),
            Line(_SAY["before"].format(reading=form.before), faint=True),
            Line(_SAY["after"].format(reading=form.after), faint=True),
        ]
    if case.subject != "asn":
        lines.append(Line(_SAY["not_asn"], faint=True))
    return lines or [Line(_SAY["no_form"])]


def _act_date(case: Case, now: datetime) -> str:
    if case.act_date is None:
        return _SAY["undated"]
    old = now.date() - case.act_date > OLD
    return f"{day(case.act_date)} – {_SAY['old']}" if old else day(case.act_date)


def _phase(case: Case) -> str:
    """Of an undated act the phase is that of the report, and an old act is often told anew."""
    phase = plain(case.phase)
    if not phase:
        return _SAY["no_phase"]
    return phase if case.act_date else _SAY["phase_of_report"].format(phase=phase)


def stage_line(case: Case, reports: Sequence[Report]) -> str:
    """ "dinyatakan … oleh …, menurut …": never our own finding."""
    sources = [told_by(r) for r in reports if r.mention.stage == case.stage]
    by = _WORDS["stage"]["by"].format(by=quoted(case.stage_by)) if case.stage_by else ""
    if not by and case.stage != "alleged":
        by = f"({_WORDS['stage']['by_nobody']})"
    said = " ".join(filter(None, (_WORDS["stage"][case.stage], by)))
    if not sources:
        return said
    return f"{said}, {_WORDS['stage']['according_to'].format(source=sources[-1])}"


def told_by(report: Report) -> str:
    """Who tells it: a source, or a citizen, whose words are not the source's they were read at."""
    source = plain(report.source_name)
    return _SAY["citizen"].format(source=source) if report.citizen else source


def _first_seen(case: Case, places: Places, now: datetime) -> list[Line]:
    url = places.case_url(case.id)
    where = _SAY["where_page" if url else "where_file"]
    lines = [
        Line(moment(case.first_seen, now)),
        Line(_SAY["first_seen_note"].format(where=where), faint=True),
    ]
    return [*lines, Line(_SAY["case_page"], href=url)] if url else lines


def _source(report: Report, places: Places, now: datetime) -> list[Line]:
    title = quoted(report.title, 200) or ("" if report.kind == "post" else _SAY["untitled"])
    lines = [
        Line(": ".join(filter(None, (told_by(report), title)))),
        Line(
            f"{_when_published(report, now)}; "
            f"{_SAY['read'].format(when=moment(report.first_seen, now))}",
            faint=True,
        ),
    ]
    if report.gone:
        lines.append(Line(_SAY["gone"], faint=True))
    elif report.citizen:
        lines.append(Line(_SAY["post"], faint=True))
    elif _is_web(report.url):
        address = plain(report.url, 2000)
        lines.append(Line(address, href=address))
    if report.page_sha256:
        url = places.archive_url(report.page_sha256)
        shown = _SAY["archive"].format(where=places.archive_path(report.page_sha256))
        lines.append(Line(_SAY["archive_link"], href=url) if url else Line(shown, faint=True))
        lines.append(Line(_SAY["sha256"].format(sha=report.page_sha256), faint=True))
    return lines


def _others(reports: Sequence[Report], places: Places, now: datetime) -> list[Line]:
    once = list({report.article_id: report for report in reports}.values())
    lines = [line for report in once[:_OTHERS_SHOWN] for line in _source(report, places, now)]
    if len(once) > _OTHERS_SHOWN:
        lines.append(Line(_SAY["more"].format(count=len(once) - _OTHERS_SHOWN)))
    return lines or [Line(_SAY["no_others"])]


def _why(report: Report, subscription: Subscription, places: Places) -> list[Line]:
    conditions = [", ".join(plain(places.region_name(code)) for code in subscription.regions)]
    conditions[0] = conditions[0] or _SAY["everything"]
    if subscription.without_region:
        conditions.append(_SAY["without_region"])
    if subscription.forms:
        forms = ", ".join(map(str, subscription.forms))
        conditions.append(_SAY["conditions_forms"].format(forms=forms))
    if subscription.stages:
        stages = ", ".join(_WORDS["stage"][stage] for stage in subscription.stages)
        conditions.append(_SAY["conditions_stages"].format(stages=stages))
    lines = [
        Line(
            _SAY["subscription"].format(
                name=plain(subscription.name), conditions="; ".join(conditions)
            )
        )
    ]
    for effect in ("for", "against"):
        cues = list(dict.fromkeys(r.cue for r in report.mention.reasons if r.effect == effect))
        if cues:
            lines.append(Line(_SAY[effect].format(cues="; ".join(quoted(cue) for cue in cues))))
    return lines


def _answers(alert: Alert, places: Places, now: datetime, recipient: str) -> Iterator[Line]:
    """What can be said back with one click and a confirmation."""
    ticket = Ticket(alert.case.id, alert.subscription_id, recipient)
    for verb in casework.verbs().values():
        if verb.in_mail and (url := places.answer_url(ticket, verb.id, now)):
            yield Line(verb.label, href=url)


def _leading_form(alert: Alert) -> int:
    """The form the quoted mention tells first; 0 where none is known."""
    told = best(alert.reports).mention.skb_forms if alert.reports else ()
    return next(iter((*told, *alert.case.skb_forms)), 0)


def _nameless(text: str, names: set[str]) -> str:
    """The words without those of anybody's name."""
    kept = [word for word in quoted(text, _NAME).split() if not set(name_words(word)) & names]
    return " ".join(kept).strip(" ,")


def _place(code: str | None, places: Places) -> str:
    if code is None:
        return _SAY["unknown"]
    levels = [code[:width] for width in (8, 5, 2) if len(code) >= width]
    return ", ".join(plain(places.region_name(level)) for level in levels) + f" ({code})"


def _short_place(code: str | None, places: Places) -> str:
    if code is None:
        return ""
    return plain(places.region_name(code[:5])).replace("Kabupaten ", "Kab. ")


def _when_published(report: Report, now: datetime) -> str:
    if report.published is None:
        return _SAY["not_published"]
    return _SAY["published"].format(when=moment(report.published, now))


def _told(report: Report) -> datetime:
    return report.published or report.first_seen


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)
