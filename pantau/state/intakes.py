"""What people gave: kept at once, asked for where it may be, and then on its way like any page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from extract.page import article_id, canonical_url
from pantau import intake
from pantau.intake import Evidence, Given
from pantau.posts import Post
from pantau.records import Disposition
from pantau.state import pages, posts
from pantau.state.intake_tables import EvidenceRow, IntakeRow
from pantau.state.tables import ArticleRow, MentionRow, PageRow

MAX_ATTEMPTS = 5
RETRY_AFTER = timedelta(minutes=10)
NOT_YET = "(found)"
"""How far something is of which nothing was read."""


def take(
    session: Session, given: Given, kept: tuple[str, Post] | None, *, added_by: str, now: datetime
) -> IntakeRow:
    """Note what a person gave. ``kept``: the post, where it says something, and its SHA-256 in the
    archive; the evidence must stand there too. A page on the web is then fetched, and a post asked
    for (``waiting``) where it may be, also one that says something: it may say more there.
    """
    row = IntakeRow(
        key=intake.key(given) if given.is_post else article_id(canonical_url(given.url)),
        url=given.url,
        platform=given.platform,
        entered=_entered(given),
        added_by=added_by,
        added_at=now,
        status="done",
    )
    session.add(row)
    session.flush()
    session.add_all(_evidence(row, one) for one in given.evidence)
    if not given.is_post:
        hint = {"region": given.region} if given.region else {}
        new = pages.found(
            session, url=given.url, source_id=intake.SOURCE, run_id=None, now=now, hint=hint
        )
        row.reason = "" if new is not None else "known already"
        return row
    if kept is not None:
        _take_post(session, *kept, given.region, now)
    if intake.may_be_asked(given):
        row.status = "waiting"
    return row


def held(session: Session, key: str) -> str:
    """The archive's name of a post as it is held; empty where it is not, or is deleted."""
    page = session.scalar(select(PageRow).where(PageRow.key == key))
    return page.sha256 if page and page.disposition != Disposition.GONE.value else ""


def waiting(session: Session, now: datetime, limit: int) -> Sequence[IntakeRow]:
    """Posts whose platform is to be asked."""
    due = or_(IntakeRow.retry_at.is_(None), IntakeRow.retry_at <= now)
    query = select(IntakeRow).where(IntakeRow.status == "waiting", due)
    return session.scalars(query.order_by(IntakeRow.id).limit(limit)).all()


def answered(session: Session, intake_id: int, sha256: str, post: Post, now: datetime) -> None:
    """The platform told what the post says; it stands in the archive."""
    row = session.get_one(IntakeRow, intake_id)
    row.status, row.reason, row.retry_at = "done", "", None
    _take_post(session, sha256, post, row.entered.get("region", ""), now)


def not_answered(
    session: Session, intake_id: int, reason: str, now: datetime, *, final: bool
) -> None:
    """It did not; asked again unless ``final`` or MAX_ATTEMPTS is up. What people said of it
    stands all the same."""
    row = session.get_one(IntakeRow, intake_id)
    row.attempts += 1
    row.reason = reason
    if final or row.attempts >= MAX_ATTEMPTS:
        row.status, row.retry_at = "done" if held(session, row.key) else "failed", None
    else:
        row.retry_at = now + RETRY_AFTER * 2 ** (row.attempts - 1)


def to_look_after(session: Session, now: datetime, limit: int) -> list[tuple[str, Given]]:
    """Posts (each with its key) of which their platform's own interface has told, and that were
    not looked for since a day."""
    told = select(IntakeRow.key).where(
        IntakeRow.platform.in_(intake.with_interface()),
        IntakeRow.status == "done",
        IntakeRow.reason == "",
    )
    due = posts.to_check(session, intake.SOURCE, now, limit, among=told)
    rows = session.scalars(select(PageRow).where(PageRow.key.in_([key for key, _ in due]))).all()
    return [(row.key, Given(url=row.url, platform=intake.platform_of(row.url))) for row in rows]


