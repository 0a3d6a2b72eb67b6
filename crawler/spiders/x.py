"""X, by its recent search: what is searched is counted first, and paid within a month's budget."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import ClassVar
from urllib.parse import urljoin

from scrapy.http import Response

from crawler.errors import NotSetUp, Spent, Unreadable
from crawler.platforms.x import problem_of, read_count, read_search, read_there
from crawler.spiders.asking import Asked
from crawler.spiders.posts import PostSpider
from crawler.verdicts import Next, Verdict
from pantau.records import Disposition
from pantau.state import spending

FEWEST, MOST = 10, 100
"""Posts that one question may ask for."""
WINDOW = timedelta(days=7)
"""How far back a recent search reaches; some minutes less are asked for."""
BUDGET = "x"
_FIELDS = {
    "tweet.fields": "created_at,public_metrics,author_id,lang,conversation_id,"
    "in_reply_to_user_id,referenced_tweets,entities,attachments,note_tweet",
    "expansions": "author_id,attachments.media_keys",
    "user.fields": "username,name",
    "media.fields": "url,preview_image_url,type,alt_text",
}


class XSpider(PostSpider):
    """Takes the posts of the last seven days that answer the way's ``query``, those that an
    earlier run has not seen. What a question may cost at most is noted before it is asked and
    lowered when its answer has come, so that the month's budget holds over any kill."""

    name = "x"
    kind: ClassVar[str] = "x"
    by_terms: ClassVar[bool] = True
    checked_again_after: ClassVar[timedelta] = timedelta(days=7)  # each look is paid

    async def read(self) -> None:
        self._token = self.key_of("x.token")
        prices = self.errand.context.platforms.x
        if prices.dollars_per_month <= 0:
            raise NotSetUp("settings.toml: platforms.x.dollars_per_month is 0")
        self._per_post = _thousandths(prices.per_post)
        # Each post may bring an account with it.
        self._each = self._per_post + _thousandths(prices.per_user)
        since = self._since()
        number = await self._count(since)
        if number:
            await self._search(since, number)
        self.account.unchanged = True  # a search that brings nothing was answered too
        self.account.reaches_back = "since_id" in since
        self.read_up_to()
        await self._look_after()

    def _since(self) -> dict[str, str]:
        """From where on: after the newest that was read, while that is in the search's reach."""
        now, until = self.errand.context.clock(), self.memory.get("asked")
        reach = (now - WINDOW + timedelta(minutes=10)).strftime("%Y-%m-%dT%H:%M:%SZ")
        if self.memory.get("newest") and until and until > reach:
            return {"since_id": self.memory["newest"]}
        return {"start_time": reach}

    async def _count(self, since: dict[str, str]) -> int:
        cost = _thousandths(self.errand.context.platforms.x.per_count)
        month = self._reserve(cost)
        response = await self._question(
            urljoin(self.way.url, "/2/tweets/counts/recent"),
            month,
            cost,
            {"query": self.way.query, **since},
        )
        number = read_count(response.body)
        if number is None:
            raise Unreadable(Verdict(Disposition.FAILED, "no count of posts", Next.END))
        return number

    async def _search(self, since: dict[str, str], number: int) -> None:
        """Newest first, page by page, as far as the budget goes."""
        token, newest = "", ""
        for _ in range(self.way.max_pages):
            wanted = max(FEWEST, min(MOST, number, self._affordable()))
            cost = wanted * self._each
            month = self._reserve(cost)
            response = await self._question(
                self.way.url,
                month,
                cost,
                {
                    "query": self.way.query,
                    "max_results": wanted,
                    **_FIELDS,
                    **since,
                    **({"next_token": token} if token else {}),
                },
            )
            answer = await asyncio.to_thread(read_search, response.body)
            if answer.problem:
                raise Unreadable(Verdict(Disposition.FAILED, answer.problem, Next.END))
            await self.keep(answer.posts)
            users = int(answer.told["users"])
            paid = len(answer.posts) * self._per_post + users * (self._each - self._per_post)
            self._give_back(month, cost - paid)
            newest = newest or answer.told["newest"]
            number -= len(answer.posts)
            token = answer.next
            if not token:
                break
        else:
            if token:
                self.missed = f"{max(number, 1)} posts more than max_pages brings"
        if newest:
            self.memory["newest"] = newest
            self.memory["asked"] = self.errand.context.clock().strftime("%Y-%m-%dT%H:%M:%SZ")

    async def _look_after(self) -> None:
        """Posts that are held and not there any more: deletions are to be followed."""
        asked = self.to_look_after(MOST)
        if not asked:
            return
        cost = len(asked) * self._per_post
        month = self._reserve(cost)
        response = await self._question(
            urljoin(self.way.url, "/2/tweets"), month, cost, {"ids": ",".join(asked)}
        )
        there = read_there(response.body)
        if there is not None:
            self._give_back(month, (len(asked) - len(there & asked.keys())) * self._per_post)
            self.settle_asked(asked, there)

    async def _question(self, url: str, month: str, cost: int, parameters: Asked) -> Response:
        """An answer that was paid for; one that refuses costs nothing, and its reason is told."""
        response = await self.fetch(
            url,
            parameters,
            headers={"Authorization": f"Bearer {self._token}", "Accept": "application/json"},
            take=(400, 401, 402, 403, 404, 429),
        )
        if response.status != 200:
            self._give_back(month, cost)
            told = f"http {response.status}: {problem_of(response.body)}".rstrip(": ")
            blocked = response.status in (401, 402, 403)
            kind = Disposition.BLOCKED if blocked else Disposition.FAILED
            raise Unreadable(Verdict(kind, told[:300], Next.END))
        return response

    def _reserve(self, cost: int) -> str:
        """Note what is about to be spent, in thousandths of a dollar; returns the month.

        Raises Spent where the month's budget would be passed.
        """
        context = self.errand.context
        month = context.clock().strftime("%Y-%m")
        with context.state.write() as session:
            if not spending.reserve(session, BUDGET, month, cost, self._budget()):
                raise Spent(f"the budget of {month} is used up")
        return month

    def _give_back(self, month: str, amount: int) -> None:
        with self.errand.context.state.write() as session:
            spending.give_back(session, BUDGET, month, amount)

    def _affordable(self) -> int:
        """How many posts the rest of the month's budget pays."""
        context = self.errand.context
        with context.state.read() as session:
            spent = spending.spent(session, BUDGET, context.clock().strftime("%Y-%m"))
        return (self._budget() - spent) // self._each

    def _budget(self) -> int:
        return _thousandths(self.errand.context.platforms.x.dollars_per_month)


def _thousandths(dollars: float) -> int:
    """Rounded up: what is noted is never less than what is paid."""
    return -int(-dollars * 1000 // 1)
