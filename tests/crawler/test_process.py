"""The crawl as a process: Scrapy's own commands, SIGTERM, and SIGKILL at any moment."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import get_args

import pytest

from crawler.archive import Archive
from crawler.run import CrawlContext, crawl, run_in_reactor
from pantau.config import WayIn
from pantau.home import Home
from pantau.state import open_state
from pantau.state.tables import PageRow
from tests.crawler.conftest import World, rss
from tests.servers import Answer, LocalServer
from tests.servers.habits import slow

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
PAGES = 200


def make_home(folder: Path, site: LocalServer) -> Path:
    (folder / "config" / "sources").mkdir(parents=True)
    (folder / "config" / "settings.toml").write_text(
        f'[crawl]\nallow_private = ["{site.address}"]\n'
    )
    (folder / "config" / "sources" / "kabar.toml").write_text(
        f"""
[[source]]
id = "kabar"
name = "Kabar"
every = "15m"
politeness = {{ delay = "0s", concurrency = 4 }}
ways = [
  {{ kind = "feed", url = "{site.root}/feed" }},
  {{ kind = "listing", url = "{site.root}/" }},
]
"""
    )
    return folder


def scrapy(home: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "scrapy", *arguments],
        cwd=ROOT,
        env={**os.environ, "PANTAU_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def world_of(home: Path) -> World:
    return World(home, open_state(f"sqlite:///{home / 'state.sqlite'}"))


@pytest.fixture
def home(tmp_path: Path, site: LocalServer) -> Path:
    site.on("/feed", rss(site, *(f"/berita/nomor-{n}-ini" for n in range(PAGES))))
    site.on("/", '<a href="/berita/dari-daftar-ini">x</a>')
    site.otherwise(Answer(b"<p>isi"))
    return make_home(tmp_path, site)


def test_scrapy_lists_the_spiders_by_kind(tmp_path: Path) -> None:
    process = scrapy(tmp_path, "list")
    out, _ = process.communicate(timeout=60)
    kinds = get_args(WayIn.model_fields["kind"].annotation)
    assert (process.returncode, out.split()) == (0, sorted([*kinds, "pictures"]))


@pytest.mark.parametrize(("kind", "number"), [("feed", PAGES), ("listing", 1)])
def test_scrapy_crawls_one_source(home: Path, kind: str, number: int) -> None:
    process = scrapy(home, "crawl", kind, "-a", "source=kabar")
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0, out
    world = world_of(home)
    assert [page.status for page in world.pages().values()] == ["fetched"] * number
    [run] = world.runs()
    assert (run.outcome, run.found, run.fetched) == ("ok", number, number)


@pytest.mark.parametrize("wanted", ["source=kebar", ""])
def test_scrapy_says_what_is_wrong_with_the_command(home: Path, wanted: str) -> None:
    process = scrapy(home, "crawl", "feed", *(["-a", wanted] if wanted else []))
    out, _ = process.communicate(timeout=60)
    assert process.returncode != 0
    assert ('Did you mean "kabar"?' if wanted else "which source?") in out
    assert "Traceback" not in out


def test_sigterm_ends_a_crawl_cleanly_and_soon(home: Path, site: LocalServer) -> None:
    site.otherwise(slow(0.5, Answer(b"<p>isi")))
    process = scrapy(home, "crawl", "feed", "-a", "source=kabar")
    while not any(path.startswith("/berita") for path in site.paths()):
        assert process.poll() is None, process.communicate()[0]
        time.sleep(0.05)
    time.sleep(1)
    start = time.monotonic()
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)
    assert time.monotonic() - start < 20
    [run] = world_of(home).runs()
    assert run.outcome == "partly"
    assert 0 < run.fetched < PAGES


def crawl_once(home: Path) -> None:
    """What a process of its own does: one crawl of the home's sources."""
    here = Home(home)
    config = here.load_config()
    state = open_state(here.database_url(config))
    context = CrawlContext(
        state=state, archive=Archive(here.archive), settings=config.settings.crawl
    )
    run_in_reactor(lambda: crawl(list(config.sources.values()), context=context))


@pytest.mark.slow
def test_killed_at_any_moment_no_page_is_lost_or_fetched_in_vain(
    home: Path, site: LocalServer
) -> None:
    """After twenty kills and one whole run every page is there and every body readable."""
    site.otherwise(slow(0.02, Answer(b"<p>isi")))
    chance = random.Random(1)
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(["tests.crawler.test_process", "crawler.handler"])
    kept, kills_under_way = 0, 0
    for _ in range(20):
        process = processes.Process(target=crawl_once, args=(home,))
        process.start()
        asked = len(site.seen)
        while len(site.seen) == asked and process.is_alive():
            time.sleep(0.002)
        time.sleep(chance.uniform(0, 0.12))
        kills_under_way += process.is_alive()
        process.kill()
        process.join()
        before, kept = kept, sum(page.status == "fetched" for page in rows(home))
        assert kept >= before
    assert kills_under_way >= 5
    process = processes.Process(target=crawl_once, args=(home,))
    process.start()
    process.join(60)
    assert process.exitcode == 0
    world = world_of(home)
    assert len(world.pages()) == PAGES
    for page in world.pages().values():
        assert page.status == "fetched"
        assert world.archive.get(page.sha256) == b"<p>isi"
    assert world.runs()[-1].outcome in ("ok", "unchanged")
    in_vain = sum(path.startswith("/berita") for path in site.paths()) - PAGES
    assert in_vain <= 20 * 5  # those under way when it was killed


def rows(home: Path) -> list[PageRow]:
    return list(world_of(home).pages().values()) if (home / "state.sqlite").exists() else []
