"""Days of watching many papers, in minutes: the real spiders, real sockets, a clock of our own.

What is promised is held to what the papers know they published: nothing lost but what is told,
nothing taken twice, little asked, edits followed, every trouble told in time, and no growth.
The figures are printed: run with ``-s`` to see them.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from pantau.state import pages
from tests.crawler.living import (
    BEGIN,
    DAY,
    HOUR,
    IDLE,
    LIVELY,
    MINUTE,
    MIXED,
    MOSTLY_IDLE,
    SPOILS,
    Held,
    World,
    lived,
    marked,
    told_by,
)
from tests.servers import prints
from tests.servers.farm import MOVED, Fault, Paper

SETTLED = 2 * HOUR
"""What was published so shortly before the end may still be under way."""
IN_TIME = 2 * HOUR + 10 * MINUTE
"""A source is asked so often at least."""
ONE_WAY = ("relocated", "gone")
"""Faults that close one way of several."""
TOLD_AS = {"down": "failed", "relocated": "moved"}


def every_article_is_taken_or_its_gap_is_told(
    world: World, paper: Paper, held: dict[int, Held]
) -> None:
    taken, events = world.taken(paper) | held.keys(), world.events(paper)
    closed = [
        f.begin for f in paper.faults
        if f.kind == "robots" and f.end + recovered_within(f.kind) > world.end
    ]  # fmt: skip
    expected = paper.number(min([world.end - SETTLED, *closed]))  # then nothing is allowed
    gaps = [at for kind, at in events if kind == "gap"]
    for number in range(expected):
        at = paper.published[number]
        if at <= BEGIN - 2 * DAY:
            continue  # of its stock a sitemap shows, or is read for, some days only
        if number not in taken:
            told = next((when for when in gaps if when > at), None)
            assert told, f"{paper.id}: {number} of {at} is lost, and nobody was told"
            assert not paper.shows(number, told), f"{paper.id}: {number} was shown at the gap"
        elif not spoilt(paper, at):
            assert number in held, f"{paper.id}: {number} was taken, and is not held"


def spoilt(paper: Paper, published: datetime) -> bool:
    """Whether an article may have been fetched while its paper's articles were none."""
    return any(
        fault.kind in SPOILS and fault.begin - 2 * HOUR < published < fault.end
        for fault in paper.faults
    )


def nothing_is_asked_for_twice(paper: Paper, held: dict[int, Held], *, both_ways: bool) -> None:
    """But what was edited; and, where ``both_ways`` were read, what the feed names by the address
    from which it moved, and the listing by its own."""
    for number, times in enumerate(paper.taken):
        more = (number in paper.edits) + (both_ways and number % 6 == MOVED)
        assert times <= 1 + more, f"{paper.id}: {number} was asked for {times} times"
        if number in held and number not in paper.edits:
            assert held[number].revision == 1


def edits_are_followed(world: World, paper: Paper, held: dict[int, Held]) -> int:
    """An edit makes a revision once it may be asked for, while the index still shows it."""
    followed = 0
    for number, at in paper.edits.items():
        if number not in held or paper.published[number] < BEGIN or closes_a_way(paper):
            continue
        article = held[number]
        assert article.revision <= 2
        due = max(at, article.first_seen + pages.EDITED_AGAIN_AFTER) + IN_TIME
        for fault in paper.faults:  # asked for in vain, ever more rarely
            if fault.begin < due and at < fault.end:
                due = max(due, fault.end + recovered_within(fault.kind) + fault.lasts)
        if due < world.end and paper.shows_first(number, due):
            assert article.title.endswith(prints.EDITED), (paper.id, number, at, article)
            assert article.revision == (2 if at > article.first_seen else 1)
            followed += article.revision == 2
    return followed


def nothing_is_told_that_is_not_so(world: World, paper: Paper) -> None:
    """Of a paper no more than what befalls it, and that it is silent, when it is."""
    befell = {TOLD_AS.get(fault.kind, fault.kind) for fault in paper.faults}
    for kind, at in world.events(paper):
        if kind in {"recovered", *befell}:
            continue
        assert kind == "silent", (paper.id, kind, at)
        last = paper.number(at) - 1
        since = paper.published[last]
        week = [t for t in paper.published[: last + 1] if t > since - 7 * DAY]
        usual = max((later - earlier for earlier, later in pairwise(week)), default=DAY)
        assert at - since > max(DAY, 1.5 * usual - 2 * HOUR), (paper.id, at, since, usual)


def closes_a_way(paper: Paper) -> bool:
    """Whether a paper's first way in is closed for a time, and its articles are read otherwise."""
    return any(fault.kind in (*ONE_WAY, *SPOILS, "empty") for fault in paper.faults)


def recovered_within(kind: str) -> timedelta:
    if kind in SPOILS:
        return 2 * IN_TIME  # one poll brings the article that is one again, the next one tells
    return 9 * HOUR if kind == "robots" else 3 * HOUR


