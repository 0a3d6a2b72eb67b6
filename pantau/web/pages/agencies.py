"""Instansi: the cases in which an agency's people are said to have acted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from pantau.state.tables import MentionRow
from pantau.web.asking import quoted_value
from pantau.web.briefs import Brief, briefs
from pantau.web.context import WebContext
from pantau.web.dossiers import read
from pantau.web.rendering import context_of, page
from pantau.web.security.rights import needs, sees
from pantau.web.viewer import Viewer, viewer_of

router = APIRouter()

MOST_ARTICLES = 200
"""Of an agency, the newest with a likely act; a page that counts more says so."""
SHOWN = 10
"""Cases on a page."""


@router.get("/instansi", dependencies=[needs("cases")])
def agency(request: Request, nama: str = "", mulai: Annotated[int, Query(ge=0)] = 0) -> Response:
    """The agencies named most often, or the cases of one."""
    context, viewer = context_of(request), viewer_of(request)
    name = nama.strip()[:200]
    if not name:
        with context.index() as index:
            found = index.search(
                "putusan:dugaan", limit=1, facets=["instansi"], regions=viewer.regions
            )
        return page(request, "agencies.html", agencies=list(found.facets["instansi"].items()))
    query = f"instansi_persis:{quoted_value(name)} AND putusan:dugaan"
    actors, total = cases_told_by(context, viewer, query)
    numbers = [number for number, agencies in actors.items() if name in agencies]
    with context.state.read() as session:
        own = standing_cases(session, viewer, numbers)
        open_ones = [one for one in own if one.shown]
        shown = [one.case.id for one in open_ones[mulai : mulai + SHOWN]]
        dossiers = read(session, context.config, shown)
    return page(
        request,
        "agency.html",
        name=name,
        query=query,
        articles=total,
        cut=MOST_ARTICLES if total > MOST_ARTICLES else 0,
        dossiers=sorted(dossiers, key=lambda one: shown.index(one.case.id)),
        number=len(open_ones),
        following=mulai + SHOWN if mulai + SHOWN < len(open_ones) else 0,
        closed=len(own) - len(open_ones),
        by_form=Counter(f for one in open_ones for f in one.case.skb_forms).most_common(),
        by_stage=Counter(one.case.stage for one in open_ones).most_common(),
    )


def cases_told_by(
    context: WebContext, viewer: Viewer, query: str
) -> tuple[dict[int, set[str]], int]:
    """The cases of the newest articles that answer a query where the viewer works, each with its
    actors' agencies as these articles name them, and how many articles answer at all.

    The index says which articles: no table of the state is gone through.
    """
    with context.index() as index:
        ids, total = index.newest(query, limit=MOST_ARTICLES, regions=viewer.regions)
    told: dict[int, set[str]] = defaultdict(set)
    with context.state.read() as session:
        rows = session.execute(
            select(MentionRow.case_id, MentionRow.record["actor"]["agency"].as_string()).where(
                MentionRow.article_id.in_(ids),
                MentionRow.case_id.is_not(None),
                MentionRow.withdrawn.is_(False),
            )
        )
        for number, agency_told in rows:
            told[number].add(agency_told)
    return told, total


def standing_cases(session: Session, viewer: Viewer, numbers: Sequence[int]) -> list[Brief]:
    """These cases where the viewer works, the newest first."""
    return sorted(
        (one for one in briefs(session, numbers) if sees(viewer, [one.case.region_code])),
        key=lambda one: one.case.first_seen,
        reverse=True,
    )
