"""Days of watching many papers, in minutes: the real spiders, real sockets, a clock of our own.

What is promised is held to what the papers know they published: nothing lost but what is told,
nothing taken twice, little asked, every trouble told in time, and no growth.
"""

from __future__ import annotations

import gc
import os
import random
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from crawler import politeness
from crawler.archive import Archive
from crawler.politeness import HostBudgets
from crawler.robots import RobotsCache
from crawler.run import CrawlContext, crawl, run_in_reactor
from crawler.turns import Turns
from pantau.config.models import Crawl, Politeness, Source, WayIn
from pantau.service import resident_mb
from pantau.state import State, open_state, sources
from pantau.state.tables import PageRow, SourceEventRow
from tests.servers.farm import Farm, Fault, Paper, plan

BEGIN = datetime(2026, 11, 1, 22, 0, tzinfo=UTC)  # five in the morning in Jakarta
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LIVELY, REGULAR, IDLE = 48.0, 10.0, 1.0
SETTLED = 2 * HOUR
"""What was published so shortly before the end may still be under way."""
TOLD_WITHIN = {
    "blocked": 4 * HOUR, "failed": 6 * HOUR, "empty": 6 * HOUR, "moved": 3 * HOUR,
    "robots": DAY + 5 * HOUR,  # its rules are kept for a day
}  # fmt: skip
RECOVERED_WITHIN = dict.fromkeys(TOLD_WITHIN, 3 * HOUR) | {"robots": DAY + 3 * HOUR}


@dataclass
class World:
    """A clock that is set, and everything that goes by it."""

    state: State
    folder: Path
    end: datetime
    now: datetime = BEGIN
    papers: list[Paper] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)

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

    def sources(self) -> list[Source]:
        polite = Politeness(delay=timedelta(0), concurrency=2, timeout=timedelta(seconds=20))
        return [
            Source(
                id=paper.id,
                name=paper.id,
                every=10 * MINUTE,
                politeness=polite,
                ways=(
                    WayIn(kind="feed", url=f"{paper.root}/feed"),
                    WayIn(kind="listing", url=f"{paper.root}/indeks", max_pages=paper.lists),
                ),
            )
            for paper in self.papers
        ]

    async def live(self) -> None:
        """Poll what is due, minute by minute."""
        context, watched = self.context(), self.sources()
        while self.now < self.end:
            with self.state.read() as session:
                due = sources.due(session, watched, self.now)
            if due:
                await crawl(due, context=context)
            self.now += MINUTE
            if self.now.minute == 0:
                gc.collect()
                self.memory.append(resident_mb())

    def taken(self, paper: Paper) -> dict[str, datetime]:
        """When each of a paper's articles was found, by its path."""
        with self.state.read() as session:
            query = select(PageRow.url, PageRow.found_at, PageRow.status)
            rows = session.execute(query.where(PageRow.source_id == paper.id)).all()
        return {url.removeprefix(paper.root): at for url, at, status in rows if status == "fetched"}

    def events(self, paper: Paper) -> list[tuple[str, datetime]]:
        with self.state.read() as session:
            query = select(SourceEventRow.kind, SourceEventRow.at)
            rows = session.execute(
                query.where(SourceEventRow.source_id == paper.id).order_by(SourceEventRow.id)
            ).all()
        return [(kind, at) for kind, at in rows]


@contextmanager
def lived(folder: Path, *, days: int, number: int) -> Iterator[World]:
    """A world after its days, with papers of each pace, faults, bursts and a silence."""
    state = open_state(f"sqlite:///{folder / 'state.sqlite'}")
    world = World(state, folder, BEGIN + days * DAY)
    chance = random.Random(20261101)
    with Farm(lambda: world.now) as farm, pytest.MonkeyPatch.context() as patch:
        patch.setattr(politeness, "PATIENCE", 0.0)  # a paused host is left to a later run
        for n in range(number):
            per_day = LIVELY if n % 5 == 0 else REGULAR if n % 5 in (1, 2) else IDLE
            published = plan(chance, begin=BEGIN, end=world.end, per_day=per_day)
            paper = farm.open(f"p{n}-{per_day:.0f}", published, validates=n % 3 != 0)
            world.papers.append(paper)
        befall(world, chance)
        run_in_reactor(world.live)
        yield world
    state.close()


