"""RSS and Atom feeds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import ClassVar
from zoneinfo import ZoneInfo

from scrapy.http import Request, Response, TextResponse

from crawler.feeds import read_feed, source_zone
from crawler.spiders.base import SourceSpider


class FeedSpider(SourceSpider):
    """Takes every entry of a feed that is new."""

    name = "feed"
    kind: ClassVar[str] = "feed"

    async def read_index(self, response: Response) -> AsyncIterator[Request]:
        zone = ZoneInfo(self.source.zone) if self.source.zone else None
        declared = response._declared_encoding() if isinstance(response, TextResponse) else None
        feed = await asyncio.to_thread(
            read_feed,
            response.body,
            url=response.url,
            charset=declared or "",
            zone=source_zone(zone, self.source.region),
        )
        if feed.problem:
            self.index_failed(feed.problem)
            return
        if feed.without_link:
            self.account.remark = f"{feed.without_link} entries without a link"
        for request in self.take(feed.findings):
            yield request
