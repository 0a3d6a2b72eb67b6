"""When each source is due, and how its runs went. Written by the crawl.

The due time stands in the source's row: after a kill the next process reads it there.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from pantau.config import Source
from pantau.state.tables import RunRow, SourceRow

DEFAULT_ZONE = "Asia/Jakarta"
USABLE = frozenset({"ok", "unchanged", "partly"})
"""Outcomes of a run that brought a usable answer."""
INTERRUPTED = "interrupted"
"""Of a run whose process ended before it did."""


def next_due(source: Source, last: datetime | None, now: datetime) -> datetime:
    """When the source is to be polled next, given its last poll: never before ``now``.

    A source that was never polled is due at once, or at its first cron time. Polls missed
    while nothing ran are made up by one.
    """
    if source.every is not None:
        return now if last is None else max(now, last + source.every)
    zone = ZoneInfo(source.zone or DEFAULT_ZONE)
    cron = CronTrigger.from_crontab(source.cron, timezone=zone)
    after = now if last is None else last
    fires: datetime | None = cron.get_next_fire_time(after, after + timedelta(microseconds=1))
    if fires is None:
        raise ValueError(f'source "{source.id}": its cron line never comes true')
    return max(now, fires)


def due(session: Session, sources: Iterable[Source], now: datetime) -> list[Source]:
    """The sources whose time has come, the longest overdue first. Call with a read session.

    The row's due time holds, unless the configuration was changed since to a shorter rhythm.
    """
    rows = {row.id: row for row in session.scalars(select(SourceRow))}
    ripe = []
    for source in sources:
        row = rows.get(source.id)
        at = next_due(source, row.last_polled_at if row else None, now)  # as configured now
        if row is not None and row.due_at is not None:
            at = min(row.due_at, at)
        if at <= now:
            ripe.append((at, source.id, source))
    return [source for _, _, source in sorted(ripe, key=lambda item: item[:2])]


def note_poll(session: Session, source: Source, outcome: str, now: datetime) -> None:
    """Write how a poll went and when the next is due."""
    row = session.get(SourceRow, source.id)
    if row is None:
        row = SourceRow(id=source.id, failures=0)
        session.add(row)
    row.first_polled_at = row.first_polled_at or now
    row.last_polled_at = now
    if outcome in USABLE:
        row.last_ok_at, row.failures = now, 0
    else:
        row.failures += 1
    row.due_at = next_due(source, now, now)


def start_run(session: Session, source_id: str, now: datetime) -> int:
    """Begin a run and return its id. Runs of the source that never ended were interrupted."""
    session.execute(
        update(RunRow)
        .where(RunRow.source_id == source_id, RunRow.ended_at.is_(None))
        .values(ended_at=now, outcome=INTERRUPTED)
    )
    row = RunRow(source_id=source_id, started_at=now)
    session.add(row)
    session.flush()
    return row.id


def end_run(
    session: Session,
    run_id: int,
    *,
    outcome: str,
    reason: str,
    found: int,
    fetched: int,
    now: datetime,
) -> None:
    session.execute(
        update(RunRow)
        .where(RunRow.id == run_id)
        .values(ended_at=now, outcome=outcome, reason=reason, found=found, fetched=fetched)
    )


def read_to_its_end(session: Session, source_id: str) -> bool:
    """Whether the latest ended run left nothing unread: then a listing may stop at what is
    known. After an interrupted or failed run its further pages may hold what was missed."""
    query = select(RunRow.outcome).where(RunRow.source_id == source_id, RunRow.outcome.isnot(None))
    last = session.scalar(query.order_by(RunRow.id.desc()).limit(1))
    return last in {"ok", "unchanged"}
