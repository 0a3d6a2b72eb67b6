"""Citizens are not spread: a post's account and address are shown to who handles the case only."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from alerts.masking import mask
from pantau.state import audit, casework
from pantau.state.tables import ArticleRow, MentionRow
from pantau.web.security.rights import may
from pantau.web.viewer import Viewer

CITIZEN = "akun warga"
"""What stands for the account of whoever wrote a post."""


def author_shown(author: str, *, citizen: bool) -> str:
    """The author in a paper or on an institution's account, or that a citizen wrote."""
    return CITIZEN if citizen else author


def url_shown(url: str, *, citizen: bool) -> str:
    """An address; that of a citizen's post holds the account, so none."""
    return "" if citizen else url


def is_sealed(session: Session, viewer: Viewer, row: ArticleRow) -> bool:
    """Whether an article is a deleted post that is not shown to this viewer: a sealed copy is
    there only for whoever holds a case that it tells."""
    if row.gone_at is None:
        return False
    return row.erased_at is not None or not holds_a_case_of(session, viewer, row.id)


def text_shown(text: str) -> str:
    """Text without handles, numbers of persons and home addresses."""
    return mask(text)


def holds_a_case_of(session: Session, viewer: Viewer, article_id: str) -> bool:
    """Whether the viewer handles a case that this article tells."""
    if not may(viewer, "unmask"):
        return False
    numbers = session.scalars(
        select(MentionRow.case_id)
        .where(MentionRow.article_id == article_id, MentionRow.case_id.is_not(None))
        .distinct()
    )
    standings = casework.standings(session, [number for number in numbers if number is not None])
    return any(
        (now.holder, now.holder_account) == (viewer.who.name, viewer.account_id) and now.holder
        for now in standings.values()
    )


def unmask(
    session: Session, viewer: Viewer, article_id: str, now: datetime, address: str
) -> tuple[str, str] | None:
    """A post's account and address, and the log says who opened them; None for whoever does
    not handle a case that it tells."""
    row = session.get(ArticleRow, article_id)
    if row is None or not holds_a_case_of(session, viewer, article_id):
        return None
    audit.note(
        session,
        viewer.who,
        "unmask",
        now=now,
        subject=f"artikel:{article_id}",
        address=address,
    )
    named = f"{row.author} ({row.handle})" if row.handle not in ("", row.author) else row.author
    return named, row.url
