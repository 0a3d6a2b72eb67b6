"""Pencarian tersimpan: one's own searches, each with a permalink and a feed."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from pantau.errors import QueryError
from pantau.state import audit, searches
from pantau.web.asking import MOST
from pantau.web.rendering import context_of, page
from pantau.web.security.rights import needs
from pantau.web.viewer import viewer_of
from search.query import parse

router = APIRouter()


@router.get("/pencarian", dependencies=[needs("read")])
def list_searches(request: Request) -> Response:
    return _listed(request)


def _listed(request: Request, *, mistake: str = "", status: int = 200) -> Response:
    with context_of(request).state.read() as session:
        held = searches.of(session, viewer_of(request).account_id)
    return page(request, "saved.html", status=status, searches=held, mistake=mistake)


@router.post("/pencarian", dependencies=[needs("read")])
def save(
    request: Request,
    nama: Annotated[str, Form(max_length=100)],
    q: Annotated[str, Form(max_length=4 * MOST)] = "",
) -> Response:
    """Keep a search under a name; a mistaken query is told and not kept."""
    context, who = context_of(request), viewer_of(request).who
    if not nama.strip():
        return _listed(request, mistake="Beri nama pencarian ini.", status=422)
    try:
        parse(q)
    except QueryError as error:
        return _listed(request, mistake=str(error), status=422)
    with context.state.write() as session:
        row = searches.save(session, who, name=nama.strip(), query=q, now=context.clock())
        audit.note(session, who, "feed_made", now=context.clock(), subject=f"pencarian:{row.id}")
    return RedirectResponse("/pencarian", status_code=303)


@router.post("/pencarian/{search_id}/hapus", dependencies=[needs("read")])
def remove(request: Request, search_id: int) -> Response:
    context = context_of(request)
    with context.state.write() as session:
        row = searches.get(session, search_id, viewer_of(request).account_id)
        if row is None:
            raise HTTPException(404)
        searches.remove(session, row)
    return RedirectResponse("/pencarian", status_code=303)


@router.post("/pencarian/{search_id}/token", dependencies=[needs("read")])
def renew(request: Request, search_id: int) -> Response:
    """Another address for the feed; the old one ends."""
    context, viewer = context_of(request), viewer_of(request)
    with context.state.write() as session:
        row = searches.get(session, search_id, viewer.account_id)
        if row is None:
            raise HTTPException(404)
        searches.renew_token(row)
        audit.note(
            session,
            viewer.who,
            "feed_made",
            now=context.clock(),
            subject=f"pencarian:{search_id}",
        )
    return RedirectResponse("/pencarian", status_code=303)
