"""What an operator does before the first crawl: make a home, mend it, try a source."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pantau.home import Home
from tests.endtoend import paper as texts
from tests.endtoend.conftest import pages, pantau
from tests.endtoend.paper import Paper, make_home

ROOT = Path(__file__).resolve().parents[2]
GOOD = """[[source]]
id = "kabar"
name = "Kabar"
every = "15m"
ways = [{ kind = "feed", url = "https://kabar.example/feed" }]
"""
UNREADABLE = {
    "no TOML": ("settings.toml", "[crawl]\nmax_body = \n", "settings.toml:2: this is not TOML"),
    "unknown key": (
        "settings.toml",
        "[crawl]\ncontact = 'a'\nmax_boddy = 3\n",
        'settings.toml:3: "crawl.max_boddy" is not a known key. Did you mean "max_body"?',
    ),
    "bad value": (
        "settings.toml",
        "[alerts]\nalert_horizon = '2 weeks'\n",
        "settings.toml:2: alerts.alert_horizon: a duration is written",
    ),
    "not UTF-8": ("settings.toml", b"# a\n# b\xff\n", "settings.toml:2: this is not UTF-8"),
    "no rhythm": (
        "sources/kabar.toml",
        GOOD.replace('every = "15m"\n', ""),
        "give its rhythm once",
    ),
    "no way in": (
        "sources/kabar.toml",
        GOOD.replace("ways", "# ways"),
        'sources/kabar.toml:1: "source.ways" is missing',
    ),
    "twice": ("sources/kabar.toml", GOOD + GOOD, 'the id "kabar" is used twice'),
    "no recipient": (
        "subscriptions.toml",
        "[[subscription]]\nid = 'a'\nname = 'A'\nrecipients = ['Nama <a@b.example>']\n",
        "subscriptions.toml:4: subscription.recipients: a mail address is written bare",
    ),
}


def snapshot(folder: Path) -> dict[str, str]:
    """Every file below a folder with the hash of its bytes."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("command", ["crawl", "run", "status", "sources check-config", "check"])
@pytest.mark.parametrize("mistake", UNREADABLE)
def test_a_mistake_in_the_configuration_is_told_and_nothing_is_made(
    tmp_path: Path, mistake: str, command: str
) -> None:
    name, content, message = UNREADABLE[mistake]
    home = make_home(tmp_path / "var", [])
    path = home.root / "config" / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    before = snapshot(home.root)

    done = pantau(home, *command.split())

    assert done.code == 2
    assert message in done.err
    assert "Traceback" not in done.out + done.err
    assert snapshot(home.root) == before


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    home = make_home(tmp_path / "var", [])
    for name in ("settings.toml", "sources/papers.toml"):
        (home.root / "config" / name).write_text("salah = 1\n", encoding="utf-8")
    done = pantau(home, "sources", "check-config")
    assert done.code == 2
    assert "settings.toml:1" in done.err
    assert "papers.toml:1" in done.err


def test_init_makes_a_configuration_that_is_without_mistake_and_overwrites_none(
    tmp_path: Path,
) -> None:
    home = Home(tmp_path / "var")
    assert pantau(home, "init").code == 0
    made = snapshot(home.root)
    assert {"config/settings.toml", "config/subscriptions.toml"} <= set(made)
    checked = pantau(home, "sources", "check-config")
    assert checked.code == 0
    assert "no mistake" in checked.out
    again = pantau(home, "init")
    assert again.code == 3
    assert "there is a configuration already" in again.err
    assert snapshot(home.root) == made


def test_a_region_that_there_is_not_is_told_with_its_line(tmp_path: Path) -> None:
    home = make_home(tmp_path / "var", [])
    path = home.root / "config" / "subscriptions.toml"
    path.write_text(
        '[[subscription]]\nid = "a"\nname = "A"\nrecipients = ["a@b.example"]\n'
        'regions = ["32.99"]\n'
    )
    checked = pantau(home, "sources", "check-config")
    assert checked.code == 2
    assert 'subscriptions.toml:5: there is no region "32.99"' in checked.err


