"""Sources that nobody has seen to work: tried gently, and watched from when they answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from pantau.config import Source, WayIn
from pantau.state import sources, trials
from pantau.state.tables import SourceEventRow, SourceRow
from tests.crawler.conftest import World, feed_way, rss, source
from tests.servers import Answer, LocalServer

DAY = timedelta(days=1)


def doubtful(number: int) -> Source:
    way = WayIn(kind="feed", url=f"https://kabar-{number}.example/feed")
    return Source(
        id=f"kabar-{number}", name="K", every=timedelta(minutes=20), ways=(way,), unverified=True
    )


def row(world: World, source_id: str) -> SourceRow:
    with world.state.read() as session:
        return session.get_one(SourceRow, source_id)


def test_the_first_trials_are_spread_out(world: World) -> None:
    many = [doubtful(number) for number in range(240)]
    sure = many[0].model_copy(update={"unverified": False, "id": "pasti"})
    with world.state.write() as session:
        planned = trials.unplanned(session, [*many, sure])
        assert sure not in planned
        trials.plan(session, planned, world.now)
        assert trials.unplanned(session, many) == []
    begun: set[str] = set()
    for hour in range(7):
        with world.state.read() as session:
            now = world.now + timedelta(hours=hour)
            due = {one.id for one in sources.due(session, [*many, sure], now)}
        assert "pasti" in due
        assert hour == 0 or hour == 7 or 15 < len(due - begun) < 70
        begun |= due
    assert len(begun) == 241


def test_it_is_watched_from_when_it_answers_and_the_file_is_left_alone(
    world: World, site: LocalServer
) -> None:
    one = source(feed_way(site), unverified=True)
    with world.state.write() as session:
        trials.plan(session, [one], world.now)
    site.on("/feed", Answer(status=404))
    waits = []
    for _ in range(5):
        world.crawl(one, site)
        at = row(world, one.id).due_at
        assert at is not None
        waits.append(at - world.now)
        world.now = at
    assert waits == [DAY, 2 * DAY, 4 * DAY, 7 * DAY, 7 * DAY]
    with world.state.read() as session:
        assert session.scalars(select(SourceEventRow)).all() == []  # nobody is told
        assert trials.proven(session, [one]) == []
    site.on("/feed", rss(site, "/berita/satu-dua-tiga"))
    site.on("/berita/satu-dua-tiga", "<p>isi")
    world.crawl(one, site)
    assert row(world, one.id).due_at == world.now + timedelta(minutes=15)
    with world.state.read() as session:
        assert trials.proven(session, [one]) == [one]


@pytest.mark.parametrize("unverified", [True, False])
def test_what_has_answered_once_is_a_source_like_any_other(
    world: World, site: LocalServer, unverified: bool
) -> None:
    one = source(feed_way(site), unverified=unverified)
    site.on("/feed", rss(site, "/berita/satu-dua-tiga"))
    site.on("/berita/satu-dua-tiga", "<p>isi")
    world.crawl(one, site)
    site.on("/feed", Answer(status=403))
    for _ in range(2):
        world.now += DAY
        world.crawl(one, site)
    assert row(world, one.id).trouble == "blocked"
