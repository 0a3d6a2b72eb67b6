"""Runs crawls: several sources at once, one after another, in one long-lived process."""

from __future__ import annotations

import asyncio
import functools
import logging
import signal
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeVar

from scrapy import Spider
from scrapy.crawler import AsyncCrawlerRunner
from scrapy.utils.reactor import install_reactor, is_reactor_installed

from crawler.context import CrawlContext, Errand
from crawler.lean import LeanSettings
from crawler.outcome import Account, RunOutcome, closed, conclude, tells
from crawler.politeness import host_of
from crawler.probing import Probed
from crawler.settings import TWISTED_REACTOR
from crawler.spiders.address import AddressSpider
from crawler.spiders.base import SourceSpider
from crawler.spiders.bluesky import BlueskySpider
from crawler.spiders.feed import FeedSpider
from crawler.spiders.given import GivenSpider
from crawler.spiders.listing import ListingSpider
from crawler.spiders.mastodon import MastodonSpider
from crawler.spiders.pictures import AT_ONCE, PicturesSpider
from crawler.spiders.probe import ProbeSpider
from crawler.spiders.sitemap import SitemapSpider
from crawler.spiders.telegram import TelegramSpider
from crawler.spiders.wordpress import WordPressSpider
from crawler.spiders.x import XSpider
from crawler.spiders.youtube import YouTubeSpider
from crawler.verdicts import defect
from pantau import intake
from pantau.config.models import Politeness, Source, WayIn
from pantau.state import intakes, pictures
from pantau.state import sources as rows
from pantau.state.lately import articles_lost
from pantau.state.pages import to_fetch
from pantau.state.tables import PictureRow

__all__ = ["CrawlContext", "RunOutcome", "crawl", "fetch_pictures", "run_in_reactor"]

T = TypeVar("T")
log = logging.getLogger(__name__)
SPIDERS: dict[str, type[SourceSpider]] = {
    spider.kind: spider
    for spider in (
        *(FeedSpider, ListingSpider, SitemapSpider, WordPressSpider),
        *(TelegramSpider, YouTubeSpider, MastodonSpider, BlueskySpider, XSpider),
    )
}
STOPPED = "stopped"


async def crawl(sources: Sequence[Source], *, context: CrawlContext) -> list[RunOutcome]:
    """Poll these sources now, up to ``parallel_sources`` at once in the whole process and few
    of one host; outcomes in their order.

    Runs in ``run_in_reactor``. Cancelled, it calls its spiders back, writes how far each run
    came, and only then ends; what was found and not fetched is taken up by the next run.
    """
    most = context.settings.parallel_sources

    async def one(source: Source) -> RunOutcome:
        if any(way.streams for way in source.ways):
            return await _crawl_source(source, context)  # it mostly waits, and would keep its place
        async with context.turns.turn(host_of(source.ways[0].url), most):
            return await _crawl_source(source, context)

    return await asyncio.gather(*(one(source) for source in sources))


async def fetch_found(source: Source, *, context: CrawlContext) -> None:
    """Fetch the addresses that stand in a source's rows, without reading its index."""
    deadline = asyncio.get_running_loop().time() + context.settings.max_run.total_seconds()
    errand = Errand(context, source.politeness, deadline)
    await _send(
        AddressSpider,
        errand,
        source=source,
        way=source.ways[0],
        account=Account(),
        run_id=None,
        past=rows.Past(thorough=False),
    )


async def probe(url: str, *, context: CrawlContext, pace: Politeness) -> Probed:
    """Which ways in a site has. Nothing is stored; runs in ``run_in_reactor``."""
    deadline = asyncio.get_running_loop().time() + context.settings.max_run.total_seconds()
    probed = Probed(url)
    await _send(
        ProbeSpider, Errand(context, pace, deadline), url=url, probed=probed, verify_tls=True
    )
    return probed


