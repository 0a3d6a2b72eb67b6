"""Bad input among good: each page ends in its disposition, and its neighbours are not lost."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from unittest.mock import patch

import pytest

from crawler import politeness
from pantau.demo.verify import Mailed, read_mails
from pantau.home import Home
from pantau.state.tables import PageRow
from tests.endtoend import paper as texts
from tests.endtoend.conftest import Done, pages, pantau, serving
from tests.endtoend.paper import Paper, make_home
from tests.servers import Answer, habits

pytestmark = pytest.mark.slow

MB = 1024 * 1024
LINE = f"<p>{texts.ACT[0]}</p>"


def page(body: str) -> Answer:
    text = f"<html><head><title>{texts.ACT_TITLE}</title></head><body>{body}</body></html>"
    return Answer(text.encode())


BAD = {
    "/halaman/lima-puluh-mb": (habits.large(50 * MB), "failed", "too large"),
    "/halaman/bom-zip": (habits.bomb(200 * MB), "failed", "too large"),
    "/halaman/gzip-rusak": (habits.broken_gzip, None, "broken compression"),
    "/halaman/sarang-sepuluh-ribu": (
        page("<div>" * 10_000 + LINE + "</div>" * 10_000),
        "not an article",
        "no text of an article",
    ),
    "/halaman/kosong": (Answer(b""), "failed", "unreadable: empty page"),
    "/halaman/hilang": (Answer(b"hilang", status=404), "failed", "http 404"),
    "/halaman/galat": (Answer(b"galat", status=500), None, "http 500"),
    "/halaman/terlarang": (Answer(b"tidak boleh", status=403), "blocked", "http 403"),
    "/halaman/putus": (habits.truncated, None, "incomplete"),
    "/halaman/tutup": (habits.hang_up, None, "connection"),
    "/halaman/lama-sekali": (
        page(f"<table>{'<tr><td>camat</td></tr>' * 300_000}</table>" + LINE * 3),
        "failed",
        "timeout|memory",
    ),
    "/rahasia/robots": (page(LINE), "robots denied", "robots.txt"),
}
"""What a page answers, the disposition it ends in (None: it waits to be asked again) and why."""
GOOD = "/berita/camat", "/berita/lurah"
BROKEN_LETTERS = "/berita/huruf-rusak"


@dataclass(frozen=True)
class Crawled:
    home: Home
    done: Done
    pages: dict[str, PageRow]
    mails: list[Mailed]


def fill(good: Paper) -> None:
    good.site.on("/robots.txt", Answer(b"User-agent: *\nDisallow: /rahasia/", "text/plain"))
    good.publish(GOOD[0], texts.ACT_TITLE, texts.ACT)
    for path, (answer, _, _) in BAD.items():
        good.site.on(path, answer)
        good.list(path)
    appeal = texts.article(texts.APPEAL_TITLE, texts.APPEAL, None)
    good.site.on(BROKEN_LETTERS, appeal.replace(b"pilkada", b"pil\xffkada"))
    good.list(BROKEN_LETTERS, texts.APPEAL_TITLE)
    good.publish(GOOD[1], texts.OTHER_ACT_TITLE, texts.OTHER_ACT)


def refused_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    with serving("baik") as good, serving("tanpa-indeks") as lost, serving("galat") as broken:
        fill(good)
        broken.site.on("/feed", Answer(b"galat", status=500))
        down = f"127.0.0.1:{refused_port()}"
        others = [
            good.source(id="mati", ways=[{"kind": "feed", "url": f"http://{down}/feed"}]),
            good.source(
                id="tak-dikenal", ways=[{"kind": "feed", "url": "http://berita.invalid/feed"}]
            ),
            good.source(id="pribadi", ways=[{"kind": "feed", "url": "http://127.0.0.1:1/feed"}]),
        ]
        allowed = [paper.site.address for paper in (good, lost, broken)]
        home = make_home(
            tmp_path_factory.mktemp("bad") / "var",
            [good, lost, broken],
            *others,
            crawl={"allow_private": [*allowed, down]},
            reading={"workers": 2, "seconds_per_page": 4},
        )
        with patch.object(politeness, "FIRST_PAUSE", 0.0):  # the good site fails on purpose
            done = pantau(home, "crawl")
        yield Crawled(home, done, pages(home), read_mails(home.mail))


@pytest.mark.parametrize("path", BAD)
def test_a_bad_page_ends_with_its_reason(crawled: Crawled, path: str) -> None:
    _, disposition, reason = BAD[path]
    row = crawled.pages[path]
    assert row.disposition == disposition, row.reason
    assert re.match(reason, row.reason)
    if disposition is None:
        assert row.status == "found"
        assert row.retry_at is not None


def test_good_neighbours_are_indexed_and_mailed(crawled: Crawled) -> None:
    assert {crawled.pages[path].disposition for path in GOOD} == {"indexed"}
    told = [mail.recipient for mail in crawled.mails]
    assert sorted(told) == ["garut@bawaslu.example", *["pusat@bawaslu.example"] * 2]
    for title in ("Camat Sukalindung", "Lurah Tirtasana"):
        hits = pantau(crawled.home, "search", f'"{title}"', "--json").json
        assert hits["total"] == 1


def test_invalid_utf8_is_read_all_the_same(crawled: Crawled) -> None:
    assert crawled.pages[BROKEN_LETTERS].disposition == "indexed"


def test_every_address_is_accounted_for(crawled: Crawled) -> None:
    """Exactly one row for each, with its one disposition or the time it is asked again."""
    assert set(crawled.pages) == {*BAD, *GOOD, BROKEN_LETTERS}
    for path, row in crawled.pages.items():
        assert (row.disposition is not None) == (row.status == "done"), path
        assert row.disposition or row.retry_at, path


def test_sources_that_are_down_are_told_and_the_exit_code_says_in_part(crawled: Crawled) -> None:
    assert crawled.done.code == 4
    for source, outcome, reason in (
        ("mati", "failed", "connection refused"),
        ("tak-dikenal", "dns", "robots.txt unreachable"),
        ("pribadi", "failed", "private address"),
        ("tanpa-indeks", "failed", "http 404"),
        ("galat", "failed", "http 500"),
    ):
        (line,) = [one for one in crawled.done.out.splitlines() if f" {source} " in one]
        assert outcome in line
        assert reason in line
    assert "Traceback" not in crawled.done.out + crawled.done.err
