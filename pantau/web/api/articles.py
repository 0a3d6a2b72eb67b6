"""Articles: found, shown, and mended."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Query, Request
from sqlalchemy import select
from sqlalchemy.orm import Session

from pantau.source_names import source_name
from pantau.state import articles, corrections
from pantau.state.tables import ArticleRow, MentionRow
from pantau.web.api.account import REFUSALS
from pantau.web.api.models import Found, FoundArticle, Mended, ShownArticle, Told
from pantau.web.marking import highlighted
from pantau.web.rendering import address_of, context_of
from pantau.web.security.masks import author_shown, is_sealed, text_shown, unmask, url_shown
from pantau.web.security.rights import must_see, needs
from pantau.web.viewer import Viewer, viewer_of
from search import Hit
from search.index import Facet, Order

router = APIRouter()
FURTHEST = 1_000_000


@router.get(
    "/search",
    responses={**REFUSALS, 422: {"model": Told}, 503: {"model": Told}},
    dependencies=[needs("read")],
)
def search(
    request: Request,
    q: Annotated[str, Query(max_length=4000, description="Bahasa pencarian; kosong: semua.")] = "",
    limit: Annotated[int, Query(ge=0, le=100)] = 20,
    offset: Annotated[int, Query(ge=0, le=FURTHEST)] = 0,
    order: Order = "date",
    facet: Annotated[list[Facet], Query(max_length=10)] = [],  # noqa: B006 - never changed
) -> Found:
    """Articles that answer a query, newest or best first, within one's regions."""
    with context_of(request).index() as index:
        found = index.search(
            q,
            limit=limit,
            offset=offset,
            order=order,
            facets=list(dict.fromkeys(facet)),
            regions=viewer_of(request).regions,
        )
    return Found(
        total=found.total,
        hits=[_hit(hit) for hit in found.hits],
        facets=found.facets,
        instead=dict(found.instead),
    )


def _hit(hit: Hit) -> FoundArticle:
    document = hit.document
    passage, spans = "", []
    for part in highlighted(hit.passage, hit.highlights):
        shown = text_shown(part.text)
        if part.marked:
            spans.append((len(passage), len(passage) + len(shown)))
        passage += shown
    return FoundArticle(
        id=document.id,
        url=url_shown(document.url, citizen=document.citizen),
        title=text_shown(document.title),
        kind=document.kind,
        source=document.source_name,
        published=document.published,
        first_seen=document.first_seen,
        decision=document.decision,
        score=document.score,
        forms=list(document.forms),
        stages=list(document.stages),
        regions=list(document.region_codes),
        passage=passage,
        highlights=spans,
    )


@router.get(
    "/articles/{article_id}",
    responses={**REFUSALS, 404: {"model": Told}},
    dependencies=[needs("read")],
)
def show(request: Request, article_id: str) -> ShownArticle:
    """An article with its newest judgement and what people corrected in it."""
    with context_of(request).state.read() as session:
        row = _seen(session, viewer_of(request), article_id)
        return _shown(request, session, row)


@router.post(
    "/articles/{article_id}/corrections",
    status_code=201,
    responses={**REFUSALS, 404: {"model": Told}, 422: {"model": Told}},
    dependencies=[needs("correct")],
)
def correct(request: Request, article_id: str, given: Mended) -> ShownArticle:
    """Mend an entity, the forms of an act or a region; it holds for every later judgement."""
    context, viewer = context_of(request), viewer_of(request)
    with context.state.write() as session:
        _seen(session, viewer, article_id)
        corrections.add(
            session, article_id, given.correction(), viewer.who, context.clock(), given.note
        )
        return _shown(request, session, session.get_one(ArticleRow, article_id))


@router.delete(
    "/articles/{article_id}/corrections/{number}",
    responses={**REFUSALS, 404: {"model": Told}, 422: {"model": Told}},
    dependencies=[needs("correct")],
)
def withdraw(request: Request, article_id: str, number: int) -> ShownArticle:
    """Take a correction back; the article becomes what it would be without it."""
    context, viewer = context_of(request), viewer_of(request)
    with context.state.write() as session:
        _seen(session, viewer, article_id)
        corrections.withdraw(session, article_id, number, viewer.who, context.clock())
        return _shown(request, session, session.get_one(ArticleRow, article_id))


@router.post(
    "/articles/{article_id}/account",
    responses={**REFUSALS, 404: {"model": Told}},
    dependencies=[needs("unmask")],
)
def open_account(request: Request, article_id: str) -> dict[Literal["author", "url"], str]:
    """A post's account and address, for whoever handles a case that it tells; logged."""
    context, viewer = context_of(request), viewer_of(request)
    with context.state.write() as session:
        _seen(session, viewer, article_id)
        opened = unmask(session, viewer, article_id, context.clock(), address_of(request))
    if opened is None:
        raise HTTPException(403)
    return {"author": opened[0], "url": opened[1]}


def _seen(session: Session, viewer: Viewer, article_id: str) -> ArticleRow:
    """An article that lies where the viewer works; 404 for any other."""
    row = session.get(ArticleRow, article_id) if article_id.isprintable() else None
    if row is None or is_sealed(session, viewer, row):
        raise HTTPException(404)
    mentions = articles.mentions_of(session, article_id)
    must_see(
        viewer,
        [*row.judgement.get("region_codes", ()), *(mention.region_code for mention in mentions)],
    )
    return row


def _shown(request: Request, session: Session, row: ArticleRow) -> ShownArticle:
    config = context_of(request).config
    told = session.scalars(
        select(MentionRow)
        .where(MentionRow.article_id == row.id, MentionRow.revision == row.revision)
        .order_by(MentionRow.ordinal)
    )
    return ShownArticle(
        id=row.id,
        url=url_shown(row.url, citizen=row.citizen),
        title=text_shown(row.title),
        text=text_shown(row.text),
        kind=row.kind,
        author=author_shown(row.author, citizen=row.citizen),
        source=source_name(config, row.source_id, url=row.url, platform=row.platform),
        published=row.published,
        first_seen=row.first_seen,
        revision=row.revision,
        page_sha256=row.page_sha256,
        decision=row.decision,
        score=row.score,
        regions=list(row.judgement.get("region_codes", ())),
        mentions=[{**_masked(mention.record), "case": mention.case_id} for mention in told],
        corrections=[
            {
                "id": made.id,
                "made": _masked(asdict(made.correction)),
                "by": made.by,
                "at": made.at,
            }
            for made in corrections.of(session, row.id)
        ],
    )


def _masked(value: Any) -> Any:
    """Every text in a record without handles and numbers of persons."""
    if isinstance(value, str):
        return text_shown(value)
    if isinstance(value, dict):
        return {key: _masked(held) for key, held in value.items()}
    return [_masked(held) for held in value] if isinstance(value, list | tuple) else value