async def _crawl_source(source: Source, context: CrawlContext) -> RunOutcome:
    """One run of a source: its ways in, in order, until one is usable."""
    with context.state.write() as session:
        past = rows.past(session, source.id)
        run_id = rows.start_run(session, source.id, context.clock())
    deadline = asyncio.get_running_loop().time() + context.settings.max_run.total_seconds()
    errand = Errand(context, source.politeness, deadline)
    accounts: list[tuple[WayIn, Account]] = []
    try:
        for way in source.ways:
            account = Account()
            accounts.append((way, account))
            try:
                await _send(
                    SPIDERS[way.kind],
                    errand,
                    source=source,
                    way=way,
                    account=account,
                    run_id=run_id,
                    past=past,
                )
            except Exception as error:  # a defect of ours: the other sources go on
                log.exception("%s: the %s spider failed", source.id, way.kind)
                account.index = defect(error)
            if account.enough or errand.stopped:
                break
            past = replace(past, filling=past.filling or account.gap)
    finally:
        result = _sum_up(source, accounts)
        now = context.clock()
        with context.state.write() as session:
            if result.outcome in rows.USABLE and (lost := articles_lost(session, source.id)):
                outcome, why = lost
                reason = f"{why}; {result.reason}" if result.reason else why
                result = replace(result, outcome=outcome, reason=reason)
            rows.end_run(
                session,
                run_id,
                outcome=result.outcome,
                reason=result.reason,
                found=result.found,
                fetched=result.fetched,
                now=now,
            )
            rows.note_poll(
                session,
                source,
                result.outcome,
                now,
                reason=result.reason,
                found=result.found,
                gap=result.gap,
                ways={way.url: account.way for way, account in accounts if account.way},
                closed={way.url: closed(account) for way, account in accounts if tells(account)},
                slowest=context.settings.slowest,
            )
    return result


async def _send(spider: type[Spider], errand: Errand, **kwargs: Any) -> None:
    """Run one spider to its end.

    The errand ends at its deadline, or when this task is cancelled: the spider's requests
    are broken off, and it closes by itself with nothing left to ask.
    """
    runner = _runner()
    crawler = runner.create_crawler(spider)
    running = asyncio.ensure_future(runner.crawl(crawler, errand=errand, **kwargs))
    loop = asyncio.get_running_loop()
    timer = loop.call_at(errand.deadline, errand.stop, "the run's time is up")
    try:
        await asyncio.shield(running)
    except asyncio.CancelledError:
        errand.stop(STOPPED)
        while not running.done():  # whoever cancels a second time waits as well
            with suppress(asyncio.CancelledError):
                await asyncio.shield(running)
        raise
    finally:
        timer.cancel()


def _sum_up(source: Source, accounts: Sequence[tuple[WayIn, Account]]) -> RunOutcome:
    """One outcome for all ways that were tried: that of the last usable one, with what closed
    the others, and whether a gap was left."""
    concluded = [(way, *conclude(account)) for way, account in accounts]
    usable = [number for number, (_, account) in enumerate(accounts) if account.usable]
    chosen = usable[-1] if usable else len(accounts) - 1
    _, outcome, why = concluded.pop(chosen)
    told = [f"{way.kind}: {result} ({reason})" for way, result, reason in concluded]
    gap = any(account.gap for _, account in accounts) and not any(
        account.joins for _, account in accounts
    )
    if gap:
        told.insert(0, "gap: it shows nothing that is known")
        outcome = "partly" if outcome in ("ok", "unchanged") else outcome
    reason = "; ".join([part for part in (why,) if part] + told)
    return RunOutcome(
        gap=gap,
        source_id=source.id,
        outcome=outcome,
        reason=reason,
        found=sum(account.found for _, account in accounts),
        fetched=sum(account.fetched for _, account in accounts),
    )


