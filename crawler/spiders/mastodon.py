"""Mastodon accounts and tags, as their server tells them to everybody."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar
from urllib.parse import urljoin, urlsplit

from crawler.errors import Unreadable
from crawler.platforms.mastodon import read_account, read_status, read_statuses
from crawler.platforms.reading import Answer, as_json
from crawler.spiders.asking import Asked
from crawler.spiders.posts import PostSpider
from crawler.verdicts import Next, Verdict
from pantau.posts import Post
from pantau.records import Disposition
from pantau.state import posts as rows

PER_PAGE = 40
MOST_ASKED = 20
"""Statuses asked for one by one in a run: those answered, and those that may be gone."""
_GONE = (404, 410)


class MastodonSpider(PostSpider):
    """Takes the statuses of ``https://SERVER/@NAME`` or of ``https://SERVER/tags/TAG``. Where the
    newest page does not reach what was read before, the gap is filled from there (``min_id``)."""

    name = "mastodon"
    kind: ClassVar[str] = "mastodon"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._asked_for = 0

    async def read(self) -> None:
        timeline = await self._timeline()
        first = await self._page(timeline, {"limit": PER_PAGE})
        joined = self.joins(min((p.published for p in first.posts if p.published), default=None))
        newest = self.memory.get("newest", "")
        if newest and not joined:
            await self._fill(timeline, newest)
        elif not newest:
            await self._go_back(first)
        if first.told["newest"]:
            self.memory["newest"] = first.told["newest"]
        if not first.posts:
            self.account.unchanged = True  # it was read, and holds nothing of its own
        self.read_up_to()
        await self._look_after()

    async def _timeline(self) -> str:
        """The address of the list. Raises Unreadable for an account that asks not to be read."""
        path = urlsplit(self.way.url).path.rstrip("/")
        if path.startswith("/tags/"):
            return self._api(f"timelines/tag/{path.removeprefix('/tags/')}")
        response = await self.fetch(self._api("accounts/lookup"), {"acct": path.removeprefix("/@")})
        account = read_account(response.body)
        if account.problem:
            raise Unreadable(Verdict(Disposition.FAILED, account.problem, Next.END))
        if "noindex" in account.told:
            raise Unreadable(Verdict(Disposition.ROBOTS_DENIED, "noindex", Next.END))
        return self._api(f"accounts/{account.told['id']}/statuses?exclude_reblogs=true")

    async def _page(self, url: str, parameters: Asked | None = None) -> Answer:
        response = await self.fetch(url, parameters)
        link = (response.headers.get("Link") or b"").decode("latin-1")
        answer = await asyncio.to_thread(
            read_statuses, response.body, link=link, official=self.source.official
        )
        if answer.problem:
            raise Unreadable(Verdict(Disposition.FAILED, answer.problem, Next.END))
        own = urlsplit(self.way.url).netloc
        answer = Answer(
            await self._with_contexts(answer.posts),
            # Only at home: an address that the answer names is a stranger's.
            next=answer.next if urlsplit(answer.next).netloc == own else "",
            told={
                **answer.told,
                "newer": answer.told["newer"]
                if urlsplit(answer.told["newer"]).netloc == own
                else "",
            },
        )
        await self.keep(answer.posts)
        return answer

    async def _fill(self, timeline: str, newest: str) -> None:
        """From what was read last on to the newest, the oldest first."""
        answer = await self._page(timeline, {"limit": PER_PAGE, "min_id": newest})
        for _ in range(self.way.max_pages - 1):
            if not answer.posts or not answer.told["newer"]:
                self.account.reaches_back = True
                return
            answer = await self._page(answer.told["newer"])
        self.account.reaches_back = not answer.posts

    async def _go_back(self, answer: Answer) -> None:
        """The stock of a source that is new to us."""
        for _ in range(self.way.max_pages - 1):
            if not answer.next or not answer.posts:
                return
            answer = await self._page(answer.next)

    async def _with_contexts(self, posts: Sequence[Post]) -> tuple[Post, ...]:
        """Replies with the words they answer, as far as these may be had; asked for once."""
        with self.errand.context.state.read() as session:
            held = rows.said_before(session, [post.key for post in posts])
        here = {post.local: post for post in posts}
        return tuple(
            [
                await self._with_context(post, here)
                if post.reply_to and not held.get(post.key)
                else post
                for post in posts
            ]
        )

    async def _with_context(self, post: Post, here: Mapping[str, Post]) -> Post:
        answered = here.get(post.reply_to)
        if answered is None and self._asked_for < MOST_ASKED:
            self._asked_for += 1
            response = await self.fetch(
                self._api(f"statuses/{post.reply_to}"), take=(401, 403, *_GONE)
            )
            answered = read_status(as_json(response.body), official=False)
        if answered is None:
            return post
        return replace(post, context="\n\n".join(filter(None, (answered.text, post.context))))

    async def _look_after(self) -> None:
        for identity, key in self.to_look_after(MOST_ASKED).items():
            response = await self.fetch(self._api(f"statuses/{identity}"), take=_GONE)
            post = read_status(as_json(response.body), official=self.source.official)
            gone = response.status in _GONE or post is None
            if post is not None and not gone:
                await self.keep([post])
            self.settle_asked({identity: key}, () if gone else (identity,))

    def _api(self, path: str) -> str:
        return urljoin(self.way.url, f"/api/v1/{path}")
