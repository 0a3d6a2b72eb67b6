"""What ways in an unknown site has: what to try, and what its front page tells.

No request, no database: ``crawler.spiders.probe`` asks, ``pantau sources probe`` shows.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from scrapy.http import Response

from crawler.listings import as_html, read_listing
from pantau.config.models import WayIn

_DATA: dict[str, Any] = tomllib.loads(
    Path(__file__).with_name("data").joinpath("probe.toml").read_text("utf-8")
)
MOST_TRIED = 12
"""Feeds and sitemaps that are tried at most, each."""
FEWEST_LINKS = 5
"""Links that look like articles from which a page is called a listing."""
_TELEGRAM = re.compile(r"^https?://(?:t\.me|telegram\.me)/(?:s/)?([A-Za-z]\w{3,31})/?$")
_NO_CHANNEL = ("joinchat", "share", "addstickers", "proxy", "iv")


@dataclass(frozen=True, slots=True)
class Way:
    """A way in that was found, and what was seen there."""

    way: WayIn
    seen: str


@dataclass(slots=True)
class Probed:
    """What came of a probe."""

    url: str
    name: str = ""
    ways: list[Way] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What else is worth knowing, and why something was not taken."""


@dataclass(frozen=True, slots=True)
class Front:
    """What a site's front page tells."""

    name: str
    feeds: tuple[str, ...]
    wordpress: bool
    channels: tuple[str, ...]
    """Telegram channels that it links to, by their preview's address."""
    articles: int
    """Links that look like articles."""
    pages: str
    """A pattern of its further pages; empty where none was seen."""
    next: bool
    """Whether it names its next page itself."""


def channel(url: str) -> str:
    """The address of a Telegram channel's preview, for any address of the channel; else empty."""
    match = _TELEGRAM.match(url)
    return f"https://t.me/s/{match[1]}" if match and match[1] not in _NO_CHANNEL else ""


def read_front(response: Response) -> Front:
    page = as_html(response)
    feeds = page.xpath(
        "//link[contains(@rel, 'alternate')]"
        "[contains(@type, 'rss') or contains(@type, 'atom')]/@href"
    ).getall()
    names = page.css('meta[property="og:site_name"]::attr(content), title::text').getall()
    hrefs = page.xpath("//a/@href").getall()[:2000]
    listing = read_listing(response, links="", pages="")
    pages = next((one for one in _DATA["pages"] if any(re.search(one, h) for h in hrefs)), "")
    return Front(
        name=re.split(r"\s+[|–—-]\s+", " ".join(names[0].split()))[0][:80] if names else "",
        feeds=tuple(dict.fromkeys(urljoin(page.url, href) for href in feeds if _plain(href))),
        wordpress=any(re.search(one, page.text) for one in _DATA["wordpress"]),
        channels=tuple(dict.fromkeys(filter(None, map(channel, hrefs)))),
        articles=len(listing.findings),
        pages=pages,
        next=bool(listing.next_pages),
    )


def feeds_to_try(url: str, told: Iterable[str]) -> list[str]:
    """Those the page itself names first, then the usual addresses."""
    return _to_try(url, [*told], _DATA["feeds"])


def sitemaps_to_try(url: str, told: Iterable[str]) -> list[str]:
    """The usual addresses of news sitemaps first, then what robots.txt names, then the others."""
    news = [path for path in _DATA["sitemaps"] if "news" in path]
    usual = [urljoin(url, path) for path in news]
    return _to_try(url, [*usual, *told], _DATA["sitemaps"])


def _to_try(url: str, first: list[str], usual: Iterable[str]) -> list[str]:
    addresses = [*first, *(urljoin(url, path) for path in usual)]
    return list(dict.fromkeys(addresses))[:MOST_TRIED]


def _plain(href: str) -> bool:
    """Not the feed of comments, or of one post."""
    return "comment" not in href.lower()


def host_name(url: str) -> str:
    """A name for what nobody named: its host."""
    return (urlsplit(url).hostname or url).removeprefix("www.")


def source_id(url: str) -> str:
    """An id as the catalogue's are made: of the host, with the first word of its path where it has
    one."""
    parts = urlsplit(url)
    name = f"{parts.hostname or ''} {parts.path.strip('/').split('/')[0]}"
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "sumber"
