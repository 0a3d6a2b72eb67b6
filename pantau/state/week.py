"""What was read in a week, for those who are told of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from pantau.state.tables import AlertRow, ArticleRow, DigestRow, PageRow, RunRow, SourceRow


@dataclass(frozen=True, slots=True)
class Read:
    """What came of one source."""

    pages: int
    articles: int
    trouble: str


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A text that came near the threshold."""

    source_id: str
    title: str
    url: str
    citizen: bool
    """Whether it is a post of a person's own, which is not spread."""


def watched_since(session: Session) -> datetime | None:
    """When the first run began; None where there was none."""
    return session.scalar(select(func.min(RunRow.started_at)))


def last_told(session: Session) -> dict[str, datetime]:
    """When each subscription was last told of its week."""
    rows = session.execute(
        select(DigestRow.subscription_id, func.max(DigestRow.created_at))
        .where(DigestRow.kind == "weekly")
        .group_by(DigestRow.subscription_id)
    )
    return {key: value for key, value in rows}  # noqa: C416


def read(
    session: Session, source_ids: Sequence[str], begin: datetime, end: datetime
) -> dict[str, Read]:
    """What was read of each source in that time, and what keeps it from being read now."""
    pages = _counted(session, PageRow.source_id, PageRow.fetched_at, source_ids, begin, end)
    articles = _counted(
        session, ArticleRow.source_id, ArticleRow.first_seen, source_ids, begin, end
    )
    rows = session.execute(
        select(SourceRow.id, SourceRow.trouble).where(SourceRow.id.in_(source_ids))
    )
    troubles: dict[str, str] = {source_id: trouble for source_id, trouble in rows}  # noqa: C416
    return {
        source_id: Read(
            pages.get(source_id, 0), articles.get(source_id, 0), troubles.get(source_id, "")
        )
        for source_id in source_ids
    }


def near_misses(
    session: Session,
    source_ids: Sequence[str],
    begin: datetime,
    end: datetime,
    *,
    at_least: float,
    limit: int,
) -> list[NearMiss]:
    """Texts that were judged to be none, with the highest scores first."""
    rows = session.scalars(
        select(ArticleRow)
        .where(
            ArticleRow.source_id.in_(source_ids),
            ArticleRow.first_seen.between(begin, end),
            ArticleRow.decision == "none",
            ArticleRow.gone_at.is_(None),
            ArticleRow.score >= at_least,
        )
        .order_by(ArticleRow.score.desc(), ArticleRow.id)
        .limit(limit)
    )
    return [NearMiss(row.source_id, row.title, row.url, row.citizen) for row in rows]


def cases_told(session: Session, subscription_id: str, begin: datetime, end: datetime) -> int:
    """Of how many new cases a subscriber was told in that time."""
    return (
        session.scalar(
            select(func.count()).where(
                AlertRow.subscription_id == subscription_id,
                AlertRow.kind == "new",
                AlertRow.told_at.between(begin, end),
            )
        )
        or 0
    )


def _counted(
    session: Session,
    key: InstrumentedAttribute[str],
    at: InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None],
    source_ids: Sequence[str],
    begin: datetime,
    end: datetime,
) -> dict[str, int]:
    rows = session.execute(
        select(key, func.count()).where(key.in_(source_ids), at.between(begin, end)).group_by(key)
    )
    return {key: value for key, value in rows}  # noqa: C416
