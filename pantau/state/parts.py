"""Further pages of articles that a site cuts into several: rows of their own, under the first.

The crawl notes and fetches them; the pipeline reads them with their first page, once all have
come or have failed, or when they have been waited for long enough.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, or_, select, update
from sqlalchemy.orm import Session, aliased

from extract.page.multipage import part_of
from pantau.records import Disposition
from pantau.state.tables import PageRow

MAX_ATTEMPTS = 3
"""At a part: fewer than at a page, for the rest of the article waits."""
WAIT = timedelta(hours=2)
"""So long after its first page an article is read without the parts that are missing still."""
TOO_LATE = "its article was read without it"


def note(
    session: Session, parent_id: int, urls: Iterable[str], *, most: int, now: datetime
) -> list[PageRow]:
    """Give the further pages of an article their rows, up to ``most`` altogether.

    Returns those that are to be fetched: the new ones, and those of an earlier reading.
    """
    parent = session.get_one(PageRow, parent_id)
    known = {row.key: row for row in _under([parent_id], session)}
    rows = []
    for url in dict.fromkeys(urls):
        key = hashlib.sha256(f"{parent.key} {url}".encode("utf-8", "replace")).hexdigest()
        row = known.get(key)
        if row is None and len(known) < most:
            row = known[key] = PageRow(
                key=key,
                url=url,
                source_id=parent.source_id,
                run_id=parent.run_id,
                parent_id=parent_id,
                found_at=now,
            )
            session.add(row)
            rows.append(row)
        elif row is not None and row.status == "done":
            row.status, row.disposition, row.reason = "found", None, ""
            row.attempts, row.found_at = 0, now
            rows.append(row)
    session.flush()
    return rows


def of(session: Session, parent_ids: Sequence[int]) -> dict[int, list[PageRow]]:
    """The further pages by the id of their first, in the order they were named."""
    found: dict[int, list[PageRow]] = defaultdict(list)
    for row in _under(parent_ids, session):
        assert row.parent_id is not None
        found[row.parent_id].append(row)
    return found


def came(first: PageRow, rows: Sequence[PageRow]) -> list[PageRow]:
    """The further pages whose bytes are there, of those that belong to this fetch of the first:
    an edit may have removed some."""
    return [
        row
        for row in rows
        if row.sha256
        and row.fetched_at is not None
        and first.fetched_at is not None
        and row.fetched_at >= first.fetched_at
    ]


def missing(rows: Sequence[PageRow]) -> str:
    """Which further pages could not be had, and why; empty where the article is whole.

    A page that was to show the article whole is not missed where its parts came instead.
    """
    came = any(row.status == "fetched" for row in rows)
    lost = [
        f"{row.url} ({row.reason or TOO_LATE})"
        for row in rows
        if row.status != "fetched"
        and row.disposition != Disposition.PART.value  # of an earlier reading
        and not (came and part_of(row.url) == 0)
    ]
    return f"part missing: {'; '.join(lost)}" if lost else ""


def complete(now: datetime) -> ColumnElement[bool]:
    """Of a fetched first page: whether it may be read."""
    part = aliased(PageRow)
    awaited = exists().where(part.parent_id == PageRow.id, part.status == "found")
    return or_(~awaited, PageRow.fetched_at < now - WAIT)


def end(session: Session, parent_id: int, article: str | None) -> None:
    """Their article has been read, or came to nothing: each part gets its disposition."""
    values = {"claimed_until": None, "retry_at": None, "article_id": article, "status": "done"}
    for status, disposition, reason in (
        ("fetched", Disposition.PART, ""),
        ("found", Disposition.FAILED, TOO_LATE),
    ):
        session.execute(
            update(PageRow)
            .where(PageRow.parent_id == parent_id, PageRow.status == status)
            .values(**values, disposition=disposition.value, reason=reason)
        )


def _under(parent_ids: Sequence[int], session: Session) -> Sequence[PageRow]:
    query = select(PageRow).where(PageRow.parent_id.in_(parent_ids)).order_by(PageRow.id)
    return session.scalars(query).all()