async def fetch_pictures(context: CrawlContext, sources: Sequence[Source] = ()) -> None:
    """Fetch the pictures that wait for it, each host at the pace of the source that showed it
    (``sources`` gives the paces; others go at the default one). Runs in ``run_in_reactor``."""
    with context.state.read() as session:
        waiting = pictures.to_fetch(session, AT_ONCE)
    paces = {source.id: source.politeness for source in sources}
    by_pace: dict[Politeness, list[PictureRow]] = {}
    for row in waiting:
        by_pace.setdefault(paces.get(row.source_id, Politeness()), []).append(row)
    deadline = asyncio.get_running_loop().time() + context.settings.max_run.total_seconds()
    await asyncio.gather(
        *(
            _send(PicturesSpider, Errand(context, pace, deadline), rows=some)
            for pace, some in by_pace.items()
        )
    )


async def fetch_given(context: CrawlContext) -> None:
    """Fetch what people gave the address of: pages on the web as any page, posts by what their
    platform tells of one; and look whether those that it told of are there still. Runs in
    ``run_in_reactor``."""
    with context.state.read() as session:
        asked = intakes.waiting(session, context.clock(), AT_ONCE)
        looked = intakes.to_look_after(session, context.clock(), AT_ONCE)
        fetched = bool(to_fetch(session, intake.SOURCE, context.clock()))
    if fetched:
        way = WayIn(kind="listing", url="https://localhost.invalid/")  # it has no index
        source = Source(id=intake.SOURCE, name="", every=timedelta(days=1), ways=(way,))
        await fetch_found(source, context=context)
    if asked or looked:
        deadline = asyncio.get_running_loop().time() + context.settings.max_run.total_seconds()
        errand = Errand(context, Politeness(), deadline)
        await _send(GivenSpider, errand, rows=asked, held=looked)


@functools.cache
def _runner() -> AsyncCrawlerRunner:
    logging.getLogger("scrapy").setLevel(logging.WARNING)  # outcomes are told by us, once
    settings = LeanSettings()
    settings.setmodule("crawler.settings", priority="project")
    return AsyncCrawlerRunner(settings)


def run_in_reactor(main: Callable[[], Awaitable[T]]) -> T:
    """Run ``main`` on the event loop that Scrapy's crawls need, and return what it returns.

    SIGTERM and SIGINT cancel ``main``; what it returns then is returned, and where it lets
    the cancellation through, SystemExit(128 + signal) is raised. Crawls that ``main`` left
    running in other tasks are ended cleanly as well. May be called again in one process:
    Twisted cannot restart its reactor, so it is started once and its loop run each time.
    """
    loop = _reactor_loop()
    asyncio.set_event_loop(loop)
    received: list[int] = []

    async def whole() -> T:
        return await main()

    task = loop.create_task(whole())

    def on_signal(number: int) -> None:
        received.append(number)
        task.cancel()

    signals = _install_signals(loop, on_signal)
    try:
        return loop.run_until_complete(task)
    except asyncio.CancelledError:
        raise SystemExit(128 + received[0] if received else 1) from None
    finally:
        loop.run_until_complete(_cancel_the_rest())
        for number in signals:
            loop.remove_signal_handler(number)


def _install_signals(
    loop: asyncio.AbstractEventLoop, handle: Callable[[int], None]
) -> tuple[signal.Signals, ...]:
    """Only the main thread may; elsewhere signals are somebody else's matter."""
    numbers = (signal.SIGTERM, signal.SIGINT)
    try:
        for number in numbers:
            loop.add_signal_handler(number, handle, number)
    except (ValueError, RuntimeError):
        return ()
    return numbers


async def _cancel_the_rest() -> None:
    """End what other tasks still do: our own by cancelling them, Scrapy's by waiting."""
    for _ in range(2):
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for task in rest:
            if not _is_scrapys(task):
                task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)


def _is_scrapys(task: asyncio.Task[Any]) -> bool:
    code = getattr(task.get_coro(), "cr_code", None)
    return code is not None and "scrapy" in code.co_filename


@functools.cache
def _reactor_loop() -> asyncio.AbstractEventLoop:
    if not is_reactor_installed():
        install_reactor(TWISTED_REACTOR)
    from twisted.internet import reactor  # noqa: PLC0415 - importing it installs one

    running: Any = reactor
    running.startRunning(installSignalHandlers=False)
    loop: asyncio.AbstractEventLoop = running._asyncioEventloop
    return loop
