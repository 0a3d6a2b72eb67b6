"""Keberatan: how whoever is wrongly named can object. Open: these people have no account."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from pantau.web.rendering import context_of, page

router = APIRouter()


@router.get("/keberatan")
def objections(request: Request) -> Response:
    """Whom to write to, what to say, and what then happens."""
    settings = context_of(request).config.settings
    return page(
        request,
        "objection.html",
        complaints=settings.web.complaints,
        days=settings.retention.names.days,
    )
