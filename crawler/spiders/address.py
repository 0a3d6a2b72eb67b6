"""Fetches the addresses that stand in a source's rows, and reads no index."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, ClassVar

from scrapy.http import Request

from crawler.spiders.base import SourceSpider


class AddressSpider(SourceSpider):
    """For a person's own addresses: each has its row before this spider is sent.

    It has no name of its class, so that ``scrapy list`` does not offer it: it is no way into
    a source.
    """

    kind: ClassVar[str] = "address"
    completes: ClassVar[bool] = False

    def __init__(self, **kwargs: Any) -> None:
        self.name = self.kind
        super().__init__(**kwargs)

    async def start(self) -> AsyncIterator[Request]:
        for request in self._ask(self.ledger.left_over()):
            yield request
