"""When each source is due, and how its runs went. Written by the crawl.

The due time stands in the source's row: after a kill the next process reads it there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from pantau import rhythm
from pantau.config import Source
from pantau.config.models import Crawl
from pantau.state import lately, trials, troubles
from pantau.state.tables import RunRow, SourceRow

DEFAULT_ZONE = "Asia/Jakarta"
SLOWEST = Crawl().slowest
USABLE = frozenset({"ok", "unchanged", "partly"})
"""Outcomes of a run that brought a usable answer."""
LOST = ("layout changed", "hijacked")
"""Outcomes of a run that was answered, by pages that hold no articles any more."""
_TO_ITS_END = frozenset({"ok", "unchanged", *LOST})
INTERRUPTED = "interrupted"
"""Of a run whose process ended before it did."""
# What every poll asks and writes, made once: to make a statement anew takes longer than to run it.
_RUNS: Any = RunRow.__table__
_ENDED = (
    select(_RUNS.c.outcome, _RUNS.c.started_at)
    .where(_RUNS.c.source_id == bindparam("source"), _RUNS.c.outcome.is_not(None))
    .order_by(_RUNS.c.id.desc())
    .limit(1)
)
_READ_TO_ITS_END = _ENDED.where(_RUNS.c.outcome.in_(sorted(_TO_ITS_END)))
_INTERRUPT = (
    update(_RUNS)
    .where(_RUNS.c.source_id == bindparam("source"), _RUNS.c.ended_at.is_(None))
    .values(ended_at=bindparam("now"), outcome=INTERRUPTED)
)
_START = insert(_RUNS)
_END = update(_RUNS).where(_RUNS.c.id == bindparam("run"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What a run is told of those before it."""

    watched: bool = False
    """Whether the source was ever read: what it shows is then news, and not its stock."""
    thorough: bool = True
    """Whether the run before may have missed something: nothing may then be passed over."""
    filling: bool = False
    """Whether an earlier way has rolled past what is known: this one is to find the way there."""
    since: datetime | None = None
    """When the last run began that left nothing unread."""
    ways: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """What each way in answered last, by its address."""


