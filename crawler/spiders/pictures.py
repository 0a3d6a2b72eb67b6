"""Pictures in the text of articles with a mention, kept as evidence."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any, Self

import scrapy
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.http import Request, Response
from twisted.python.failure import Failure

from crawler import alone
from crawler.context import Errand
from crawler.errors import UnusableAddress
from crawler.sites import check_address
from crawler.spiders.base import apply_settings
from crawler.verdicts import Next, Verdict, judge_failure, judge_response
from pantau.records import Disposition
from pantau.state import pictures
from pantau.state.tables import PictureRow

AT_ONCE = 500
"""Rows one spider takes on."""
_NO_PICTURE = Verdict(Disposition.FAILED, "no picture", Next.END)


class PicturesSpider(scrapy.Spider):
    """Fetches picture rows, from whatever hosts they stand on."""

    name = "pictures"

    def __init__(self, *, rows: Sequence[PictureRow], errand: Errand) -> None:
        super().__init__()
        self.rows, self.errand = rows, errand
        self.sites: frozenset[str] = frozenset()

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        closing = None
        if "errand" not in kwargs:
            kwargs, closing = alone.pictures_spider(AT_ONCE)
        spider = super().from_crawler(crawler, *args, **kwargs)
        apply_settings(crawler.settings, spider.errand, verify_tls=True)
        if closing is not None:
            crawler.signals.connect(closing, signal=signals.spider_closed, weak=False)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        for row in self.rows:
            try:
                check_address(row.url)
            except UnusableAddress as error:
                self._settle(row.id, judge_failure(error))
                continue
            yield Request(
                row.url,
                callback=self._on_picture,
                errback=self._on_failure,
                dont_filter=True,
                headers={"Accept": "image/*"},
                cb_kwargs={"picture_id": row.id},
            )

    async def _on_picture(self, response: Response, picture_id: int) -> None:
        media_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        media_type = media_type.partition(";")[0].strip().lower()
        verdict = judge_response(response)
        if verdict is None and not (media_type.startswith("image/") and response.body):
            verdict = _NO_PICTURE
        if verdict is not None:
            self._settle(picture_id, verdict)
            return
        context = self.errand.context
        sha256 = await asyncio.to_thread(context.archive.put, response.body)
        with context.state.write() as session:
            pictures.fetched(
                session, picture_id, sha256=sha256, media_type=media_type, now=context.clock()
            )

    def _on_failure(self, failure: Failure) -> None:
        picture_id: int = failure.request.cb_kwargs["picture_id"]  # type: ignore[attr-defined]
        self._settle(picture_id, judge_failure(failure.value))

    def _settle(self, picture_id: int, verdict: Verdict) -> None:
        """A picture whose host cannot be asked now keeps its row as it is."""
        if verdict.next is Next.WAIT:
            return
        with self.errand.context.state.write() as session:
            final = verdict.next is Next.END
            pictures.failed(session, picture_id, verdict.reason, final=final)
