"""Pages on their way: found, fetched, done.

The crawl writes the first two steps, the pipeline the last.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select, update
from sqlalchemy.orm import Session

from extract.page import article_id, canonical_url
from pantau.records import Disposition, Page
from pantau.state import parts
from pantau.state.tables import PageRow

CLAIM = timedelta(minutes=10)
"""How long a claimed page is left to its worker before another may take it up."""
MAX_CRASHES = 3
"""A page over which so many workers died is quarantined."""
MAX_ATTEMPTS = 5
EDIT_ATTEMPTS = 9
"""Of an edit to what is held, over three and a half days: nothing tells of it a second time."""
RETRY_AFTER = timedelta(minutes=10)
"""Wait before a failed fetch is tried again in a later run; doubled each time."""
EDITED_WITHIN = timedelta(days=3)
EDITED_AGAIN_AFTER = timedelta(hours=3)
READ = (
    *(Disposition.INDEXED, Disposition.UNCHANGED, Disposition.DUPLICATE, Disposition.TOO_OLD),
    *(Disposition.OFF_TOPIC, Disposition.NOT_ARTICLE),
)
KEEP_WAITING = timedelta(days=3)
"""So long a page waits for a host that cannot be asked (down, or it asked for a pause)."""
# What every poll asks, made once: to make a statement anew takes longer than to run it.
_TO_FETCH = (
    select(PageRow)
    .where(
        PageRow.source_id == bindparam("source"),
        PageRow.status == "found",
        or_(PageRow.retry_at.is_(None), PageRow.retry_at <= bindparam("now")),
    )
    .order_by(PageRow.id)
)


def found(
    session: Session,
    *,
    url: str,
    source_id: str,
    run_id: int | None,
    now: datetime,
    hint: dict[str, Any] | None = None,
) -> PageRow | None:
    """Note a URL that was seen in a feed or listing. None where it was known before."""
    findings = [(url, hint or {})]
    new = all_found(session, findings, source_id=source_id, run_id=run_id, now=now).new
    return new[0] if new else None


@dataclass(frozen=True, slots=True)
class Noted:
    """What came of the addresses that an index showed."""

    new: list[PageRow]
    edited: list[PageRow]
    """Pages of articles that are held, of which the index now says something else, and whose
    time to be fetched again has come."""
    known: int
    """Addresses that an earlier run had found."""


def all_found(
    session: Session,
    findings: Iterable[tuple[str, dict[str, Any]]],
    *,
    source_id: str,
    run_id: int | None,
    now: datetime,
) -> Noted:
    """Note URLs, each with what was said of it.

    An article that is held, and whose feed gives it another headline or time of change, is to
    be fetched again: at once, or when EDITED_AGAIN_AFTER has passed since it last was, for some
    feeds change their dates whenever they are asked.
    """
    by_key: dict[str, tuple[str, dict[str, Any]]] = {}
    for url, hint in findings:
        by_key.setdefault(article_id(canonical_url(url)), (url, hint))
    keys, known = list(by_key), 0
    edited = []
    for first in range(0, len(keys), 500):
        some = keys[first : first + 500]
        for key, row in _known(session, some).items():
            _, hint = by_key.pop(key)
            known += run_id is None or row.run_id != run_id
            if not _edited(row, hint, now):
                continue
            row.hint = hint
            if row.status == "found":
                continue  # it waits for its time, and is then asked for with what is left over
            row.status, row.attempts = "found", 0
            row.retry_at = row.fetched_at + EDITED_AGAIN_AFTER if row.fetched_at else None
            if row.retry_at is None or row.retry_at <= now:
                edited.append(row)
    rows = [
        PageRow(key=key, url=url, source_id=source_id, run_id=run_id, found_at=now, hint=hint)
        for key, (url, hint) in by_key.items()
    ]
    session.add_all(rows)
    session.flush()
    return Noted(rows, edited, known)


def _known(session: Session, keys: Sequence[str]) -> dict[str, PageRow]:
    """The rows of these addresses: an address's own, or that of the page whose article stands
    there, where it was found under another that leads to it."""
    own = select(PageRow).where(PageRow.key.in_(keys))
    rows = {row.key: row for row in session.scalars(own)}
    left = [key for key in keys if key not in rows]
    others = select(PageRow).where(
        PageRow.article_id.in_(left),
        PageRow.parent_id.is_(None),
        PageRow.disposition != Disposition.DUPLICATE.value,
    )
    for row in session.scalars(others) if left else ():
        if row.article_id is not None:
            rows[row.article_id] = row
    return rows


def _edited(row: PageRow, hint: dict[str, Any], now: datetime) -> bool:
    """Whether an index now says something else of an article that is held and young: gives it
    another time of change, or a feed another headline."""
    if row.status == "fetched" or not is_held(row) or now - row.found_at > EDITED_WITHIN:
        return False
    both = hint.keys() & row.hint.keys()
    # A listing's link says something else on every page.
    told = {"title", "updated"} if "published" in both else {"updated"}
    return any(hint[key] != row.hint[key] for key in both & told)


def to_page(row: PageRow, body: bytes = b"") -> Page:
    """A fetched page; its bytes stand in the archive."""
    assert row.fetched_at is not None
    return Page(
        url=row.url,
        final_url=row.final_url,
        status=row.http_status or 0,
        headers=row.headers,
        body=body,
        fetched_at=row.fetched_at,
        source_id=row.source_id,
        sha256=row.sha256,
    )


def by_url(session: Session, url: str) -> PageRow | None:
    """The page of an address, in any of its forms; of a post's, as its platform writes it."""
    row = session.scalar(select(PageRow).where(PageRow.key == article_id(canonical_url(url))))
    if row is None:
        row = session.scalar(select(PageRow).where(PageRow.is_post, PageRow.url == url).limit(1))
    return row


