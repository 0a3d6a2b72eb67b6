"""Posts on their way: taken as a platform shows them, edited, deleted, and let go.

A post is a page whose bytes come with the index that showed it, so it begins as ``fetched``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, or_, select, true, update
from sqlalchemy.orm import Session

from pantau.posts import CONTENT_TYPE, Post
from pantau.records import Disposition, Judgement, Mention
from pantau.state import articles, casework
from pantau.state.tables import (
    ArticleRow,
    CopyBandRow,
    MentionRow,
    PageRow,
    PictureRow,
    RevisionRow,
)

CHECKED_AGAIN_AFTER = timedelta(days=1)
"""How often a post that is held is looked for, whether it is there still."""
CHECKED_FOR = timedelta(days=180)
"""For so long after it was found; one that tells a case for as long as it is held."""
GONE_WORDS = "[kiriman sudah dihapus]"
"""What stands for the words of a deleted post, in Indonesian."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of the posts that an index showed."""

    new: int
    edited: int
    known: int
    """Posts that an earlier run had found."""


def said_before(session: Session, keys: Iterable[str]) -> dict[str, str]:
    """What is remembered of posts that are held, by key: what each said. A deleted one said
    nothing."""
    known = list(keys)
    found: dict[str, str] = {}
    for first in range(0, len(known), 500):
        rows = session.scalars(select(PageRow).where(PageRow.key.in_(known[first : first + 500])))
        for row in rows:
            gone = row.disposition == Disposition.GONE.value
            found[row.key] = "" if gone else row.hint.get("said", "")
    return found


def taken(
    session: Session,
    posts: Iterable[tuple[str, Post]],
    *,
    source_id: str,
    run_id: int | None,
    now: datetime,
) -> Taken:
    """Note posts, each with its SHA-256 in the archive; those that say what they said before need
    none and are only noted as seen. One that was edited, or is there again, is read anew."""
    by_key = {post.key: (sha256, post) for sha256, post in posts}
    rows = {row.key: row for row in _by_keys(session, by_key)}
    new = edited = known = 0
    for key, (sha256, post) in by_key.items():
        row = rows.get(key)
        if row is None:
            row = PageRow(key=key, source_id=source_id, run_id=run_id, found_at=now, is_post=True)
            session.add(row)
            new += 1
        else:
            known += run_id is None or row.run_id != run_id
            row.checked_at = now
            gone = row.disposition == Disposition.GONE.value
            if row.hint.get("said") == post.said and not gone:
                continue
            edited += 1
        row.url = row.final_url = post.url
        row.hint = {
            "said": post.said,
            "id": post.local or post.id,
            "published": (post.published or now).isoformat(),
        }
        row.headers = {"content-type": CONTENT_TYPE}
        row.status, row.disposition, row.reason = "fetched", None, ""
        row.sha256, row.http_status, row.fetched_at = sha256, 200, now
        row.checked_at, row.claimed_until, row.crashes = now, None, 0
    session.flush()
    return Taken(new, edited, known)


def to_check(
    session: Session,
    source_id: str,
    now: datetime,
    limit: int,
    *,
    again_after: timedelta = CHECKED_AGAIN_AFTER,
    among: Select[str] | None = None,
) -> list[tuple[str, str]]:
    """Posts (key and platform's id) that are held and have not been seen for a while, the longest
    unseen first. One that tells a case is looked for every day, however dear that is. ``among``:
    only posts with one of these keys."""
    young = PageRow.found_at > now - CHECKED_FOR
    told = PageRow.article_id.in_(
        select(MentionRow.article_id).where(MentionRow.case_id.is_not(None))
    )
    rows = session.scalars(
        select(PageRow)
        .where(
            PageRow.source_id == source_id,
            PageRow.is_post,
            PageRow.disposition.in_(_HELD),
            true() if among is None else PageRow.key.in_(among),
            or_(
                (PageRow.checked_at < now - CHECKED_AGAIN_AFTER) & told,
                (PageRow.checked_at < now - again_after) & young,
            ),
        )
        .order_by(PageRow.checked_at, PageRow.id)
        .limit(limit)
    )
    return [(row.key, row.hint["id"]) for row in rows]


_HELD = tuple(d.value for d in (Disposition.INDEXED, Disposition.UNCHANGED, Disposition.DUPLICATE))


def held_between(
    session: Session, source_id: str, first: datetime, last: datetime
) -> list[tuple[str, str]]:
    """Posts (key and platform's id) that are held and were published in that time."""
    rows = session.scalars(
        select(PageRow).where(
            PageRow.source_id == source_id,
            PageRow.is_post,
            PageRow.disposition.in_(_HELD),
            PageRow.published.between(first, last),
        )
    )
    return [(row.key, row.hint["id"]) for row in rows]


def seen(session: Session, keys: Sequence[str], now: datetime) -> None:
    """These posts are there still."""
    session.execute(update(PageRow).where(PageRow.key.in_(keys)).values(checked_at=now))


def gone(session: Session, keys: Sequence[str], now: datetime, reason: str = "deleted") -> int:
    """These posts were deleted: they leave search and pages. How many of them were held.

    Their words stay until ``let_go`` decides what becomes of them.
    """
    rows = [row for row in _by_keys(session, keys) if row.is_post]
    fresh = [row for row in rows if row.disposition != Disposition.GONE.value]
    for row in fresh:
        row.status, row.disposition, row.reason = "done", Disposition.GONE.value, reason
        row.claimed_until, row.checked_at = None, now
        row.title, row.hint = "", {**row.hint, "said": ""}
    session.execute(
        update(ArticleRow)
        .where(ArticleRow.id.in_([row.key for row in fresh]), ArticleRow.gone_at.is_(None))
        # The index is told as of any change; a refused one is not in it.
        .values(gone_at=now, indexed_revision=0, refused_revision=0)
    )
    return len(fresh)