def befall(world: World, chance: random.Random) -> None:
    """Faults to a quarter of the papers, a burst to two, silence to one."""
    last = world.end - BEGIN
    kinds = list(TOLD_WITHIN)
    ordinary = [paper for paper in world.papers if not paper.id.endswith("-1")]
    for n, paper in enumerate(ordinary[: max(len(world.papers) // 4, 6)]):
        kind = kinds[n % len(kinds)]
        begin = BEGIN + chance.uniform(0.2, 0.3) * last
        paper.faults.append(Fault(kind, begin, begin + TOLD_WITHIN[kind] + 2 * HOUR))
    filled, lost, silent = ordinary[-1], ordinary[-2], ordinary[-3]
    noon = BEGIN + last / 2
    filled.published = sorted(filled.published + [noon + MINUTE / 10 * n for n in range(25)])
    lost.published = sorted(lost.published + [noon + MINUTE / 10 * n for n in range(60)])
    silent.published = [at for at in silent.published if at < BEGIN + last * 0.1]


def hold_to_its_promises(world: World) -> None:
    delays, faults = [], 0
    ordinary = [paper for paper in world.papers if not paper.id.endswith("-1")]
    filled, lost, silent = ordinary[-1], ordinary[-2], ordinary[-3]
    for paper in world.papers:
        taken, events = world.taken(paper), world.events(paper)
        closed = [fault.begin for fault in paper.faults if fault.kind == "robots"]
        expected = paper.number(min([world.end - SETTLED, *closed]))  # then nothing is allowed
        gaps = [at for kind, at in events if kind == "gap"]
        for number in range(expected):
            path = paper.path(number)
            if path in taken:
                continue
            told = [at for at in gaps if at > paper.published[number]]
            assert told, f"{path} of {paper.published[number]} is lost, and nobody was told"
            rolled_out = paper.number(told[0]) - number > paper.window
            assert rolled_out, f"{path} was still shown when the gap was told"
        assert set(paper.taken.values()) <= {1}, "an article was asked for twice"
        if paper.id.endswith(f"-{LIVELY:.0f}") and not paper.faults:
            delays += [taken[paper.path(n)] - paper.published[n] for n in range(5, expected)
                       if paper.path(n) in taken]  # fmt: skip
        if paper.id.endswith(f"-{IDLE:.0f}"):
            days = (world.end - BEGIN) / DAY
            assert len(paper.seen) / days < 50
        faults += len(paper.faults)
        for fault in paper.faults:
            told_at = [at for kind, at in events if kind == fault.kind]
            assert len(told_at) == 1, (paper.id, fault, events)
            assert told_at[0] - fault.begin <= TOLD_WITHIN[fault.kind]
            over = [at for kind, at in events if kind == "recovered"]
            if fault.end + RECOVERED_WITHIN[fault.kind] < world.end:
                assert over, (paper.id, fault, events)
                assert over[0] - fault.end <= RECOVERED_WITHIN[fault.kind]
        if not paper.faults and paper not in (lost, silent):
            assert events == [], (paper.id, events)
    assert faults >= 6
    assert statistics.median(delays) < 15 * MINUTE
    assert filled.number(world.end) == len(world.taken(filled))
    assert "gap" in dict(world.events(lost))
    assert [kind for kind, _ in world.events(silent)] == ["silent"]


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_two_days_of_forty_papers(tmp_path: Path) -> None:
    with lived(tmp_path, days=2, number=40) as world:
        hold_to_its_promises(world)


@pytest.mark.endurance
@pytest.mark.timeout(6 * 3600)
def test_thirty_days_of_three_hundred_and_sixty_papers(tmp_path: Path) -> None:
    days, number = int(os.environ.get("PANTAU_DAYS", "30")), 360
    with lived(tmp_path, days=days, number=number) as world:
        hold_to_its_promises(world)
        tenth = len(world.memory) // 10
        second = statistics.mean(world.memory[tenth : 2 * tenth])
        assert statistics.mean(world.memory[-tenth:]) <= second * 1.05
