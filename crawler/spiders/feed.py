"""RSS and Atom feeds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import ClassVar

from scrapy.http import Request, Response

from crawler.feeds import read_feed
from crawler.spiders.base import SourceSpider, declared_charset


class FeedSpider(SourceSpider):
    """Takes every entry of a feed that is new."""

    name = "feed"
    kind: ClassVar[str] = "feed"

    async def read_index(self, response: Response) -> AsyncIterator[Request]:
        feed = await asyncio.to_thread(
            read_feed,
            response.body,
            url=response.url,
            charset=declared_charset(response),
            zone=self.zone,
        )
        if feed.problem:
            self.index_failed(feed.problem)
            return
        if feed.without_link:
            self.account.remark = f"{feed.without_link} entries without a link"
        for request in self.take(feed.findings):
            yield request
