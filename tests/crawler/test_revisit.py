"""An index is asked for in full only where that can bring something new."""

from __future__ import annotations

import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler

import pytest

from crawler import revisit
from crawler.politeness import HostBudgets
from pantau.state.tables import SourceRow
from tests.crawler.conftest import World, feed_way, listing_way, rss, source
from tests.servers import Answer, LocalServer
from tests.servers.local import Habit

MODIFIED = "Sun, 22 Nov 2026 02:00:00 GMT"


def validated(answer: Answer, **headers: str) -> Habit:
    """A server that keeps the rules: 304 to whoever has this answer already."""
    asked = {"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}

    def habit(handler: BaseHTTPRequestHandler) -> None:
        if any(handler.headers.get(asked[name]) == value for name, value in headers.items()):
            Answer(status=304)(handler)
        else:
            Answer(answer.body, answer.content_type, headers=headers)(handler)

    return habit


def feed_requests(site: LocalServer) -> list[dict[str, str]]:
    return [dict(seen.headers) for seen in site.seen if seen.path == "/feed"]


@pytest.fixture
def paper(site: LocalServer) -> LocalServer:
    site.on("/feed", rss(site, "/berita/satu-dua-tiga"))
    site.otherwise(Answer(b"<p>isi"))
    return site


@pytest.mark.parametrize("headers", [{"ETag": '"a1"'}, {"Last-Modified": MODIFIED}])
def test_a_feed_that_says_it_is_unchanged_is_believed(
    world: World, paper: LocalServer, headers: dict[str, str]
) -> None:
    feed = rss(paper, "/berita/satu-dua-tiga")
    paper.on("/feed", validated(feed, **headers))
    world.crawl(source(feed_way(paper)), paper)
    [outcome] = world.crawl(source(feed_way(paper), listing_way(paper)), paper)
    assert (outcome.outcome, outcome.found, outcome.gap) == ("unchanged", 0, False)
    first, second = feed_requests(paper)
    assert "If-None-Match" not in first
    assert second.get("If-None-Match", second.get("If-Modified-Since")) in headers.values()
    assert paper.asked("/") == 0  # its next way in is not needed


def test_bytes_that_are_the_same_are_not_read_again(
    world: World, paper: LocalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.crawl(source(feed_way(paper)), paper)
    monkeypatch.setattr("crawler.spiders.feed.read_feed", None)
    [outcome] = world.crawl(source(feed_way(paper)), paper)
    assert (outcome.outcome, outcome.reason) == ("unchanged", "")


def test_what_is_new_is_taken_though_the_validator_stays(world: World, paper: LocalServer) -> None:
    """Some servers send one ETag for ever, with whatever body."""
    lying = {"ETag": '"x"'}
    paper.on("/feed", Answer(rss(paper, "/berita/satu-dua-tiga").body, headers=lying))
    world.crawl(source(feed_way(paper)), paper)
    newer = rss(paper, "/berita/dua-tiga-empat", "/berita/satu-dua-tiga")
    paper.on("/feed", Answer(newer.body, headers=lying))
    [outcome] = world.crawl(source(feed_way(paper)), paper)
    assert (outcome.outcome, outcome.found) == ("ok", 1)


def test_a_server_that_says_unchanged_for_ever_is_asked_in_full_now_and_then(
    world: World, paper: LocalServer
) -> None:
    paper.on("/feed", validated(rss(paper, "/berita/satu-dua-tiga"), ETag='"x"'))
    world.crawl(source(feed_way(paper)), paper)
    newer = rss(paper, "/berita/dua-tiga-empat", "/berita/satu-dua-tiga")
    paper.on("/feed", validated(newer, ETag='"x"'))
    [lied_to] = world.crawl(source(feed_way(paper)), paper)
    assert lied_to.outcome == "unchanged"
    world.now += revisit.IN_FULL_AFTER + timedelta(minutes=1)
    [outcome] = world.crawl(source(feed_way(paper)), paper)
    assert (outcome.outcome, outcome.found) == ("ok", 1)


@pytest.mark.parametrize("bad", [Answer(status=500), Answer(b"<html>Beranda"), Answer(status=403)])
def test_a_304_after_a_failure_is_no_success(world: World, paper: LocalServer, bad: Answer) -> None:
    """It would say no more than that the failure is still the same: the next request is full."""
    paper.on("/feed", validated(rss(paper, "/berita/satu-dua-tiga"), ETag='"x"'))
    world.crawl(source(feed_way(paper)), paper)
    paper.on("/feed", Answer(bad.body, status=bad.status, headers={"ETag": '"x"'}))
    world.crawl(source(feed_way(paper)), paper)
    world.budgets = HostBudgets()
    paper.on("/feed", Answer(status=304))
    [outcome] = world.crawl(source(feed_way(paper)), paper)
    assert (outcome.outcome, outcome.reason) == ("failed", "http 304")
    assert "If-None-Match" not in feed_requests(paper)[-1]


def test_a_feed_that_was_not_taken_whole_is_not_remembered(
    world: World, paper: LocalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("rusak")

    monkeypatch.setattr("crawler.ledger.Ledger.note", broken)
    world.crawl(source(feed_way(paper)), paper)
    monkeypatch.undo()
    with world.state.read() as session:
        assert session.get_one(SourceRow, "kabar").ways == {}
    [outcome] = world.crawl(source(feed_way(paper)), paper)
    assert (outcome.outcome, outcome.found) == ("ok", 1)


def test_an_unchanged_listing_is_not_paged(world: World, site: LocalServer) -> None:
    site.on("/", '<a href="/berita/satu-dua-tiga">x</a><a rel="next" href="/hal/2">2</a>')
    site.otherwise(Answer(b"<p>isi"))
    world.crawl(source(listing_way(site)), site)
    site.seen.clear()
    [outcome] = world.crawl(source(listing_way(site)), site)
    assert (outcome.outcome, site.paths()) == ("unchanged", ["/"])


@pytest.mark.slow
def test_a_poll_that_brings_nothing_new_takes_at_most_twenty_milliseconds(
    world: World, paper: LocalServer
) -> None:
    """Of the processor, the server's part counted in: the best of three."""
    paper.on("/feed", validated(rss(paper, "/berita/satu-dua-tiga"), ETag='"a1"'))
    watched, polls, taken = source(feed_way(paper)), 20, []
    world.crawl(watched, paper)
    for _ in range(3):
        begun = time.process_time()
        for _ in range(polls):
            [outcome] = world.crawl(watched, paper)
            assert outcome.outcome == "unchanged"
        taken.append((time.process_time() - begun) / polls)
    assert min(taken) < 0.020
