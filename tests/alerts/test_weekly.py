"""Once a week each subscriber hears what was read, also when nothing was found."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from sqlalchemy import select

from alerts.weekly import monday, tell_weekly
from pantau.config import Config
from pantau.state import State
from pantau.state.tables import OutboxRow, PageRow, RunRow, SourceRow
from tests.alerts import world
from tests.alerts.conftest import Told
from tests.alerts.test_news import text, work

NOW = world.NOW  # Wednesday, 16 October 2024, 09.00 in Jakarta
MONDAY = datetime.fromisoformat("2024-10-21T07:00+07:00")


@pytest.fixture(autouse=True)
def watched(state: State) -> None:
    with state.write() as session:
        session.add(RunRow(source_id="kabar-tirta", started_at=NOW))
        session.add(SourceRow(id="kabar-tirta", failures=0, ways={}, trouble=""))


def weekly(state: State, config: Config, now: datetime) -> list[EmailMessage]:
    tell_weekly(state, config, now, world.region_name)
    with state.read() as session:
        rows = session.scalars(select(OutboxRow.message).order_by(OutboxRow.id)).all()
    found: list[EmailMessage] = [message_from_bytes(row, policy=default) for row in rows]  # type: ignore[misc]
    return [mail for mail in found if mail["X-Pantau-Kind"] == "weekly"]


def page(state: State, at: datetime) -> None:
    with state.write() as session:
        row = PageRow(key=str(at), url="u", source_id="kabar-tirta", status="done", found_at=at)
        row.fetched_at = at
        session.add(row)


def test_it_comes_on_monday_at_the_hour_of_the_digest_and_once(
    state: State, config: Config
) -> None:
    numbers = []
    for hours in range(0, 24 * 20, 3):
        numbers.append(len(weekly(state, config, NOW + timedelta(hours=hours))))
    sent = [weekly(state, config, NOW)[place]["date"].datetime for place in range(numbers[-1])]
    assert [str(when.astimezone(MONDAY.tzinfo))[:16] for when in sent] == [
        "2024-10-21 09:00",
        "2024-10-28 09:00",
        "2024-11-04 09:00",
    ]


def test_nothing_is_told_of_a_week_in_which_nothing_was_watched_yet(
    state: State, config: Config
) -> None:
    assert weekly(state, config, NOW) == []


def test_a_week_without_a_case_says_what_was_read(state: State, config: Config) -> None:
    page(state, NOW)
    [one] = weekly(state, config, MONDAY)
    assert one["subject"] == "Mingguan: 0 kasus dikabarkan, 0 sumber tidak terbaca"
    assert "Tidak ada kasus baru dalam sumber yang terbaca." in text(one)
    assert "Halaman dibaca: 1;" in text(one)


def test_what_was_found_and_what_came_near_is_told(
    state: State, config: Config, tell: Told
) -> None:
    tell("a1", "Foto Dua Jari Camat Tirtawangi", world.mention())
    work(state, config)
    with state.write() as session:
        session.get_one(SourceRow, "kabar-tirta").trouble = "blocked"
    near = replace(
        config,
        settings=config.settings.model_copy(
            update={"reading": config.settings.reading.model_copy(update={"threshold": 0.3})}
        ),
    )
    tell("a2", "Camat Tirtawangi Hadiri Rapat", world.mention(), likely=False)
    [one] = weekly(state, near, MONDAY)
    assert one["subject"] == "Mingguan: 1 kasus dikabarkan, 1 sumber tidak terbaca"
    assert "menolak dibaca" in text(one)
    assert "Camat Tirtawangi Hadiri Rapat" in text(one)


@pytest.mark.parametrize(
    ("now", "begin"),
    [
        ("2024-10-21T06:59+07:00", "2024-10-14T07:00+07:00"),
        ("2024-10-21T07:00+07:00", "2024-10-21T07:00+07:00"),
        ("2024-10-27T23:59+07:00", "2024-10-21T07:00+07:00"),
    ],
)
def test_the_week_begins_on_monday(now: str, begin: str) -> None:
    told = monday(datetime.fromisoformat(now), world.subscription())
    assert told == datetime.fromisoformat(begin)
