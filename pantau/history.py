"""What became of one page, told from the rows: the answer of ``pantau why``."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from alerts.dossier import Dossier, queries_answered, read_cases
from alerts.routing import refusal
from pantau.config import Config
from pantau.state import articles, cases, copies, pages, parts
from pantau.state.tables import AlertRow, ArticleRow, MentionRow, OutboxRow, PageRow

History = dict[str, Any]
_NOT_NEWS = {
    "dismissed": "it was dismissed",
    "old": "no report of it was younger than the alert horizon when it was first read, "
    "or it came before the subscription",
}


def of(session: Session, url: str, config: Config) -> History | None:
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
    told["cases"] = [
        _case(session, dossier, config)
        for dossier in read_cases(
            session,
            cases.stored(session, [number for number in numbers if number is not None]),
            config,
        )
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
    original = session.get(ArticleRow, article.copy_of) if article.copy_of else None
    return {
        "article": article.id,
        "published": article.published.isoformat() if article.published else None,
        "revisions": article.revision,
        "indexed": article.indexed_revision == article.revision,
        "index_refuses": article.refused_reason,
        "copy_of": original.url if original else None,
        "copies": [copy.url for copy in copies.of(session, article.id)],
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


def _case(session: Session, dossier: Dossier, config: Config) -> History:
    """A case with who was told of it, who will be, and who not and why."""
    case = dossier.case
    alerts = session.scalars(
        select(AlertRow).where(AlertRow.case_id == case.id).order_by(AlertRow.id)
    ).all()
    named = {alert.subscription_id for alert in alerts}
    answered = queries_answered(session, dossier, config)
    return {
        "case": case.id,
        "act": case.act,
        "region": case.region_code,
        "first_seen": case.first_seen.isoformat(),
        "withdrawn": case.withdrawn or None,
        "told": [told for alert in alerts for told in _told(session, alert)],
        "not_told": [
            {
                "subscription": subscriber.id,
                "why": refusal(subscriber, case, dossier.reports, answered)
                or _NOT_NEWS["dismissed" if case.stage == "dismissed" else "old"],
            }
            for subscriber in config.subscriptions.values()
            if subscriber.id not in named
        ],
    }


def _told(session: Session, alert: AlertRow) -> list[History]:
    """The mails that tell an alert; before they are made, when that will be."""
    about = {
        "subscription": alert.subscription_id,
        "kind": alert.kind,
        "section": alert.section,
    }
    if alert.due_at is not None:
        return [about | {"status": "waits", "due": alert.due_at.isoformat()}]
    if alert.told_at is None:
        return [about | {"status": "nothing was left to tell"}]
    in_mail = (
        OutboxRow.digest_id == alert.digest_id
        if alert.digest_id is not None
        else OutboxRow.alert_id == alert.id
    )
    return [
        about
        | {
            "recipient": mail.recipient,
            "status": mail.status,
            "sent": mail.sent_at.isoformat() if mail.sent_at else None,
            "error": mail.last_error,
        }
        for mail in session.scalars(select(OutboxRow).where(in_mail).order_by(OutboxRow.id))
    ]