def test_sources_list_shows_each(tmp_path: Path, open_paper: Callable[[str], Paper]) -> None:
    home = make_home(tmp_path / "var", [open_paper("kabar-tirta"), open_paper("suara-nusa")])
    path = home.config / "sources" / "papers.toml"
    told = path.read_text("utf-8").replace("[[source]]", '[[source]]\nnetwork = "tirta"', 1)
    path.write_text(told + "unverified = true\n", "utf-8")
    done = pantau(home, "sources", "list")
    assert done.code == 0
    one, other = (line for line in done.out.splitlines() if "kabar-tirta" in line or "nusa" in line)
    assert re.search(r"kabar-tirta .* tirta .* enabled ", one)
    assert re.search(r"suara-nusa .* unverified ", other)


def test_an_unknown_source_is_a_mistake_with_the_nearest_name(
    tmp_path: Path, open_paper: Callable[[str], Paper]
) -> None:
    home = make_home(tmp_path / "var", [open_paper("kabar-tirta")])
    for command in (["crawl", "kabar-tirto"], ["sources", "test", "kabar-tirto"]):
        done = pantau(home, *command)
        assert done.code == 2
        assert 'Did you mean "kabar-tirta"?' in done.err


@pytest.mark.slow
def test_a_source_is_tried_and_the_home_stays_as_it_is_byte_for_byte(
    tmp_path: Path, open_paper: Callable[[str], Paper]
) -> None:
    paper = open_paper("kabar-tirta")
    paper.publish("/berita/camat", texts.ACT_TITLE, texts.ACT)
    paper.publish("/olahraga/voli", texts.SPORT_TITLE, texts.SPORT)
    home = make_home(tmp_path / "var", [paper])
    before = snapshot(home.root)
    done = pantau(home, "sources", "test", "kabar-tirta")
    assert done.code == 0
    for title in (texts.ACT_TITLE, texts.SPORT_TITLE):
        assert title in done.out
    assert snapshot(home.root) == before


@pytest.mark.slow
def test_selectors_of_a_source_are_seen_when_it_is_tried(
    tmp_path: Path, open_paper: Callable[[str], Paper]
) -> None:
    paper = open_paper("kabar-tirta")
    paper.publish("/berita/camat", texts.ACT_TITLE, texts.ACT)
    selectors = {"title": "p:nth-of-type(2)", "text": "p:nth-of-type(1)"}
    allowed = {"allow_private": [paper.site.address]}
    home = make_home(tmp_path / "var", [], paper.source(selectors=selectors), crawl=allowed)
    done = pantau(home, "sources", "test", "kabar-tirta")
    assert done.code == 0
    assert "Warga yang hadir merekam" in done.out
    shown = re.search(r"│ +(\d+) +│", done.out)
    assert shown, done.out
    assert 100 < int(shown[1]) <= len(texts.ACT[0])


def test_a_saved_page_is_read_and_a_missing_one_told(tmp_path: Path) -> None:
    file = tmp_path / "halaman.html"
    file.write_bytes(texts.article(texts.ACT_TITLE, texts.ACT, None))
    home = Home(tmp_path / "var")
    where = "https://kabar.example/berita/camat"
    told = pantau(home, "extract", str(file), "--url", where, "--json").json
    assert told["url"] == where
    assert told["text"].split("\n\n") == list(texts.ACT)
    assert told["published"] is None
    missing = pantau(home, "extract", str(tmp_path / "tidak-ada.html"), "--json")
    assert missing.code == 2
    assert "tidak-ada.html: cannot be read" in missing.err
    assert not home.root.exists()


@pytest.mark.slow
def test_scrapy_lists_the_spiders_and_crawls_a_source(
    tmp_path: Path, open_paper: Callable[[str], Paper]
) -> None:
    paper = open_paper("kabar-tirta")
    paper.publish("/berita/camat", texts.ACT_TITLE, texts.ACT)
    home = make_home(tmp_path / "var", [paper])

    def scrapy(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "scrapy", *arguments],
            cwd=ROOT,
            env=os.environ | {"PANTAU_HOME": str(home.root)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    listed = scrapy("list")
    assert listed.returncode == 0, listed.stderr
    assert {"feed", "listing"} <= set(listed.stdout.split())
    crawled = scrapy("crawl", "feed", "-a", "source=kabar-tirta")
    assert crawled.returncode == 0, crawled.stderr
    row = pages(home)["/berita/camat"]
    assert (row.status, row.http_status) == ("fetched", 200)
