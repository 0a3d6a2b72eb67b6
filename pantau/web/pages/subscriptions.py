"""Langganan: who is mailed which cases, and when. Those of the configuration are shown only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from alerts.data import load as load_words
from alerts.preview import preview
from extract.law import load as load_law
from pantau.config import Subscription
from pantau.documents import region_name
from pantau.records import STAGES
from pantau.state import audit, subscriptions
from pantau.web.rendering import context_of, page
from pantau.web.security.rights import needs, sees
from pantau.web.subscribing import Entered, Mistaken, shown
from pantau.web.viewer import Viewer, viewer_of

router = APIRouter(prefix="/langganan", dependencies=[needs("subscribe")])
LOOKED_BACK = timedelta(days=30)
"""How far a trial reaches."""
SHOWN = 100
"""Cases that a trial lists at most."""
Filled = Annotated[Entered, Form()]


@dataclass(frozen=True, slots=True)
class Listed:
    subscription: Subscription
    by_file: bool
    """Whether it stands in the configuration, where pages change nothing."""
    mine: bool
    """Whether the viewer may change it."""


@router.get("")
def list_subscriptions(request: Request) -> Response:
    context, viewer = context_of(request), viewer_of(request)
    with context.state.read() as session:
        own = subscriptions.held(session)
    files = context.config.subscriptions
    listed = [
        Listed(one, one.id in files, one.id not in files and _within(viewer, one))
        for one in sorted((own | files).values(), key=lambda one: one.name.casefold())
        if sees(viewer, one.regions)
    ]
    return page(request, "subscriptions.html", listed=listed)


@router.get("/baru")
def begin(request: Request) -> Response:
    regions = viewer_of(request).regions
    return _form(request, Entered(wilayah="\n".join(map(region_name, regions))))


@router.post("/baru")
def make(request: Request, entered: Filled) -> Response:
    return _taken(request, entered, None)


@router.get("/{subscription_id}")
def change(request: Request, subscription_id: str) -> Response:
    with context_of(request).state.read() as session:
        held = _own(request, session, subscription_id)
    return _form(request, shown(held), held)


@router.post("/{subscription_id}")
def save(request: Request, subscription_id: str, entered: Filled) -> Response:
    with context_of(request).state.read() as session:
        held = _own(request, session, subscription_id)
    return _taken(request, entered, held)


@router.post("/{subscription_id}/hapus")
def remove(request: Request, subscription_id: str) -> Response:
    context = context_of(request)
    with context.state.write() as session:
        held = _own(request, session, subscription_id)
        subscriptions.remove(session, held.id)
        _note(request, session, held, "dihapus")
    return RedirectResponse("/langganan", status_code=303)


def _taken(request: Request, entered: Entered, held: Subscription | None) -> Response:
    """Try out what was entered, or keep it; what is mistaken is told beside its field."""
    context, viewer = context_of(request), viewer_of(request)
    with context.state.read() as session:
        taken = context.config.subscriptions.keys() | subscriptions.held(session).keys()
    try:
        made = entered.subscription(viewer.regions, taken, held.id if held else "")
    except Mistaken as mistake:
        return _form(request, entered, held, mistakes=mistake.told, status=422)
    if entered.langkah == "coba":
        return _form(request, entered, held, tried=made)
    with context.state.write() as session:
        subscriptions.save(session, made, viewer.who, context.clock())
        _note(request, session, made, f"disimpan: {', '.join(made.recipients)}")
    return RedirectResponse("/langganan", status_code=303)


def _form(
    request: Request,
    entered: Entered,
    held: Subscription | None = None,
    *,
    mistakes: dict[str, str] | None = None,
    tried: Subscription | None = None,
    status: int = 200,
) -> Response:
    context = context_of(request)
    told = []
    if tried is not None:
        since = context.clock() - LOOKED_BACK
        with context.state.read() as session:
            told = preview(session, context.config, tried, since, region_name)
    return page(
        request,
        "subscription.html",
        status=status,
        entered=entered,
        held=held,
        mistakes=mistakes or {},
        tried=tried,
        told=told[-SHOWN:],
        told_in_all=len(told),
        at_once=sum(not one.section for one in told),
        days=LOOKED_BACK.days,
        forms=sorted(load_law().forms),
        stages=STAGES,
        sections=load_words("wording.toml")["section"],
    )


def _own(request: Request, session: Session, subscription_id: str) -> Subscription:
    """One made on the page that the viewer may change; 404 for any other."""
    found = subscriptions.held(session).get(subscription_id)
    if found is None or not _within(viewer_of(request), found):
        raise HTTPException(404)
    return found


def _within(viewer: Viewer, subscription: Subscription) -> bool:
    """Whether all that it covers lies where the viewer works."""
    if not viewer.regions:
        return True
    return bool(subscription.regions) and all(sees(viewer, [c]) for c in subscription.regions)


def _note(request: Request, session: Session, subscription: Subscription, detail: str) -> None:
    audit.note(
        session,
        viewer_of(request).who,
        "subscription",
        now=context_of(request).clock(),
        subject=f"langganan:{subscription.id}",
        detail=detail,
    )
