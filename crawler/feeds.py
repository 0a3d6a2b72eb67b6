"""RSS and Atom as they are found in the wild, read into findings.

Real feeds come with a BOM or blank lines before the declaration, in another charset than
they say, gzipped without a word of it, with a bare ``&`` in a link, with dates without a
zone; or they are the site's front page, served with status 200.
"""

from __future__ import annotations

import email.utils
import io
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any
from urllib.parse import urljoin

import feedparser

from crawler.ledger import Finding
from crawler.unfold import Unreadable, unfold, xml_text
from extract.page import dates

MOST_ENTRIES = 1000
MOST_BYTES = 4 * 1024 * 1024
"""Of a feed, unfolded; a hostile one takes some five CPU-seconds for each mebibyte."""
LONGEST_TITLE = 500
_NAMED_ZONES = {"WIB": 7, "WITA": 8, "WIT": 9}
_MARKUP = re.compile(rb"<(?:rss|feed|rdf:RDF|\?xml)\b", re.I)
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body)\b", re.I)


@dataclass(frozen=True, slots=True)
class Feed:
    findings: tuple[Finding, ...] = ()
    problem: str = ""
    """Why it is no feed."""
    without_link: int = 0
    """Entries that lead nowhere."""


def read_feed(body: bytes, *, url: str, charset: str, zone: tzinfo) -> Feed:
    """The entries of a feed, in its order.

    ``charset`` is what the HTTP header said; ``zone`` holds for dates that name none.
    """
    try:
        body = unfold(body, MOST_BYTES)
    except Unreadable as error:
        return Feed(problem=str(error))
    text = xml_text(body, charset)
    parsed = feedparser.parse(
        io.BytesIO(text.encode("utf-8")),
        response_headers={"content-type": "application/xml; charset=utf-8"},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    if not parsed.entries and not parsed.version:
        head = body[:2000]
        html = _HTML.search(head) and not _MARKUP.match(head.lstrip())
        return Feed(problem="HTML in place of a feed" if html else "no feed")
    findings, without_link = [], 0
    for entry in parsed.entries[:MOST_ENTRIES]:
        link = _link(entry)
        if not link:
            without_link += 1
            continue
        findings.append(Finding(_absolute(url, link), _hint(entry, zone)))
    return Feed(tuple(findings), without_link=without_link)


def source_zone(zone: tzinfo | None, region: str | None) -> tzinfo:
    """The zone of a source's clocks: its own, else that of its province, else Jakarta's."""
    return zone or dates.zone_of_region(region) or dates.WIB


def published(raw: str, zone: tzinfo) -> datetime | None:
    """An entry's date with its zone; None where it cannot be read.

    feedparser's own reading is not used: it takes a date without a zone, and the zones
    WIB, WITA and WIT, for UTC.
    """
    raw = raw.strip()
    name = raw.rpartition(" ")[2].upper().strip("().")
    if name in _NAMED_ZONES:
        raw, zone = raw[: raw.rindex(" ")], timezone(timedelta(hours=_NAMED_ZONES[name]))
    for read in (datetime.fromisoformat, email.utils.parsedate_to_datetime):
        try:
            when = read(raw)
        except (ValueError, TypeError):
            continue
        if read is email.utils.parsedate_to_datetime and raw.endswith("-0000"):
            return when.replace(tzinfo=UTC)
        return when if when.tzinfo else when.replace(tzinfo=zone)
    stamp = dates.parse(raw)
    return stamp.clock.replace(tzinfo=stamp.zone or zone) if stamp else None


def _absolute(base: str, link: str) -> str:
    try:
        return urljoin(base, link)
    except ValueError:
        return link


def _link(entry: Any) -> str:
    """The entry's page: its link, else a guid that is one."""
    link = str(entry.get("link") or "").strip()
    guid = str(entry.get("id") or "").strip()
    return link or (guid if guid.startswith(("http://", "https://")) else "")


def _hint(entry: Any, zone: tzinfo) -> dict[str, str]:
    when = published(str(entry.get("published") or entry.get("updated") or ""), zone)
    content = max((str(part.get("value", "")) for part in entry.get("content", [])), default="")
    hint = {
        "title": str(entry.get("title") or "").strip()[:LONGEST_TITLE],
        "published": when.isoformat() if when else "",
        # Asked for outright, feedparser gives the date of publication in its place.
        "updated": str(entry["updated"]) if "updated" in entry and "published" in entry else "",
        "content": content or str(entry.get("summary") or ""),
    }
    return {key: value for key, value in hint.items() if value}
