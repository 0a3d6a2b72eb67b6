"""Sources that nobody has seen to work: tried gently, and watched from when they answer."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from pantau import service
from pantau.config import Settings, Source, WayIn
from pantau.coverage import coverage, left
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


def test_the_first_start_tells_what_is_tried_and_then_what_is_left_blind(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Once each; and again when further ones are added."""
    many = [doubtful(number).model_copy(update={"region": f"3{number}"}) for number in (2, 3)]

    async def polled(some: list[Source], **_: object) -> list[Any]:
        outcomes = {"kabar-2": "ok", "kabar-3": "failed", "kabar-4": "failed"}
        for one in some:
            with world.state.write() as session:
                sources.note_poll(session, one, outcomes[one.id], world.now)
        return [SimpleNamespace(outcome="", reason="")]

    monkeypatch.setattr(service, "crawl", polled)
    (world.folder / "config").mkdir()
    pipeline: Any = SimpleNamespace(
        clock=lambda: world.now,
        state=world.state,
        home=SimpleNamespace(config=world.folder / "config"),
        config=SimpleNamespace(settings=Settings(), sources={one.id: one for one in many}),
        crawl_context=lambda **_: None,
    )
    watching = service.Service(pipeline, pulse=SimpleNamespace())  # type: ignore[arg-type]

    async def hours(number: int) -> list[str]:
        caplog.clear()
        for _ in range(number):
            await watching.poll()
            await asyncio.gather(*watching.at_work)
            world.now += timedelta(hours=1)
        return [record.message for record in caplog.records if "provinces" in record.message]

    with caplog.at_level(logging.INFO, "pantau"):
        begun, ended = asyncio.run(hours(9))
        assert "2 sources were never seen to answer" in begun
        assert "in 0 of 38 provinces, in none of: Maluku Utara (index 100), Sulawesi" in begun
        assert ended.startswith("all were tried: sources are watched in 1 of 38 provinces")
        assert "Jawa Tengah" in ended
        assert "Jawa Barat" not in ended
        pipeline.config.sources["kabar-4"] = doubtful(4)
        assert len(asyncio.run(hours(9))) == 2
        assert asyncio.run(hours(3)) == []


def test_where_every_province_is_watched_none_is_named() -> None:
    everywhere = [
        doubtful(number).model_copy(update={"unverified": False, "region": one.code})
        for number, one in enumerate(coverage([]))
    ]
    assert left(coverage(everywhere)) == "sources are watched in 38 of 38 provinces"
