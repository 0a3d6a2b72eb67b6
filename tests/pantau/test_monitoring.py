"""A monitoring system is told whether Pantau is at work, and how much has come of it."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from pantau.monitoring import STALE, Pulse, monitored
from pantau.state import State, house, open_state, outbox
from pantau.state.tables import PageRow

NOW = datetime(2024, 10, 16, 2, 0, tzinfo=UTC)
Ask = Callable[[str], tuple[int, str]]


class Clock:
    now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    opened = open_state(f"sqlite:///{tmp_path / 'state.sqlite'}")
    yield opened
    opened.close()


@pytest.fixture
def ask(state: State, clock: Clock) -> Iterator[Ask]:
    def get(path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    with monitored(state, Pulse(clock), "127.0.0.1", 0) as port:
        yield get


def test_it_is_well_as_long_as_work_is_taken_up(state: State, clock: Clock, ask: Ask) -> None:
    with state.write() as session:
        house.observe(session, {("source", "kabar-tirta"): "blocked"}, NOW)
    status, body = ask("/health")
    assert status == 200
    assert json.loads(body)["troubles"] == ["source kabar-tirta"]
    clock.now += STALE + timedelta(seconds=1)
    status, body = ask("/health")
    assert status == 503
    assert json.loads(body)["ok"] is False


def test_metrics_are_what_prometheus_reads(state: State, ask: Ask) -> None:
    with state.write() as session:
        session.add(
            PageRow(
                key="k", url="u", source_id="s", status="done", disposition="indexed", found_at=NOW
            )
        )
        outbox.queue(session, outbox.Mail("a@b.example", "<1@x>", b""), NOW)
        house.pause(session, "uji", NOW)
    status, body = ask("/metrics")
    assert status == 200
    read = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(body)
        for sample in family.samples
    }
    assert read["pantau_pages_total", "indexed"] == 1
    assert read["pantau_mails", "pending"] == 1
    assert read["pantau_waiting", "mails"] == 1
    assert read["pantau_paused",] == 1
    assert read["pantau_last_work_timestamp_seconds",] == NOW.timestamp()
    assert "a@b.example" not in body


def test_another_path_is_not_found(ask: Ask) -> None:
    assert ask("/")[0] == 404


def test_a_database_that_is_gone_is_not_well(tmp_path: Path, state: State, ask: Ask) -> None:
    state.close()
    for file in tmp_path.glob("state.sqlite*"):
        file.unlink()
    (tmp_path / "state.sqlite").write_bytes(b"not a database any more")
    assert ask("/health")[0] == 503
