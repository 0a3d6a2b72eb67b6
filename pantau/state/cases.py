"""Mentions that wait for a case, the open cases, and who is to be told of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pantau.records import Actor, Article, Case, Mention
from pantau.state.articles import mention_from_json, to_article
from pantau.state.tables import AlertRow, ArticleRow, CaseRow, MentionRow


@dataclass(frozen=True, slots=True)
class Told:
    """An article with all mentions of one of its revisions, by their rows."""

    article: Article
    mentions: tuple[tuple[MentionRow, Mention], ...]


@dataclass(frozen=True, slots=True)
class StoredCase:
    """A case with the articles that tell it; which of their mentions belong to it says the row."""

    id: int
    told: tuple[Told, ...]


def unclustered(session: Session, limit: int) -> list[str]:
    """Articles with mentions that wait for a case, in order of publication."""
    return list(
        session.scalars(
            select(ArticleRow.id)
            .where(
                ArticleRow.id.in_(
                    select(MentionRow.article_id).where(MentionRow.clustered.is_(False))
                )
            )
            .order_by(func.coalesce(ArticleRow.published, ArticleRow.first_seen), ArticleRow.id)
            .limit(limit)
        )
    )


def told_by(session: Session, article_id: str) -> Told:
    """An article with the mentions of its newest judgement, held until the session ends."""
    row = session.get_one(ArticleRow, article_id, with_for_update=True)
    return _told(row, _newest(session.scalars(_mentions([article_id]))))


def assign(session: Session, mention_ids: Sequence[int], case_id: int | None) -> None:
    """Note to which case mentions belong, or that they are no matter for one."""
    session.execute(
        update(MentionRow)
        .where(MentionRow.id.in_(mention_ids))
        .values(case_id=case_id, clustered=True)
    )


def open_cases(session: Session, region: str | None, since: datetime) -> list[StoredCase]:
    """Cases of a region that had news since then, with those whose place is not that exact.

    ``region`` is a code of any level. None: cases of every place.
    """
    near = select(CaseRow.id).where(CaseRow.updated_at >= since)
    if region is not None:
        near = near.where(
            or_(
                CaseRow.region_code.is_(None),
                CaseRow.region_code == region[:2],
                CaseRow.region_code.startswith(region[:5]),
            )
        )
    return stored(session, session.scalars(near).all())


def stored(session: Session, case_ids: Sequence[int]) -> list[StoredCase]:
    """Cases by their ids, in order of id; of an article's revisions the newest that tells it."""
    held = session.execute(
        select(MentionRow.case_id, MentionRow.article_id, func.max(MentionRow.revision))
        .where(MentionRow.case_id.in_(case_ids))
        .group_by(MentionRow.case_id, MentionRow.article_id)
    ).all()
    articles = {
        row.id: row
        for row in session.scalars(
            select(ArticleRow).where(ArticleRow.id.in_({article for _, article, _ in held}))
        )
    }
    mentions: dict[tuple[str, int], list[MentionRow]] = defaultdict(list)
    for mention in session.scalars(_mentions(list(articles))):
        mentions[mention.article_id, mention.revision].append(mention)
    told: dict[int, list[Told]] = defaultdict(list)
    for case_id, article_id, revision in held:
        if case_id is not None:
            told[case_id].append(_told(articles[article_id], mentions[article_id, revision]))
    return [
        StoredCase(case_id, tuple(sorted(told[case_id], key=lambda one: one.article.id)))
        for case_id in sorted(told)
    ]


def create(session: Session, subject: str, now: datetime) -> int:
    """A new case, as yet empty: ``save`` says what is known of it."""
    row = CaseRow(subject=subject, record={}, first_seen=now, updated_at=now)
    session.add(row)
    session.flush()
    return row.id


def save(session: Session, case: Case, now: datetime) -> None:
    """Write what the reports of a case together tell."""
    row = session.get_one(CaseRow, case.id)
    row.subject, row.region_code = case.subject, case.region_code
    row.first_seen, row.updated_at = case.first_seen, now
    row.record = case_to_json(case)


def get(session: Session, case_id: int) -> Case:
    return case_from_json(session.get_one(CaseRow, case_id).record)


def add_alert(
    session: Session,
    *,
    case_id: int,
    subscription_id: str,
    kind: str,
    news: str = "",
    now: datetime,
) -> int | None:
    """Note that a subscriber is to be told. None where that was noted before."""
    row = AlertRow(
        case_id=case_id, subscription_id=subscription_id, kind=kind, news=news, created_at=now
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return None
    return row.id


def case_to_json(case: Case) -> dict[str, Any]:
    record = asdict(case)
    record["act_date"] = case.act_date.isoformat() if case.act_date else None
    record["first_seen"] = case.first_seen.isoformat()
    return record


def case_from_json(record: dict[str, Any]) -> Case:
    act_date = record["act_date"]
    return Case(
        **{
            **record,
            "actor": Actor(**record["actor"]),
            "skb_forms": tuple(record["skb_forms"]),
            "act_date": date.fromisoformat(act_date) if act_date else None,
            "first_seen": datetime.fromisoformat(record["first_seen"]),
        }
    )


def _mentions(article_ids: Sequence[str]) -> Any:
    return (
        select(MentionRow)
        .where(MentionRow.article_id.in_(article_ids))
        .order_by(MentionRow.article_id, MentionRow.revision, MentionRow.ordinal)
    )


def _newest(rows: Any) -> list[MentionRow]:
    found = list(rows)
    newest = max((row.revision for row in found), default=0)
    return [row for row in found if row.revision == newest]


def _told(article: ArticleRow, rows: Sequence[MentionRow]) -> Told:
    return Told(to_article(article), tuple((row, mention_from_json(row.record)) for row in rows))
