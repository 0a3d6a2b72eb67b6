"""What offices enter about a case reaches whom it concerns: answers, another office."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from pantau.config import Config
from pantau.state import State, casework
from pantau.state.accounts import Who
from tests.alerts import world
from tests.alerts.conftest import Told
from tests.alerts.test_news import mails, subscribed, text, work

NOW = world.NOW


def enter(state: State, verb: str, at: datetime = NOW, **details: str) -> None:
    with state.write() as session:
        casework.note(session, 1, verb, Who("Bu Ratna"), at, **details)  # type: ignore[arg-type]


def test_an_answer_of_the_person_named_reaches_whoever_was_told(
    state: State, config: Config, tell: Told
) -> None:
    tell("a1", "Foto Dua Jari Camat Tirtawangi", world.mention())
    work(state, config)
    enter(state, "answer", note="Saya tidak hadir pada acara itu.")
    work(state, config, NOW + timedelta(minutes=1))
    work(state, config, NOW + timedelta(minutes=2))
    _, update = mails(state)
    assert "Hak jawab: “Saya tidak hadir pada acara itu.”" in text(update)


def test_an_answer_stands_first_for_who_hears_of_the_case_later(
    state: State, config: Config, tell: Told
) -> None:
    config = subscribed(config, rhythm="daily")
    tell("a1", "Foto Dua Jari Camat Tirtawangi", world.mention())
    work(state, config)
    enter(state, "answer", note="Saya tidak hadir pada acara itu.")
    late = world.subscription(id="late", name="Lain")
    config = replace(config, subscriptions={late.id: late})
    work(state, config, NOW + timedelta(minutes=1))
    [one] = mails(state)
    told = text(one)
    assert told.index("Saya tidak hadir") < told.index("KUTIPAN")


def test_a_case_that_is_handed_over_reaches_the_other_office(
    state: State, config: Config, tell: Told
) -> None:
    other = world.subscription(
        id="semarang", name="Bawaslu Kota Semarang", regions=("33.74",), recipients=("s@x.example",)
    )
    config = replace(config, subscriptions={**config.subscriptions, other.id: other})
    tell("a1", "Foto Dua Jari Camat Tirtawangi", world.mention())
    work(state, config)
    assert len(mails(state)) == 1
    enter(state, "transfer", office="Bawaslu Kota Semarang")
    for minutes in (1, 2):
        work(state, config, NOW + timedelta(minutes=minutes))
    assert [mail["to"] for mail in mails(state)] == ["penanganan@bawaslu.example", "s@x.example"]


def test_what_is_entered_while_mails_are_made_waits_for_the_next_time(
    state: State, config: Config, tell: Told
) -> None:
    tell("a1", "Foto Dua Jari Camat Tirtawangi", world.mention())
    work(state, config)
    enter(state, "answer", NOW + timedelta(seconds=30), note="Saya tidak hadir.")
    work(state, config, NOW + timedelta(seconds=20))
    assert len(mails(state)) == 1
    work(state, config, NOW + timedelta(seconds=40))
    assert len(mails(state)) == 2
