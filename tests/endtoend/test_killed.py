"""Killed at each of the points between a feed and a mail: everything is told, nothing twice."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from pantau.demo.verify import read_mails
from pantau.home import Home
from pantau.state import open_state
from pantau.state.tables import MentionRow, OutboxRow, PageRow
from tests.endtoend import paper as texts
from tests.endtoend.conftest import pantau
from tests.endtoend.killed import POINTS
from tests.endtoend.paper import Paper, make_home


def killed_at(home: Home, point: str) -> None:
    """Run a crawl that dies at the point; where it does not get there, the test is none."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.endtoend.killed", point, "--home", str(home.root), "crawl"],
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()


def facts(home: Home) -> dict[str, object]:
    state = open_state(home.database_url(home.load_config()))
    with state.read() as session:
        told: dict[str, object] = {
            "pages": dict(session.execute(select(PageRow.url, PageRow.disposition)).all()),  # type: ignore[arg-type]
            "mentions": Counter(session.scalars(select(MentionRow.article_id))),
            "mails": Counter(session.execute(select(OutboxRow.recipient, OutboxRow.status)).all()),
            "files": Counter((mail.recipient, mail.subject) for mail in read_mails(home.mail)),
        }
    state.close()
    return told


@pytest.mark.slow
@pytest.mark.parametrize("point", POINTS)
def test_killed_once(tmp_path: Path, open_paper: Callable[[str], Paper], point: str) -> None:
    paper = open_paper("kabar-tirta")
    paper.publish("/berita/camat", texts.ACT_TITLE, texts.ACT)
    paper.publish("/berita/imbauan", texts.APPEAL_TITLE, texts.APPEAL)
    home = make_home(tmp_path / "var", [paper])

    killed_at(home, point)
    assert pantau(home, "crawl").code == 0

    told = facts(home)
    assert told["pages"] == {
        paper.url("/berita/camat"): "indexed",
        paper.url("/berita/imbauan"): "indexed",
    }
    assert told["mails"] == {
        ("pusat@bawaslu.example", "sent"): 1,
        ("garut@bawaslu.example", "sent"): 1,
    }
    assert sum(told["files"].values()) == 2  # type: ignore[attr-defined]
    found = pantau(home, "search", "camat", "--json")
    assert "camat" in found.out.lower()


@pytest.mark.endurance
@pytest.mark.parametrize("point", POINTS)
def test_killed_twenty_times(
    tmp_path: Path, open_paper: Callable[[str], Paper], point: str
) -> None:
    """Each time something new is published, so that each time there is something to die over."""
    paper = open_paper("kabar-tirta")
    home = make_home(tmp_path / "var", [paper])
    for number in range(20):
        place = "ABCDEFGHIJKLMNOPQRST"[number].lower()
        text = tuple(line.replace("Sukalindung", f"Suka{place}indung") for line in texts.ACT)
        title = texts.ACT_TITLE.replace("Sukalindung", f"Suka{place}indung")
        paper.publish(f"/berita/camat-{number}", title, text)
        killed_at(home, point)
    assert pantau(home, "crawl").code == 0
    told = facts(home)
    mails = Counter(recipient for recipient, _ in told["files"].elements())  # type: ignore[attr-defined]
    assert len(told["pages"]) == 20  # type: ignore[arg-type]
    assert mails["pusat@bawaslu.example"] == mails["garut@bawaslu.example"] > 0
    assert {status for _, status in told["mails"]} == {"sent"}  # type: ignore[attr-defined]
