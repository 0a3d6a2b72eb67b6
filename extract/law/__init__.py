"""The law as data: forms of the joint decree, readings, articles, routes and calendars.

The TOML files beside this one are meant to be corrected by a person who knows the law; this
module only reads and checks them, and answers what fits an act. Nothing here decides whether an
act was a breach. What is not verified says so, and is to be shown as such.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

HERE = Path(__file__).parent
Timing = Literal["before", "after", "outside"]

OUTSIDE = "di luar tahapan"
UNKNOWN_SUBJECTS: dict[str, tuple[str, ...]] = {
    "asn": ("asn",),
    "village_official": ("village_head",),
    "security": ("security",),
    "elected_official": ("official",),
    "contract_staff": (),
}


class LawError(ValueError):
    """A law file says something that cannot be; the text names file, entry and fault."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One of the 13 forms: ``before`` and ``after`` are its readings in words, before and
    after the candidates are determined."""

    number: int
    name: str
    act: str
    subject: str
    title: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A reading of a form (etik, disiplin) or an article, with all that limits it."""

    id: str
    text: str
    sanction: str
    basis: str
    forms: tuple[int, ...]
    subjects: tuple[str, ...]
    elections: tuple[str, ...]
    phase: str
    valid_from: date
    valid_to: date | None
    verified: bool
    source: str

    def fits(
        self,
        *,
        forms: tuple[int, ...],
        subjects: frozenset[str],
        day: date,
        timing: Timing | None,
        election: str | None,
    ) -> bool:
        """Whether the rule may be shown; what is unknown about the act excludes nothing but
        a subject (an unknown status shows no sanction)."""
        return (
            not set(self.forms).isdisjoint(forms)
            and not subjects.isdisjoint(self.subjects)
            and self.valid_from <= day <= (self.valid_to or date.max)
            and (self.phase == "any" or timing is None or self.phase == timing)
            and ("any" in self.elections or election is None or election in self.elections)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    id: str
    name: str
    aliases: tuple[str, ...]
    role: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    subject: str
    to: str
    valid_from: date
    valid_to: date | None
    verified: bool
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    election: str
    kind: str
    days: int
    count: str
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Election:
    id: str
    name: str
    kind: str
    regions: tuple[str, ...]
    partial: bool
    start: date
    determined: date
    campaign: date
    quiet: date
    vote: date
    end: date
    source: str
    verified: bool

    def holds_in(self, region: str | None) -> bool:
        """Whether those of ``region`` vote in it; ``*`` holds everywhere, a province in all that
        lies within it."""
        if "*" in self.regions:
            return True
        return region is not None and any(_within(region, code) for code in self.regions)

    def may_hold_in(self, region: str | None) -> bool:
        """Whether those of ``region`` may vote in it, as far as an unknown place, or one of
        which only the province is known, can tell: only asked of a wave of elections."""
        return self.partial and (
            region is None or any(_within(code, region) for code in self.regions)
        )

    def stage_of(self, day: date) -> str:
        steps = (
            (self.vote, "pemungutan dan rekapitulasi suara"),
            (self.quiet, "masa tenang"),
            (self.campaign, "masa kampanye"),
            (self.determined, "setelah penetapan calon"),
        )
        for first, name in steps:
            if day >= first:
                return name
        return "sebelum penetapan calon"


def _within(region: str, code: str) -> bool:
    return region == code or region.startswith(f"{code}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """Where a day falls in a region's calendar."""

    text: str
    """In Indonesian, such as ``masa kampanye Pilkada 2024`` or ``di luar tahapan``."""
    timing: Timing
    election: Election | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    forms: dict[int, Form]
    readings: tuple[Rule, ...]
    articles: tuple[Rule, ...]
    authorities: tuple[Authority, ...]
    routes: tuple[Route, ...]
    deadlines: tuple[Deadline, ...]
    elections: tuple[Election, ...]

    def phase(self, day: date, region: str | None = None) -> Phase:
        """The phase on ``day``: of several running elections the one whose vote is nearest.

        An election of this very region goes before a nationwide one.
        """
        running = [e for e in self.elections if e.start <= day <= e.end]
        certain = {e.id for e in running if e.holds_in(region)}
        running = [e for e in running if e.id in certain or e.may_hold_in(region)]
        if not running:
            return Phase(text=OUTSIDE, timing="outside", election=None)
        election = min(
            running,
            key=lambda e: ("*" in e.regions or e.id not in certain, abs((e.vote - day).days)),
        )
        hedge = "" if election.id in certain else ", bila daerah ini ikut memilih"
        return Phase(
            text=f"{election.stage_of(day)} {election.name}{hedge}",
            timing="after" if day >= election.determined else "before",
            election=election,
        )

    def rules_for(
        self,
        forms: tuple[int, ...],
        *,
        subject: str,
        day: date,
        region: str | None = None,
        status: Literal["pns", "pppk", "official"] | None = None,
    ) -> tuple[Rule, ...]:
        """Readings and articles that may be shown beside an act.

        ``status`` is what the text says of the actor; without it only what binds every ASN is
        returned, since PP 94/2021 is not for PPPK and UU 10/2016 speaks of officials.
        """
        subjects = set(UNKNOWN_SUBJECTS.get(subject, ()))
        if status:
            subjects |= {status, *(("pns",) if status == "official" else ())}
        phase = self.phase(day, region)
        return tuple(
            rule
            for rule in (*self.readings, *self.articles)
            if rule.fits(
                forms=forms,
                subjects=frozenset(subjects),
                day=day,
                timing=phase.timing,
                election=phase.election.kind if phase.election else None,
            )
        )

    def route(self, subject: str, day: date) -> Route | None:
        """Where such a case goes on ``day``."""
        return next(
            (
                r
                for r in self.routes
                if r.subject == subject and r.valid_from <= day <= (r.valid_to or date.max)
            ),
            None,
        )


@lru_cache(maxsize=1)
def load() -> Law:
    """The law as shipped. Raises ``LawError`` where a file cannot be right."""
    forms, rules = _toml("forms"), _toml("rules")
    routes, calendar = _toml("routes"), _toml("elections")
    law = Law(
        forms={f["number"]: _form(f, forms["readings"]) for f in forms["form"]},
        readings=tuple(_rule(r, text=r["name"]) for r in rules["reading"]),
        articles=tuple(_rule(r, text=r["text"]) for r in rules["article"]),
        authorities=tuple(
            Authority(**{**a, "aliases": tuple(a["aliases"]), "valid_to": a.get("valid_to")})
            for a in routes["authority"]
        ),
        routes=tuple(Route(**{**r, "valid_to": r.get("valid_to")}) for r in routes["route"]),
        deadlines=tuple(Deadline(**d) for d in routes["deadline"]),
        elections=tuple(
            Election(**{**e, "regions": tuple(e["regions"]), "partial": e.get("partial", False)})
            for e in calendar["election"]
        ),
    )
    _check(law)
    return law


def _toml(name: str) -> dict[str, Any]:
    path = HERE / f"{name}.toml"
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except tomllib.TOMLDecodeError as error:
        raise LawError(f"{path}: {error}") from error


def _form(entry: dict[str, Any], readings: dict[str, str]) -> Form:
    for key in ("before", "after"):
        if entry[key] not in readings:
            raise LawError(
                f'forms.toml: form {entry["number"]}: {key} = "{entry[key]}" '
                "is not under [readings]"
            )
    return Form(**{**entry, **{key: readings[entry[key]] for key in ("before", "after")}})


def _rule(entry: dict[str, Any], *, text: str) -> Rule:
    return Rule(
        id=entry["id"],
        text=text,
        sanction=entry.get("sanction", ""),
        basis=entry["basis"],
        forms=tuple(entry["forms"]),
        subjects=tuple(entry["subjects"]),
        elections=tuple(entry.get("elections", ("any",))),
        phase=entry["phase"],
        valid_from=entry["valid_from"],
        valid_to=entry.get("valid_to"),
        verified=entry["verified"],
        source=entry["source"],
    )


def _check(law: Law) -> None:
    if sorted(law.forms) != list(range(1, 14)):
        raise LawError(f"forms.toml: numbers must be 1 to 13, found {sorted(law.forms)}")
    for rule in (*law.readings, *law.articles):
        if not set(rule.forms) <= set(law.forms):
            raise LawError(f"rules.toml: {rule.id} names a form that does not exist")
        if rule.valid_to and rule.valid_to < rule.valid_from:
            raise LawError(f"rules.toml: {rule.id} ends before it begins")
    for e in law.elections:
        days = [e.start, e.determined, e.campaign, e.quiet, e.vote, e.end]
        if days != sorted(days):
            raise LawError(f"elections.toml: the days of {e.id} are not in order")
