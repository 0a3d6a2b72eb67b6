"""A world in which papers live through days while they are watched: the real spiders and real
sockets, what was fetched extracted and recorded as the service does, a clock of our own."""

from __future__ import annotations

import gc
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import select

from crawler import politeness
from crawler.archive import Archive
from crawler.politeness import HostBudgets
from crawler.robots import RobotsCache
from crawler.run import CrawlContext, crawl, run_in_reactor
from crawler.turns import Turns
from extract.page import FeedHint, extract_page
from extract.page.pool import WorkerPool
from pantau.config.load import Config
from pantau.config.models import Crawl, Politeness, Settings, Source, WayIn
from pantau.home import Home
from pantau.indexing import Indexing
from pantau.pipeline import Pipeline
from pantau.reading import Reading, ReadingTask
from pantau.records import Judgement, NoArticle
from pantau.service import resident_mb
from pantau.state import State, lately, open_state, pages, sources
from pantau.state.tables import ArticleRow, PageRow, RevisionRow, SourceEventRow
from tests.servers.farm import Farm, Fault, Kind, Paper, plan

BEGIN = datetime(2026, 11, 1, 22, 0, tzinfo=UTC)  # five in the morning in Jakarta
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LIVELY, REGULAR, IDLE = 48.0, 10.0, 1.0
"""Articles a day."""
MIXED = (LIVELY, REGULAR, REGULAR, IDLE, IDLE)
MOSTLY_IDLE = (LIVELY, REGULAR, REGULAR, REGULAR, *(IDLE,) * 26)
"""The paces of papers, in turn."""
TOLD_WITHIN = {
    "blocked": 4 * HOUR, "failed": 6 * HOUR, "down": 6 * HOUR, "empty": 6 * HOUR,
    "moved": 3 * HOUR, "relocated": 3 * HOUR, "gone": 3 * HOUR,
    "robots": 4 * HOUR,
}  # fmt: skip
RARELY = {"robots": 9 * HOUR, "relocated": 4.5 * HOUR, "gone": 4.5 * HOUR}
"""The same of papers that are hardly ever asked: of four requests one is for robots.txt, and that
a way in is closed is told when two polls in a row have found it so."""
SPOILS = ("layout changed", "hijacked")
"""Faults of the articles: told when so many of them were read, and their next hour but one."""
_KINDS: tuple[Kind, ...] = ("feed", "news", "sitemap", "wordpress", "feed", "feed", "feed", "feed")
_INDEXES = {
    "feed": "/feed", "news": "/news-sitemap.xml", "sitemap": "/sitemap_index.xml", "wordpress": "/",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Held:
    """An article as it is held."""

    first_seen: datetime
    revision: int
    title: str


@dataclass
class World:
    """A clock that is set, and everything that goes by it."""

    state: State
    folder: Path
    end: datetime
    now: datetime = BEGIN
    papers: list[Paper] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    """Megabytes resident, hour by hour."""
    each_day: Callable[[World], None] = lambda _: None
    """Called when a day is over."""

    def seconds(self) -> float:
        return (self.now - BEGIN).total_seconds()

    def context(self) -> CrawlContext:
        return CrawlContext(
            state=self.state,
            archive=Archive(self.folder / "archive"),
            settings=Crawl(
                allow_private=tuple(paper.address for paper in self.papers),
                max_run=timedelta(days=3650),  # the event loop's clock is not ours
            ),
            clock=lambda: self.now,
            budgets=HostBudgets(self.seconds),
            robots=RobotsCache(self.seconds),
            turns=Turns(),
        )

    def reader(self, watched: Iterable[Source]) -> Pipeline:
        """The service's own step from a page to an article, the language work left out."""
        return Pipeline(
            home=Home(self.folder),
            config=Config(self.folder, Settings(), {s.id: s for s in watched}, {}),
            clock=lambda: self.now,
            state=self.state,
            archive=Archive(self.folder / "archive"),
            indexing=cast(Indexing, None),
            pool=cast(WorkerPool, _Extractor()),
            way_out=cast(Any, None),
            ways_out={},
        )

    def sources(self) -> list[Source]:
        # The event loop's clock is not ours: nobody is to wait, and nobody to lose patience.
        polite = Politeness(delay=timedelta(0), concurrency=2, timeout=timedelta(minutes=10))
        return [
            Source(
                id=paper.id,
                name=paper.id,
                every=10 * MINUTE,
                politeness=polite,
                ways=(
                    WayIn(
                        kind="sitemap" if paper.kind == "news" else paper.kind,
                        url=paper.root + _INDEXES[paper.kind],
                    ),
                    WayIn(kind="listing", url=f"{paper.root}/indeks"),
                ),
            )
            for paper in self.papers
        ]

    async def live(self) -> None:
        """Poll what is due, minute by minute, and read what came."""
        context, watched = self.context(), self.sources()
        reader = self.reader(watched)
        gc.collect()
        gc.freeze()  # what is there before is looked through no more
        while self.now < self.end:
            with self.state.read() as session:
                due = sources.due(session, watched, self.now)
            if due and any(outcome.fetched for outcome in await crawl(due, context=context)):
                reader.read()
            self.now += MINUTE
            if self.now.minute == 0:
                gc.collect()
                self.memory.append(resident_mb())
            if (self.now - BEGIN) % DAY == timedelta(0):
                self.each_day(self)
        gc.unfreeze()

    def taken(self, paper: Paper) -> set[int]:
        """Which of a paper's articles were fetched and read, by their numbers."""
        with self.state.read() as session:
            query = select(PageRow.url).where(PageRow.source_id == paper.id)
            urls = session.scalars(query.where(PageRow.disposition.in_(pages.READ)))
            return {paper.number_of(url) for url in urls}

    def held(self, paper: Paper) -> dict[int, Held]:
        """A paper's articles, by their numbers; each number but once, or it is an error."""
        with self.state.read() as session:
            query = select(ArticleRow, RevisionRow.seen_at).join(
                RevisionRow,
                (RevisionRow.article_id == ArticleRow.id) & (RevisionRow.number == 1),
            )
            rows = session.execute(query.where(ArticleRow.source_id == paper.id)).all()
        held: dict[int, Held] = {}
        for row, at in rows:
            number = paper.number_of(row.url)
            assert number not in held, f"{row.url} is held under two addresses"
            held[number] = Held(at, row.revision, row.title)
        return held

    def events(self, paper: Paper) -> list[tuple[str, datetime]]:
        with self.state.read() as session:
            query = select(SourceEventRow.kind, SourceEventRow.at)
            rows = session.execute(
                query.where(SourceEventRow.source_id == paper.id).order_by(SourceEventRow.id)
            ).all()
        return [(kind, at) for kind, at in rows]


class _Extractor:
    """Stands in for the pool of workers: extraction in this process, and no judgement."""

    def map(self, _: Callable[..., Reading], tasks: Iterable[ReadingTask]) -> Iterator[Reading]:
        for task in tasks:
            body = Archive(task.archive).get(task.page.sha256)
            published = task.hint.get("published")
            hint = FeedHint(
                title=task.hint.get("title", ""),
                published=datetime.fromisoformat(published) if published else None,
                content="",
            )
            page = replace(task.page, body=body)
            result = extract_page(page, source_region=task.source_region, feed=hint)
            if isinstance(result, NoArticle):
                yield Reading(result=result)
            else:
                yield Reading(
                    result=result, judgement=Judgement(id=result.id, decision="none", score=0.0)
                )


@contextmanager
def lived(
    folder: Path,
    *,
    days: int,
    number: int,
    paces: Sequence[float],
    each_day: Callable[[World], None] = lambda _: None,
) -> Iterator[World]:
    """A world after its days, with papers of each pace and kind, faults, bursts and a silence."""
    state = open_state(f"sqlite:///{folder / 'state.sqlite'}")
    world = World(state, folder, BEGIN + days * DAY, each_day=each_day)
    chance = random.Random(20261101)
    with Farm(lambda: world.now) as farm, pytest.MonkeyPatch.context() as patch:
        patch.setattr(politeness, "PATIENCE", 0.0)  # a paused host is left to a later run
        for n in range(number):
            per_day = paces[n % len(paces)]
            published = plan(chance, begin=BEGIN, end=world.end, per_day=per_day)
            kind = _KINDS[n // len(paces) % len(_KINDS)]
            name = f"p{n}-{kind}-{per_day:.0f}"
            world.papers.append(farm.open(name, published, kind=kind, validates=n % 3 != 0))
        befall(world, chance)
        run_in_reactor(world.live)
        yield world
    state.close()


def marked(world: World) -> tuple[Paper, Paper, Paper]:
    """The papers of which one has a burst that its listing still shows, one a burst that nothing
    shows, and one falls silent."""
    filled, lost, silent = _ordinary(world, "feed")[:-4:-1]
    return filled, lost, silent


def _ordinary(world: World, kind: Kind) -> list[Paper]:
    return [p for p in world.papers if p.kind == kind and not p.id.endswith(f"-{IDLE:.0f}")]


def befall(world: World, chance: random.Random) -> None:
    """Bursts to two papers, silence to one, faults of every kind to a quarter of them, and edits
    to every ninth article of all. The last faults begin early enough to be seen ending."""
    last = world.end - BEGIN
    filled, lost, silent = marked(world)
    noon = BEGIN + last / 2
    filled.print(filled.published + [noon + MINUTE / 10 * n for n in range(25)])
    lost.print(lost.published + [noon + MINUTE / 10 * n for n in range(60)])
    silent.print([at for at in silent.published if at < BEGIN + last * 0.1])
    kinds = [*TOLD_WITHIN, *SPOILS]
    for n in range(max(len(world.papers) // 4, len(kinds))):
        kind = kinds[n % len(kinds)]
        paper = next(
            p
            for p in world.papers
            if not p.faults
            and p not in (filled, lost, silent)
            and _may_befall(kind, p, last=world.end - BEGIN)
        )
        begin = BEGIN + chance.uniform(0.2, max(0.3, 1 - 3 * DAY / last)) * last
        paper.faults.append(Fault(kind, begin, told_by(paper, kind, begin) + 2 * HOUR))
    for paper in world.papers:
        for number in range(4, len(paper.published), 9):
            after = chance.uniform(0.2, 6) * HOUR
            paper.edits[number] = paper.published[number] + after


def _may_befall(kind: str, paper: Paper, *, last: timedelta) -> bool:
    if kind in SPOILS:  # it must print enough for that to be seen, and to be seen ending
        pace = float(paper.id.rpartition("-")[2])
        enough = pace * (last / DAY) > 5 * lately.LOST_AFTER
        return enough and pace > IDLE and paper.kind in ("feed", "news")
    return paper.kind == "feed" or kind not in ("relocated", "gone", "empty")


def told_by(paper: Paper, kind: str, begin: datetime) -> datetime:
    """When operators must have heard of a fault."""
    if kind in SPOILS:
        first = paper.number(begin)
        return paper.published[first + lately.LOST_AFTER] + 2 * HOUR
    idle = paper.id.endswith(f"-{IDLE:.0f}")
    return begin + (RARELY if idle else TOLD_WITHIN).get(kind, TOLD_WITHIN[kind])
