"""Looks an unknown site over: which ways in it has, and what its robots.txt allows."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

import scrapy
from scrapy.crawler import Crawler
from scrapy.http import Request, Response
from scrapy.http.request import NO_CALLBACK

from crawler.context import Errand
from crawler.errors import Refusal
from crawler.feeds import read_feed, source_zone
from crawler.probing import (
    FEWEST_LINKS,
    Front,
    Probed,
    Way,
    channel,
    feeds_to_try,
    host_name,
    read_front,
    sitemaps_to_try,
)
from crawler.robots import kept_as
from crawler.sitemaps import read_sitemap
from crawler.sites import site_of_url
from crawler.spiders.base import apply_settings, declared_charset
from crawler.spiders.sitemap import named_by_robots
from crawler.verdicts import judge_failure, judge_response
from crawler.wordpress import ask, endpoints, read_posts
from pantau.config.models import WayIn

log = logging.getLogger(__name__)
ZONE = source_zone(None, None)


class ProbeSpider(scrapy.Spider):
    """Asks a site at most some thirty times, in its turn and as robots.txt allows, and writes what
    it finds into ``probed``. Nothing is stored.

    It has no name of its class, so that ``scrapy list`` does not offer it: it is no way into a
    source.
    """

    def __init__(self, *, url: str, errand: Errand, probed: Probed, verify_tls: bool) -> None:
        super().__init__(name="probe")
        self.url, self.errand, self.probed, self.verify_tls = url, errand, probed, verify_tls
        self.sites = frozenset({site_of_url(url)})

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        apply_settings(crawler.settings, spider.errand, verify_tls=spider.verify_tls)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        try:
            await self._probe()
        except Exception as error:
            log.exception("probing %s failed", self.url)
            self.probed.notes.append(f"the probe broke off: {type(error).__name__}: {error}"[:200])
        nothing: tuple[Request, ...] = ()  # all was asked here, one after another
        for request in nothing:
            yield request

    async def _probe(self) -> None:
        if preview := channel(self.url):
            self.probed.name = self.url.rstrip("/").rpartition("/")[2]
            self._take(WayIn(kind="telegram", url=preview), "a channel; its terms need a decision")
            return
        sitemaps = await self._robots()
        front = await self._front()
        if front is None:
            return
        await self._feeds(front)
        if front.wordpress:
            await self._wordpress()
        await self._sitemaps(sitemaps)
        self._listing(front)
        for preview in front.channels:
            self.probed.notes.append(f"it links to a Telegram channel: {preview}")

    async def _robots(self) -> list[str]:
        """The sitemaps that robots.txt names; what it says of us becomes a note."""
        response = await self._ask(urljoin(self.url, "/robots.txt"), told=False)
        if response is None:
            self.probed.notes.append("no robots.txt: all is allowed")
            return []
        site = f"{urlsplit(self.url).scheme}://{urlsplit(self.url).netloc}"
        context = self.errand.context
        rules = context.robots.held(kept_as(site, context.robots_token))
        if rules is not None and (delay := rules.crawl_delay(context.robots_token)):
            self.probed.notes.append(f"robots.txt asks for {delay:g} s between two requests")
        named = [entry.url for entry in named_by_robots(response.body).sitemaps]
        self.probed.notes.append(f"robots.txt names {len(named)} sitemaps")
        return named

    async def _front(self) -> Front | None:
        response = await self._ask(self.url)
        if response is None:
            return None
        if response.url != self.url:
            self.probed.notes.append(f"it leads to {response.url}")
        front = await asyncio.to_thread(read_front, response)
        self.probed.name = front.name or host_name(self.url)
        return front

    async def _feeds(self, front: Front) -> None:
        for url in feeds_to_try(self.url, front.feeds):
            response = await self._ask(url, told=url in front.feeds)
            if response is None:
                continue
            feed = await asyncio.to_thread(
                read_feed,
                response.body,
                url=response.url,
                charset=declared_charset(response),
                zone=ZONE,
            )
            if feed.problem or not feed.findings:
                self.probed.notes.append(f"{url}: {feed.problem or 'a feed without entries'}")
                continue
            dated = sum("published" in finding.hint for finding in feed.findings)
            whole = sum(len(finding.hint.get("content", "")) > 1500 for finding in feed.findings)
            seen = f"{len(feed.findings)} entries, {dated} dated, {whole} with their whole text"
            self._take(WayIn(kind="feed", url=response.url), seen)
            return

    async def _wordpress(self) -> None:
        root = f"{urlsplit(self.url).scheme}://{urlsplit(self.url).netloc}/"
        for endpoint in endpoints(root):
            response = await self._ask(ask(endpoint, since=None), told=False)
            posts = read_posts(response.body, zone=ZONE) if response is not None else None
            if posts is not None and posts.findings:
                self._take(WayIn(kind="wordpress", url=root), f"{len(posts.findings)} posts")
                return
        self.probed.notes.append("WordPress, its REST interface does not answer")

    async def _sitemaps(self, told: list[str]) -> None:
        for url in sitemaps_to_try(self.url, told):
            response = await self._ask(url, told=url in told)
            if response is None:
                continue
            sitemap = await asyncio.to_thread(
                read_sitemap,
                response.body,
                url=response.url,
                charset=declared_charset(response),
                zone=ZONE,
            )
            if sitemap.problem or not (sitemap.entries or sitemap.sitemaps):
                continue
            news = sum(entry.published is not None for entry in sitemap.entries)
            seen = (
                f"an index of {len(sitemap.sitemaps)} sitemaps"
                if sitemap.sitemaps
                else f"{len(sitemap.entries)} addresses, {news} with news tags"
            )
            self._take(WayIn(kind="sitemap", url=response.url), seen)
            return

    def _listing(self, front: Front) -> None:
        if front.articles < FEWEST_LINKS:
            self.probed.notes.append(f"its page links to {front.articles} articles: no listing")
            return
        seen = f"{front.articles} links that look like articles"
        if front.next or front.pages:
            seen += ", further pages"
        else:
            seen += ", no further pages seen"
        pages = "" if front.next else front.pages
        self._take(WayIn(kind="listing", url=self.url, pages=pages), seen)

    def _take(self, way: WayIn, seen: str) -> None:
        self.probed.ways.append(Way(way, seen))

    async def _ask(self, url: str, *, told: bool = True) -> Response | None:
        """An answer worth reading; None otherwise, with a note of why where ``told``."""
        request = Request(url, callback=NO_CALLBACK, dont_filter=True)
        try:
            response: Response = await self.crawler.engine.download_async(request)
            verdict = judge_response(response)
        except (Refusal, Exception) as error:
            verdict = judge_failure(error)
        if verdict is None:
            return response
        if told:
            self.probed.notes.append(f"{url}: {verdict.reason}")
        return None
