"""How far the judging again of what is kept has come: a killed one goes on from here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import String, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from pantau.records import Disposition
from pantau.state.tables import ArticleRow, Base, PageRow


class RejudgementRow(Base):
    """One judging again; without an end it was interrupted."""

    __tablename__ = "rejudgements"

    id: Mapped[int] = mapped_column(primary_key=True)
    judge: Mapped[str] = mapped_column(String(64))
    """Fingerprint of the judge: another one begins anew."""
    since: Mapped[datetime | None]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    last_article: Mapped[str] = mapped_column(String(64), default="")
    last_page: Mapped[int] = mapped_column(default=0)
    """Ids up to which all is done, in the order of ids."""


def begin(session: Session, judge: str, since: datetime | None, now: datetime) -> RejudgementRow:
    """The judging again to go on with: that which was cut off, if it asked the same of the
    same judge, else a new one."""
    newest = session.scalar(select(RejudgementRow).order_by(RejudgementRow.id.desc()).limit(1))
    if newest is not None and newest.ended_at is None:
        if (newest.judge, newest.since) == (judge, since):
            return newest
        newest.ended_at = now
    row = RejudgementRow(judge=judge, since=since, started_at=now)
    session.add(row)
    session.flush()
    return row


def next_articles(session: Session, rejudgement: int, limit: int) -> Sequence[ArticleRow]:
    """The articles that are to be judged next."""
    run = session.get_one(RejudgementRow, rejudgement)
    query = select(ArticleRow).where(ArticleRow.id > run.last_article, ArticleRow.gone_at.is_(None))
    if run.since is not None:
        query = query.where(func.coalesce(ArticleRow.published, ArticleRow.first_seen) >= run.since)
    return session.scalars(query.order_by(ArticleRow.id).limit(limit)).all()


def articles_done(session: Session, rejudgement: int, last: str) -> None:
    session.get_one(RejudgementRow, rejudgement).last_article = last


def reopen_off_topic(session: Session, rejudgement: int, limit: int) -> list[int]:
    """Give pages that the gate let fall, and whose bytes are kept, to be read once more.

    Returns their ids. They are noted as done at once: what is read from here on stands in
    their own rows.
    """
    run = session.get_one(RejudgementRow, rejudgement)
    query = select(PageRow.id).where(
        PageRow.id > run.last_page,
        PageRow.disposition == Disposition.OFF_TOPIC.value,
        PageRow.sha256 != "",
    )
    if run.since is not None:
        query = query.where(func.coalesce(PageRow.published, PageRow.fetched_at) >= run.since)
    ids = list(session.scalars(query.order_by(PageRow.id).limit(limit)))
    if ids:
        session.execute(
            update(PageRow)
            .where(PageRow.id.in_(ids))
            .values(status="fetched", disposition=None, reason="")
        )
        run.last_page = ids[-1]
    return ids


def became_articles(session: Session, page_ids: Sequence[int]) -> int:
    """How many of these pages stand in the index now, or are about to."""
    query = select(func.count()).where(
        PageRow.id.in_(page_ids), PageRow.disposition == Disposition.INDEXED.value
    )
    return session.scalar(query) or 0


def end(session: Session, rejudgement: int, now: datetime) -> None:
    session.get_one(RejudgementRow, rejudgement).ended_at = now
