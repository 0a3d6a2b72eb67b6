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


def author_shown(kind: str, author: str) -> str:
    """A paper's author, or that a citizen wrote."""
    return CITIZEN if kind == "post" else author


def url_shown(kind: str, url: str) -> str:
    """A paper's address; a post's holds its account, so none."""
    return "" if kind == "post" else url


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
    return row.author, row.url
