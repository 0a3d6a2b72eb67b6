"""What an office does with a case: a log that only grows, and what follows from it.

The words stand in ``casework.toml``, for pages, mails and links to answer a mail alike. Nothing
here is overwritten: how a case stands is read from its entries each time (``standing``).
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from pantau.errors import PantauError
from pantau.state import merging
from pantau.state.accounts import Who
from pantau.state.people_tables import CaseworkRow
from pantau.state.tables import CaseRow

Detail = Literal["note", "number", "office", "link", "day", "other_case"]
_ZONE = ZoneInfo("Asia/Jayapura")
"""The first of the country's zones to reach a day."""


class CaseworkError(PantauError):
    """Something cannot be noted so; the text says why, in Indonesian."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Verb:
    """Something that can be done with a case; see ``casework.toml``."""

    id: str
    label: str
    told: str
    status: str = ""
    holder: Literal["", "by", "nobody"] = ""
    takes: tuple[Detail, ...] = ()
    closes: bool | None = None
    in_mail: bool = False
    offered: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a case's log."""

    id: int
    case_id: int
    verb: Verb
    at: datetime
    by: str
    account_id: int | None
    via: str
    note: str
    number: str
    office: str
    link: str
    day: date | None
    other_case: int | None

    @property
    def told(self) -> str:
        """The line in Indonesian, without time and note."""
        return self.verb.told.format(
            by=self.by,
            number=self.number,
            office=self.office,
            day=self.day.strftime("%d-%m-%Y") if self.day else "",
            other_case=self.other_case,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a case stands after all that was noted of it."""

    status: str
    """In Indonesian, such as ``ditelusuri``; ``menunggu`` where nobody has done anything."""
    closed: bool = False
    holder: str = ""
    """The name of who holds it; empty for nobody."""
    holder_account: int | None = None
    verified: bool = False
    """Whether somebody looked into what rested on one unverified account."""
    known_on: date | None = None
    """The office's own date of knowledge, from which deadlines are counted."""
    number: str = ""
    office: str = ""
    answers: tuple[Entry, ...] = field(default=())
    """Rectifications (hak jawab), oldest first."""


@cache
def _data() -> dict[str, object]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


@cache
def verbs() -> dict[str, Verb]:
    """All verbs by id, in the order in which they are offered."""
    listed = _data()["verb"]
    assert isinstance(listed, list)
    made = [Verb(**{**entry, "takes": tuple(entry.get("takes", ()))}) for entry in listed]
    return {verb.id: verb for verb in made}


def say(key: str, **values: object) -> str:
    texts = _data()["say"]
    assert isinstance(texts, dict)
    text: str = texts[key]
    return text.format(**values)


def note(
    session: Session,
    case_id: int,
    verb_id: str,
    who: Who,
    now: datetime,
    *,
    note: str = "",
    number: str = "",
    office: str = "",
    link: str = "",
    day: date | None = None,
    other_case: int | None = None,
) -> Entry:
    """Add a line to a case's log. Raises CaseworkError where something is missing or wrong.

    A case that was merged into another is that one. ``duplicate`` makes one case of two, and
    ``part`` two of them again.

    The very same said again by the same person as the last line is that line: a link that is
    opened twice notes once.
    """
    verb = verbs().get(verb_id)
    if verb is None or verb.id in ("joined", "split"):
        raise CaseworkError(say("unknown", verb=verb_id))
    given: dict[Any, object] = {
        "note": note.strip(),
        "number": number.strip(),
        "office": office.strip(),
        "link": link.strip(),
        "day": day,
        "other_case": other_case,
    }
    stands = merging.leads_to(session, case_id)
    _check(session, stands, verb, given, now)
    if verb.id == "duplicate" and other_case is not None:
        return join(session, stands, other_case, who, now, note=note)
    if verb.id == "part" and other_case is not None:
        _part(session, stands, other_case, who, now)
    case_id = stands
    last = session.scalar(
        select(CaseworkRow)
        .where(CaseworkRow.case_id == case_id)
        .order_by(CaseworkRow.id.desc())
        .limit(1)
    )
    saying: dict[str, Any] = {"verb": verb.id, "account_id": who.account_id, "by": who.name}
    saying.update(given)
    if last is not None and all(getattr(last, name) == value for name, value in saying.items()):
        return _entry(last)
    return _add(session, case_id, now, who.via, saying)


def join(
    session: Session, case_id: int, other_case: int, who: Who, now: datetime, *, note: str = ""
) -> Entry:
    """Make one case of two, the older of which stays; said in its log. ``who`` may be Pantau."""
    kept, gone = merging.merge(session, case_id, other_case, now)
    saying = {"verb": "joined", "account_id": who.account_id, "by": who.name}
    return _add(session, kept, now, who.via, {**saying, "note": note.strip(), "other_case": gone})


def split(session: Session, case_id: int, article_id: str, who: Who, now: datetime) -> int:
    """Give a report that tells another event a case of its own; its number.

    Said in both logs. Raises CaseworkError where the report is none of the case, or its only one.
    """
    case_id = merging.leads_to(session, case_id)
    other = merging.split(session, case_id, article_id, now)
    if other is None:
        raise CaseworkError(say("not_split"))
    saying = {"verb": "split", "account_id": who.account_id, "by": who.name}
    for one, another in ((case_id, other), (other, case_id)):
        _add(session, one, now, who.via, {**saying, "other_case": another})
    return other


def _part(session: Session, case_id: int, other: int, who: Who, now: datetime) -> None:
    row = session.get_one(CaseRow, other)
    if row.merged_into is None or merging.leads_to(session, other) != case_id:
        raise CaseworkError(say("not_merged", number=other))
    merging.part(session, case_id, other, now)
    saying = {"verb": "part", "account_id": who.account_id, "by": who.name}
    _add(session, other, now, who.via, {**saying, "other_case": case_id})


def _add(session: Session, case_id: int, now: datetime, via: str, saying: dict[str, Any]) -> Entry:
    row = CaseworkRow(case_id=case_id, at=now, via=via, **saying)
    session.add(row)
    session.get_one(CaseRow, case_id).forgotten_at = None  # how it ends may be another now
    session.flush()
    return _entry(row)


def _check(
    session: Session, case_id: int, verb: Verb, given: dict[Any, object], now: datetime
) -> None:
    for detail in verb.takes:
        if not given[detail]:
            raise CaseworkError(say(f"missing_{detail}"))
    for number in (case_id, given["other_case"]):
        if number is not None and session.get(CaseRow, number) is None:
            raise CaseworkError(say("no_case", number=number))
    other = given["other_case"]
    if verb.id == "duplicate" and isinstance(other, int):
        other = merging.leads_to(session, other)
    if other == case_id:
        raise CaseworkError(say("itself"))
    day = given["day"]
    if isinstance(day, date) and day > now.astimezone(_ZONE).date():
        raise CaseworkError(say("ahead"))


def log(session: Session, case_id: int) -> list[Entry]:
    """All that was noted of a case, oldest first."""
    return logs(session, [case_id])[case_id]


def logs(session: Session, case_ids: Sequence[int]) -> dict[int, list[Entry]]:
    """The logs of several cases, with what was noted of those that were merged into them; an
    empty one where nothing was noted."""
    found: dict[int, list[Entry]] = defaultdict(list, {case_id: [] for case_id in case_ids})
    of = {
        number: case_id
        for case_id, numbers in merging.families(session, case_ids).items()
        for number in numbers
    }
    rows = session.scalars(
        select(CaseworkRow).where(CaseworkRow.case_id.in_(of)).order_by(CaseworkRow.id)
    )
    for row in rows:
        found[of[row.case_id]].append(_entry(row))
    return found


def standing(entries: Iterable[Entry]) -> Standing:
    """How a case stands after these entries, oldest first. Pure."""
    now = Standing(status=say("waiting"))
    answers: list[Entry] = []
    for entry in entries:
        verb = entry.verb
        if verb.id == "answer":
            answers.append(entry)
        holder, account = now.holder, now.holder_account
        if verb.holder:
            by = verb.holder == "by"
            holder, account = (entry.by, entry.account_id) if by else ("", None)
        now = Standing(
            status=verb.status or now.status,
            closed=now.closed if verb.closes is None else verb.closes,
            holder=holder,
            holder_account=account,
            verified=now.verified or verb.id == "verify",
            known_on=(entry.day if verb.id == "known_on" else None) or now.known_on,
            number=entry.number or now.number,
            office=entry.office or now.office,
            answers=tuple(answers),
        )
    return now


def standings(session: Session, case_ids: Sequence[int]) -> dict[int, Standing]:
    """How each of several cases stands."""
    return {case_id: standing(entries) for case_id, entries in logs(session, case_ids).items()}


def _entry(row: CaseworkRow) -> Entry:
    return Entry(
        id=row.id,
        case_id=row.case_id,
        verb=verbs()[row.verb],
        at=row.at,
        by=row.by,
        account_id=row.account_id,
        via=row.via,
        note=row.note,
        number=row.number,
        office=row.office,
        link=row.link,
        day=row.day,
        other_case=row.other_case,
    )
