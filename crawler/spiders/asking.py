"""What spiders have in common that ask a question and wait for its answer."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from typing import ClassVar
from urllib.parse import urlencode

from scrapy.http import Request, Response
from scrapy.http.request import NO_CALLBACK

from crawler.errors import Refusal, Stopped, Unreadable
from crawler.robots import BY_TERMS
from crawler.spiders.base import SourceSpider
from crawler.verdicts import judge_failure, judge_response
from pantau.posts import Post
from pantau.state import posts as rows

Asked = Mapping[str, str | int]
"""Parameters of a request, by name."""


class AskingSpider(SourceSpider):
    """Asks one question after another, and takes the posts that answers hold."""

    by_terms: ClassVar[bool] = False
    """Whether it asks a keyed interface, which goes by its terms and not by robots.txt. Nothing
    is then asked twice, and no redirect followed: each request counts."""

    async def fetch(
        self,
        url: str,
        parameters: Asked | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        take: Collection[int] = (),
        by_terms: bool | None = None,
    ) -> Response:
        """The answer to a request, in the host's turn. ``by_terms``: in place of the kind's own.

        Raises Unreadable for an answer that is none, unless its status is one to ``take``.
        """
        keyed = self.by_terms if by_terms is None else by_terms
        if parameters:
            url = f"{url}{'&' if '?' in url else '?'}{urlencode(parameters)}"
        meta = {BY_TERMS: True, "dont_redirect": True, "dont_retry": True} if keyed else {}
        request = Request(
            url, headers=dict(headers or {}), callback=NO_CALLBACK, dont_filter=True, meta=meta
        )
        try:
            response: Response = await self.crawler.engine.download_async(request)
        except Stopped:
            raise
        except (Refusal, Exception) as error:
            raise Unreadable(judge_failure(error)) from error
        verdict = judge_response(response)
        if verdict is not None and response.status not in take:
            raise Unreadable(verdict)
        return response

    async def take_posts(self, posts: Mapping[str, Post]) -> int:
        """Take posts, given by key, those that are new or say something else into the archive;
        returns how many are new."""
        with self.errand.context.state.read() as session:
            before = rows.said_before(session, posts)
        changed = [post for key, post in posts.items() if before.get(key) != post.said]
        names = await asyncio.to_thread(self._archive_posts, changed)
        return self.ledger.take_posts([(names.get(key, ""), post) for key, post in posts.items()])

    def settle_asked(self, asked: Mapping[str, str], there: Collection[str]) -> None:
        """Of posts that were asked for, by the platform's ids: which are there."""
        now = self.errand.context.clock()
        gone = [key for platform_id, key in asked.items() if platform_id not in there]
        still = [key for platform_id, key in asked.items() if platform_id in there]
        with self.errand.context.state.write() as session:
            rows.gone(session, gone, now)
            rows.seen(session, still, now)

    def _archive_posts(self, posts: Sequence[Post]) -> dict[str, str]:
        archive = self.errand.context.archive
        return {post.key: archive.put(post.to_bytes()) for post in posts}
