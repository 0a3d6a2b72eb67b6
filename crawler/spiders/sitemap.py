"""Sitemaps, indices of sitemaps, and the sitemaps that robots.txt names."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from typing import Any, ClassVar
from urllib.parse import urlsplit

from scrapy.http import Request, Response

from crawler import revisit
from crawler.sitemaps import Entry, Sitemap, in_order, read_sitemap, recent, tells_times
from crawler.sites import site_of_url
from crawler.spiders.base import SourceSpider, declared_charset
from crawler.verdicts import Verdict

_FROM_ROBOTS = re.compile(rb"^[ \t]*sitemap[ \t]*:[ \t]*(\S+)", re.I | re.M)
_ASKED, _DEPTH = "pantau_sitemap", "pantau_sitemap_depth"
DEEPEST = 2
"""An index that robots.txt names may name sitemaps; what these name as an index is passed over."""


class SitemapSpider(SourceSpider):
    """Takes what a sitemap dates from about the last reading on, and of an index's sitemaps those
    that may hold it, the newest first, ``max_pages`` at most.

    The sitemaps of an index are asked for with validators of their own. Where the index tells
    their times truly they are asked for only when it has changed.
    """

    name = "sitemap"
    kind: ClassVar[str] = "sitemap"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._before: dict[str, dict[str, str]] = json.loads(self._remembered.get("sitemaps", "{}"))
        self._after: dict[str, dict[str, str]] = {}
        self._asked_for: set[str] = {self.way.url}
        self._failed: Verdict | None = None

    async def read_index(self, response: Response) -> AsyncIterator[Request]:
        asked: str = response.meta.get(_ASKED, "")
        if asked:
            answer = revisit.remember(response, self.errand.context.clock())
            same = revisit.same(self._before.get(asked, {}), answer)
            self._after[asked] = answer
            if same:
                self.account.unchanged = True
                return
        if urlsplit(response.url).path == "/robots.txt":
            sitemap = named_by_robots(response.body)
        else:
            sitemap = await asyncio.to_thread(
                read_sitemap,
                response.body,
                url=response.url,
                charset=declared_charset(response),
                zone=self.zone,
            )
        if sitemap.problem and asked:
            self._after.pop(asked)
            self.account.remark = f"a further sitemap: {sitemap.problem}"
        elif sitemap.problem:
            self.index_failed(sitemap.problem)
        for request in self._take(sitemap, response):
            yield request

    def _take(self, sitemap: Sitemap, response: Response) -> Iterator[Request]:
        since, now = self.past.since, self.errand.context.clock()
        if sitemap.entries:
            new = recent(
                sitemap.entries, index=self.way.url, links=self.way.links, since=since, now=now
            )
            self.account.reaches_back |= new.reaches_back
            if new.findings or any(self._ours(entry.url) for entry in sitemap.entries):
                self.account.listed += len(sitemap.entries) - len(new.findings)
            yield from self.take(new.findings)
        if sitemap.sitemaps and response.meta.get(_DEPTH, 0) < DEEPEST:
            further = in_order(sitemap.sitemaps, pages=self.way.pages, since=since, now=now)
            yield from self._ask_for(further, response)
            if not tells_times(sitemap.sitemaps, now):
                self._answer["always"] = "yes"

    def _ours(self, url: str) -> bool:
        """Whether an address may be an article's of this source at all."""
        return bool(self.way.links) or site_of_url(url) in self.sites

    def index_unchanged(self, response: Response) -> Iterable[Request]:
        """An index that tells no times says nothing of its sitemaps by staying as it is."""
        self.account.unchanged = True
        asked: str = response.meta.get(_ASKED, "")
        if asked:
            self._after[asked] = self._before[asked]
            return
        self._answer = dict(self._remembered)
        if "always" in self._remembered:
            yield from self._ask_for([Entry(url) for url in self._before], response)
        else:
            self._after = self._before

    def _ask_for(self, sitemaps: Sequence[Entry], response: Response) -> Iterator[Request]:
        now = self.errand.context.clock()
        for entry in sitemaps:
            if entry.url in self._asked_for:
                continue
            if len(self._asked_for) > self.way.max_pages:
                self.account.remark = "further sitemaps were left unread (max_pages)"
                return
            self._asked_for.add(entry.url)
            headers = revisit.headers(self._before.get(entry.url, {}), now)
            request = self.ask_index(entry.url, headers)
            request.meta[_ASKED] = entry.url
            request.meta[_DEPTH] = response.meta.get(_DEPTH, 0) + 1
            yield request

    def _index_verdict(self, verdict: Verdict) -> None:
        """A sitemap of an index that fails is told, and closes the way where none came."""
        if len(self._asked_for) > 1:
            self._failed = verdict
            self.account.remark = f"a further sitemap: {verdict.reason}"
        else:
            super()._index_verdict(verdict)

    def _close_account(self, reason: str) -> None:
        if self._failed and not (self.account.listed or self.account.unchanged):
            self.account.index, self.account.remark = self._failed, ""
        if self._answer:
            self._answer["sitemaps"] = json.dumps(self._after)
        if self._failed:
            self._answer = {}  # the index is not to be taken for read
        super()._close_account(reason)


def named_by_robots(body: bytes) -> Sitemap:
    """The ``Sitemap:`` lines of a robots.txt."""
    named = [address.decode("latin-1") for address in _FROM_ROBOTS.findall(body)]
    entries = tuple(Entry(url) for url in named if url.startswith(("http://", "https://")))
    return Sitemap(sitemaps=entries, problem="" if entries else "robots.txt names no sitemap")
