"""Bluesky: the feed of one account, or everybody's posts by language and words."""

from __future__ import annotations

import asyncio
from typing import ClassVar
from urllib.parse import urlencode, urlsplit

from crawler.errors import Unreadable
from crawler.jetstream import Collector
from crawler.platforms.bluesky import read_feed, read_there
from crawler.spiders.posts import PostSpider
from crawler.verdicts import Next, Verdict
from pantau.records import Disposition

API = "https://public.api.bsky.app"
PER_PAGE = 100
PER_QUESTION = 25
"""Posts that ``getPosts`` is asked for at once."""


class BlueskySpider(PostSpider):
    """Takes the posts of ``https://bsky.app/profile/NAME`` from the public interface, or listens to
    a Jetstream (``https://HOST/subscribe``) for posts with the way's ``words``."""

    name = "bluesky"
    kind: ClassVar[str] = "bluesky"

    async def read(self) -> None:
        if self.way.streams:
            await Collector(self).collect()
        else:
            await self._read_feed()
        await self._look_after()

    async def _read_feed(self) -> None:
        actor = urlsplit(self.way.url).path.rstrip("/").rpartition("/")[2]
        cursor = ""
        for _ in range(self.way.max_pages):
            parameters: dict[str, str | int] = {
                "actor": actor,
                "limit": PER_PAGE,
                "filter": "posts_with_replies",
            }
            if cursor:
                parameters["cursor"] = cursor
            response = await self.fetch(self._api("getAuthorFeed"), parameters, take=(400,))
            answer = await asyncio.to_thread(
                read_feed, response.body, official=self.source.official
            )
            if answer.problem:
                raise Unreadable(Verdict(Disposition.FAILED, answer.problem, Next.END))
            await self.keep(answer.posts)
            cursor = answer.next
            oldest = answer.posts[-1].published if answer.posts else None
            if not cursor or self.joins(oldest):
                break
        if not self.shown:
            self.account.unchanged = True  # it was read, and holds nothing of its own
        self.read_up_to()

    async def _look_after(self) -> None:
        asked = self.to_look_after()
        ids = list(asked)
        for some in (ids[n : n + PER_QUESTION] for n in range(0, len(ids), PER_QUESTION)):
            address = f"{self._api('getPosts')}?{urlencode([('uris', uri) for uri in some])}"
            there = read_there((await self.fetch(address)).body)
            if there is not None:
                self.settle_asked({uri: asked[uri] for uri in some}, there)

    def _api(self, method: str) -> str:
        return f"{(self.way.api or API).rstrip('/')}/xrpc/app.bsky.feed.{method}"
