"""Index pages read into findings, and the way to the next index page."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from scrapy.http import HtmlResponse, Response, TextResponse
from scrapy.linkextractors import IGNORED_EXTENSIONS

from crawler.ledger import Finding
from crawler.sites import LONGEST_ADDRESS

_DATA: dict[str, Any] = tomllib.loads(
    Path(__file__).with_name("data").joinpath("links.toml").read_text("utf-8")
)
LONGEST_TITLE = 500
MANY = 10
"""Headlines: so many that are all somebody else's stand in place of a source's own."""
_NEVER = re.compile("|".join(_DATA["never"]))
_FILES = tuple(f".{ending}" for ending in IGNORED_EXTENSIONS)


@dataclass(frozen=True, slots=True)
class Listing:
    findings: tuple[Finding, ...]
    next_pages: tuple[str, ...]
    """Further index pages, in the order they are linked."""
    others: int = 0
    """Headlines that lead to no article of the source, each address once."""


def read_listing(response: Response, *, links: str, pages: str, within: str = "") -> Listing:
    """The articles and further index pages that a page links to.

    ``links`` and ``pages`` are patterns searched in absolute addresses. Without ``links``
    every link of the same host is an article unless data/links.toml says that such a one
    never is; without ``pages`` the page's own ``rel=next`` is followed. ``within`` is a CSS
    selector of the parts of the page in which articles are linked; without it all of it is.
    """
    page = as_html(response)
    base = _address(page.url, page.css("base::attr(href)").get("")) or page.url
    articles: dict[str, str] = {}
    further: dict[str, None] = {}
    others: set[str] = set()
    parts = page.css(within)[: _DATA["most"]] if within else ()
    inside = {href for part in parts for href in part.xpath("descendant-or-self::a/@href").getall()}
    for element in page.xpath("//a[@href] | //link[@href][@rel='next']")[: _DATA["most"]]:
        address = _address(base, element.attrib["href"])
        if not address or address == page.url:
            continue
        relation = element.attrib.get("rel", "").lower().split()
        if re.search(pages, address) if pages else "next" in relation:
            further[address] = None
        elif element.root.tag == "a" and (not within or element.attrib["href"] in inside):
            text = _text(element.root)
            if is_article(address, page.url, links):
                articles[address] = max(articles.get(address, ""), text, key=len)
            elif _hint(text):
                others.add(address)
    return Listing(
        tuple(Finding(address, _hint(text)) for address, text in articles.items()),
        tuple(further),
        len(others),
    )


def as_html(response: Response) -> TextResponse:
    """The response as text, whatever type its server gave it."""
    if isinstance(response, TextResponse):
        return response
    return HtmlResponse(response.url, headers=response.headers, body=response.body)


def _address(base: str, href: str) -> str:
    """The absolute address without its fragment; nothing for what leads to no page, or is longer
    than any that is asked."""
    if len(href) > LONGEST_ADDRESS:
        return ""
    try:
        address = urljoin(base, href.strip())
        parts = urlsplit(address)
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return ""
    return parts._replace(fragment="").geturl()


def _text(link: Any) -> str:
    """What is shown of a link, as far as a headline may go."""
    pieces, length = [], 0
    for piece in link.itertext():
        pieces.append(piece[: 4 * LONGEST_TITLE])
        length += len(piece)
        if length > 4 * LONGEST_TITLE:
            break
    return " ".join(" ".join(pieces).split())


def is_article(address: str, index: str, links: str) -> bool:
    """Whether an address that the index page named may be an article: by the pattern ``links``, or
    without one by its host and data/links.toml."""
    if links:
        return re.search(links, address) is not None
    parts = urlsplit(address)
    if _host(address) != _host(index) or parts.path.lower().endswith(_FILES):
        return False
    rest = parts.path.lower() + (f"?{parts.query.lower()}" if parts.query else "")
    return _NEVER.search(rest) is None


def _host(address: str) -> str:
    return urlsplit(address).netloc.lower().removeprefix("www.")


def _hint(text: str) -> dict[str, str]:
    """A link's text, where it is long enough to be a headline."""
    return {"title": text[:LONGEST_TITLE]} if len(text.split()) >= _DATA["headline_words"] else {}
