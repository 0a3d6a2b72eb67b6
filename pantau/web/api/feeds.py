"""Umpan: the newest hits of a saved search as Atom or RSS, under the search's own token.

A feed leaves this house, so it names nobody: of each article where, when, what kind of act and
in which paper, and a link to our own page, which asks for a login. Titles and addresses of
articles hold names, and so may what somebody called a search: none of them stands here.
"""

from __future__ import annotations

from datetime import datetime
from email.utils import format_datetime
from typing import Literal
from xml.etree import ElementTree

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from extract.law import load as load_law
from pantau.documents import region_name
from pantau.errors import QueryError
from pantau.state import accounts, searches
from pantau.web.rendering import context_of
from pantau.web.security.rights import may
from pantau.web.viewer import LOCAL, Viewer
from search import Document

router = APIRouter()

NEWEST = 50
ATOM = "http://www.w3.org/2005/Atom"
TITLE = "Pantau: pencarian tersimpan"
MEDIA_TYPES = {"atom": "application/atom+xml", "rss": "application/rss+xml"}


@router.get("/umpan/{token}.{kind}")
def feed(request: Request, token: str, kind: Literal["atom", "rss"]) -> Response:
    """The newest hits of a search; 404 for a token that there is not, or is no more."""
    context = context_of(request)
    with context.state.read() as session:
        found = searches.by_token(session, token) if token.isascii() else None
    if found is None:
        raise HTTPException(404)
    search, owner = found
    viewer = LOCAL
    if owner is not None:
        viewer = Viewer(
            name=owner.name,
            role=accounts.role_of(owner),
            regions=tuple(owner.regions),
            account_id=owner.id,
        )
    if not may(viewer, "read"):
        raise HTTPException(404)
    try:
        with context.index() as index:
            results = index.search(search.query, limit=NEWEST, regions=viewer.regions)
    except QueryError:  # saved by an older version, whose fields were other ones
        raise HTTPException(404) from None
    base = (context.config.settings.alerts.base_url or str(request.base_url)).rstrip("/")
    documents = [hit.document for hit in results.hits]
    made = _atom if kind == "atom" else _rss
    updated = max((document.first_seen for document in documents), default=search.created_at)
    tree = made(documents, base, f"{base}{request.url.path}", updated)
    body = ElementTree.tostring(tree, encoding="utf-8", xml_declaration=True)
    return Response(body, media_type=MEDIA_TYPES[kind])


def told(document: Document) -> str:
    """What is said of an article, without anybody's name."""
    forms = load_law().forms
    parts = [
        "Dugaan" if document.decision == "likely_violation" else "Artikel",
        *(forms[number].name for number in document.forms[:1] if number in forms),
        region_name(document.region_codes[0]) if document.region_codes else "",
        "kiriman warga" if document.kind == "post" else document.source_name,
    ]
    said = " · ".join(part for part in parts if part)
    return "".join(letter for letter in said if letter.isprintable())


def _atom(documents: list[Document], base: str, own: str, updated: datetime) -> ElementTree.Element:
    ElementTree.register_namespace("", ATOM)
    root = ElementTree.Element(f"{{{ATOM}}}feed")
    _child(root, "title", TITLE)
    _child(root, "id", own)
    _child(root, "updated", updated.isoformat())
    _child(_child(root, "author"), "name", "Pantau")
    _child(root, "link", rel="self", href=own)
    for document in documents:
        entry = _child(root, "entry")
        address = f"{base}/artikel/{document.id}"
        _child(entry, "title", told(document))
        _child(entry, "id", address)
        _child(entry, "link", href=address)
        _child(entry, "published", document.date.isoformat())
        _child(entry, "updated", document.first_seen.isoformat())
    return root


def _child(
    parent: ElementTree.Element, name: str, text: str = "", **attributes: str
) -> ElementTree.Element:
    made = ElementTree.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    made.text = text or None
    return made


def _rss(documents: list[Document], base: str, own: str, updated: datetime) -> ElementTree.Element:
    root = ElementTree.Element("rss", version="2.0")
    channel = ElementTree.SubElement(root, "channel")
    for name, text in (
        ("title", TITLE),
        ("link", base),
        ("description", "Hasil terbaru, tanpa nama orang."),
        ("lastBuildDate", format_datetime(updated)),
    ):
        ElementTree.SubElement(channel, name).text = text
    for document in documents:
        item = ElementTree.SubElement(channel, "item")
        address = f"{base}/artikel/{document.id}"
        ElementTree.SubElement(item, "title").text = told(document)
        ElementTree.SubElement(item, "link").text = address
        ElementTree.SubElement(item, "guid").text = address
        ElementTree.SubElement(item, "pubDate").text = format_datetime(document.date)
    return root
