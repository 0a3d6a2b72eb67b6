"""Counts for people: what became of pages, articles, mentions, cases and mails."""

from __future__ import annotations

from typing import Any, TypedDict

from sqlalchemy import distinct, func, or_, select
from sqlalchemy.orm import Session

from pantau.state import articles, pages, spending
from pantau.state.tables import AlertRow, ArticleRow, MentionRow, OutboxRow


class SourceCounts(TypedDict):
    pages: dict[str, int]
    """By disposition; ``(found)`` and ``(fetched)`` are still on their way."""
    articles: int
    mentions: int
    cases: int
    mails: int


class Waiting(TypedDict):
    pages: int
    index: int
    set_aside: int
    """Articles that the index refuses as they are; the reason stands in their row."""
    mails: int


class Summary(TypedDict):
    sources: dict[str, SourceCounts]
    mails: dict[str, int]
    """By status of the outbox."""
    waiting: Waiting
    spent: dict[str, str]
    """By platform: what its quota or money of the latest day or month went to, in words."""


def summarise(session: Session) -> Summary:
    """All counts, for each source; a case or mail counts for each source that reported it."""
    by_source: dict[str, SourceCounts] = {}
    for source_id, dispositions in sorted(pages.counts(session).items()):
        by_source[source_id] = SourceCounts(
            pages=dict(dispositions), articles=0, mentions=0, cases=0, mails=0
        )
    source = ArticleRow.source_id
    with_mentions = select(source).join(MentionRow, MentionRow.article_id == ArticleRow.id)
    numbers: dict[str, Any] = {
        "articles": select(source, func.count(ArticleRow.id)),
        "mentions": with_mentions.add_columns(func.count(MentionRow.id)),
        "cases": with_mentions.add_columns(func.count(distinct(MentionRow.case_id))),
        "mails": with_mentions.join(AlertRow, AlertRow.case_id == MentionRow.case_id)
        .join(
            OutboxRow,
            or_(OutboxRow.alert_id == AlertRow.id, OutboxRow.digest_id == AlertRow.digest_id),
        )
        .where(OutboxRow.status == "sent")
        .add_columns(func.count(distinct(OutboxRow.id))),
    }
    for name, query in numbers.items():
        for source_id, number in session.execute(query.group_by(source)):
            if source_id in by_source:
                by_source[source_id][name] = number  # type: ignore[literal-required]
    by_status = select(OutboxRow.status, func.count()).group_by(OutboxRow.status)
    mails: dict[str, int] = {status: number for status, number in session.execute(by_status)}  # noqa: C416
    return Summary(
        sources=by_source,
        mails=mails,
        waiting=Waiting(
            pages=pages.pending(session),
            index=articles.backlog(session),
            set_aside=articles.set_aside(session),
            mails=sum(mails.get(status, 0) for status in ("pending", "sending", "failed")),
        ),
        spent=spending.told(session),
    )
