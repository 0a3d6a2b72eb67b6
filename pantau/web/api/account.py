"""Sessions of programs, who one is, and one's saved searches."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, HTTPException, Request

from pantau.state import audit, searches, sessions
from pantau.state.people_tables import SearchRow
from pantau.web.api.models import Credentials, Me, NewSearch, SavedSearch, Token, Told
from pantau.web.rendering import address_of, context_of
from pantau.web.security.login import Refused, log_in
from pantau.web.security.rights import needs
from pantau.web.viewer import viewer_of
from search.query import parse

router = APIRouter()
REFUSALS: dict[int | str, dict[str, Any]] = {401: {"model": Told}, 403: {"model": Told}}


@router.post(
    "/session", responses={401: {"model": Told}, 403: {"model": Told}, 429: {"model": Told}}
)
def enter(request: Request, given: Credentials) -> Token:
    """A token for a name and password; it lasts as long as a browser's session."""
    context = context_of(request)
    settings = context.config.settings.web
    answer = log_in(
        context.state,
        settings,
        name=given.name,
        password=given.password,
        address=address_of(request),
        now=context.clock(),
    )
    if isinstance(answer, Refused):
        if answer.wait_s:
            raise HTTPException(429, answer.why, headers={"Retry-After": str(answer.wait_s)})
        raise HTTPException(401, answer.why, headers={"WWW-Authenticate": "Bearer"})
    return Token(token=answer.token, expires_in_s=int(settings.session.total_seconds()))


@router.delete("/session", status_code=204, responses=REFUSALS)
def leave(request: Request) -> None:
    """End the session of the token that is sent."""
    context = context_of(request)
    if not hasattr(request.state, "viewer"):
        raise HTTPException(401, "Masuk dahulu.", headers={"WWW-Authenticate": "Bearer"})
    with context.state.write() as session:
        sessions.close_session(session, request.state.token)
        audit.note(session, viewer_of(request).who, "logout", now=context.clock())


@router.get("/me", responses=REFUSALS)
def me(request: Request) -> Me:
    """Who one is here."""
    viewer = viewer_of(request)
    return Me(name=viewer.name, role=viewer.role, regions=list(viewer.regions))


@router.get("/searches", responses=REFUSALS, dependencies=[needs("read")])
def saved(request: Request) -> list[SavedSearch]:
    """One's saved searches."""
    with context_of(request).state.read() as session:
        return [_told(row) for row in searches.of(session, viewer_of(request).account_id)]


@router.post(
    "/searches",
    status_code=201,
    responses={**REFUSALS, 422: {"model": Told}},
    dependencies=[needs("read")],
)
def save(request: Request, given: NewSearch) -> SavedSearch:
    """Save a search; its feed has a token of its own."""
    context, who = context_of(request), viewer_of(request).who
    parse(given.query)
    with context.state.write() as session:
        row = searches.save(
            session, who, name=given.name.strip(), query=given.query, now=context.clock()
        )
        audit.note(session, who, "feed_made", now=context.clock(), subject=f"pencarian:{row.id}")
        return _told(row)


@router.delete(
    "/searches/{search_id}",
    status_code=204,
    responses={**REFUSALS, 404: {"model": Told}},
    dependencies=[needs("read")],
)
def remove(request: Request, search_id: int) -> None:
    """Forget a saved search, and end its feed."""
    with context_of(request).state.write() as session:
        known = 0 < search_id < 2**31
        row = searches.get(session, search_id, viewer_of(request).account_id) if known else None
        if row is None:
            raise HTTPException(404)
        searches.remove(session, row)


def _told(row: SearchRow) -> SavedSearch:
    return SavedSearch(id=row.id, name=row.name, query=row.query, feed=f"/umpan/{row.token}.atom")
