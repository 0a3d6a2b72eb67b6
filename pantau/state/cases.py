"""Mentions that wait for a case, and the open cases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from pantau.records import Actor, Article, Case, Mention
from pantau.state.articles import mention_from_json, to_article
from pantau.state.people_tables import CaseworkRow
from pantau.state.tables import ArticleRow, CaseRow, MentionRow

_TOLD = ("answer", "transfer", "verify", "joined", "part", "split")
"""Verbs of ``casework.toml`` after which somebody may have to be told."""


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


def no_longer_told(session: Session, limit: int) -> list[str]:
    """Articles of which an older revision stands in a case that the present one does not tell."""
    return list(
        session.scalars(
            select(MentionRow.article_id)
            .join(ArticleRow, MentionRow.article_id == ArticleRow.id)
            .where(_no_longer_told(), _all_clustered())
            .distinct()
            .order_by(MentionRow.article_id)
            .limit(limit)
        )
    )


def withdraw(session: Session, article_id: str) -> list[MentionRow]:
    """Mark the mentions that an article tells no longer; those newly marked are returned."""
    session.get_one(ArticleRow, article_id, with_for_update=True)
    rows = list(
        session.scalars(
            select(MentionRow)
            .join(ArticleRow, MentionRow.article_id == ArticleRow.id)
            .where(ArticleRow.id == article_id, _no_longer_told(), _all_clustered())
        )
    )
    for row in rows:
        row.withdrawn = True
    return rows


def with_fresh_casework(session: Session, limit: int, *, before: datetime) -> list[int]:
    """Cases of which an office said something, since they were last saved, that others are to
    know: an answer of the person named, that another office has the case now, that it is
    verified, or which reports belong together.

    What is said from ``before`` on waits: it would be found again as long as that is now.
    """
    return list(
        session.scalars(
            select(CaseRow.id)
            .join(CaseworkRow, CaseworkRow.case_id == CaseRow.id)
            .where(
                CaseworkRow.verb.in_(_TOLD),
                CaseRow.merged_into.is_(None),
                CaseworkRow.at >= CaseRow.updated_at,
                CaseworkRow.at < before,
            )
            .distinct()
            .order_by(CaseRow.id)
            .limit(limit)
        )
    )


def _no_longer_told() -> Any:
    """Of a mention: its case knows its article only by an older revision."""
    newer = aliased(MentionRow)
    return and_(
        MentionRow.case_id.is_not(None),
        MentionRow.withdrawn.is_(False),
        MentionRow.revision < ArticleRow.revision,
        ~exists().where(
            newer.article_id == MentionRow.article_id,
            newer.case_id == MentionRow.case_id,
            newer.revision == ArticleRow.revision,
        ),
    )


def _all_clustered() -> Any:
    """Of an article: all its mentions have been taken up, so nothing is said too early."""
    fresh = aliased(MentionRow)
    return ~exists().where(fresh.article_id == ArticleRow.id, fresh.clustered.is_(False))


def told_by(session: Session, article_id: str) -> Told:
    """An article with the mentions of its newest judgement, held until the session ends."""
    row = session.get_one(ArticleRow, article_id, with_for_update=True)
    return _told(row, _newest(session.scalars(_mentions([article_id]))))


def assign(session: Session, mention_ids: Sequence[int], case_id: int | None) -> None:
    """Note to which case mentions belong, or that they are no matter for one."""
    session.execute(
        update(MentionRow)
        .where(MentionRow.id.in_(mention_ids))
        .values(case_id=case_id, own_case_id=case_id, clustered=True)
    )


def open_cases(
    session: Session, region: str | None, since: datetime, *, article_id: str
) -> list[StoredCase]:
    """Cases of a region that had news since then, with those whose place is not that exact, and
    however old those that an earlier revision of the article tells.

    ``region`` is a code of any level. None: cases of every place.
    """
    near = select(CaseRow.id).where(CaseRow.updated_at >= since, CaseRow.merged_into.is_(None))
    if region is not None:
        near = near.where(
            or_(
                CaseRow.region_code.is_(None),
                CaseRow.region_code == region[:2],
                CaseRow.region_code.startswith(region[:5]),
            )
        )
    told_before = select(MentionRow.case_id).where(
        MentionRow.article_id == article_id, MentionRow.case_id.is_not(None)
    )
    found = {*session.scalars(near), *session.scalars(told_before)}
    return stored(session, sorted(number for number in found if number is not None))


def since(session: Session, when: datetime) -> list[StoredCase]:
    """Cases first read of since then, in order of id."""
    began = select(CaseRow.id).where(CaseRow.first_seen >= when, CaseRow.merged_into.is_(None))
    return stored(session, session.scalars(began).all())


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
    row.forgotten_at = None


def get(session: Session, case_id: int) -> Case:
    return case_from_json(session.get_one(CaseRow, case_id).record)


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
            "also": tuple(record.get("also", ())),
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
