"""What operators are to be told of a source: each trouble once, and once that it is over.

An event is a row with an empty ``told_at``; whoever tells operators takes up those rows
(``untold``) and notes that they were told (``told``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from pantau.state.tables import SourceEventRow, SourceRow

SILENT, GAP, RECOVERED = "silent", "gap", "recovered"
TOLD_AFTER = {
    **{"moved": 1, "hijacked": 1, "layout changed": 1, "not set up": 1},
    **{"blocked": 2, "robots": 2, "gone": 2},
}
"""Runs in a row with such an outcome before operators hear of it; of others TOLD_AFTER_RUNS."""
TOLD_AFTER_RUNS = 3


def note(session: Session, row: SourceRow, outcome: str, reason: str, now: datetime) -> None:
    """After a run whose outcome is a failure: the trouble is told once, whatever it turns into."""
    if row.failures < TOLD_AFTER.get(outcome, TOLD_AFTER_RUNS):
        return
    if row.trouble in ("", SILENT):
        _begin(session, row, outcome, reason, now)


def note_ways(
    session: Session, row: SourceRow, tried: Mapping[str, tuple[str, str] | None], now: datetime
) -> None:
    """After a run in which some way in was open: those that are closed, or have moved for good, are
    told once each, and once when they are open again. ``tried`` as in ``sources.note_poll``."""
    ways = dict(row.closed_ways)
    for url, trouble in tried.items():
        before = ways.pop(url, None)
        if trouble is None:
            if before and before["told"]:
                add(session, row.id, RECOVERED, f"{before['outcome']}: {url}", now)
            continue
        outcome, reason = trouble
        way = before or {"runs": 0, "told": False, "since": now.isoformat()}
        runs = way["runs"] + 1
        told = runs >= TOLD_AFTER.get(outcome, TOLD_AFTER_RUNS)
        if told and not way["told"]:
            add(session, row.id, outcome, f"{url}: {reason}", now)
        ways[url] = {
            **{"outcome": outcome, "reason": reason, "runs": runs},
            **{"told": told or way["told"], "since": way["since"]},
        }
    row.closed_ways = ways


def note_silence(session: Session, row: SourceRow, now: datetime) -> None:
    """The source can be read, and nothing new has come for too long."""
    if not row.trouble:
        since = row.last_new_at.isoformat(timespec="minutes") if row.last_new_at else ""
        _begin(session, row, SILENT, f"nothing new since {since}", now)


def end(session: Session, row: SourceRow, now: datetime) -> None:
    """The source is as it should be again."""
    if row.trouble:
        since = row.trouble_since or now
        reason = f"{row.trouble} since {since.isoformat(timespec='minutes')}"
        add(session, row.id, RECOVERED, reason, now)
    row.trouble, row.trouble_since = "", None


def reason(session: Session, row: SourceRow) -> str:
    """Why a source is in its trouble, as was last told."""
    query = select(SourceEventRow.reason).where(
        SourceEventRow.source_id == row.id, SourceEventRow.kind == row.trouble
    )
    return session.scalar(query.order_by(SourceEventRow.id.desc()).limit(1)) or ""


def add(session: Session, source_id: str, kind: str, reason: str, now: datetime) -> None:
    session.add(SourceEventRow(source_id=source_id, kind=kind, reason=reason, at=now))


def untold(session: Session, limit: int) -> Sequence[SourceEventRow]:
    """Events that operators have not been told of, oldest first."""
    query = select(SourceEventRow).where(SourceEventRow.told_at.is_(None))
    return session.scalars(query.order_by(SourceEventRow.id).limit(limit)).all()


def told(session: Session, event_ids: Iterable[int], now: datetime) -> None:
    session.execute(
        update(SourceEventRow).where(SourceEventRow.id.in_(list(event_ids))).values(told_at=now)
    )


def _begin(session: Session, row: SourceRow, kind: str, reason: str, now: datetime) -> None:
    row.trouble, row.trouble_since = kind, now
    add(session, row.id, kind, reason, now)