def ids_of(session: Session, source_id: str) -> set[str]:
    """The platform's ids of all posts of a source that are not known to be gone."""
    return set(
        session.scalars(
            select(PageRow.hint["id"].as_string()).where(
                PageRow.source_id == source_id,
                PageRow.is_post,
                or_(PageRow.disposition.is_(None), PageRow.disposition != Disposition.GONE.value),
            )
        )
    )


def keys_of(session: Session, source_id: str, ids: Sequence[str]) -> list[str]:
    """The posts of a source with these ids of the platform."""
    found: list[str] = []
    for first in range(0, len(ids), 500):
        found += session.scalars(
            select(PageRow.key).where(
                PageRow.source_id == source_id,
                PageRow.is_post,
                PageRow.hint["id"].as_string().in_(ids[first : first + 500]),
            )
        )
    return found


def keys_of_author(session: Session, source_id: str, prefix: str) -> list[str]:
    """Posts of a source whose platform's id begins so: all of one account."""
    rows = session.scalars(
        select(PageRow).where(
            PageRow.source_id == source_id,
            PageRow.is_post,
            PageRow.hint["id"].as_string().startswith(prefix, autoescape=True),
        )
    )
    return [row.key for row in rows]


def to_let_go(session: Session, *, sealed: bool, limit: int) -> list[str]:
    """Articles of deleted posts whose words are to be let go: all, or with ``sealed`` those that
    tell no open case."""
    rows = session.scalars(
        select(ArticleRow.id)
        .where(ArticleRow.gone_at.is_not(None), ArticleRow.erased_at.is_(None))
        .order_by(ArticleRow.id)
    ).all()
    return [one for one in rows if not (sealed and tells_open_case(session, one))][:limit]


def tells_open_case(session: Session, article_id: str) -> bool:
    """Whether a case that this article tells is not closed yet."""
    return bool(_cases(session, article_id, closed=False))


def let_go(session: Session, article_id: str, now: datetime) -> list[str]:
    """Erase the words of a deleted post; returns the archive's names of its bytes and pictures.

    What it told leaves the cases that are open; in closed ones the act stays and its words go.
    """
    row = session.get_one(ArticleRow, article_id, with_for_update=True)
    names = set(
        session.scalars(select(RevisionRow.page_sha256).where(RevisionRow.article_id == article_id))
    )
    names |= set(session.scalars(select(PageRow.sha256).where(PageRow.key == article_id)))
    names |= set(
        session.scalars(select(PictureRow.sha256).where(PictureRow.article_id == article_id))
    )
    closed = _cases(session, article_id, closed=True)
    for mention in session.scalars(select(MentionRow).where(MentionRow.article_id == article_id)):
        mention.record = without_words(mention.record)
    if not closed or _cases(session, article_id, closed=False):
        articles.judged_again(
            session, row, Judgement(id=article_id, decision="none", score=row.score)
        )
    row.title = row.text = row.context = row.author = row.handle = row.url = ""
    row.images, row.post, row.judgement = (
        [],
        {},
        {"entities": [], "region_codes": [], "reasons": []},
    )
    row.decision, row.erased_at, row.content_hash, row.indexed_revision = "none", now, "", 0
    session.execute(
        update(RevisionRow)
        .where(RevisionRow.article_id == article_id)
        .values(title="", text=GONE_WORDS)
    )
    session.execute(delete(PictureRow).where(PictureRow.article_id == article_id))
    session.execute(delete(CopyBandRow).where(CopyBandRow.article_id == article_id))
    session.execute(
        update(PageRow)
        .where(PageRow.key == article_id)
        .values(sha256="", title="", url="", final_url="", headers={})
    )
    return sorted(name for name in names if name)


def let_go_unread(session: Session, limit: int) -> list[str]:
    """The archive's names of deleted posts that never became articles; their rows let go."""
    rows = session.scalars(
        select(PageRow)
        .where(
            PageRow.disposition == Disposition.GONE.value,
            PageRow.article_id.is_(None),
            PageRow.sha256 != "",
        )
        .limit(limit)
    ).all()
    names = [row.sha256 for row in rows]
    for row in rows:
        row.sha256 = row.url = row.final_url = ""
    return names


def sealed(mention: Mention) -> Mention:
    """A mention as it is told of a deleted post: without its words."""
    return replace(mention, sentence=GONE_WORDS, answer="", reasons=(), start=0, end=0)


def without_words(record: dict[str, object]) -> dict[str, object]:
    """A mention's record without the words of its post."""
    return {**record, "sentence": GONE_WORDS, "answer": "", "reasons": [], "start": 0, "end": 0}


def _cases(session: Session, article_id: str, *, closed: bool) -> list[int]:
    numbers = session.scalars(
        select(MentionRow.case_id)
        .where(
            MentionRow.article_id == article_id,
            MentionRow.case_id.is_not(None),
            MentionRow.withdrawn.is_(False),
        )
        .distinct()
    )
    standings = casework.standings(session, [number for number in numbers if number is not None])
    return [number for number, standing in standings.items() if standing.closed is closed]


def _by_keys(session: Session, keys: Iterable[str]) -> list[PageRow]:
    wanted = list(keys)
    found: list[PageRow] = []
    for first in range(0, len(wanted), 500):
        some = PageRow.key.in_(wanted[first : first + 500])
        found += session.scalars(select(PageRow).where(some)).all()
    return found
