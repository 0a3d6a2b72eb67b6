"""Which articles repeat the text of another: each points at the one that was seen first."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from pantau import copies
from pantau.state.tables import ArticleRow, CopyBandRow

WINDOW = timedelta(days=14)
"""Agency copy is printed within days; what is older is another story in the same words."""
KEPT = WINDOW + timedelta(days=7)
"""So long after it was first seen an article can be found by its bands: one of the last days of the
window may still be edited, and looks for its original once more."""
MOST_CANDIDATES = 20


def note(session: Session, row: ArticleRow) -> None:
    """Find out of which article this one is a copy, after it was stored or changed.

    An article of which others are copies stays what they point at.
    """
    session.execute(delete(CopyBandRow).where(CopyBandRow.article_id == row.id))
    values = copies.bands(row.text)
    led = session.scalar(select(exists().where(ArticleRow.copy_of == row.id)))
    row.copy_of = None if led else _original(session, row, values)
    if row.copy_of is None:
        session.add_all(
            CopyBandRow(article_id=row.id, band=band, value=value, day=row.first_seen.toordinal())
            for band, value in enumerate(values)
        )


def forget_bands(session: Session, now: datetime) -> None:
    """Let go of the bands by which no copy will be looked for any more. What was found stays."""
    session.execute(delete(CopyBandRow).where(CopyBandRow.day < (now - KEPT).toordinal()))


def of(session: Session, article_id: str) -> list[ArticleRow]:
    """The copies of an article, in the order they were seen."""
    query = select(ArticleRow).where(ArticleRow.copy_of == article_id)
    return list(session.scalars(query.order_by(ArticleRow.first_seen, ArticleRow.id)))


def _original(session: Session, row: ArticleRow, values: list[int]) -> str | None:
    sharing = select(CopyBandRow.article_id).where(CopyBandRow.value.in_(values))
    candidates = session.scalars(
        select(ArticleRow)
        .where(
            ArticleRow.id.in_(sharing),
            ArticleRow.id != row.id,
            ArticleRow.first_seen >= row.first_seen - WINDOW,
        )
        .order_by(ArticleRow.first_seen, ArticleRow.id)
        .limit(MOST_CANDIDATES)
    )
    for candidate in candidates:
        if copies.is_copy(row.text, candidate.text):
            return candidate.id
    return None
