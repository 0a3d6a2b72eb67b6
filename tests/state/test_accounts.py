"""Accounts, their sessions and searches, and the log of logins."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pantau.state import State, accounts, audit, searches, sessions
from pantau.state.accounts import AccountError, Who

NOW = datetime(2024, 10, 16, 2, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def make(state: State, name: str = "ani", **more: str) -> int:
    with state.write() as session:
        return accounts.add(
            session,
            name=name,
            full_name="Ani",
            role="watcher",
            regions=["33.15"],
            password_hash="-",
            now=NOW,
            **more,
        ).id


def test_a_name_is_taken_once(state: State) -> None:
    make(state)
    with pytest.raises(AccountError, match="already"):
        make(state)


@pytest.mark.parametrize("name", ["", "A", "ani sari", "../x", "a" * 61])
def test_a_name_that_cannot_be_one_is_told(state: State, name: str) -> None:
    with pytest.raises(AccountError):
        make(state, name)


def test_a_session_lasts_its_time_and_no_longer_idle_than_allowed(state: State) -> None:
    account = make(state)
    with state.write() as session:
        opened = sessions.open_session(session, account, NOW, 10 * HOUR)
    with state.read() as session:
        found = sessions.find(session, opened.token, NOW + HOUR, 2 * HOUR)
        assert found is not None
        assert found[0].csrf_token == opened.csrf_token
        assert found[1].regions == ["33.15"]
        assert sessions.find(session, opened.token, NOW + 3 * HOUR, 2 * HOUR) is None
        assert sessions.find(session, "another", NOW, 2 * HOUR) is None
    with state.write() as session:
        sessions.touch(session, opened.token, NOW + 9 * HOUR)
    with state.read() as session:
        assert sessions.find(session, opened.token, NOW + 9.5 * HOUR, 2 * HOUR)
        assert sessions.find(session, opened.token, NOW + 10.5 * HOUR, 2 * HOUR) is None


def test_the_token_itself_is_not_kept(state: State, state_url: str) -> None:
    account = make(state)
    with state.write() as session:
        opened = sessions.open_session(session, account, NOW, HOUR)
    with state.read() as session:
        kept = str(session.connection().exec_driver_sql("SELECT * FROM sessions").all())
    assert opened.token not in kept


@pytest.mark.parametrize("how", ["disable", "password"])
def test_whoever_is_shut_out_is_logged_out(state: State, how: str) -> None:
    account = make(state)
    with state.write() as session:
        opened = sessions.open_session(session, account, NOW, HOUR)
    with state.write() as session:
        row = accounts.get(session, "ani")
        if how == "disable":
            accounts.disable(session, row, NOW)
        else:
            accounts.set_password(session, row, "other", NOW)
    with state.read() as session:
        assert sessions.find(session, opened.token, NOW, HOUR) is None
        assert accounts.any_works(session) is (how == "password")


def test_a_mail_address_names_an_account_where_it_is_the_only_one(state: State) -> None:
    make(state, email="ani@bawaslu.example")
    with state.read() as session:
        found = accounts.by_email(session, "ani@bawaslu.example")
        assert found is not None
        assert found.name == "ani"
        assert accounts.by_email(session, "") is None
    make(state, "budi", email="ani@bawaslu.example")
    with state.read() as session:
        assert accounts.by_email(session, "ani@bawaslu.example") is None


def test_a_search_is_its_owners_and_its_feed_has_its_own_token(state: State) -> None:
    ani, budi = Who("ani", make(state)), Who("budi", make(state, "budi"))
    with state.write() as session:
        saved = searches.save(session, ani, name="Camat", query="camat", now=NOW)
        searches.save(session, budi, name="Lurah", query="lurah", now=NOW)
    with state.write() as session:
        assert [row.name for row in searches.of(session, ani.account_id)] == ["Camat"]
        assert searches.get(session, saved.id, budi.account_id) is None
        found = searches.by_token(session, saved.token)
        assert found is not None
        assert found[0].query == "camat"
        searches.renew_token(found[0])
    with state.read() as session:
        assert searches.by_token(session, saved.token) is None


def test_a_disabled_owners_feed_is_over(state: State) -> None:
    ani = Who("ani", make(state))
    with state.write() as session:
        saved = searches.save(session, ani, name="Camat", query="camat", now=NOW)
        accounts.disable(session, accounts.get(session, "ani"), NOW)
    with state.read() as session:
        assert searches.by_token(session, saved.token) is None


def test_failed_logins_are_counted_by_name_and_by_address(state: State) -> None:
    with state.write() as session:
        for name, address in (("ani", "10.0.0.1"), ("ani", "10.0.0.2"), ("budi", "10.0.0.1")):
            audit.note(session, Who(name), "login_tried", now=NOW, subject=name, address=address)
        audit.note(session, Who("ani"), "login", now=NOW, subject="ani", address="10.0.0.2")
    before = NOW - HOUR
    with state.read() as session:
        assert audit.failures(session, before, subject="ani") == 1
        assert audit.failures(session, before, address="10.0.0.1") == 2
        assert audit.failures(session, before, subject="ani", address="10.0.0.2") == 0
        assert audit.failures(session, NOW, subject="ani") == 0
