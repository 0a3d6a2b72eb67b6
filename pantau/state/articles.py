"""Articles, their revisions and their judgements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, select, tuple_, update
from sqlalchemy.orm import Session

from pantau.records import Actor, Article, Entity, Judgement, Media, Mention, Reason
from pantau.state import copies
from pantau.state.tables import ArticleRow, MentionRow, RevisionRow

MOST_IDS = 1000
"""Named in one statement."""


def held(session: Session, article_id: str) -> bool:
    return session.get(ArticleRow, article_id) is not None


def store(session: Session, article: Article, judgement: Judgement, now: datetime) -> bool:
    """Write an article with its judgement; an edited one gains a revision and new mentions.

    False where the article is held already and a reader would see the same words.

    Mentions that already stand in a case stay with it; those of the older revision that
    were not yet clustered are replaced.
    """
    row = session.get(ArticleRow, article.id)
    if row is not None and row.content_hash == article.content_hash and row.gone_at is None:
        return False
    if row is None:
        row = ArticleRow(id=article.id, first_seen=article.first_seen or now, revision=0)
        session.add(row)
    row.revision += 1
    row.url, row.kind, row.source_id = article.url, article.kind, article.source_id
    row.source_region, row.title, row.text = article.source_region, article.title, article.text
    row.author, row.lang = article.author, article.lang
    row.published, row.modified = article.published, article.modified
    row.images, row.platform, row.context = list(article.images), article.platform, article.context
    row.handle, row.official, row.post = article.handle, article.official, _post_to_json(article)
    row.gone_at = row.erased_at = None
    row.page_sha256, row.content_hash = article.page_sha256, article.content_hash
    row.decision, row.score = judgement.decision, judgement.score
    row.judgement = judgement_to_json(judgement)
    session.flush()
    session.add(
        RevisionRow(
            article_id=article.id,
            number=row.revision,
            title=article.title,
            text=article.text,
            page_sha256=article.page_sha256,
            seen_at=now,
        )
    )
    _store_mentions(session, article.id, row.revision, judgement)
    copies.note(session, row)
    return True


def judged_again(session: Session, row: ArticleRow, judgement: Judgement) -> None:
    """Another judgement of what is held: a revision that says the same words.

    The index and the desk take it up as they do an edit; the mentions of before stay.
    """
    row.revision += 1
    row.decision, row.score = judgement.decision, judgement.score
    row.judgement = judgement_to_json(judgement)
    session.flush()
    _store_mentions(session, row.id, row.revision, judgement)


def judgement_of(session: Session, row: ArticleRow) -> Judgement:
    """The newest judgement of an article."""
    machine = row.judgement.get("machine")
    return Judgement(
        id=row.id,
        decision="likely_violation" if row.decision == "likely_violation" else "none",
        score=row.score,
        mentions=tuple(mentions_of(session, row.id)),
        entities=tuple(entities_of(row)),
        region_codes=tuple(row.judgement.get("region_codes", ())),
        reasons=tuple(_reason(reason) for reason in row.judgement.get("reasons", ())),
        machine=_whole_from_json(row.id, machine) if machine else None,
    )


def _store_mentions(session: Session, article_id: str, revision: int, judgement: Judgement) -> None:
    session.execute(
        delete(MentionRow).where(
            MentionRow.article_id == article_id, MentionRow.clustered.is_(False)
        )
    )
    session.add_all(
        MentionRow(
            article_id=article_id,
            revision=revision,
            ordinal=ordinal,
            subject=mention.subject,
            likely=judgement.decision == "likely_violation",
            record=mention_to_json(mention),
        )
        for ordinal, mention in enumerate(judgement.mentions)
    )


_WAITS = (ArticleRow.indexed_revision < ArticleRow.revision) & (
    ArticleRow.refused_revision < ArticleRow.revision
)
"""As it stands in the partial index of the table, so that what waits is found without the rest."""


def not_indexed(
    session: Session, limit: int, after: ArticleRow | None = None
) -> Sequence[ArticleRow]:
    """Articles whose present revision the index has neither taken nor refused, oldest first;
    only those behind ``after`` where it is given."""
    query = select(ArticleRow).where(_WAITS)
    if after is not None:
        place = tuple_(ArticleRow.first_seen, ArticleRow.id)
        query = query.where(place > tuple_(after.first_seen, after.id))
    return session.scalars(query.order_by(ArticleRow.first_seen, ArticleRow.id).limit(limit)).all()


def indexed(session: Session, revisions: Mapping[str, int], *, gone: bool = False) -> None:
    """Note which revision of each article the index has; ``gone``: that it has let go of them.

    A post that was deleted while it went in is not noted: it has to be taken out again.
    """
    still = ArticleRow.gone_at.is_not(None) if gone else ArticleRow.gone_at.is_(None)
    by_revision: dict[int, list[str]] = defaultdict(list)
    for article_id, revision in revisions.items():
        by_revision[revision].append(article_id)
    for revision, ids in by_revision.items():
        noted = {"indexed_revision": revision, "refused_revision": 0, "refused_reason": ""}
        for start in range(0, len(ids), MOST_IDS):
            some = ids[start : start + MOST_IDS]
            chosen = update(ArticleRow).where(ArticleRow.id.in_(some), still)
            session.execute(chosen.values(noted))


def refused_by_index(session: Session, article_id: str, revision: int, reason: str) -> None:
    """Set an article aside that the index will never take as it is; an edit is tried again."""
    session.execute(
        update(ArticleRow)
        .where(ArticleRow.id == article_id)
        .values(refused_revision=revision, refused_reason=reason)
    )


def backlog(session: Session) -> int:
    """How many articles wait for the index."""
    return session.scalar(select(func.count()).select_from(ArticleRow).where(_WAITS)) or 0


def late_for_index(session: Session, before: datetime) -> int:
    """How many articles have waited for the index since before then."""
    waits = (
        select(func.count())
        .select_from(ArticleRow)
        .join(
            RevisionRow,
            (RevisionRow.article_id == ArticleRow.id) & (RevisionRow.number == ArticleRow.revision),
        )
        .where(_WAITS, RevisionRow.seen_at < before)
    )
    return session.scalar(waits) or 0


def set_aside(session: Session) -> int:
    """How many articles the index refuses as they are now."""
    refused = select(func.count()).where(ArticleRow.refused_revision == ArticleRow.revision)
    return session.scalar(refused) or 0


def mentions_of(session: Session, article_id: str) -> list[Mention]:
    """The mentions of an article's newest judgement."""
    return mentions_by_article(session, [article_id])[article_id]