def titles(session: Session, urls: Iterable[str]) -> dict[str, str]:
    """Of addresses that are known, as they were given, the title as far as it was told."""
    keys = {url: article_id(canonical_url(url)) for url in urls}
    rows = _known(session, list(set(keys.values())))
    return {
        url: rows[key].title or str(rows[key].hint.get("title", ""))
        for url, key in keys.items()
        if key in rows
    }


def to_fetch(session: Session, source_id: str, now: datetime) -> Sequence[PageRow]:
    """Pages of a source that were found and not yet fetched, and whose time has come.

    Further pages of an article are among them.
    """
    return session.scalars(_TO_FETCH, {"source": source_id, "now": now}).all()


def fetched(session: Session, answers: Mapping[int, Page]) -> None:
    """The pages' answers are in the archive; the language work may take them up.

    A page that another fetched meanwhile is left as it is.
    """
    statement = (
        update(PageRow.__table__)  # type: ignore[arg-type]
        .where(PageRow.id == bindparam("page_id"), PageRow.status == "found")
        .values(status="fetched", retry_at=None, reason="")
    )
    session.connection().execute(
        statement,
        [
            {
                "page_id": page_id,
                "fetched_at": page.fetched_at,
                "final_url": page.final_url,
                "http_status": page.status,
                "headers": page.headers,
                "sha256": page.sha256,
            }
            for page_id, page in answers.items()
        ],
    )


def fetch_failed(session: Session, page_id: int, reason: str, now: datetime) -> None:
    """A fetch that may succeed later. After MAX_ATTEMPTS the page is done: failed; after
    EDIT_ATTEMPTS an article that is held stays as it was before its edit."""
    row = session.get_one(PageRow, page_id)
    row.attempts += 1
    row.reason = reason
    most = parts.MAX_ATTEMPTS if row.parent_id else MAX_ATTEMPTS
    if row.attempts < (EDIT_ATTEMPTS if is_held(row) else most):
        row.retry_at = now + RETRY_AFTER * 2 ** (row.attempts - 1)
    else:
        closed(session, page_id, Disposition.FAILED, reason)


def closed(session: Session, page_id: int, disposition: Disposition, reason: str) -> None:
    """The page cannot be had, and is not asked for again: it is done. An article that is held
    stays as it was before its edit."""
    row = session.get_one(PageRow, page_id)
    if is_held(row):
        row.status, row.reason = "done", f"its edit could not be fetched: {reason}"
        row.retry_at = None
    else:
        done(session, page_id, disposition, reason=reason)


def came_to_nothing(
    session: Session, page_id: int, disposition: Disposition, reason: str, now: datetime
) -> None:
    """The page cannot be had: it is done. But of an article that is held it was an edit, which is
    asked for again: its site may refuse everything, or lead elsewhere, for a while."""
    if is_held(session.get_one(PageRow, page_id)):
        fetch_failed(session, page_id, reason, now)
    else:
        done(session, page_id, disposition, reason=reason)


def is_held(row: PageRow) -> bool:
    """Whether the page was read, and its article is held."""
    return row.disposition in (Disposition.INDEXED.value, Disposition.UNCHANGED.value)


def put_off(session: Session, page_id: int, reason: str, now: datetime) -> None:
    """The page's host cannot be asked now: the page waits, and this is no attempt at it.
    After KEEP_WAITING it is done: failed. An edit to what is held may have been told as late as
    EDITED_WITHIN, and waits so much longer."""
    row = session.get_one(PageRow, page_id)
    row.reason = reason
    waits = KEEP_WAITING + (EDITED_WITHIN if is_held(row) else timedelta(0))
    if now - row.found_at > waits:
        closed(session, page_id, Disposition.FAILED, reason)


