"""Instansi: the cases in which an agency's people are said to have acted."""

from __future__ import annotations

from collections import Counter

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from pantau.state.tables import MentionRow
from pantau.web.asking import quoted_value
from pantau.web.context import WebContext
from pantau.web.dossiers import Dossier, read
from pantau.web.rendering import context_of, page
from pantau.web.security.rights import needs, sees
from pantau.web.viewer import Viewer, viewer_of

router = APIRouter()

MOST_ARTICLES = 200
"""Of an agency, the newest with a likely act; a page that counts more says so."""


@router.get("/instansi", dependencies=[needs("cases")])
def agency(request: Request, nama: str = "") -> Response:
    """The agencies named most often, or the cases of one."""
    context, viewer = context_of(request), viewer_of(request)
    name = nama.strip()[:200]
    if not name:
        with context.index() as index:
            found = index.search(
                "putusan:dugaan", limit=1, facets=["instansi"], regions=viewer.regions
            )
        return page(request, "agencies.html", agencies=list(found.facets["instansi"].items())[:200])
    query = f"instansi_persis:{quoted_value(name)} AND putusan:dugaan"
    dossiers, total = cases_told_by(context, viewer, query)
    own = [
        one
        for one in dossiers
        if sees(viewer, [one.case.region_code])
        and any(name == report.mention.actor.agency for report in one.reports)
    ]
    shown = [one for one in own if one.shown]
    return page(
        request,
        "agency.html",
        name=name,
        query=query,
        articles=total,
        cut=MOST_ARTICLES if total > MOST_ARTICLES else 0,
        dossiers=sorted(shown, key=lambda one: one.case.first_seen, reverse=True),
        closed=len(own) - len(shown),
        by_form=Counter(f for one in shown for f in one.case.skb_forms).most_common(),
        by_stage=Counter(one.case.stage for one in shown).most_common(),
    )


def cases_told_by(context: WebContext, viewer: Viewer, query: str) -> tuple[list[Dossier], int]:
    """The cases of the newest articles that answer a query where the viewer works, and how many
    answer it at all.

    The index says which articles: no table of the state is gone through.
    """
    with context.index() as index:
        found = index.search(query, limit=MOST_ARTICLES, regions=viewer.regions)
    with context.state.read() as session:
        numbers = _cases_of(session, [hit.document.id for hit in found.hits])
        return read(session, context.config, numbers), found.total


def _cases_of(session: Session, article_ids: list[str]) -> list[int]:
    numbers = session.scalars(
        select(MentionRow.case_id)
        .where(MentionRow.article_id.in_(article_ids), MentionRow.case_id.is_not(None))
        .distinct()
    )
    return sorted(number for number in numbers if number is not None)
