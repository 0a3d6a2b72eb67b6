"""Public Telegram channels, by their web preview."""

from __future__ import annotations

import asyncio
from typing import ClassVar
from urllib.parse import urljoin

from crawler.errors import Unreadable
from crawler.noindex import forbids_index
from crawler.platforms.telegram import is_deleted, read_channel
from crawler.spiders.posts import PostSpider
from crawler.verdicts import Next, Verdict
from pantau.records import Disposition

MOST_CHECKED = 10
"""Messages are looked for one by one."""
_NOINDEX = Verdict(Disposition.ROBOTS_DENIED, "noindex", Next.END)


class TelegramSpider(PostSpider):
    """Takes the messages of ``t.me/s/CHANNEL`` and pages back by ``before``. A group, a private
    channel and one that asks not to be indexed have nothing to be read here."""

    name = "telegram"
    kind: ClassVar[str] = "telegram"

    async def read(self) -> None:
        address = self.way.url.rstrip("/")
        before = ""
        for _ in range(self.way.max_pages):
            response = await self.fetch(f"{address}?before={before}" if before else address)
            if forbids_index(response, self.errand.context.robots_token):
                raise Unreadable(_NOINDEX)
            answer = await asyncio.to_thread(
                read_channel, response.body, url=response.url, official=self.source.official
            )
            if answer.problem:
                raise Unreadable(Verdict(Disposition.FAILED, answer.problem, Next.END))
            await self.keep(answer.posts)
            before = answer.next
            oldest = answer.posts[0].published if answer.posts else None
            if not before or self.joins(oldest):
                break
        self.read_up_to()
        await self._look_after()

    async def _look_after(self) -> None:
        """Ask for messages that are missing between others, and for those not seen for long."""
        for identity, key in self.to_look_after(MOST_CHECKED).items():
            address = urljoin(self.way.url, f"/{identity}")
            response = await self.fetch(address, {"embed": 1, "mode": "tme"}, take=(404,))
            deleted = is_deleted(response.body)
            if response.status == 404 or deleted is not None:
                gone = response.status == 404 or deleted
                self.settle_asked({identity: key}, () if gone else (identity,))
