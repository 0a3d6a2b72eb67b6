"""WordPress's REST interface."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any, ClassVar

from scrapy.http import Request, Response

from crawler.spiders.base import SourceSpider
from crawler.verdicts import Next, Verdict
from crawler.wordpress import (
    FEWER_PER_PAGE,
    INVALID,
    PAST_THE_END,
    PER_PAGE,
    Posts,
    ask,
    endpoints,
    read_posts,
    total_pages,
)
from pantau.records import Disposition


class WordPressSpider(SourceSpider):
    """Takes the posts published since shortly before the last reading, page by page to their end
    or to ``max_pages``; of a site that is new to us the newest twenty.

    Where the interface is switched off the way is closed and the source's next one is tried.
    """

    name = "wordpress"
    kind: ClassVar[str] = "wordpress"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._endpoints = list(endpoints(self.way.url))
        self._page, self._per_page = 1, PER_PAGE

    @property
    def index_url(self) -> str:
        return self._address()

    async def read_index(self, response: Response) -> AsyncIterator[Request]:
        posts = await asyncio.to_thread(read_posts, response.body, zone=self.zone)
        if posts.problem:
            for request in self._closed(posts, None):
                yield request
            return
        if not posts.findings and self.past.since is not None:
            self.account.unchanged = True  # nothing since then: an answer, not an empty site
        for request in self.take(posts.findings):
            yield request
        if self.past.since is None:
            return
        said = (response.headers.get("X-WP-TotalPages") or b"").decode("latin-1")
        more = self._page < total_pages(said) if said else len(posts.findings) == self._per_page
        if not more:
            self.account.reaches_back = True
        elif self._page < self.way.max_pages:
            self._page += 1
            yield self.ask_index(self._address())

    def index_refused(self, response: Response, verdict: Verdict) -> Iterator[Request]:
        """An error that WordPress explains: the end of the pages, too many a page, no such route,
        the interface switched off."""
        yield from self._closed(read_posts(response.body, zone=self.zone), verdict)

    def _closed(self, posts: Posts, verdict: Verdict | None) -> Iterator[Request]:
        if posts.code == PAST_THE_END and self._page > 1:
            self.account.reaches_back = True
        elif posts.code == INVALID and self._per_page > FEWER_PER_PAGE:
            self._per_page = FEWER_PER_PAGE
            yield self.ask_index(self._address())
        elif len(self._endpoints) > 1 and self._page == 1 and _no_such_address(posts, verdict):
            self._endpoints.pop(0)
            yield self.ask_index(self._address())
        elif verdict is None or (verdict.reason == "http 404" and posts.code):
            self._index_verdict(Verdict(Disposition.FAILED, posts.problem, Next.END))
        else:
            self._index_verdict(verdict)

    def _address(self) -> str:
        return ask(
            self._endpoints[0], since=self.past.since, page=self._page, per_page=self._per_page
        )


def _no_such_address(posts: Posts, verdict: Verdict | None) -> bool:
    """Whether the answer is no word of WordPress's own: it may answer under its other address.
    Not where it was refused."""
    return not posts.code and (verdict is None or verdict.reason == "http 404")
