"""Sources whose address nobody has seen to work: each is tried, gently, until it answers.

One is watched like any other from the first run that brought a usable answer (``last_ok_at``). So
its state stands in the database, and the person's configuration is left as it is. What was never
seen to work is no trouble that operators are told of: it is shown as what it is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from pantau.config import Source
from pantau.state.tables import SourceRow

SPREAD = timedelta(hours=6)
"""The first trials of a configuration's sources are spread over so long a time."""
AGAIN_AFTER = timedelta(days=1)
"""Wait after a trial that failed; doubled each time up to MOST_RARELY."""
MOST_RARELY = timedelta(days=7)
SET_UP_SOON = timedelta(hours=6)
"""Wait after one that asked nothing, because it lacks a key: that may be there by then."""


def unproven(source: Source, row: SourceRow | None) -> bool:
    """Whether the source's address was never seen to work, by whoever wrote it or by us."""
    return source.unverified and (row is None or row.last_ok_at is None)


def proven(session: Session, sources: Iterable[Source]) -> list[Source]:
    """Those of the sources that are watched, and not only tried."""
    answered = select(SourceRow.id).where(SourceRow.last_ok_at.is_not(None))
    known = set(session.scalars(answered))
    return [source for source in sources if not source.unverified or source.id in known]


def unplanned(session: Session, sources: Iterable[Source]) -> list[Source]:
    """Those that are to be tried and have no time for it yet."""
    known = set(session.scalars(select(SourceRow.id)))
    return [source for source in sources if source.unverified and source.id not in known]


def untried(session: Session, sources: Iterable[Source]) -> list[Source]:
    """Those whose first trial is still to come."""
    tried = select(SourceRow.id).where(SourceRow.last_polled_at.is_not(None))
    known = set(session.scalars(tried))
    return [source for source in sources if source.unverified and source.id not in known]


def plan(session: Session, sources: Iterable[Source], now: datetime) -> None:
    """Give each its time for a first trial."""
    session.add_all(
        SourceRow(
            id=source.id, failures=0, ways={}, trouble="", due_at=now + SPREAD * _place(source.id)
        )
        for source in sources
    )


def again(failures: int) -> timedelta:
    """How long to wait after so many trials that failed."""
    doubled: int = 2 ** min(failures - 1, 10)
    return min(AGAIN_AFTER * doubled, MOST_RARELY)


def _place(source_id: str) -> float:
    """The same number between 0 and 1 for the same id."""
    return int.from_bytes(hashlib.sha256(source_id.encode()).digest()[:4]) / 2**32
