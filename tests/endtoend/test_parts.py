"""An article cut into pages is one article: judged whole, counted once, and told part by part."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler import politeness
from pantau.demo.verify import read_mails
from pantau.home import Home
from tests.endtoend import paper as texts
from tests.endtoend.conftest import pages, pantau
from tests.endtoend.paper import Paper, article, make_home
from tests.servers import Answer
from tests.servers.habits import slow

pytestmark = pytest.mark.slow

LONG = "/berita/persiapan-hari-jadi-sukalindung"
TITLE = "Persiapan Hari Jadi Sukalindung Rampung"
BEFORE = (
    "GARUT – Panitia hari jadi Sukalindung menyatakan panggung, tenda, dan pengeras suara sudah "
    "siap dipakai pada akhir pekan ini.",
    "Pedagang makanan diberi tempat di sisi timur lapangan agar jalan desa tidak macet.",
)
SECOND, THIRD = LONG + "?page=2", LONG + "?page=3"


def publish(paper: Paper) -> str:
    """Two pages have nothing near the subject; the act stands between them, on the second."""
    now = datetime.now(UTC).replace(microsecond=0)
    paper.site.on(LONG, article(TITLE, BEFORE, now, parts=(SECOND, THIRD)))
    paper.site.on(SECOND, article(TITLE, texts.ACT, now, parts=(THIRD,)))
    paper.site.on(THIRD, article(TITLE, texts.SPORT, now))
    return paper.list(LONG, TITLE, now)


def test_an_act_on_the_second_page_is_found_and_mailed(
    tmp_path: Path, open_paper: Callable[[str], Paper], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(politeness, "FIRST_PAUSE", 0.0)
    paper = open_paper("kabar-tirta")
    url = publish(paper)
    paper.site.on(THIRD, Answer(b"hilang", status=404))
    home = make_home(tmp_path / "var", [paper])
    assert pantau(home, "crawl").code == 0

    assert {mail.recipient for mail in read_mails(home.mail)} == {
        "garut@bawaslu.example",
        "pusat@bawaslu.example",
    }
    counts = pantau(home, "status", "--json").json["sources"]["kabar-tirta"]
    assert (counts["articles"], counts["cases"]) == (1, 1)
    assert counts["pages"] == {"indexed": 1, "part of an article": 1, "failed": 1}
    told = pantau(home, "why", url, "--json").json
    assert (told["disposition"], told["judgement"]) == ("indexed", "likely_violation")
    assert told["reason"] == f"part missing: {paper.url(THIRD)} (http 404)"
    second, third = told["parts"]
    assert (second["part"], second["disposition"]) == (paper.url(SECOND), "part of an article")
    assert (home.archive / second["archived"][:2]).is_dir()
    assert (third["disposition"], third["reason"]) == ("failed", "http 404")
    of_part = pantau(home, "why", paper.url(SECOND), "--json").json
    assert of_part["article"] == told["article"]


def start(home: Home) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "pantau", "--home", str(home.root), "crawl"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


@pytest.mark.slow
@pytest.mark.parametrize("under_way", [LONG, SECOND, THIRD])
def test_killed_between_parts_no_article_is_lost_halved_or_doubled(
    tmp_path: Path, open_paper: Callable[[str], Paper], under_way: str
) -> None:
    paper = open_paper("kabar-tirta")
    publish(paper)
    answer = paper.site._answers[under_way]
    paper.site.on(under_way, slow(30, answer))
    home = make_home(tmp_path / "var", [paper])
    run = start(home)
    while not paper.site.asked(under_way):
        assert run.poll() is None
        time.sleep(0.05)
    time.sleep(1.5)  # long enough for the other parts to come, and for the reading to begin
    os.killpg(run.pid, signal.SIGKILL)
    run.wait()

    paper.site.on(under_way, answer)
    assert pantau(home, "crawl").code == 0
    rows = pages(home)
    assert {path: row.disposition for path, row in rows.items()} == {
        LONG: "indexed",
        SECOND: "part of an article",
        THIRD: "part of an article",
    }
    assert rows[LONG].reason == ""
    (hit,) = pantau(home, "search", "beras", "--json").json["hits"]
    assert hit["url"] == paper.url(LONG)
    status = pantau(home, "status", "--json").json["sources"]["kabar-tirta"]
    assert (status["articles"], status["cases"], status["mails"]) == (1, 1, 2)
