"""Further pages of an article that a site cuts into several: which they are, and whether an
answer is one of them."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from extract.page import next_pages
from extract.page.multipage import MAX_PAGES, part_of
from extract.page.urls import url_key
from pantau.records import Page

__all__ = ["MAX_PAGES", "further_parts", "is_whole", "same_article"]

_BY_QUERY = re.compile(rb"[?&;](?:single|show_?page|page|halaman|hal)=(?:all|semua|\d)", re.I)
_BY_PATH = rb"/(?:all|\d{1,2})\b"


def further_parts(page: Page, *, whole: bool = True) -> list[str]:
    """Addresses that complete the article on a page: the one that shows it whole where the site
    offers that (unless ``whole`` is False), else its further parts in order.

    Most pages name none. They are known by their bytes and need not be parsed here.
    """
    slug = urlsplit(page.final_url).path.rstrip("/").rpartition("/")[2].encode()
    if _BY_QUERY.search(page.body) is None and (
        not slug or re.search(re.escape(slug) + _BY_PATH, page.body) is None
    ):
        return []
    return next_pages(page, whole=whole)


def is_whole(url: str) -> bool:
    """Whether an address shows an article on one page (``?page=all``)."""
    return part_of(url) == 0


def same_article(url: str, first: str) -> bool:
    """Whether an answer came from the article whose first page is ``first``; a site may send
    what it does not have to its front page."""
    return url_key(url) == url_key(first)
