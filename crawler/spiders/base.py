"""What all spiders that bring in a source's pages have in common."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from datetime import tzinfo
from typing import Any, ClassVar, Self
from zoneinfo import ZoneInfo

import scrapy
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.http import Request, Response, TextResponse
from scrapy.settings import BaseSettings
from sqlalchemy.exc import SQLAlchemyError
from twisted.python.failure import Failure
from w3lib.url import add_or_replace_parameter

from crawler import alone, revisit
from crawler.context import Errand
from crawler.errors import Stopped
from crawler.feeds import source_zone
from crawler.ledger import Finding, Ledger, Waiting
from crawler.noindex import NOINDEX, forbids_index
from crawler.outcome import Account
from crawler.parts import further_parts, is_whole, same_article
from crawler.sites import site_of_url
from crawler.verdicts import Next, Verdict, defect, judge_failure, judge_response
from pantau.config.models import Source, WayIn
from pantau.records import Disposition, Page
from pantau.state.pages import to_page
from pantau.state.sources import Past

_INDEX_PRIORITY = 100
_NOINDEX = Verdict(Disposition.ROBOTS_DENIED, NOINDEX, Next.END)
_ELSEWHERE = Verdict(Disposition.FAILED, "leads to another page", Next.END)


def apply_settings(settings: BaseSettings, errand: Errand, *, verify_tls: bool) -> None:
    """The settings of a crawl that differ by source."""
    politeness, crawl = errand.politeness, errand.context.settings
    timeout = politeness.timeout.total_seconds()
    values = {
        "USER_AGENT": errand.context.user_agent,
        "DOWNLOAD_MAXSIZE": crawl.max_body,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_TIMEOUT": timeout,
        "DOWNLOAD_VERIFY_CERTIFICATES": verify_tls,
        # One more than the host's turns: the next request waits at the door, and no crawl
        # can fill the queue of a host that another crawl shares.
        "CONCURRENT_REQUESTS_PER_DOMAIN": politeness.concurrency + 1,
    }
    if "@" in crawl.contact:
        values["DEFAULT_REQUEST_HEADERS"] = {
            **settings.getdict("DEFAULT_REQUEST_HEADERS"),
            "From": crawl.contact,
        }
    for name, value in values.items():
        settings.set(name, value, priority="spider")


class SourceSpider(scrapy.Spider):
    """Reads the index of one way into a source (feed, listing) and fetches what is new there.

    Every address gets its row before it is asked for, and every request its verdict: what
    brought no page ends in a disposition or waits in its row for a later run.
    """

    kind: ClassVar[str]
    completes: ClassVar[bool] = True
    """Whether articles that go on on further pages are fetched whole."""

    def __init__(
        self,
        *,
        source: Source,
        way: WayIn,
        errand: Errand,
        account: Account,
        run_id: int | None,
        past: Past,
    ) -> None:
        super().__init__()
        context = errand.context
        self.source, self.way, self.errand = source, way, errand
        self.past = past
        self.sites = frozenset(site_of_url(way.url) for way in source.ways)
        self.ledger = Ledger(context.state, context.clock, source.id, run_id)
        self.account = account
        self._remembered = {} if past.thorough or past.filling else past.ways.get(way.url, {})
        self._answer: dict[str, str] = {}
        self._asked = self._wanted = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        closing = None
        if "errand" not in kwargs:
            kwargs, closing = alone.source_spider(cls.kind, **kwargs)
        spider = super().from_crawler(crawler, *args, **kwargs)
        apply_settings(crawler.settings, spider.errand, verify_tls=spider.source.verify_tls)
        crawler.signals.connect(spider._on_error, signal=signals.spider_error)
        crawler.signals.connect(spider._close_account, signal=signals.spider_closed)
        if closing is not None:
            crawler.signals.connect(closing, signal=signals.spider_closed, weak=False)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        for request in self._ask(self.ledger.left_over()):
            yield request
        validators = revisit.headers(self._remembered, self.errand.context.clock())
        yield self.ask_index(self.index_url, validators)

    @property
    def index_url(self) -> str:
        """Where the reading of the index begins."""
        return self.way.url

    @property
    def zone(self) -> tzinfo:
        """That of the source's clocks."""
        own = ZoneInfo(self.source.zone) if self.source.zone else None
        return source_zone(own, self.source.region)

    def read_index(self, response: Response) -> Iterable[Request] | AsyncIterator[Request]:
        """What the index leads to. Raises nothing: a defect is told in ``account``."""
        raise NotImplementedError

    def index_unchanged(self, response: Response) -> Iterable[Request] | AsyncIterator[Request]:
        """The index says what it said when it was last taken whole."""
        self.account.unchanged = True
        return []

    def index_refused(
        self, response: Response, verdict: Verdict
    ) -> Iterable[Request] | AsyncIterator[Request]:
        """The index was answered by an error or a wall."""
        self._index_verdict(verdict)
        return []

    def take(self, findings: Iterable[Finding]) -> list[Request]:
        """Note the findings that are new, and ask for them."""
        noted = list(findings)
        self.account.listed += len(noted)
        known = self.ledger.known
        skip = self.source.skip
        wanted = [f for f in noted if not (skip and re.search(skip, f.url))]
        new = self.ledger.note(wanted)
        self.account.known += self.ledger.known - known
        self._wanted += len(wanted)
        return list(self._ask(new))

    def index_failed(self, reason: str) -> None:
        self.account.index = Verdict(Disposition.FAILED, reason, Next.END)

    def ask_index(self, url: str, headers: Mapping[str, str] | None = None) -> Request:
        """A request for an index page, whose answer ``read_index`` gets if it is worth it."""
        return Request(
            url,
            headers=dict(headers or {}),
            callback=self._on_index,
            errback=self._on_index_failure,
            priority=_INDEX_PRIORITY,
            dont_filter=True,
        )

    def _ask(self, waiting: Iterable[Waiting]) -> Iterator[Request]:
        for page in waiting:
            if self._asked >= self.errand.context.settings.max_pages_per_run:
                self.account.left += 1
                continue
            self._asked += 1
            yield Request(
                page.url if page.parent_id else self._whole(page.url),
                callback=self._on_page,
                errback=self._on_page_failure,
                dont_filter=True,
                cb_kwargs={"waiting": page},
            )

    def _whole(self, url: str) -> str:
        """The address under which an article stands on one page."""
        name, _, value = self.source.full_page.partition("=")
        return add_or_replace_parameter(url, name, value) if name else url

    def _on_index(self, response: Response) -> Iterable[Request] | AsyncIterator[Request]:
        if not self._answer and {301, 308} & set(response.meta.get("redirect_reasons", [])):
            self.account.moved_to = response.url
        if response.status == 304 and revisit.is_conditional(response.request):
            return self.index_unchanged(response)
        verdict = judge_response(response)
        if verdict is not None:
            return self.index_refused(response, verdict)
        if not self._answer:
            self._answer = revisit.remember(response, self.errand.context.clock())
            if revisit.same(self._remembered, self._answer):
                return self.index_unchanged(response)
        return self.read_index(response)

    def _on_index_failure(self, failure: Failure) -> None:
        if isinstance(failure.value, Stopped):
            return
        self._index_verdict(judge_failure(failure.value))

    def _index_verdict(self, verdict: Verdict) -> None:
        """A first index page that fails closes this way; a further one is only told."""
        if self.account.listed:
            self.account.remark = f"a further index page: {verdict.reason}"
        else:
            self.account.index = verdict

    async def _on_page(self, response: Response, waiting: Waiting) -> list[Request]:
        verdict = judge_response(response)
        if verdict is None and forbids_index(response, self.errand.context.robots_token):
            verdict = _NOINDEX
        if verdict is not None:
            return self._nothing_came(waiting, verdict)
        page = Page(
            url=waiting.url,
            final_url=response.url,
            status=response.status,
            headers=readable_headers(response),
            body=response.body,
            fetched_at=self.errand.context.clock(),
            source_id=self.source.id,
            sha256=hashlib.sha256(response.body).hexdigest(),
        )
        parent_id = waiting.parent_id
        if parent_id:
            first = self.ledger.first_of(parent_id)
            if not same_article(page.final_url, first.final_url):
                return self._nothing_came(waiting, _ELSEWHERE)
        further = await asyncio.to_thread(self._archive, page)
        if not further:
            self.ledger.keep(waiting.id, page)
            return []
        return list(self._ask(self.ledger.keep_with_more(waiting, page, further)))

    def _archive(self, page: Page) -> list[str]:
        """Keep the page's bytes; returns the addresses it goes on on."""
        self.errand.context.archive.put(page.body)
        return further_parts(page) if self.completes else []

    def _on_page_failure(self, failure: Failure) -> list[Request]:
        if isinstance(failure.value, Stopped):
            self.account.left += 1
            return []
        waiting: Waiting = failure.request.cb_kwargs["waiting"]  # type: ignore[attr-defined]
        return self._nothing_came(waiting, judge_failure(failure.value))

    def _nothing_came(self, waiting: Waiting, verdict: Verdict) -> list[Request]:
        """Settle a page; where it was to show an article whole, ask for its parts instead."""
        parent_id = waiting.parent_id
        if parent_id is None or verdict.next is Next.WAIT or not is_whole(waiting.url):
            self.ledger.settle(waiting.id, verdict)
            return []
        row = self.ledger.first_of(parent_id)
        first = to_page(row, self.errand.context.archive.get(row.sha256))
        further = further_parts(first, whole=False)
        return list(self._ask(self.ledger.without_whole(waiting.id, verdict, parent_id, further)))

    def _on_error(self, failure: Failure, response: Response | None) -> None:
        """A defect of ours: the page stays in its row, and the run tells of it."""
        if response is not None and "waiting" in response.cb_kwargs:
            self.ledger.count(defect(failure.value))
        else:
            self.account.index = defect(failure.value)

    def _close_account(self, reason: str) -> None:
        try:
            self.ledger.write_kept()
        except SQLAlchemyError as error:
            self.ledger.count(defect(error))
        account = self.account
        account.found = self.ledger.found
        account.fetched = self.ledger.fetched
        account.ended = self.ledger.ended
        account.dispositions = self.ledger.dispositions
        account.stopped = self.errand.stopped or ("" if reason == "finished" else reason)
        if account.index is None and not account.stopped:
            account.way = self._answer
            # Of what it shows nothing is known: what lay between may have rolled out of it.
            account.gap = self.past.watched and self._wanted > 0 and not account.joins


def declared_charset(response: Response) -> str:
    """What the answer's header says of its charset; empty where it says nothing."""
    declared = response._declared_encoding() if isinstance(response, TextResponse) else None
    return declared or ""


def readable_headers(response: Response) -> dict[str, str]:
    """The answer's headers, names in lower case, several of one name joined by commas."""
    return {
        name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
        for name, values in response.headers.items()
    }
