"""What came to nothing loses the names in it, and the log keeps that it did."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from pantau.config import Config
from pantau.state import State, casework
from pantau.state.accounts import Who
from pantau.state.forgetting import TAKEN_OUT, forget_names
from pantau.state.people_tables import AuditRow
from pantau.state.tables import AlertRow, CaseRow, MentionRow, OutboxRow
from tests.alerts import conftest, world
from tests.alerts.test_news import work

config, state, tell = conftest.config, conftest.state, conftest.tell
NOW = world.NOW
LATER = NOW + timedelta(days=200)
NAME = "Bambang Sutikno"


@pytest.fixture(autouse=True)
def told(state: State, config: Config, tell: conftest.Told) -> None:
    act = world.mention(answer="Saya, Bambang Sutikno, tidak hadir.", denied=True)
    tell("a1", "Foto Dua Jari Camat Tirtawangi", act)
    work(state, config)
    with state.write() as session:
        session.scalars(select(OutboxRow)).one().status = "sent"


def answered(state: State, verb: str, **details: str) -> None:
    with state.write() as session:
        casework.note(session, 1, verb, Who("Bu Ratna"), NOW, **details)  # type: ignore[arg-type]


def kept(state: State) -> str:
    """All that the rows of the case say, as one text."""
    with state.read() as session:
        case = session.scalars(select(CaseRow)).one()
        mention = session.scalars(select(MentionRow)).one()
        alert = session.scalars(select(AlertRow)).one()
        mail = session.scalars(select(OutboxRow)).one()
    return f"{case.record} {mention.record} {alert.told} {mail.message.decode()}"


def forget(state: State) -> None:
    with state.write() as session:
        while forget_names(session, LATER - timedelta(days=180), LATER, 1):
            pass


def test_a_case_that_was_none_loses_its_names(state: State) -> None:
    answered(state, "not_one")
    assert NAME in kept(state)
    forget(state)
    assert NAME not in kept(state)
    assert f"Camat Tirtawangi, {TAKEN_OUT}, berpose" in kept(state)
    with state.read() as session:
        assert session.scalars(select(AuditRow.subject)).all() == ["kasus:1"]


def test_a_dismissed_case_loses_its_names(
    state: State, config: Config, tell: conftest.Told
) -> None:
    with state.write() as session:
        row = session.scalars(select(CaseRow)).one()
        row.record = {**row.record, "stage": "dismissed"}
    forget(state)
    assert NAME not in kept(state)


@pytest.mark.parametrize("verb", ["take", "known_already"])
def test_a_case_that_is_dealt_with_keeps_them(state: State, verb: str) -> None:
    answered(state, verb)
    forget(state)
    assert NAME in kept(state)


def test_a_case_that_was_opened_again_keeps_them(state: State) -> None:
    answered(state, "not_one")
    answered(state, "reopen", note="Ada saksi baru.")
    forget(state)
    assert NAME in kept(state)


def test_a_case_that_was_opened_again_and_was_none_after_all_loses_them(state: State) -> None:
    answered(state, "not_one")
    answered(state, "reopen", note="Ada saksi baru.")
    forget(state)
    answered(state, "not_one")
    forget(state)
    assert NAME not in kept(state)


def test_a_case_that_was_none_a_short_while_ago_keeps_them(state: State) -> None:
    answered(state, "not_one")
    with state.write() as session:
        forget_names(session, NOW - timedelta(days=1), NOW, 10)
    assert NAME in kept(state)
