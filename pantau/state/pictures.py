"""Pictures in the text of articles with a mention: found, fetched, or failed for good."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from pantau.records import Article
from pantau.state.tables import PictureRow

MOST_PER_ARTICLE = 20
MAX_ATTEMPTS = 3


def add(session: Session, article: Article) -> int:
    """Note an article's pictures to be fetched; those noted before are left as they are.

    Returns how many are new.
    """
    query = select(PictureRow.url).where(PictureRow.article_id == article.id)
    known = set(session.scalars(query))
    new = [url for url in dict.fromkeys(article.images) if url not in known]
    new = new[: max(0, MOST_PER_ARTICLE - len(known))]
    session.add_all(
        PictureRow(article_id=article.id, source_id=article.source_id, url=url) for url in new
    )
    session.flush()
    return len(new)


def to_fetch(session: Session, limit: int) -> Sequence[PictureRow]:
    """Pictures not fetched yet, those that failed before last."""
    query = select(PictureRow).where(PictureRow.status == "found")
    return session.scalars(query.order_by(PictureRow.attempts, PictureRow.id).limit(limit)).all()


def fetched(
    session: Session, picture_id: int, *, sha256: str, media_type: str, now: datetime
) -> None:
    """The picture's bytes are in the archive."""
    session.execute(
        update(PictureRow)
        .where(PictureRow.id == picture_id)
        .values(status="fetched", sha256=sha256, media_type=media_type, fetched_at=now, reason="")
    )


def failed(session: Session, picture_id: int, reason: str, *, final: bool) -> None:
    """A picture that did not come. It is tried again unless ``final`` or MAX_ATTEMPTS is up."""
    row = session.get_one(PictureRow, picture_id)
    row.attempts += 1
    row.reason = reason
    if final or row.attempts >= MAX_ATTEMPTS:
        row.status = "failed"