def mentions_by_article(session: Session, ids: Iterable[str]) -> dict[str, list[Mention]]:
    """The mentions of each article's newest judgement."""
    found: dict[str, list[Mention]] = {article_id: [] for article_id in ids}
    rows = session.scalars(
        select(MentionRow)
        .join(ArticleRow, ArticleRow.id == MentionRow.article_id)
        .where(MentionRow.article_id.in_(found), MentionRow.revision == ArticleRow.revision)
        .order_by(MentionRow.ordinal)
    )
    for row in rows:
        found[row.article_id].append(mention_from_json(row.record))
    return found


def all_articles(session: Session, at_once: int) -> Iterator[Sequence[ArticleRow]]:
    """Every article, in the order of ids, so many at a time; deleted posts are left out."""
    yield from session.scalars(
        select(ArticleRow)
        .where(ArticleRow.gone_at.is_(None))
        .order_by(ArticleRow.id)
        .execution_options(yield_per=at_once)
    ).partitions()


def to_article(row: ArticleRow) -> Article:
    return Article(
        id=row.id,
        title=row.title,
        text=row.text,
        url=row.url,
        kind="post" if row.kind == "post" else "news",
        author=row.author,
        published=row.published,
        modified=row.modified,
        first_seen=row.first_seen,
        lang=row.lang,
        images=tuple(row.images),
        source_id=row.source_id,
        source_region=row.source_region,
        platform=row.platform,
        context=row.context,
        handle=row.handle,
        official=row.official,
        gone=row.gone_at is not None,
        **_post_from_json(row.post),
        page_sha256=row.page_sha256,
        copy_of=row.copy_of or "",
    )


def _post_to_json(article: Article) -> dict[str, Any]:
    """What only a post has; nothing for an article of another kind."""
    if article.kind != "post":
        return {}
    return {
        "platform_id": article.platform_id,
        "reply_to": article.reply_to,
        "thread": article.thread,
        "links": list(article.links),
        "media": [asdict(item) for item in article.media],
        "counts": dict(article.counts),
    }


def _post_from_json(record: dict[str, Any]) -> dict[str, Any]:
    if not record:
        return {}
    return {
        **record,
        "links": tuple(record["links"]),
        "media": tuple(Media(**item) for item in record["media"]),
        "counts": tuple(record["counts"].items()),
    }


def mention_to_json(mention: Mention) -> dict[str, Any]:
    record = asdict(mention)
    record["act_date"] = mention.act_date.isoformat() if mention.act_date else None
    return record


def mention_from_json(record: dict[str, Any]) -> Mention:
    act_date = record["act_date"]
    return Mention(
        **{
            **record,
            "actor": Actor(**record["actor"]),
            "skb_forms": tuple(record["skb_forms"]),
            "act_date": date.fromisoformat(act_date) if act_date else None,
            "reasons": tuple(_reason(reason) for reason in record["reasons"]),
        }
    )


def judgement_to_json(judgement: Judgement) -> dict[str, Any]:
    """All of a judgement but its mentions, which have rows of their own."""
    record: dict[str, Any] = {
        "entities": [asdict(entity) for entity in judgement.entities],
        "region_codes": list(judgement.region_codes),
        "reasons": [asdict(reason) for reason in judgement.reasons],
    }
    if judgement.machine is not None:
        record["machine"] = _whole_to_json(judgement.machine)
    return record


def _whole_to_json(judgement: Judgement) -> dict[str, Any]:
    return {
        **judgement_to_json(judgement),
        "decision": judgement.decision,
        "score": judgement.score,
        "mentions": [mention_to_json(mention) for mention in judgement.mentions],
    }


def _whole_from_json(article_id: str, record: dict[str, Any]) -> Judgement:
    return Judgement(
        id=article_id,
        decision=record["decision"],
        score=record["score"],
        mentions=tuple(mention_from_json(mention) for mention in record["mentions"]),
        entities=tuple(_entity(entity) for entity in record["entities"]),
        region_codes=tuple(record["region_codes"]),
        reasons=tuple(_reason(reason) for reason in record["reasons"]),
    )


def entities_of(row: ArticleRow) -> list[Entity]:
    return [_entity(entity) for entity in row.judgement.get("entities", [])]


def _entity(record: dict[str, Any]) -> Entity:
    return Entity(**{**record, "roles": tuple(record["roles"])})


def _reason(record: dict[str, Any]) -> Reason:
    span = record["span"]
    return Reason(cue=record["cue"], effect=record["effect"], span=tuple(span) if span else None)
