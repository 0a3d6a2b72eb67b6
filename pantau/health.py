"""Looks at how Pantau itself does: what keeps it from its work now."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from alerts.routing import covers
from crawler.clocks import Clocks
from pantau.config import Config
from pantau.home import Home
from pantau.state import alerts, articles, pages, troubles
from pantau.state.house import Trouble
from pantau.state.outbox import UNSENT
from pantau.state.tables import CaseRow, OutboxRow, SourceRow

RECENT = timedelta(days=7)
"""How long a refused address and a region nobody covers are a trouble after they showed."""
CLOCK_OFF = timedelta(minutes=3)
"""How far the machine's clock may be from that of the sites; theirs are only so good."""
_MB = 1024 * 1024


def troubles_now(
    session: Session,
    home: Home,
    config: Config,
    now: datetime,
    region_name: Callable[[str], str],
    *,
    clocks: Clocks | None = None,
) -> dict[Trouble, str]:
    """Each trouble there is, by kind and subject, with its detail.

    ``clocks``: what the servers of the crawl say the time is.
    """
    late = now - config.settings.operators.late
    found: dict[Trouble, str] = dict(_sources(session, config))
    if waiting := articles.late_for_index(session, late):
        found["index", ""] = f"{waiting} artikel menunggu"
    if unread := pages.late_to_be_read(session, late, now):
        found["queue", ""] = f"{unread} halaman menunggu"
    held = session.execute(
        select(func.count(), func.max(OutboxRow.last_error)).where(
            OutboxRow.status.in_(UNSENT), OutboxRow.created_at < late
        )
    ).one()
    if held[0]:
        found["mail", ""] = f"{held[0]} surel menunggu. {held[1]}".strip()
    found.update(_refused(session, now))
    found.update(_uncovered(session, config, now, region_name))
    free = shutil.disk_usage(home.root).free // _MB
    if free < config.settings.operators.min_free_mb:
        found["disk", ""] = f"tersisa {free} MiB di {home.root}"
    ahead = clocks.ahead() if clocks else None
    if ahead is not None and abs(ahead) > CLOCK_OFF.total_seconds():
        direction = "lebih cepat" if ahead > 0 else "terlambat"
        found["clock", ""] = f"{direction} {abs(ahead) / 60:.0f} menit dari situs yang dibaca"
    return found


def _sources(session: Session, config: Config) -> Iterator[tuple[Trouble, str]]:
    for row in session.scalars(select(SourceRow)):
        source = config.sources.get(row.id)
        if source is None or not source.enabled:
            continue
        if row.trouble == troubles.SILENT:
            yield ("silent", row.id), ""
        elif row.trouble:
            reason = troubles.reason(session, row)
            yield ("source", row.id), f"{row.trouble}: {reason}" if reason else row.trouble
        told = [f"{url}: {way['reason']}" for url, way in row.closed_ways.items() if way["told"]]
        if told:
            yield ("way", row.id), "; ".join(told)


def _refused(session: Session, now: datetime) -> Iterator[tuple[Trouble, str]]:
    rows = session.execute(
        select(OutboxRow.recipient, func.max(OutboxRow.last_error))
        .where(OutboxRow.status == "gave_up", OutboxRow.created_at > now - RECENT)
        .group_by(OutboxRow.recipient)
    )
    for recipient, error in rows:
        yield ("recipient", recipient), error


def _uncovered(
    session: Session, config: Config, now: datetime, region_name: Callable[[str], str]
) -> Iterator[tuple[Trouble, str]]:
    """Regions with a new case that no subscription covers: nobody would ever hear of it."""
    codes = session.scalars(
        select(CaseRow.region_code)
        .where(CaseRow.first_seen > now - RECENT, CaseRow.merged_into.is_(None))
        .distinct()
    )
    gone = alerts.unsubscribed(session)
    heard = [
        one
        for one in config.subscriptions.values()
        if any((one.id, recipient) not in gone for recipient in one.recipients)
    ]
    for code in codes:
        if not any(covers(one, code) for one in heard):
            name = f"{region_name(code[:5])} ({code[:5]})" if code else "kasus tanpa wilayah"
            yield ("region", name), ""
