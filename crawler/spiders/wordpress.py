"""WordPress's REST interface."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import datetime
from typing import Any, ClassVar

from scrapy.http import Request, Response

from crawler import wordpress_comments as comments
from crawler.errors import Stopped, Unreadable
from crawler.sites import site_of_url
from crawler.spiders.asking import AskingSpider
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
from crawler.wordpress_comments import Comments
from pantau.records import Disposition
from pantau.state import pages
from pantau.state import posts as rows

MOST_CONFIRMED = 10
"""Comments that are missing, of which one run asks for each alone."""
_EXPLAINED = (400, 401, 403, 404)
_COMMENTED = "commented"
"""When the comments were last read, as a way remembers it."""


class WordPressSpider(AskingSpider):
    """Takes the posts published since shortly before the last reading, page by page to their end
    or to ``max_pages``; of a site that is new to us the newest twenty.

    Where the interface is switched off the way is closed and the source's next one is tried.
    With ``comments`` what readers wrote below the articles that are known is taken as posts; where
    that is switched off the articles are taken all the same, and the run says so.
    """

    name = "wordpress"
    kind: ClassVar[str] = "wordpress"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._endpoints = list(endpoints(self.way.url))
        self._page, self._per_page = 1, PER_PAGE
        self._goes_on = False
        """Whether the answer at hand made a further question."""

    @property
    def index_url(self) -> str:
        return self._address()

    async def read_index(self, response: Response) -> AsyncIterator[Request]:
        self._goes_on = False
        posts = await asyncio.to_thread(read_posts, response.body, zone=self.zone)
        further = self._closed(posts, None) if posts.problem else self._taken(response, posts)
        for request in further:
            yield request
        if not self._goes_on:
            await self._read_below()

    def _taken(self, response: Response, posts: Posts) -> Iterable[Request]:
        if not posts.findings and self.past.since is not None:
            self.account.unchanged = True  # nothing since then: an answer, not an empty site
        further = self.take(posts.findings)
        if self.past.since is None:
            return further
        said = (response.headers.get("X-WP-TotalPages") or b"").decode("latin-1")
        more = self._page < total_pages(said) if said else len(posts.findings) == self._per_page
        if not more:
            self.account.reaches_back = True
        elif self._page < self.way.max_pages:
            self._page += 1
            further.append(self._next())
        return further

    async def index_unchanged(self, response: Response) -> AsyncIterator[Request]:
        self.account.unchanged = True
        self._answer = self._answer or dict(self._remembered)
        await self._read_below()
        nothing: tuple[Request, ...] = ()
        for request in nothing:
            yield request

    async def index_refused(self, response: Response, verdict: Verdict) -> AsyncIterator[Request]:
        """An error that WordPress explains: the end of the pages, too many a page, no such route,
        the interface switched off."""
        self._goes_on = False
        for request in self._closed(read_posts(response.body, zone=self.zone), verdict):
            yield request
        if not self._goes_on:
            await self._read_below()

    def _closed(self, posts: Posts, verdict: Verdict | None) -> Iterator[Request]:
        if posts.code == PAST_THE_END and self._page > 1:
            self.account.reaches_back = True
        elif posts.code == INVALID and self._per_page > FEWER_PER_PAGE:
            self._per_page = FEWER_PER_PAGE
            yield self._next()
        elif len(self._endpoints) > 1 and self._page == 1 and _no_such_address(posts, verdict):
            self._endpoints.pop(0)
            yield self._next()
        elif verdict is None or (verdict.reason == "http 404" and posts.code):
            self._index_verdict(Verdict(Disposition.FAILED, posts.problem, Next.END))
        else:
            self._index_verdict(verdict)

    def _next(self) -> Request:
        """A further page, or the same asked otherwise."""
        self._goes_on = True
        return self.ask_index(self._address())

    def _address(self) -> str:
        return ask(
            self._endpoints[0], since=self.past.since, page=self._page, per_page=self._per_page
        )

    async def _read_below(self) -> None:
        """The comments, once the posts were read. What goes wrong there is told, and the posts
        stay what they are."""
        if not self.way.comments or self.account.index is not None:
            return
        before = self.past.ways.get(self.way.url, {}).get(_COMMENTED, "")
        read = ""
        try:
            await self._read_comments(datetime.fromisoformat(before) if before else None)
            read = self.errand.context.clock().isoformat()
            await self._look_after()
        except Unreadable as error:
            self._remark(error.verdict.reason)
        except Stopped:
            return  # told by the errand
        if read or before:
            self._answer[_COMMENTED] = read or before

    async def _read_comments(self, since: datetime | None) -> None:
        endpoint = comments.endpoint_of(self._endpoints[0])
        page, per_page = 1, PER_PAGE
        seen: set[int] = set()
        while True:
            address = comments.ask(endpoint, since=since, page=page, per_page=per_page)
            response = await self.fetch(address, take=_EXPLAINED)
            answer = await self._comments(response)
            if answer.code == INVALID and page == 1 and per_page > FEWER_PER_PAGE:
                per_page = FEWER_PER_PAGE
                continue
            if answer.code.endswith("invalid_page_number") and page > 1:
                return
            _usable(response, answer)
            await self._keep(answer)
            said = (response.headers.get("X-WP-TotalPages") or b"").decode("latin-1")
            more = page < total_pages(said) if said else len(answer.found) == per_page
            if since is None or not more or answer.ids <= seen:
                return  # of a site that is new only the newest; and no page twice
            if page == self.way.max_pages:
                self._remark(f"more than {page} pages")
                return
            seen |= answer.ids
            page += 1

    async def _keep(self, answer: Comments) -> None:
        """Comments below articles that are known, on this site."""
        own = [one for one in answer.found if one.text and site_of_url(one.article) in self.sites]
        with self.errand.context.state.read() as session:
            titles = pages.titles(session, {one.article for one in own})
        said = {one.id: one.text for one in answer.found}
        posts = [
            one.post(title=titles[one.article], answers=said.get(one.parent, ""))
            for one in own
            if one.article in titles
        ]
        await self.take_posts({post.key: post for post in posts})

    async def _look_after(self) -> None:
        """Ask which comments that are held are there still. One that is not listed is asked for
        alone, and only WordPress's own word that it is not there counts."""
        context = self.errand.context
        with context.state.read() as session:
            found = rows.to_check(session, self.source.id, context.clock(), PER_PAGE)
        asked = {local: key for key, local in found if local.isdecimal()}
        if not asked:
            return
        endpoint = comments.endpoint_of(self._endpoints[0])
        response = await self.fetch(comments.ask_for(endpoint, asked), take=_EXPLAINED)
        answer = _usable(response, await self._comments(response))
        there = {str(one) for one in answer.ids}
        if not there <= asked.keys():
            raise Unreadable(
                Verdict(Disposition.FAILED, "it tells others than asked for", Next.END)
            )
        for local in [one for one in asked if one not in there][:MOST_CONFIRMED]:
            alone = await self.fetch(comments.ask_for_one(endpoint, local), take=_EXPLAINED)
            if (await self._comments(alone)).code in comments.WITHDRAWN and alone.status != 200:
                self.settle_asked({local: asked[local]}, ())
        self.settle_asked({one: key for one, key in asked.items() if one in there}, there)

    async def _comments(self, response: Response) -> Comments:
        return await asyncio.to_thread(comments.read_comments, response.body, zone=self.zone)

    def _remark(self, what: str) -> None:
        told = (self.account.remark, f"comments: {what}")
        self.account.remark = "; ".join(filter(None, told))


def _usable(response: Response, answer: Comments) -> Comments:
    """Raises Unreadable for an answer that is none."""
    if response.status != 200:
        code = f" ({answer.code})" if answer.code else ""
        raise Unreadable(Verdict(Disposition.FAILED, f"http {response.status}{code}", Next.END))
    if answer.problem:
        raise Unreadable(Verdict(Disposition.FAILED, answer.problem, Next.END))
    return answer


def _no_such_address(posts: Posts, verdict: Verdict | None) -> bool:
    """Whether the answer is no word of WordPress's own: it may answer under its other address.
    Not where it was refused."""
    return not posts.code and (verdict is None or verdict.reason == "http 404")
