"""When a source is due: read from its row and its rhythm, never from memory."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from pantau.config import Source, WayIn
from pantau.state import sources
from pantau.state.tables import PageRow, SourceRow
from tests.crawler.conftest import NOW, World

WAYS = (WayIn(kind="feed", url="https://kabar.example/feed"),)
HOUR = timedelta(hours=1)


def every(minutes: int, id: str = "kabar") -> Source:
    return Source(id=id, name="K", every=timedelta(minutes=minutes), ways=WAYS)


def cron(line: str, zone: str | None = None) -> Source:
    return Source(id="kabar", name="K", cron=line, zone=zone, ways=WAYS)


@pytest.mark.parametrize(
    ("source", "last", "due"),
    [
        (every(15), None, NOW),
        (every(15), NOW, NOW + timedelta(minutes=15)),
        (every(15), NOW - timedelta(minutes=5), NOW + timedelta(minutes=10)),
        (every(15), NOW - 30 * HOUR, NOW),  # missed polls are made up by one
        # 03:00 UTC is 10:00 in Jakarta, 12:00 in Jayapura
        (cron("0 12 * * *"), None, NOW + 2 * HOUR),
        (cron("0 12 * * *"), NOW, NOW + 2 * HOUR),
        (cron("0 13 * * *", "Asia/Jayapura"), NOW, NOW + HOUR),
        (cron("0 10 * * *"), NOW, NOW + 24 * HOUR),  # this one was just polled
        (cron("0 9 * * *"), NOW - 5 * HOUR, NOW),  # missed an hour ago
        (cron("*/15 6-22 * * *"), NOW.replace(hour=15, minute=45), NOW.replace(hour=23)),
    ],
)
def test_when_a_source_is_due(source: Source, last: datetime | None, due: datetime) -> None:
    now = NOW if last is None or last <= NOW else last
    assert sources.next_due(source, last, now) == due


def test_a_time_in_another_zone_is_the_same_time() -> None:
    jakarta = NOW.astimezone(ZoneInfo("Asia/Jakarta"))
    assert sources.next_due(cron("0 12 * * *"), jakarta, jakarta) == NOW + 2 * HOUR


def poll(world: World, source: Source, outcome: str = "ok") -> None:
    with world.state.write() as session:
        sources.note_poll(session, source, outcome, world.now)


def due(world: World, *several: Source) -> list[str]:
    with world.state.read() as session:
        return [source.id for source in sources.due(session, several, world.now)]


def test_a_polled_source_is_due_again_after_its_period(world: World) -> None:
    source = every(15)
    assert due(world, source) == ["kabar"]
    poll(world, source)
    assert due(world, source) == []
    world.now += timedelta(minutes=15)
    assert due(world, source) == ["kabar"]


def test_a_stream_is_listened_to_again_at_once_and_a_broken_one_after_a_while(
    world: World,
) -> None:
    way = WayIn(kind="bluesky", url="https://arus.example/subscribe", words=("netral",))
    stream = Source(id="arus", name="A", every=HOUR, ways=(way,))
    poll(world, stream)
    assert due(world, stream) == ["arus"]
    poll(world, stream, "failed")
    assert due(world, stream) == []
    world.now += HOUR
    assert due(world, stream) == ["arus"]


def test_the_longest_overdue_comes_first(world: World) -> None:
    slow, quick = every(60, "lambat"), every(15, "cepat")
    poll(world, slow)
    poll(world, quick)
    world.now += 2 * HOUR
    assert due(world, slow, quick) == ["cepat", "lambat"]


def test_a_shorter_rhythm_takes_effect_without_waiting_for_the_old_one(world: World) -> None:
    poll(world, every(24 * 60))
    world.now += 2 * HOUR
    assert due(world, every(24 * 60)) == []
    assert due(world, every(15)) == ["kabar"]


def test_the_row_tells_how_polls_went(world: World) -> None:
    source = every(15)
    for outcome in ("ok", "failed", "blocked"):
        poll(world, source, outcome)
        world.now += HOUR
    with world.state.read() as session:
        row = session.get_one(SourceRow, "kabar")
    assert row.first_polled_at == row.last_ok_at == NOW
    assert row.last_polled_at == NOW + 2 * HOUR
    assert row.failures == 2
    poll(world, source, "unchanged")
    with world.state.read() as session:
        assert session.get_one(SourceRow, "kabar").failures == 0


def test_a_run_that_never_ended_is_marked_by_the_next(world: World) -> None:
    with world.state.write() as session:
        sources.start_run(session, "kabar", world.now)
    with world.state.write() as session:
        second = sources.start_run(session, "kabar", world.now + HOUR)
        assert sources.past(session, "kabar").thorough
        sources.end_run(
            session, second, outcome="ok", reason="", found=1, fetched=1, now=world.now + HOUR
        )
        assert not sources.past(session, "kabar").thorough
    first, last = world.runs()
    assert (first.outcome, first.ended_at) == ("interrupted", world.now + HOUR)
    assert (last.outcome, last.found, last.fetched) == ("ok", 1, 1)


def test_a_cron_line_that_never_comes_true_is_an_error() -> None:
    with pytest.raises(ValueError, match="never comes true"):
        sources.next_due(cron("0 0 31 2 *"), None, datetime(2026, 1, 1, tzinfo=UTC))


def test_a_source_shows_old_articles_at_first_and_is_asked_at_its_own_pace_all_the_same(
    world: World,
) -> None:
    """Its quiet counts from when it is watched; over a day it is then asked less and less."""
    source, begin, polls = every(15), world.now, 0
    with world.state.write() as session:
        for number in range(8):
            row = PageRow(key=f"k{number}", url=f"u{number}", source_id=source.id, found_at=begin)
            row.hint = {"published": (begin - timedelta(days=2)).isoformat()}
            session.add(row)
    while world.now < begin + timedelta(days=1):
        poll(world, source)
        with world.state.read() as session:
            due_at = session.get_one(SourceRow, source.id).due_at
        assert due_at is not None
        if world.now < begin + HOUR:
            assert due_at == world.now + timedelta(minutes=15)
        world.now, polls = due_at, polls + 1
    assert polls < 50
