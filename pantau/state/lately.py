"""What the pages of a source show that came last: its pace, and whether they hold articles."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from pantau.records import HARDLY_ANY_TEXT, Disposition
from pantau.state.pages import READ
from pantau.state.tables import PageRow

LOST_AFTER = 10
"""So many pages in a row without an article mean that a source's layout has changed."""
# Every poll asks these, so they are made once.
_APPEARED = (
    select(PageRow.hint, PageRow.found_at)
    .where(PageRow.source_id == bindparam("source"), PageRow.parent_id.is_(None))
    .order_by(PageRow.id.desc())
    .limit(bindparam("most"))
)
_READ_LAST = (
    select(PageRow.disposition, PageRow.reason, PageRow.url)
    .where(
        PageRow.source_id == bindparam("source"),
        PageRow.is_post.is_(False),  # a picture without words is a post all the same
        PageRow.parent_id.is_(None),
        PageRow.disposition.in_([disposition.value for disposition in READ]),
    )
    .order_by(PageRow.id.desc())
    .limit(LOST_AFTER)
)


def appeared(session: Session, source_id: str, most: int) -> list[datetime]:
    """When the pages of a source that were found last appeared, newest first; further pages of an
    article left out. Published, as its feed says, or found where that was earlier or is unknown:
    what a source shows when it is first read tells its pace too."""
    rows = session.execute(_APPEARED, {"source": source_id, "most": most})
    return [
        min(datetime.fromisoformat(hint["published"]), found_at)
        if hint.get("published")
        else found_at
        for hint, found_at in rows
    ]


def articles_lost(
    session: Session, source_id: str
) -> tuple[Literal["layout changed", "hijacked"], str] | None:
    """Of a source whose pages hold no articles any more: ``layout changed`` or ``hijacked``, and
    by what that is seen.

    None where any of the last pages read was an article, or too few were read.
    """
    lost = [
        (reason, url)
        for disposition, reason, url in session.execute(_READ_LAST, {"source": source_id})
        if disposition == Disposition.NOT_ARTICLE.value or reason.startswith(HARDLY_ANY_TEXT)
    ]
    if len(lost) < LOST_AFTER:
        return None
    foreign = [(why, url) for why, url in lost if why.startswith(("hijacked", "parked"))]
    hijacked = len(foreign) > LOST_AFTER / 2
    why, url = foreign[0] if hijacked else lost[0]
    told = f"none of the last {LOST_AFTER} pages is an article; {url}: {why}"
    return ("hijacked" if hijacked else "layout changed"), told
