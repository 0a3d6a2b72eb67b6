"""Umpan: the newest hits of a saved search, or the cases that were told, as Atom or RSS.

Each under a token of its own. A feed leaves this house, so it names nobody: of each article
where, when, what kind of act and in which paper, of each case what a brief says, and a link to
our own page, which asks for a login. Titles and addresses of articles hold names, and so may
what somebody called a search: none of them stands here.
"""

from __future__ import annotations

import hmac
import os
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Literal
from xml.etree import ElementTree

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from alerts.brief import brief
from alerts.ways import secret_of
from alerts.wording import Places
from extract.law import load as load_law
from pantau.documents import region_name
from pantau.errors import QueryError
from pantau.records import Alert
from pantau.state import accounts, alerts, searches
from pantau.state.cases import case_from_json
from pantau.state.tables import AlertRow
from pantau.web.rendering import context_of
from pantau.web.security.rights import may
from pantau.web.viewer import LOCAL, Viewer
from search import Document

router = APIRouter()

NEWEST = 50
ATOM = "http://www.w3.org/2005/Atom"
TITLE = "Pantau: pencarian tersimpan"
CASES_TITLE = "Pantau: kasus"
MEDIA_TYPES = {"atom": "application/atom+xml", "rss": "application/rss+xml"}


@dataclass(frozen=True, slots=True)
class Entry:
    id: str
    title: str
    address: str
    published: datetime
    updated: datetime


@dataclass(frozen=True, slots=True)
class Feed:
    title: str
    base: str
    own: str
    """The feed's own address."""
    updated: datetime
    entries: list[Entry]


@router.get("/umpan/kasus/{token}.{kind}")
def case_feed(request: Request, token: str, kind: Literal["atom", "rss"]) -> Response:
    """What subscribers with this feed among their ways were told, newest first; 404 for a token
    that there is not."""
    context = context_of(request)
    config = context.config
    for way in config.ways.values():
        if way.kind == "feed" and hmac.compare_digest(
            secret_of(way, os.environ).encode(), token.encode()
        ):
            break
    else:
        raise HTTPException(404)
    subscribers = [one.id for one in config.subscriptions.values() if way.id in one.ways]
    base = _base(request)
    with context.state.read() as session:
        entries = [
            _told_entry(row, base) for row in alerts.newest_told(session, subscribers, NEWEST)
        ]
    updated = max((entry.updated for entry in entries), default=context.clock())
    return _answer(Feed(CASES_TITLE, base, f"{base}{request.url.path}", updated, entries), kind)


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
    base = _base(request)
    entries = [_found_entry(hit.document, base) for hit in results.hits]
    updated = max((entry.updated for entry in entries), default=search.created_at)
    return _answer(Feed(TITLE, base, f"{base}{request.url.path}", updated, entries), kind)


def told(document: Document) -> str:
    """What is said of an article, without anybody's name."""
    forms = load_law().forms
    parts = [
        "Dugaan" if document.decision == "likely_violation" else "Artikel",
        *(forms[number].name for number in document.forms[:1] if number in forms),
        region_name(document.region_codes[0]) if document.region_codes else "",
        "kiriman warga" if document.citizen else document.source_name,
    ]
    said = " · ".join(part for part in parts if part)
    return "".join(letter for letter in said if letter.isprintable())


def _found_entry(document: Document, base: str) -> Entry:
    address = f"{base}/artikel/{document.id}"
    return Entry(address, told(document), address, document.date, document.first_seen)


def _told_entry(row: AlertRow, base: str) -> Entry:
    assert row.told is not None
    assert row.told_at is not None
    case = case_from_json(row.told)
    kind: Literal["new", "update", "reminder"] = "new"
    if row.kind in ("update", "reminder"):
        kind = "update" if row.kind == "update" else "reminder"
    alert = Alert(case=case, kind=kind, subscription_id=row.subscription_id)
    told_of = brief(alert, row.section, Places(region_name, str, base))
    address = f"{base}/kasus/{case.id}"
    # An entry for each piece of news: readers show only what they do not know by its id.
    return Entry(f"{address}#{row.id}", told_of.subject, address, row.told_at, row.told_at)


def _base(request: Request) -> str:
    settings = context_of(request).config.settings.alerts
    return (settings.base_url or str(request.base_url)).rstrip("/")


def _answer(feed: Feed, kind: Literal["atom", "rss"]) -> Response:
    tree = _atom(feed) if kind == "atom" else _rss(feed)
    body = ElementTree.tostring(tree, encoding="utf-8", xml_declaration=True)
    return Response(body, media_type=MEDIA_TYPES[kind])


def _atom(feed: Feed) -> ElementTree.Element:
    ElementTree.register_namespace("", ATOM)
    root = ElementTree.Element(f"{{{ATOM}}}feed")
    _child(root, "title", feed.title)
    _child(root, "id", feed.own)
    _child(root, "updated", feed.updated.isoformat())
    _child(_child(root, "author"), "name", "Pantau")
    _child(root, "link", rel="self", href=feed.own)
    for one in feed.entries:
        entry = _child(root, "entry")
        _child(entry, "title", one.title)
        _child(entry, "id", one.id)
        _child(entry, "link", href=one.address)
        _child(entry, "published", one.published.isoformat())
        _child(entry, "updated", one.updated.isoformat())
    return root


def _child(
    parent: ElementTree.Element, name: str, text: str = "", **attributes: str
) -> ElementTree.Element:
    made = ElementTree.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    made.text = text or None
    return made


def _rss(feed: Feed) -> ElementTree.Element:
    root = ElementTree.Element("rss", version="2.0")
    channel = ElementTree.SubElement(root, "channel")
    for name, text in (
        ("title", feed.title),
        ("link", feed.base),
        ("description", "Tanpa nama orang."),
        ("lastBuildDate", format_datetime(feed.updated)),
    ):
        ElementTree.SubElement(channel, name).text = text
    for one in feed.entries:
        item = ElementTree.SubElement(channel, "item")
        ElementTree.SubElement(item, "title").text = one.title
        ElementTree.SubElement(item, "link").text = one.address
        ElementTree.SubElement(item, "guid", isPermaLink="false").text = one.id
        ElementTree.SubElement(item, "pubDate").text = format_datetime(one.published)
    return root
