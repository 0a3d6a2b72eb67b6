"""Posts that people gave the address of: asked for once, where that is allowed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any, Self

import scrapy
from scrapy.crawler import Crawler
from scrapy.http import Request, Response
from twisted.python.failure import Failure

from crawler.context import Errand
from crawler.errors import Stopped
from crawler.given import from_oembed, from_opengraph
from crawler.noindex import forbids_index
from crawler.sites import site_of_url
from crawler.spiders.base import apply_settings
from crawler.verdicts import Next, Verdict, judge_failure, judge_response
from pantau import intake
from pantau.giving import held_of
from pantau.intake import Given
from pantau.records import Disposition
from pantau.state import intakes
from pantau.state.intake_tables import IntakeRow

AT_ONCE = 200
_NO_WORDS = Verdict(Disposition.FAILED, "it tells no words: enter what it says", Next.END)
_NOT_THERE = (404, 410)
"""oembed.com, 2.3.4: what an interface answers of a post that is not there (404)."""
_NOINDEX = Verdict(Disposition.ROBOTS_DENIED, "noindex", Next.END)


class GivenSpider(scrapy.Spider):
    """Asks each post's platform by its oEmbed interface, or its page for OpenGraph tags where no
    terms forbid that; in the host's turn and as robots.txt allows. Of posts that are held it asks
    the interface whether they are there still.

    It has no name of its class, so that ``scrapy list`` does not offer it.
    """

    def __init__(
        self, *, rows: Sequence[IntakeRow], held: Sequence[tuple[str, Given]], errand: Errand
    ) -> None:
        """``rows`` are asked for; ``held``, with their keys, are looked for."""
        super().__init__(name="given")
        self.rows, self.held, self.errand = rows, held, errand
        self.sites = frozenset(
            site_of_url(url) for url in (*(row.url for row in rows), *(one.url for _, one in held))
        )

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        apply_settings(crawler.settings, spider.errand, verify_tls=True)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        for row in self.rows:
            given = intakes.given_of(row)
            endpoint = intake.oembed(given)
            if not endpoint and not intake.may_be_asked(given):
                self._settle(row.id, _NO_WORDS)
                continue
            yield Request(
                endpoint or given.url,
                callback=self._on_answer,
                errback=self._on_failure,
                dont_filter=True,
                cb_kwargs={"row": row, "by_interface": bool(endpoint)},
            )
        for key, given in self.held:
            yield Request(
                intake.oembed(given),
                callback=self._on_look,
                errback=self._on_no_look,
                dont_filter=True,
                cb_kwargs={"key": key},
            )

    def _on_look(self, response: Response, key: str) -> None:
        there = None if judge_response(response) else True
        self._looked_for(key, False if response.status in _NOT_THERE else there)

    def _on_no_look(self, failure: Failure) -> None:
        if not isinstance(failure.value, Stopped):
            self._looked_for(failure.request.cb_kwargs["key"], None)  # type: ignore[attr-defined]

    def _looked_for(self, key: str, there: bool | None) -> None:
        context = self.errand.context
        with context.state.write() as session:
            intakes.looked_for(session, key, context.clock(), there=there)

    async def _on_answer(self, response: Response, row: IntakeRow, by_interface: bool) -> None:
        context = self.errand.context
        verdict = judge_response(response)
        if verdict is None and not by_interface and forbids_index(response, context.robots_token):
            verdict = _NOINDEX
        given = intakes.given_of(row)
        post = intake.post(given, held_of(given, context.state, context.archive))
        found = None
        if verdict is None:
            found = (
                from_oembed(response.body, post) if by_interface else from_opengraph(response, post)
            )
        if found is None:
            self._settle(row.id, verdict or _NO_WORDS)
            return
        sha256 = await asyncio.to_thread(context.archive.put, found.to_bytes())
        with context.state.write() as session:
            intakes.answered(session, row.id, sha256, found, context.clock())

    def _on_failure(self, failure: Failure) -> None:
        row: IntakeRow = failure.request.cb_kwargs["row"]  # type: ignore[attr-defined]
        if not isinstance(failure.value, Stopped):
            self._settle(row.id, judge_failure(failure.value))

    def _settle(self, intake_id: int, verdict: Verdict) -> None:
        context = self.errand.context
        final = verdict.next is Next.END
        with context.state.write() as session:
            intakes.not_answered(session, intake_id, verdict.reason, context.clock(), final=final)