def done(
    session: Session,
    page_id: int,
    disposition: Disposition,
    *,
    reason: str = "",
    title: str | None = None,
    published: datetime | None = None,
    article: str | None = None,
) -> None:
    """Give the page its one disposition, and theirs to the further pages under it."""
    row = session.get_one(PageRow, page_id)
    if row.parent_id is None and row.status == "fetched":
        parts.end(session, page_id, article or row.article_id)
    row.status, row.disposition, row.reason = "done", disposition.value, reason
    row.claimed_until = row.retry_at = None
    row.title = title if title is not None else row.title
    row.published = published or row.published
    row.article_id = article or row.article_id


def claim_fetched(session: Session, limit: int, now: datetime) -> Sequence[PageRow]:
    """Take up to ``limit`` fetched pages for reading; nobody else gets them until CLAIM is over.

    A page that goes on on others is taken when they have come too (``parts``), and they with it.
    """
    chosen = (
        select(PageRow.id)
        .where(_readable(now))
        .order_by(PageRow.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    taken = session.scalars(
        update(PageRow)
        .where(PageRow.id.in_(chosen))
        .values(claimed_until=now + CLAIM)
        .returning(PageRow)
    ).all()
    return sorted(taken, key=lambda row: row.id)


def readable(session: Session, now: datetime) -> bool:
    """Whether ``claim_fetched`` would find a page."""
    return session.scalar(select(select(PageRow.id).where(_readable(now)).exists())) or False


def _readable(now: datetime) -> ColumnElement[bool]:
    free = or_(PageRow.claimed_until.is_(None), PageRow.claimed_until < now)
    return and_(PageRow.status == "fetched", free, PageRow.parent_id.is_(None), parts.complete(now))


def still_to_be_read(session: Session, taken: PageRow) -> bool:
    """Whether what was read of a claimed page is still what it holds: a post may have been edited
    or deleted meanwhile."""
    row = session.get_one(PageRow, taken.id, with_for_update=True)
    return row.status == "fetched" and row.sha256 == taken.sha256


def crashed(session: Session, page_id: int, reason: str) -> None:
    """A worker died over the page, perhaps by no fault of it: it is read again, and quarantined
    after MAX_CRASHES. A kill of the whole process counts for no page."""
    row = session.get_one(PageRow, page_id)
    row.crashes += 1
    row.claimed_until = None
    if row.crashes >= MAX_CRASHES:
        told = f"{row.crashes} workers died over it ({reason})"
        done(session, page_id, Disposition.QUARANTINED, reason=told)


def free_claims(session: Session) -> None:
    """Give back what a killed process had claimed. Only for who holds the home's lock."""
    session.execute(update(PageRow).where(PageRow.status == "fetched").values(claimed_until=None))


def forget_off_topic(session: Session, before: datetime, limit: int) -> list[str]:
    """Let go of the bytes of off-topic pages fetched before then; returns their archive names.

    Address, title and date stay.
    """
    off_topic = PageRow.disposition == Disposition.OFF_TOPIC.value
    rows = session.scalars(
        select(PageRow)
        .where(
            or_(off_topic, PageRow.parent_id.in_(select(PageRow.id).where(off_topic))),
            PageRow.sha256 != "",
            PageRow.fetched_at < before,
        )
        .limit(limit)
    ).all()
    names = sorted({row.sha256 for row in rows})
    for row in rows:
        row.sha256 = ""
    return names


def late_to_be_read(session: Session, before: datetime, now: datetime) -> int:
    """How many pages fetched before then could be read and were not; one that waits for its
    further pages is not late."""
    waiting = select(func.count()).where(
        PageRow.status == "fetched",
        PageRow.parent_id.is_(None),
        PageRow.fetched_at < before,
        parts.complete(now),
    )
    return session.scalar(waiting) or 0


def pending(session: Session) -> int:
    """How many fetched pages wait to be read, those that go on on others counted once."""
    waiting = (PageRow.status == "fetched") & PageRow.parent_id.is_(None)
    return session.scalar(select(func.count()).where(waiting)) or 0


def counts(session: Session) -> dict[str, Counter[str]]:
    """Pages by source, each by disposition, or by status where they are not done."""
    rows = session.execute(
        select(PageRow.source_id, PageRow.status, PageRow.disposition, func.count()).group_by(
            PageRow.source_id, PageRow.status, PageRow.disposition
        )
    )
    by_source: dict[str, Counter[str]] = {}
    for source_id, status, disposition, number in rows:
        by_source.setdefault(source_id, Counter())[disposition or f"({status})"] += number
    return by_source
