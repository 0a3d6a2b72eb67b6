"""What operators are told: a trouble when it begins, while it lasts, and when it is over."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import format_datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from alerts.operators import tell_operators
from crawler.clocks import Clocks
from pantau.config import Config, Settings
from pantau.config.models import Operators
from pantau.health import troubles_now
from pantau.home import Home
from pantau.records import Actor
from pantau.state import State, articles, house, outbox
from pantau.state import troubles as source_troubles
from pantau.state.house import Trouble
from pantau.state.tables import OutboxRow, PageRow, SourceRow
from tests.alerts import world
from tests.alerts.conftest import Told
from tests.alerts.test_news import work

NOW = world.NOW
BLOCKED: dict[Trouble, str] = {("source", "kabar-tirta"): "blocked"}
DISK: dict[Trouble, str] = {("disk", ""): "tersisa 12 MiB"}


@pytest.fixture
def watched(config: Config) -> Config:
    operators = Operators(recipients=("operator@bawaslu.example",))
    return replace(config, settings=Settings(operators=operators))


def mails(state: State) -> list[EmailMessage]:
    with state.read() as session:
        found = session.scalars(select(OutboxRow).order_by(OutboxRow.id)).all()
    return [message_from_bytes(row.message, policy=default) for row in found]  # type: ignore[misc]


def text(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def subjects(
    state: State, config: Config, days: Mapping[float, Mapping[Trouble, str]]
) -> list[str]:
    """The subjects of all mails, when on these days these troubles are seen."""
    for day, seen in days.items():
        tell_operators(state, config, seen, NOW + timedelta(days=day))
    return [mail["subject"] for mail in mails(state)]


def test_a_trouble_is_told_when_it_begins_and_when_it_ends(state: State, watched: Config) -> None:
    told = subjects(state, watched, {0: BLOCKED, 0.1: BLOCKED, 0.2: {}, 0.3: {}})
    assert told == [
        "Gangguan: sumber kabar-tirta tidak terbaca",
        "Pulih: sumber kabar-tirta tidak terbaca",
    ]
    assert "pantau sources test kabar-tirta" in text(mails(state)[0])


def test_what_lasts_is_told_again_at_growing_intervals(state: State, watched: Config) -> None:
    subjects(state, watched, {day / 2: BLOCKED for day in range(80)})
    days = [(mail["date"].datetime - NOW).days for mail in mails(state)]
    assert days == [0, 1, 4, 11, 25, 39]


def test_what_happens_together_is_one_mail(state: State, watched: Config) -> None:
    told = subjects(state, watched, {0: DISK, 1: {**BLOCKED, ("index", ""): "9 artikel menunggu"}})
    assert told == [
        "Gangguan: ruang cakram hampir habis",
        "Keadaan Pantau: 2 gangguan baru, 1 pulih",
    ]


def test_no_mail_about_success(state: State, watched: Config) -> None:
    assert subjects(state, watched, {day: {} for day in range(30)}) == []


def test_without_operators_troubles_are_noted_and_told_once_there_is_one(
    state: State, config: Config, watched: Config
) -> None:
    assert subjects(state, config, {0: BLOCKED}) == []
    with state.read() as session:
        assert [row.kind for row in house.open_troubles(session)] == ["source"]
    assert len(subjects(state, watched, {1: BLOCKED})) == 1


def test_a_gap_in_what_was_read_is_told_once(state: State, watched: Config) -> None:
    with state.write() as session:
        source_troubles.add(session, "kabar-tirta", source_troubles.GAP, "feed has rolled on", NOW)
    assert subjects(state, watched, {0: {}, 1: {}}) == ["Celah bacaan: sumber kabar-tirta"]


# --- what is seen


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def seen(state: State, home: Home, config: Config) -> dict[Trouble, str]:
    with state.read() as session:
        return troubles_now(session, home, config, NOW, world.region_name)


def test_all_is_well(state: State, home: Home, config: Config) -> None:
    assert seen(state, home, config) == {}


def test_sources_in_trouble_are_seen_as_long_as_they_are_enabled(
    state: State, home: Home, config: Config
) -> None:
    with state.write() as session:
        session.add(SourceRow(id="kabar-tirta", failures=3, ways={}, trouble="blocked"))
        session.add(SourceRow(id="gone", failures=3, ways={}, trouble="blocked"))
    assert seen(state, home, config) == BLOCKED
    with state.write() as session:
        session.get_one(SourceRow, "kabar-tirta").trouble = source_troubles.SILENT
    assert set(seen(state, home, config)) == {("silent", "kabar-tirta")}


def test_why_a_source_cannot_be_read_and_where_a_way_in_moved_is_told(
    state: State, home: Home, config: Config, watched: Config
) -> None:
    url = "https://tirta.example/feed"
    moved = {"outcome": "moved", "reason": "it has moved for good to https://tirta.example/rss"}
    with state.write() as session:
        row = SourceRow(id="kabar-tirta", failures=0, ways={}, trouble="blocked")
        row.closed_ways = {url: {**moved, "runs": 1, "told": True, "since": NOW.isoformat()}}
        session.add(row)
        source_troubles.add(session, "kabar-tirta", "blocked", "http 403", NOW)
    now = seen(state, home, config)
    assert now["source", "kabar-tirta"] == "blocked: http 403"
    assert now["way", "kabar-tirta"] == f"{url}: {moved['reason']}"
    subjects(state, watched, {0: {("way", "kabar-tirta"): now["way", "kabar-tirta"]}})
    [mail] = mails(state)
    assert "kabar-tirta tertutup atau pindah" in mail["subject"]
    assert "https://tirta.example/rss" in text(mail)


@pytest.mark.parametrize(("ahead", "told"), [(0, False), (170, False), (600, True), (-600, True)])
def test_a_wrong_clock_is_seen(
    state: State, home: Home, config: Config, ahead: int, told: bool
) -> None:
    clocks = Clocks()
    says = format_datetime(NOW - timedelta(seconds=ahead), usegmt=True).encode()
    for host in "abc":
        clocks.note(host, says, NOW)
    with state.read() as session:
        found = troubles_now(session, home, config, NOW, world.region_name, clocks=clocks)
    assert (("clock", "") in found) is told
    if told:
        assert "10 menit" in found["clock", ""]


def test_what_waits_too_long_is_seen(state: State, home: Home, config: Config, tell: Told) -> None:
    tell("a1", "Foto Dua Jari", world.mention(), first_seen=NOW - timedelta(hours=2))
    old = NOW - timedelta(hours=2)
    with state.write() as session:
        outbox.queue(session, outbox.Mail("a@b.example", "<1@x>", b""), old)
        outbox.queue(session, outbox.Mail("c@d.example", "<2@x>", b""), old)
        page = PageRow(key="k", url="u", source_id="s", status="fetched", found_at=old)
        page.fetched_at = old
        session.add(page)
        session.flush()
        outbox.gave_up(session, 2, "550 no such user")
    found = seen(state, home, config)
    assert set(found) == {("index", ""), ("mail", ""), ("queue", ""), ("recipient", "c@d.example")}
    assert "550 no such user" in found["recipient", "c@d.example"]
    with state.write() as session:
        articles.indexed(session, {"a1": 1})
    assert ("index", "") not in seen(state, home, config)


def test_a_region_that_nobody_covers_is_seen(
    state: State, home: Home, config: Config, tell: Told
) -> None:
    elsewhere = world.mention(region_code="33.74", actor=Actor(position="Camat Wanasari"))
    tell("a1", "Foto Dua Jari", elsewhere)
    work(state, config)
    with state.write() as session:
        articles.indexed(session, {"a1": 1})
    assert set(seen(state, home, config)) == {("region", "Kota Semarang (33.74)")}


def test_a_full_disk_is_seen(state: State, home: Home, config: Config) -> None:
    stat = os.statvfs(home.root)
    more_than_there_is = stat.f_blocks * stat.f_frsize // 2**20 + 1
    operators = Operators(min_free_mb=more_than_there_is)
    config = replace(config, settings=Settings(operators=operators))
    assert set(seen(state, home, config)) == {("disk", "")}


def test_a_pause_begins_and_ends_once(state: State) -> None:
    with state.write() as session:
        assert house.pause(session, "uji", NOW)
        assert not house.pause(session, "uji", NOW)
        assert house.resume(session, NOW)
        assert not house.resume(session, NOW)
        assert house.paused(session) is None
