"""Ekspor: all hits of a search as a file, streamed, without a limit; each is logged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse

from pantau.errors import QueryError
from pantau.state import audit
from pantau.web.context import WebContext
from pantau.web.rendering import address_of, context_of, page
from pantau.web.security.masks import text_shown, url_shown
from pantau.web.security.rights import needs
from pantau.web.viewer import Viewer, viewer_of
from search import Document
from search.export import MEDIA_TYPES, Format, export
from search.query import parse

router = APIRouter()


@router.get("/ekspor.{into}", dependencies=[needs("export")])
def exported(request: Request, into: Format, q: str = "") -> Response:
    """All hits of a query within one's regions, newest first, as CSV, XLSX or JSON lines.

    Of a post there is neither account nor address, as on every page.
    """
    context, viewer = context_of(request), viewer_of(request)
    try:
        parse(q)
    except QueryError as mistake:
        return page(
            request,
            "error.html",
            status=400,
            title="Pencarian ini tidak dapat dibaca",
            hint=str(mistake),
        )
    with context.state.write() as session:
        audit.note(
            session,
            viewer.who,
            "export",
            now=context.clock(),
            subject=into,
            detail=q,
            address=address_of(request),
        )
    pieces = export(_shown(context, viewer, q), into)
    first = next(pieces, b"")  # an index that is away is told before the file begins
    name = f"pantau-{context.clock().astimezone(context.zone):%Y%m%d-%H%M}.{into}"
    return StreamingResponse(
        chain((first,), pieces),
        media_type=MEDIA_TYPES[into],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _shown(context: WebContext, viewer: Viewer, query: str) -> Iterator[Document]:
    with context.index() as index:
        for document in index.scan(query, regions=viewer.regions):
            yield replace(
                document,
                url=url_shown(document.url, citizen=document.citizen),
                title=text_shown(document.title),
            )
