"""``pantau run``: keeps watching until it is told to stop, alone in its home."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from pantau import service
from pantau.config import Subscription
from pantau.demo.verify import read_mails
from pantau.home import Home
from pantau.state import open_state, subscriptions
from pantau.state.accounts import NOBODY, Who
from pantau.state.tables import OutboxRow, PageRow, RunRow
from tests.endtoend import paper as texts
from tests.endtoend.conftest import pages, pantau
from tests.endtoend.paper import Paper, make_home, write_sources
from tests.servers.postbox import Postbox, serving_mail

STARTED_S = 180.0
SEEN_S = 30.0
STOPPED_S = 20.0


def run(home: Home, log: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "pantau", "--home", str(home.root), "run"]
    with log.open("wb") as out:
        return subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)


def wait_for_mail(home: Home, word: str, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not any(word in mail.text for mail in read_mails(home.mail)):
        assert time.monotonic() < deadline, f"no mail about {word}"
        time.sleep(0.2)


def subscribe(home: Home, recipient: str) -> None:
    """Save a subscription as the page does."""
    made = Subscription(id="kantor-baru", name="Kantor baru", recipients=(recipient,))
    state = open_state(home.database_url(home.load_config()))
    with state.write() as session:
        subscriptions.save(session, made, Who(NOBODY), datetime.now(UTC))
    state.close()


@pytest.mark.slow
def test_it_mails_what_is_new_refuses_company_and_stops_cleanly(
    tmp_path: Path, open_paper: Callable[[str], Paper]
) -> None:
    paper = open_paper("kabar-tirta")
    paper.publish("/berita/camat", texts.ACT_TITLE, texts.ACT)
    home = make_home(tmp_path / "var", [paper], service={"tick": "1s"})
    write_sources(home, [paper.source(every="2s")])
    log = tmp_path / "log"
    running = run(home, log)
    try:
        wait_for_mail(home, "Sukalindung", STARTED_S)

        refused = pantau(home, "crawl")
        assert refused.code == 3
        assert "another pantau is at work here" in refused.err

        paper.publish("/berita/lurah", texts.OTHER_ACT_TITLE, texts.OTHER_ACT)
        wait_for_mail(home, "Tirtasana", SEEN_S)

        # Stopped with its hands full: nothing may be left half done.
        many = [f"/berita/imbauan-{number}" for number in range(40)]
        for path in many:
            paper.publish(path, texts.APPEAL_TITLE, texts.APPEAL, age=timedelta(hours=1))
        deadline = time.monotonic() + SEEN_S
        while not any(paper.site.asked(path) for path in many):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        running.send_signal(signal.SIGTERM)
        assert running.wait(timeout=STOPPED_S) == 0, log.read_text()
    finally:
        running.kill()
        running.wait()
    told = log.read_text()
    assert "Traceback" not in told
    assert "stopping" in told
    nothing_half_done(home)

    assert pantau(home, "crawl").code == 0
    dispositions = [row.disposition for row in pages(home).values()]
    assert dispositions.count("indexed") == 2 + len(many)
    assert len(read_mails(home.mail)) == 3


@pytest.mark.slow
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
@pytest.mark.timeout(900)
def test_of_two_that_are_started_one_works_and_the_other_takes_over_within_a_minute(
    tmp_path: Path,
    open_paper: Callable[[str], Paper],
    request: pytest.FixtureRequest,
    database: str,
) -> None:
    """On SQLite both have one home; on PostgreSQL two machines have homes of their own, and one
    database. The first is killed with no warning; no mail comes twice."""
    paper = open_paper("kabar-tirta")
    paper.publish("/berita/camat", texts.ACT_TITLE, texts.ACT)
    with serving_mail(Postbox()) as server:
        homes = []
        for name in ("one", "other") if database == "postgresql" else ("one",):
            smtp = {"host": server.hostname, "port": server.port, "security": "none"}
            mail = {"sender": "pantau@bawaslu.example", "smtp": smtp}
            home = make_home(tmp_path / name, [paper], service={"tick": "1s"}, mail=mail)
            write_sources(home, [paper.source(every="2s")])
            homes.append(home)
        if database == "postgresql":
            url = f"database = {json.dumps(request.getfixturevalue('new_postgresql'))}\n"
            for home in homes:
                path = home.config / "settings.toml"
                path.write_text(url + path.read_text())
        logs = [tmp_path / "log-one", tmp_path / "log-other"]
        running = [run(homes[0], logs[0])]
        try:
            wait_for(lambda: len(server.handler.mails) == 2, STARTED_S)
            running.append(run(homes[-1], logs[1]))
            wait_for(lambda: "standing by" in logs[1].read_text(), STARTED_S)
            paper.publish("/berita/lurah", texts.OTHER_ACT_TITLE, texts.OTHER_ACT)
            running[0].kill()
            running[0].wait()
            killed = time.monotonic()
            wait_for(lambda: len(server.handler.mails) == 3, 60.0)
            assert time.monotonic() - killed < 60.0
            running[1].send_signal(signal.SIGTERM)
            assert running[1].wait(timeout=STOPPED_S) == 0, logs[1].read_text()
        finally:
            for process in running:
                process.kill()
                process.wait()
        told = Counter((mail.recipient, mail.message_id) for mail in server.handler.mails)
    assert len(told) == 3
    assert set(told.values()) == {1}
    assert "watching" not in logs[1].read_text().partition("standing by")[0]


@pytest.mark.slow
def test_a_changed_configuration_takes_effect_while_it_runs(
    tmp_path: Path, open_paper: Callable[[str], Paper]
) -> None:
    """A source that is added is read, who subscribed on the page is told; a mistake is told, and
    what was configured before holds."""
    one, other = open_paper("kabar-tirta"), open_paper("kabar-lain")
    one.publish("/berita/camat", texts.ACT_TITLE, texts.ACT)
    home = make_home(tmp_path / "var", [one, other], service={"tick": "1s"})
    write_sources(home, [one.source(every="2s")])
    log = tmp_path / "log"
    running = run(home, log)
    try:
        wait_for_mail(home, "Sukalindung", STARTED_S)
        subscribe(home, "kantor@baru.example")
        write_sources(home, [one.source(evry="2s")])
        wait_for(lambda: 'evry" is not a known key' in log.read_text())
        other.publish("/berita/lurah", texts.OTHER_ACT_TITLE, texts.OTHER_ACT)
        write_sources(home, [one.source(every="2s"), other.source(every="2s")])
        wait_for_mail(home, "Tirtasana", SEEN_S)
        wait_for(
            lambda: any(
                "Tirtasana" in mail.text and mail.recipient == "kantor@baru.example"
                for mail in read_mails(home.mail)
            )
        )
        write_sources(home, [other.source(every="2s")])
        wait_for(lambda: log.read_text().count("watching 1 sources") == 2)
        running.send_signal(signal.SIGTERM)
        assert running.wait(timeout=STOPPED_S) == 0, log.read_text()
    finally:
        running.kill()
        running.wait()
    assert "Traceback" not in log.read_text()
    assert log.read_text().count("the changed configuration has a mistake") == 1


@pytest.mark.slow
def test_grown_too_large_it_begins_itself_anew(
    tmp_path: Path, open_paper: Callable[[str], Paper], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "SETTLED", timedelta(seconds=1))
    monkeypatch.setattr(service, "resident_mb", lambda: 1600.0)
    begun: list[list[str]] = []
    monkeypatch.setattr(os, "execv", lambda _, command: begun.append(command))
    home = make_home(tmp_path / "var", [open_paper("kabar-tirta")], service={"tick": "1s"})
    assert pantau(home, "run").code == 0
    [command] = begun
    assert command == [sys.executable, *sys.orig_argv[1:]]
    with home.sole_worker():
        pass  # it let go of the home before


def test_what_the_process_holds_is_known() -> None:
    assert 20 < service.resident_mb() < 20_000


def wait_for(true: Callable[[], bool], seconds: float = SEEN_S) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def nothing_half_done(home: Home) -> None:
    state = open_state(home.database_url(home.load_config()))
    with state.read() as session:
        assert None not in session.scalars(select(RunRow.ended_at)).all()
        assert set(session.scalars(select(OutboxRow.status))) == {"sent"}
        for page in session.scalars(select(PageRow)):
            assert page.disposition or page.status in ("found", "fetched")
    state.close()
