"""Fetches the addresses that stand in a source's rows, and reads no index."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import ClassVar

from scrapy.http import Request

from crawler.spiders.base import SourceSpider


class AddressSpider(SourceSpider):
    """For a person's own addresses: each has its row before this spider is sent."""

    name = "address"
    kind: ClassVar[str] = "address"

    async def start(self) -> AsyncIterator[Request]:
        for request in self._ask(self.ledger.left_over()):
            yield request