def looked_for(session: Session, key: str, now: datetime, *, there: bool | None) -> None:
    """What became of looking for a post; None: no answer that says either. One that is not there
    a second time, a day later, is deleted."""
    page = session.scalars(select(PageRow).where(PageRow.key == key)).one()
    if there is False and page.hint.get("missed"):
        posts.gone(session, [key], now)
        return
    page.checked_at = now
    if there is not None:
        page.hint = {**page.hint, "missed": not there}


def given_of(row: IntakeRow) -> Given:
    """What the person entered, without the evidence."""
    told = row.entered
    times = {name: datetime.fromisoformat(told[name]) for name in _TIMES if told.get(name)}
    return Given(
        url=row.url,
        platform=row.platform,
        text=told.get("text", ""),
        author=told.get("author", ""),
        handle=told.get("handle", ""),
        region=told.get("region", ""),
        published=times.get("published"),
        seen=times.get("seen"),
    )


def evidence_of(session: Session, key: str) -> Sequence[EvidenceRow]:
    """What was added to an article and is still kept, the first first."""
    query = (
        select(EvidenceRow)
        .join(IntakeRow, EvidenceRow.intake_id == IntakeRow.id)
        .where(EvidenceRow.key == key, IntakeRow.forgotten_at.is_(None))
    )
    return session.scalars(query.order_by(EvidenceRow.id)).all()


def given_by(session: Session, added_by: str, limit: int) -> Sequence[IntakeRow]:
    """What somebody gave last, the newest first."""
    query = select(IntakeRow).where(IntakeRow.added_by == added_by)
    return session.scalars(query.order_by(IntakeRow.id.desc()).limit(limit)).all()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far something given has come."""

    disposition: str
    """Of its page; NOT_YET or ``(fetched)`` as long as it has none."""
    article_id: str
    """Empty where none was made of it, or it is gone."""
    case_ids: tuple[int, ...]
    evidence: tuple[EvidenceRow, ...]
    """What was added with it, as long as it is kept."""


def progress(session: Session, row: IntakeRow) -> Progress:
    page = session.scalar(select(PageRow).where(PageRow.key == row.key))
    article = session.get(ArticleRow, page.article_id) if page and page.article_id else None
    told = article is not None and article.gone_at is None
    cases = (
        select(MentionRow.case_id)
        .where(MentionRow.article_id == row.key, MentionRow.case_id.is_not(None))
        .distinct()
    )
    files = select(EvidenceRow).where(EvidenceRow.intake_id == row.id).order_by(EvidenceRow.id)
    return Progress(
        disposition=(page.disposition or f"({page.status})") if page else NOT_YET,
        article_id=article.id if article is not None and told else "",
        case_ids=tuple(sorted(one for one in session.scalars(cases) if one)) if told else (),
        evidence=() if row.forgotten_at else tuple(session.scalars(files)),
    )


_TEXTS = ("text", "author", "handle", "region")
_TIMES = ("published", "seen")


def _entered(given: Given) -> dict[str, str]:
    told = {name: getattr(given, name) for name in _TEXTS}
    told |= {name: when.isoformat() for name in _TIMES if (when := getattr(given, name))}
    return {name: value for name, value in told.items() if value}


def _evidence(row: IntakeRow, one: Evidence) -> EvidenceRow:
    return EvidenceRow(
        intake_id=row.id,
        key=row.key,
        sha256=one.sha256,
        size=one.size,
        media_type=one.media_type,
        name=one.name,
        description=one.description,
        taken_by=one.taken_by,
        taken_at=one.taken_at,
        taken_from=one.taken_from,
    )


def _take_post(session: Session, sha256: str, post: Post, region: str, now: datetime) -> None:
    query = select(PageRow).where(PageRow.key == post.key)
    before = session.scalar(query)
    region = region or (before.hint.get("region", "") if before else "")
    posts.taken(session, [(sha256, post)], source_id=intake.SOURCE, run_id=None, now=now)
    page = session.scalars(query).one()
    if region:
        page.hint = {**page.hint, "region": region}