def next_due(source: Source, last: datetime | None, now: datetime) -> datetime:
    """When the source is to be polled next by its configured rhythm: never before ``now``.

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


def due(
    session: Session, sources: Iterable[Source], now: datetime, slowest: timedelta = SLOWEST
) -> list[Source]:
    """The sources whose time has come, the longest overdue first. Call with a read session.

    The row's due time holds, unless the configuration was changed since to a shorter rhythm. A
    source that was never seen to work is due when its trial is.
    """
    # Columns, for it is asked every few seconds and rows of all sources would cost more.
    plans = session.execute(
        select(SourceRow.id, SourceRow.due_at, SourceRow.last_polled_at, SourceRow.last_ok_at)
    )
    rows: dict[str, Any] = {row.id: row for row in plans}
    ripe = []
    for source in sources:
        row = rows.get(source.id)
        last = row.last_polled_at if row else None
        at = next_due(source, last, now)  # as configured now
        if row is not None and row.due_at is not None and last is not None:
            latest = last + max(source.every, slowest) if source.every else at
            at = min(row.due_at, latest)
        if row is not None and row.due_at is not None and trials.unproven(source, row):
            at = row.due_at
        if at <= now:
            ripe.append((at, source.id, source))
    return [source for _, _, source in sorted(ripe, key=lambda item: item[:2])]


def note_poll(
    session: Session,
    source: Source,
    outcome: str,
    now: datetime,
    *,
    reason: str = "",
    found: int = 0,
    gap: bool = False,
    ways: Mapping[str, Mapping[str, str]] | None = None,
    closed: Mapping[str, tuple[str, str] | None] | None = None,
    slowest: timedelta = SLOWEST,
) -> None:
    """Write how a poll went, what operators are to be told of it, and when the next is due.

    ``gap``: articles between what is known and what the source still shows may be missing.
    ``ways``: what its ways in answered, by address, where it was taken whole. ``closed``: of the
    ways that were asked, by address, the outcome and the reason of those that are closed, and None
    for the others.
    """
    row = session.get(SourceRow, source.id)
    if row is None:
        row = SourceRow(id=source.id, failures=0, ways={}, trouble="")
        session.add(row)
    recent = lately.appeared(session, source.id, rhythm.RECENT)
    if found:
        _note_new(row, recent, now)
    row.first_polled_at = row.first_polled_at or now
    row.last_polled_at = now
    known = {way.url for way in source.ways}
    row.ways = {url: dict(way) for url, way in {**row.ways, **(ways or {})}.items() if url in known}
    if gap:
        troubles.add(session, source.id, troubles.GAP, reason, now)
    row.closed_ways = {url: told for url, told in (row.closed_ways or {}).items() if url in known}
    if outcome in USABLE:
        row.last_ok_at, row.failures = now, 0
        troubles.note_ways(session, row, closed or {}, now)
        if rhythm.silent(row.last_new_at, row.usual_gap, recent, now):
            troubles.note_silence(session, row, now)
        elif row.trouble != troubles.SILENT or found:
            troubles.end(session, row, now)
    else:
        row.failures += 1
        if trials.unproven(source, row):
            again = trials.again(row.failures) if outcome != "not set up" else trials.SET_UP_SOON
            row.first_polled_at, row.due_at = None, now + again
            return
        troubles.note(session, row, outcome, reason, now)
    row.due_at = next_due(source, now, now)
    if any(way.streams for way in source.ways) and not row.failures:
        row.due_at = now  # a stream is listened to again as soon as its run is over
    elif source.every is not None:
        row.due_at = now + rhythm.poll_interval(
            # What it showed at first is no sign of its pace: that is seen only while it is watched.
            [max(appeared, row.first_polled_at) for appeared in recent],
            now=now,
            fastest=source.every,
            slowest=slowest,
            failures=row.failures,
        )


def remember_way(session: Session, source_id: str, url: str, told: Mapping[str, str]) -> None:
    """Note, within a run, how far a way in was read: a run that is killed goes on from there."""
    row = session.get(SourceRow, source_id)
    if row is None:
        row = SourceRow(id=source_id, failures=0, ways={}, trouble="")
        session.add(row)
    row.ways = {**row.ways, url: dict(told)}


def _note_new(row: SourceRow, recent: Sequence[datetime], now: datetime) -> None:
    """Something new has come: the source's rhythm is measured by it."""
    if row.last_new_at is None:
        row.usual_gap = rhythm.first_gap(recent)
        row.last_new_at = max(recent, default=now)
        return
    gap = now - row.last_new_at
    if row.last_polled_at is not None and now - row.last_polled_at < gap / 2:
        row.usual_gap = rhythm.longest_gap(row.usual_gap, gap)  # else it was we who were away
    row.last_new_at = now


def past(session: Session, source_id: str) -> Past:
    """What a new run of the source is told."""
    row = session.get(SourceRow, source_id)
    last = session.execute(_ENDED, {"source": source_id}).first()
    whole = last
    if last and last.outcome not in _TO_ITS_END:
        whole = session.execute(_READ_TO_ITS_END, {"source": source_id}).first()
    since = whole.started_at if whole else row.last_ok_at if row is not None else None
    return Past(
        watched=row is not None and row.last_ok_at is not None,
        # After an interrupted or failed run its further pages may hold what was missed.
        thorough=last is None or last.outcome not in _TO_ITS_END,
        since=since if row is not None else None,
        ways=row.ways if row is not None else {},
    )


def start_run(session: Session, source_id: str, now: datetime) -> int:
    """Begin a run and return its id. Runs of the source that never ended were interrupted."""
    session.execute(_INTERRUPT, {"source": source_id, "now": now})
    started = {"source_id": source_id, "started_at": now, "found": 0, "fetched": 0, "reason": ""}
    key: int = session.execute(_START, started).inserted_primary_key[0]  # type: ignore[attr-defined]
    return key


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
    ended = {"ended_at": now, "outcome": outcome, "reason": reason}
    session.execute(_END, {"run": run_id, **ended, "found": found, "fetched": fetched})