def faults_are_told_once_and_in_time(world: World, paper: Paper) -> list[tuple[Fault, timedelta]]:
    events, told = world.events(paper), []
    for fault in paper.faults:
        by = told_by(paper, fault.kind, fault.begin)
        kind = TOLD_AS.get(fault.kind, fault.kind)
        [at] = [at for what, at in events if what == kind]
        assert fault.begin < at <= by, (paper.id, fault, at)
        told.append((fault, at - fault.begin))
        ended = fault.end
        if fault.kind in SPOILS:  # an article tells it
            ended = paper.published[min(paper.number(ended), len(paper.published) - 1)]
        if ended + recovered_within(fault.kind) < world.end:
            what, over = events[events.index((kind, at)) + 1]
            assert what == "recovered", (paper.id, fault, events)
            assert over - ended <= recovered_within(fault.kind), (paper.id, fault, events)
    assert all({one, other} != {"recovered"} for (one, _), (other, _) in pairwise(events))
    return told


def hold_to_its_promises(world: World) -> None:
    filled, lost, silent = marked(world)
    delays: dict[str, list[timedelta]] = defaultdict(list)
    told: list[tuple[Fault, timedelta]] = []
    asked, edits, articles = [], 0, 0
    for paper in world.papers:
        held = world.held(paper)
        every_article_is_taken_or_its_gap_is_told(world, paper, held)
        # A news sitemap that was empty for days, and a sitemap newly begun, show nothing known.
        maps = paper.kind in ("news", "sitemap")
        both_ways = bool(paper.faults) or paper in (filled, lost) or maps
        nothing_is_asked_for_twice(paper, held, both_ways=both_ways)
        edits += edits_are_followed(world, paper, held)
        told += faults_are_told_once_and_in_time(world, paper)
        articles += len(held)
        if paper.id.endswith(f"-{LIVELY:.0f}") and not paper.faults:
            delays[paper.kind] += [
                article.first_seen - paper.published[number]
                for number, article in held.items()
                if paper.published[number] > BEGIN
            ]
        if paper.id.endswith(f"-{IDLE:.0f}") and not paper.faults:  # then it is asked anew sooner
            asked.append(paper.requests / ((world.end - BEGIN) / DAY))
        if paper not in (lost, silent):
            nothing_is_told_that_is_not_so(world, paper)
    tell(world, delays, told, asked, edits, articles)
    assert {fault.kind for fault, _ in told} >= {*SPOILS, *ONE_WAY, "blocked", "robots"}
    assert edits >= len(world.papers) / 4
    assert max(asked) < 50
    for kind, some in delays.items():
        assert statistics.median_high(some) < 15 * MINUTE, kind
    assert len(world.held(filled)) >= filled.number(world.end - SETTLED)
    assert "gap" in dict(world.events(lost))
    assert [kind for kind, _ in world.events(silent)] == ["silent"]


def tell(
    world: World,
    delays: dict[str, list[timedelta]],
    told: Iterable[tuple[Fault, timedelta]],
    asked: list[float],
    edits: int,
    articles: int,
) -> None:
    days = (world.end - BEGIN) / DAY
    say = sys.stdout.write
    say(f"\n{days:.0f} days, {len(world.papers)} papers: {articles} articles, {edits} edits held\n")
    for kind, some in {**delays, "all": [d for each in delays.values() for d in each]}.items():
        minutes = sorted(delay / MINUTE for delay in some)
        p90 = minutes[len(minutes) * 9 // 10]
        say(f"delay, {kind}: median {statistics.median(minutes):.1f} min, p90 {p90:.1f} min\n")
    say(f"requests a day, idle: median {statistics.median(asked):.1f}, most {max(asked):.1f}\n")
    by_kind = defaultdict(list)
    for fault, after in told:
        by_kind[fault.kind].append(after / HOUR)
    for kind, hours in by_kind.items():
        say(f"{kind}: {len(hours)} told, the last after {max(hours):.1f} h\n")
    second, last = memory_tenths(world)
    say(f"resident: second tenth {second:.1f} MB, last tenth {last:.1f} MB, {last / second:.3f}\n")


def tell_the_day(world: World) -> None:
    """How far it is, for those who wait."""
    days, asked = (world.now - BEGIN) / DAY, sum(paper.requests for paper in world.papers)
    taken = sum(times > 0 for paper in world.papers for times in paper.taken)
    sys.stdout.write(
        f"day {days:.0f}: {asked} requests, {taken} articles fetched, "
        f"{world.memory[-1]:.0f} MB, {time.process_time():.0f} CPU-seconds\n"
    )
    sys.stdout.flush()


def memory_tenths(world: World) -> tuple[float, float]:
    """Megabytes in the second tenth of the time and in the last."""
    tenth = len(world.memory) // 10
    return (
        statistics.mean(world.memory[tenth : 2 * tenth]),
        statistics.mean(world.memory[-tenth:]),
    )


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_two_days_of_forty_papers(tmp_path: Path) -> None:
    with lived(tmp_path, days=2, number=40, paces=MIXED) as world:
        hold_to_its_promises(world)


@pytest.mark.endurance
@pytest.mark.timeout(6 * 3600)
def test_thirty_days_of_three_hundred_and_sixty_papers(tmp_path: Path) -> None:
    """As most papers of a country's provinces are: nine in ten print about one article a day."""
    days = int(os.environ.get("PANTAU_DAYS", "30"))
    number = int(os.environ.get("PANTAU_PAPERS", "360"))
    with lived(
        tmp_path, days=days, number=number, paces=MOSTLY_IDLE, each_day=tell_the_day
    ) as world:
        hold_to_its_promises(world)
        second, last = memory_tenths(world)
        assert last <= second * 1.05
