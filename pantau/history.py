"""What became of one page, told from the rows: the answer of ``pantau why``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from alerts.routing import refusal
from pantau.config import Subscription
from pantau.records import Case
from pantau.state import articles, cases, pages, parts
from pantau.state.tables import AlertRow, ArticleRow, MentionRow, OutboxRow, PageRow

History = dict[str, Any]
_NOT_NEWS = {
    "dismissed": "it was dismissed",
    "old": "no report of it was younger than the alert horizon when it was first read, "
    "or it came before the subscription",
}


def of(session: Session, url: str, subscriptions: Iterable[Subscription]) -> History | None:
    """Everything known of an address, by label; None where no source has shown it."""
    page = pages.by_url(session, url)
    if page is None:
        return None
    told = _page(page)
    if further := parts.of(session, [page.id]).get(page.id):
        told["parts"] = [_part(row) for row in further]
    article = session.get(ArticleRow, page.article_id) if page.article_id else None
    if article is None:
        return told
    told |= _article(session, article)
    numbers = session.scalars(
        select(MentionRow.case_id)
        .where(MentionRow.article_id == article.id, MentionRow.case_id.is_not(None))
        .distinct()
        .order_by(MentionRow.case_id)
    ).all()
    subscribers = list(subscriptions)
    told["cases"] = [
        _case(session, cases.get(session, number), subscribers)
        for number in numbers
        if number is not None
    ]
    return told


def _page(page: PageRow) -> History:
    return {
        "address": page.final_url or page.url,
        "source": page.source_id,
        "found": page.found_at.isoformat(),
        "fetched": page.fetched_at.isoformat() if page.fetched_at else None,
        "status": page.status,
        "disposition": page.disposition,
        "reason": page.reason,
        "archived": page.sha256,
        "title": page.title,
    }


def _part(page: PageRow) -> History:
    """A further page of an article that is cut into several."""
    return {
        "part": page.final_url or page.url,
        "status": page.status,
        "disposition": page.disposition,
        "reason": page.reason,
        "archived": page.sha256,
    }


def _article(session: Session, article: ArticleRow) -> History:
    mentions = articles.mentions_of(session, article.id)
    return {
        "article": article.id,
        "published": article.published.isoformat() if article.published else None,
        "revisions": article.revision,
        "indexed": article.indexed_revision == article.revision,
        "index_refuses": article.refused_reason,
        "judgement": article.decision,
        "score": article.score,
        "mentions": [
            {
                "sentence": mention.sentence,
                "subject": mention.subject,
                "forms": list(mention.skb_forms),
                "stage": mention.stage,
                "reasons": [f"{reason.effect}: {reason.cue}" for reason in mention.reasons],
            }
            for mention in mentions
        ],
    }


def _case(session: Session, case: Case, subscribers: list[Subscription]) -> History:
    """A case with who was told of it, and who not and why."""
    mails = session.execute(
        select(AlertRow.subscription_id, OutboxRow)
        .join(OutboxRow, OutboxRow.alert_id == AlertRow.id)
        .where(AlertRow.case_id == case.id)
        .order_by(OutboxRow.id)
    ).all()
    named = {subscription_id for subscription_id, _ in mails}
    return {
        "case": case.id,
        "act": case.act,
        "region": case.region_code,
        "first_seen": case.first_seen.isoformat(),
        "told": [
            {
                "subscription": subscription_id,
                "recipient": mail.recipient,
                "status": mail.status,
                "sent": mail.sent_at.isoformat() if mail.sent_at else None,
                "error": mail.last_error,
            }
            for subscription_id, mail in mails
        ],
        "not_told": [
            {
                "subscription": subscriber.id,
                "why": refusal(subscriber, case)
                or _NOT_NEWS["dismissed" if case.stage == "dismissed" else "old"],
            }
            for subscriber in subscribers
            if subscriber.id not in named
        ],
    }
