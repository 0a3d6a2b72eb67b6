"""Whether a request stays where its source sent it.

Scrapy's offsite filter drops a redirect to another host without a word to the errback, so
the page would vanish. This one refuses it where the errback hears of it.
"""

from __future__ import annotations

from typing import Self
from urllib.parse import urlsplit

from scrapy.crawler import Crawler
from scrapy.http import Request

from crawler.errors import Offsite, UnusableAddress
from crawler.robots import IS_ROBOTS
from extract.page.urls import site_of

LONGEST_ADDRESS = 2000
"""Characters."""


def site_of_url(url: str) -> str:
    """The registrable domain an address belongs to."""
    return site_of(urlsplit(url).hostname or "")


def check_address(url: str) -> None:
    """Raises UnusableAddress for what cannot be asked at all."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise UnusableAddress("no valid address") from None
    if parts.scheme not in ("http", "https") or not host:
        raise UnusableAddress("no http or https address")
    if len(url) > LONGEST_ADDRESS:
        raise UnusableAddress("address too long")
    if parts.username is not None or parts.password is not None:
        raise UnusableAddress("address with a user name")


class SiteMiddleware:
    """Lets a redirect go to the site it started from and to the source's own sites.

    robots.txt may be redirected anywhere (RFC 9309, 2.3.1.2).
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        check_address(request.url)
        passed: list[str] = request.meta.get("redirect_urls", [])
        if not passed or request.meta.get(IS_ROBOTS):
            return
        site = site_of_url(request.url)
        own: frozenset[str] = self._crawler.spider.sites  # type: ignore[union-attr]
        if site != site_of_url(passed[0]) and site not in own:
            raise Offsite(f"redirected offsite: {site}")
