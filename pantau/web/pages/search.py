"""Cari: the index, asked by people."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from pantau.web.rendering import context_of, page

router = APIRouter()


@router.get("/")
def front() -> Response:
    return RedirectResponse("/cari", status_code=307)


@router.get("/cari")
def search(request: Request, q: str = "") -> Response:
    with context_of(request).index() as index:
        results = index.search(q)
    return page(request, "search.html", query=q, results=results)
