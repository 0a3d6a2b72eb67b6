"""The main job: crawl, read, index, open cases, mail.

The one place where the rooms are joined. Each step takes up what the rows of the state
database leave to be done, so a step that was killed is simply done again.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

from sqlalchemy.orm import Session

from alerts import desk
from alerts.answering import Signer
from alerts.composing import compose
from alerts.delivery import Transport, transport
from alerts.operators import tell_operators
from alerts.sending import deliver
from alerts.ways import open_way
from alerts.weekly import tell_weekly
from crawler.archive import Archive
from crawler.context import PROCESS_CLOCKS
from crawler.politeness import Pace, paces
from crawler.run import CrawlContext, RunOutcome, crawl, fetch_given, fetch_pictures
from extract.page.pool import Failure, WorkerPool
from pantau import retention
from pantau.clock import Clock
from pantau.config import Config, Source
from pantau.documents import region_name
from pantau.health import troubles_now
from pantau.home import Home
from pantau.indexing import Indexing
from pantau.reading import Reading, ReadingTask, read_page, warm
from pantau.records import Article, Disposition, Judgement, NoArticle
from pantau.state import (
    State,
    articles,
    corrections,
    house,
    open_state,
    outbox,
    pages,
    parts,
    pictures,
    subscriptions,
)
from pantau.state.pages import to_page
from pantau.state.tables import PageRow
from search import open_index

BATCH = 64
"""Pages or articles taken up at a time: small enough to lose little, large enough to share."""


@dataclass
class Pipeline:
    """The rooms, opened for one home. Use as ``with open_pipeline(...) as pipeline``."""

    home: Home
    config: Config
    clock: Clock
    state: State
    archive: Archive
    indexing: Indexing
    pool: WorkerPool
    way_out: Transport
    """Of mails."""
    ways_out: dict[str, Transport]
    """Others, by their ids."""
    counts: Counter[str] = field(default_factory=Counter)
    stopping: threading.Event = field(default_factory=threading.Event)
    """Set when the process is to end: ``work`` then ends with the page in hand."""
    paces: dict[str, Pace] = field(init=False)
    """By host, of the configuration that is in force."""

    def __post_init__(self) -> None:
        self.paces = paces(self.config.sources.values())

    async def run_once(self, sources: Sequence[Source]) -> list[RunOutcome]:
        """The whole way for these sources, now: pages are read while others are fetched.

        Mails are made at the end: what several of the pages tell of one case is one mail.
        """
        await self.fetch_given()
        crawling = asyncio.ensure_future(crawl(sources, context=self.crawl_context()))
        while not crawling.done():
            await asyncio.wait({crawling}, timeout=1)
            await self.aside(self.judge)
        outcomes = await crawling
        self.indexing.rests_until = None  # a run that ends asks once more
        await self.aside(self.finish)
        await self.fetch_pictures()
        self.tidy()
        return outcomes

    async def aside(self, work: Callable[[], None]) -> None:
        """Work beside the event loop. Cancelled, it waits until the work has stopped."""
        working = asyncio.get_running_loop().run_in_executor(None, work)
        try:
            await asyncio.shield(working)
        except asyncio.CancelledError:
            self.stopping.set()
            await working
            raise

    async def fetch_given(self) -> None:
        """Fetch what people gave the address of."""
        await fetch_given(self.crawl_context())

    async def fetch_pictures(self) -> None:
        """Keep the pictures of articles with a mention."""
        await fetch_pictures(self.crawl_context(), list(self.config.sources.values()))

    def work(self) -> None:
        """Everything that follows the crawl, until no row is left to be done. It goes round by
        round: while pages keep coming, what was read of them is mailed all the same."""
        self._do(self.read_some, self.fill_index, self.open_cases, self.mail)
        while not self.stopping.is_set() and self.something_to_read():
            self._do(self.read_some, self.fill_index, self.open_cases, self.mail)

    def something_to_read(self) -> bool:
        with self.state.read() as session:
            return pages.readable(session, self.clock())

    def judge(self) -> None:
        """``work`` without the mails."""
        self._do(self.read, self.fill_index, self.open_cases)

    def finish(self) -> None:
        """``work`` of a run after which nothing runs: digests do not wait for their hour."""
        self._do(self.judge, partial(self.mail, nothing_runs_after=True))

    def _do(self, *steps: Callable[[], object]) -> None:
        for step in steps:
            if not self.stopping.is_set():
                step()

    def reconfigure(self, config: Config) -> list[str]:
        """Take up a changed configuration from now on, and the subscriptions made on the page.

        Returns the names of those parts whose change waits for the next start. Raises
        ConfigError where the new way out of mails lacks its secret; nothing is changed then.
        """
        with self.state.read() as session:
            old, new = self.config, subscriptions.joined(session, config)
        if new.settings.mail != old.settings.mail:
            self.way_out = transport(new.settings.mail, self.home.mail, os.environ)
        if new.ways != old.ways:
            self.ways_out = _ways_out(new, self.clock)
        self.config = self.indexing.config = new
        self.paces = paces(new.sources.values())
        before, after = _fixed(old), _fixed(new)
        return [name for name in before if before[name] != after[name]]

    def crawl_context(self, *, lasting: bool = False) -> CrawlContext:
        """``lasting``: streams are listened to for as long as a run may take."""
        return CrawlContext(
            state=self.state,
            archive=self.archive,
            settings=self.config.settings.crawl,
            platforms=self.config.settings.platforms,
            clock=self.clock,
            paces=self.paces,
            lasting=lasting,
        )

    def read(self) -> None:
        """Fetched pages become articles with a judgement, or end in another disposition."""
        while self.read_some() and not self.stopping.is_set():
            pass

    def read_some(self) -> int:
        """The same for a batch of them; how many there were."""
        rows = self._claim()
        with self.state.read() as session:
            further = parts.of(session, [row.id for row in rows])
        tasks = [self._task(row, further.get(row.id, [])) for row in rows]
        for row, reading in zip(rows, self.pool.map(read_page, tasks), strict=True):
            self._record(row, reading, parts.missing(further.get(row.id, [])))
            if self.stopping.is_set():
                break
        return len(rows)

    def fill_index(self) -> None:
        self.indexing.fill(self.stopping.is_set)

    def open_cases(self) -> None:
        self.counts += desk.open_cases(
            self.state, self.config, self.clock(), region_name=region_name
        )

    def mail(self, *, nothing_runs_after: bool = False) -> None:
        """Make mails of what is due, and hand over what waits in the outbox; not in a pause."""
        with self.state.read() as session:
            if house.paused(session) is not None:
                return
            seen = troubles_now(
                session, self.home, self.config, self.clock(), region_name, clocks=PROCESS_CLOCKS
            )
        self.counts += tell_operators(self.state, self.config, seen, self.clock())
        self.counts += compose(
            self.state,
            self.config,
            self.clock(),
            region_name=region_name,
            archive_path=lambda sha256: str(self.archive.path(sha256)),
            signer=Signer(self.home.secret()),
            nothing_runs_after=nothing_runs_after,
        )
        if not nothing_runs_after:
            self.counts += tell_weekly(self.state, self.config, self.clock(), region_name)
        self.counts += deliver(self.state, self.way_out, self.clock)
        for way_id, way_out in self.ways_out.items():
            self.counts += deliver(self.state, way_out, self.clock, way=way_id)

    def tidy(self) -> None:
        """Let go of what is kept for a time only."""
        retention.let_go(self.state, self.archive, self.config.settings.retention, self.clock())

    def _claim(self) -> Sequence[PageRow]:
        with self.state.write() as session:
            return pages.claim_fetched(session, BATCH, self.clock())

    def _task(self, row: PageRow, further: Sequence[PageRow]) -> ReadingTask:
        source = self.config.sources.get(row.source_id)
        reading = self.config.settings.reading
        return ReadingTask(
            page=to_page(row),
            parts=tuple(to_page(part) for part in parts.came(row, further)),
            archive=self.home.archive,
            source_region=row.hint.get("region") or (source.region if source else None),
            source_zone=source.zone if source else None,
            selectors=source.selectors.model_dump() if source else {},
            language=source.language if source else "",
            hint=row.hint,
            oldest=self.clock() - reading.max_age,
            threshold=reading.threshold,
            candidates=self.config.candidates,
            gated=reading.gate,
            is_post=row.is_post,
        )

    def _record(self, row: PageRow, reading: Reading | Failure, missing: str) -> None:
        """Write what a page came to, in one transaction: article, mentions, disposition.

        ``missing`` tells which of its further pages could not be had.
        """
        with self.state.write() as session:
            if not pages.still_to_be_read(session, row):
                return
            if isinstance(reading, Failure):
                if reading.kind == "crashed":
                    pages.crashed(session, row.id, reading.detail)
                else:
                    pages.done(session, row.id, Disposition.FAILED, reason=_bare(reading.reason))
                return
            result = reading.result
            if isinstance(result, NoArticle):
                pages.done(
                    session,
                    row.id,
                    result.disposition,
                    reason=_bare(result.reason),
                    title=result.title,
                    published=result.published,
                )
                return
            assert reading.judgement is not None
            pages.done(
                session,
                row.id,
                self._store(session, row, result, reading.judgement),
                reason=missing,
                title=result.title,
                published=result.published,
                article=result.id,
            )

    def _store(
        self, session: Session, row: PageRow, article: Article, judgement: Judgement
    ) -> Disposition:
        """Keep an article. A twin (AMP, another section's address) of one that is held is a
        duplicate; only the page an article came from can revise it."""
        if row.article_id is None and articles.held(session, article.id):
            return Disposition.DUPLICATE
        judgement = corrections.apply(session, article, judgement)
        if not articles.store(session, article, judgement, self.clock()):
            return Disposition.UNCHANGED
        if judgement.mentions:
            pictures.add(session, article)
        return Disposition.INDEXED


@contextmanager
def open_pipeline(home: Home, config: Config, clock: Clock) -> Iterator[Pipeline]:
    """Open every room for one home; only one process at a time may hold it.

    Raises ConfigError where the mails' way out lacks its secret, StateError where the home
    cannot be used or another process holds it.
    """
    reading = config.settings.reading
    way_out = transport(config.settings.mail, home.mail, os.environ)
    ways_out = _ways_out(config, clock)
    with home.sole_worker():
        state = open_state(home.database_url(config))
        with state.sole_worker():
            with state.write() as session:
                pages.free_claims(session)
                outbox.free_claims(session)
                config = subscriptions.joined(session, config)
            index = open_index(config.settings.search, home.index, synonyms=config.synonyms)
            pool = WorkerPool(
                workers=reading.workers,
                timeout=reading.seconds_per_page,
                memory_mb=reading.memory_mb,
                warm=partial(warm, reading.threshold, config.candidates),
            )
            with pool:
                try:
                    yield Pipeline(
                        home=home,
                        config=config,
                        clock=clock,
                        state=state,
                        archive=Archive(home.archive),
                        indexing=Indexing(state, index, config, clock, region_name),
                        pool=pool,
                        way_out=way_out,
                        ways_out=ways_out,
                    )
                finally:
                    index.close()
                    state.close()


def _ways_out(config: Config, clock: Clock) -> dict[str, Transport]:
    return {
        way.id: open_way(way, os.environ, clock)
        for way in config.ways.values()
        if way.kind != "feed"
    }


def _fixed(config: Config) -> dict[str, object]:
    """What is taken up only at a start, by the name it has in the configuration."""
    settings = config.settings
    reading = settings.reading
    return {
        "database": settings.database,
        "search": settings.search,
        "synonyms": config.synonyms,
        "service": settings.service.tick,
        "reading": (reading.workers, reading.seconds_per_page, reading.memory_mb),
    }


def _bare(reason: str) -> str:
    """The reason without the disposition it is shown behind."""
    return reason.removeprefix(f"{Disposition.FAILED}: ")
