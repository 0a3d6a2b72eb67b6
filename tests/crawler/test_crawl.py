"""Runs of sources: ways in, paging, what is new, limits, and being called back."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta

import pytest

from crawler.politeness import HostBudgets
from crawler.robots import RobotsCache
from crawler.run import crawl, run_in_reactor
from pantau.config.models import Crawl, Politeness
from pantau.state import pages
from tests.crawler.conftest import World, feed_way, listing_way, rss, source
from tests.servers import Answer, LocalServer
from tests.servers.habits import in_turn, slow


def links(*paths: str, further: str = "") -> str:
    more = f'<a rel="next" href="{further}">berikutnya</a>' if further else ""
    return "".join(f'<a href="{path}">Judul {path}</a>' for path in paths) + more


def test_a_feed_brings_its_pages_with_what_it_said_of_them(world: World, site: LocalServer) -> None:
    site.on("/feed", rss(site, "/berita/satu-dua-tiga"))
    site.on("/berita/satu-dua-tiga", "<p>isi")
    [outcome] = world.crawl(source(feed_way(site)), site)
    assert (outcome.outcome, outcome.reason) == ("ok", "")
    page = world.pages()["/berita/satu-dua-tiga"]
    assert page.status == "fetched"
    assert page.hint == {"title": "Berita /berita/satu-dua-tiga"}
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.fetched_at == world.now
    assert world.archive.get(page.sha256) == b"<p>isi"


def test_every_request_says_who_asks_and_where_to_write(world: World, site: LocalServer) -> None:
    site.on("/feed", rss(site, "/berita/satu-dua-tiga"))
    world.crawl(source(feed_way(site)), site, contact="pantau@bawaslu.example")
    assert len(site.seen) == 3
    for seen in site.seen:
        assert seen.headers["User-Agent"].startswith("Pantau/0.1 (")
        assert seen.headers["User-Agent"].endswith(" pantau@bawaslu.example")
        assert seen.headers["From"] == "pantau@bawaslu.example"
        assert "Cookie" not in seen.headers


def test_cookies_are_not_kept(world: World, site: LocalServer) -> None:
    site.otherwise(Answer(b"<p>isi", headers={"Set-Cookie": "id=1"}))
    site.on("/feed", rss(site, "/berita/satu-dua-tiga", "/berita/dua-tiga-empat"))
    world.crawl(source(feed_way(site)), site)
    assert not any("Cookie" in seen.headers for seen in site.seen)


def test_a_second_poll_asks_only_for_the_feed(world: World, site: LocalServer) -> None:
    site.on("/feed", rss(site, "/berita/satu-dua-tiga"))
    site.on("/berita/satu-dua-tiga", "<p>isi")
    world.crawl(source(feed_way(site)), site)
    site.seen.clear()
    [outcome] = world.crawl(source(feed_way(site)), site)
    assert (outcome.outcome, outcome.found, outcome.fetched) == ("unchanged", 0, 0)
    assert site.paths() == ["/feed"]


@pytest.mark.parametrize(
    "broken",
    [
        Answer(status=404),
        Answer(b"<html>Beranda</html>"),
        Answer(b"<rss version='2.0'><channel></channel></rss>"),
    ],
)
def test_where_the_feed_brings_nothing_the_next_way_is_taken(
    world: World, site: LocalServer, broken: Answer
) -> None:
    site.on("/feed", broken)
    site.on("/", links("/berita/satu-dua-tiga"))
    site.on("/berita/satu-dua-tiga", "<p>isi")
    [outcome] = world.crawl(source(feed_way(site), listing_way(site)), site)
    assert (outcome.outcome, outcome.fetched) == ("ok", 1)
    assert outcome.reason.startswith("feed: ")


def test_where_the_feed_works_the_next_way_is_left_alone(world: World, site: LocalServer) -> None:
    site.on("/feed", rss(site, "/berita/satu-dua-tiga"))
    site.on("/", links("/berita/dua-tiga-empat"))
    world.crawl(source(feed_way(site), listing_way(site)), site)
    assert site.asked("/") == 0


def test_a_listing_is_paged_until_nothing_is_new(world: World, site: LocalServer) -> None:
    site.on("/", links("/berita/enam-enam-enam", further="/hal/2"))
    site.on("/hal/2", links("/berita/lima-lima-lima", further="/hal/3"))
    site.on("/hal/3", links("/berita/empat-empat-empat"))
    site.otherwise(Answer(b"<p>isi"))
    way = listing_way(site)
    [first] = world.crawl(source(way), site)
    assert (first.outcome, first.fetched) == ("ok", 3)
    site.on("/", links("/berita/tujuh-tujuh-tujuh", "/berita/enam-enam-enam", further="/hal/2"))
    site.seen.clear()
    [second] = world.crawl(source(way), site)
    assert (second.outcome, second.fetched) == ("ok", 1)
    assert sorted(site.paths()) == ["/", "/berita/tujuh-tujuh-tujuh", "/hal/2"]
    site.seen.clear()
    [third] = world.crawl(source(way), site)
    assert (third.outcome, site.paths()) == ("unchanged", ["/"])


def test_paging_has_an_end(world: World, site: LocalServer) -> None:
    for number in range(1, 9):
        site.on(
            f"/hal/{number}", links(f"/berita/nomor-{number}-ini", further=f"/hal/{number + 1}")
        )
    site.otherwise(Answer(b"<p>isi"))
    [outcome] = world.crawl(source(listing_way(site, "/hal/1", max_pages=3)), site)
    assert [site.asked(f"/hal/{number}") for number in range(1, 6)] == [1, 1, 1, 0, 0]
    assert outcome.found == 3


def test_pages_that_point_at_each_other_are_read_once(world: World, site: LocalServer) -> None:
    site.on("/", links("/berita/satu-dua-tiga", further="/hal/2"))
    site.on("/hal/2", links("/berita/dua-tiga-empat", further="/"))
    world.crawl(source(listing_way(site)), site)
    assert (site.asked("/"), site.asked("/hal/2")) == (1, 1)


def test_addresses_that_differ_in_tracking_only_are_one_page(
    world: World, site: LocalServer
) -> None:
    site.on(
        "/",
        links(
            "/berita/satu-dua-tiga",
            "/berita/satu-dua-tiga?utm_source=fb",
            "/berita/satu-dua-tiga/",
        ),
    )
    [outcome] = world.crawl(source(listing_way(site)), site)
    assert outcome.found == 1


def test_addresses_without_end_are_told_and_hold_up_nothing(
    world: World, site: LocalServer
) -> None:
    long = [f"/berita{'-a' * 200_000}-{number}/all" for number in range(3)]
    site.on("/feed", rss(site, *long, "/berita/satu-dua-tiga", f"/berita{'-a' * 900}--/all"))
    site.otherwise(Answer(b"<p>isi"))
    begun = time.process_time()
    [outcome] = world.crawl(source(feed_way(site)), site)
    assert time.process_time() - begun < 3
    assert outcome.fetched == 2
    assert "1 × address too long" in outcome.reason


def test_what_the_source_skips_is_never_asked(world: World, site: LocalServer) -> None:
    site.on("/", links("/berita/satu-dua-tiga", "/zodiak/satu-dua-tiga"))
    world.crawl(source(listing_way(site), skip="/zodiak/"), site)
    assert site.asked("/zodiak/satu-dua-tiga") == 0
    assert "/zodiak/satu-dua-tiga" not in world.pages()


def test_a_run_that_reaches_its_limit_leaves_the_rest_to_the_next(
    world: World, site: LocalServer
) -> None:
    site.on("/feed", rss(site, *(f"/berita/nomor-{n}-ini" for n in range(5))))
    site.otherwise(Answer(b"<p>isi"))
    [first] = world.crawl(source(feed_way(site)), site, max_pages_per_run=3)
    assert (first.outcome, first.found, first.fetched) == ("partly", 5, 3)
    assert first.reason == "2 pages left to the next run"
    [second] = world.crawl(source(feed_way(site)), site, max_pages_per_run=3)
    assert (second.outcome, second.found, second.fetched) == ("ok", 0, 2)


def test_a_run_whose_time_is_up_ends_and_leaves_the_rest(world: World, site: LocalServer) -> None:
    site.on("/feed", rss(site, *(f"/berita/nomor-{n}-ini" for n in range(30))))
    site.otherwise(slow(0.3, Answer(b"<p>isi")))
    [first] = world.crawl(source(feed_way(site)), site, max_run=timedelta(seconds=3))
    assert first.outcome == "partly"
    assert 0 < first.fetched < 30
    assert "the run's time is up" in first.reason
    assert sum(page.status == "found" for page in world.pages().values()) == 30 - first.fetched
    assert all(page.attempts == 0 for page in world.pages().values())


def test_a_failed_page_is_tried_again_when_its_time_has_come(
    world: World, site: LocalServer
) -> None:
    site.on("/feed", rss(site, "/berita/satu-dua-tiga"))
    site.on("/berita/satu-dua-tiga", Answer(status=500))
    world.crawl(source(feed_way(site)), site)
    site.on("/berita/satu-dua-tiga", "<p>isi")
    world.budgets = HostBudgets()
    [too_early] = world.crawl(source(feed_way(site)), site)
    assert too_early.outcome == "unchanged"
    world.now += pages.RETRY_AFTER
    [later] = world.crawl(source(feed_way(site)), site)
    assert (later.outcome, later.fetched) == ("ok", 1)


def test_a_page_that_never_comes_is_given_up(world: World, site: LocalServer) -> None:
    site.on("/feed", rss(site, "/berita/satu-dua-tiga"))
    site.on("/berita/satu-dua-tiga", Answer(status=500))
    for _ in range(pages.MAX_ATTEMPTS):
        world.budgets = HostBudgets()
        world.crawl(source(feed_way(site)), site)
        world.now += timedelta(days=1)
    page = world.pages()["/berita/satu-dua-tiga"]
    assert (page.status, page.disposition, page.reason) == ("done", "failed", "http 500")


def test_a_host_that_stays_down_costs_its_pages_no_attempts_but_not_for_ever(
    world: World, site: LocalServer
) -> None:
    site.on("/feed", rss(site, "/berita/satu-dua-tiga"))
    site.on("/berita/satu-dua-tiga", Answer(status=429, headers={"Retry-After": "7200"}))
    [outcome] = world.crawl(source(feed_way(site)), site)
    page = world.pages()["/berita/satu-dua-tiga"]
    assert (page.status, page.attempts) == ("found", 0)
    assert "host paused for 7" in outcome.reason
    world.now += pages.KEEP_WAITING + timedelta(minutes=1)
    world.crawl(source(feed_way(site)), site)
    page = world.pages()["/berita/satu-dua-tiga"]
    assert (page.status, page.disposition) == ("done", "failed")


def test_a_short_retry_after_is_waited_for(world: World, site: LocalServer) -> None:
    site.on("/feed", rss(site, "/berita/satu-dua-tiga"))
    busy = Answer(status=429, headers={"Retry-After": "1"})
    site.on("/berita/satu-dua-tiga", in_turn(busy, Answer(b"<p>isi")))
    [outcome] = world.crawl(source(feed_way(site)), site)
    assert outcome.outcome == "ok"
    first, second = (seen.at for seen in site.seen if seen.path.startswith("/berita"))
    assert second - first > 0.95


def test_a_dead_host_does_not_hold_up_its_run(world: World, site: LocalServer) -> None:
    site.on("/feed", rss(site, *(f"/berita/nomor-{n}-ini" for n in range(50))))
    site.otherwise(Answer(status=500))
    politeness = Politeness(delay=timedelta(0))
    [outcome] = world.crawl(source(feed_way(site), politeness=politeness), site, max_run="3s")
    assert len(site.seen) < 15
    assert sum(page.attempts for page in world.pages().values()) < 10
    assert outcome.outcome in ("failed", "partly")


def test_a_page_listed_by_two_sources_is_asked_for_once(world: World, site: LocalServer) -> None:
    site.on("/feed", rss(site, "/berita/satu-dua-tiga"))
    site.on("/berita/satu-dua-tiga", "<p>isi")
    both = [source(feed_way(site), id=name) for name in ("satu", "dua")]
    world.crawl(both, site)
    assert site.asked("/berita/satu-dua-tiga") == 1


def test_no_more_sources_run_at_once_than_allowed(world: World) -> None:
    with LocalServer() as one, LocalServer() as two, LocalServer() as three:
        sites = (one, two, three)
        for server in sites:
            server.on("/robots.txt", Answer(status=404))
            server.on("/feed", slow(0.3, rss(server)))
        sources = [source(feed_way(s), id=f"s{n}") for n, s in enumerate(sites)]
        world.crawl(sources, *sites, parallel_sources=1)
        times = sorted(s.seen[1].at for s in sites)
        assert times[1] - times[0] > 0.29
        assert times[2] - times[1] > 0.29


def test_a_defect_of_ours_is_told_and_the_page_waits(
    world: World, site: LocalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("crawler.archive.Archive.put", full)
    site.on("/feed", rss(site, "/berita/satu-dua-tiga"))
    site.on("/berita/satu-dua-tiga", "<p>isi")
    [outcome] = world.crawl(source(feed_way(site)), site)
    assert outcome.outcome == "failed"
    assert "No space left" in outcome.reason
    assert world.pages()["/berita/satu-dua-tiga"].status == "found"


def test_a_spider_that_breaks_takes_no_other_source_with_it(
    world: World, site: LocalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("rusak")

    monkeypatch.setattr("crawler.spiders.listing.ListingSpider.__init__", broken)
    site.on("/feed", rss(site, "/berita/satu-dua-tiga"))
    site.on("/berita/satu-dua-tiga", "<p>isi")
    sources = [source(listing_way(site), id="satu"), source(feed_way(site), id="dua")]
    first, second = world.crawl(sources, site)
    assert (first.outcome, first.reason) == ("failed", "RuntimeError: rusak")
    assert second.outcome == "ok"
    assert all(run.ended_at for run in world.runs())


def test_a_cancelled_crawl_writes_how_far_it_came(world: World, site: LocalServer) -> None:
    site.on("/feed", rss(site, *(f"/berita/nomor-{n}-ini" for n in range(10))))
    site.otherwise(slow(0.3, Answer(b"<p>isi")))
    context = world.context(site)

    async def scene() -> float:
        running = asyncio.create_task(crawl([source(feed_way(site))], context=context))
        while len(site.seen) < 5:
            await asyncio.sleep(0.05)
        running.cancel()
        loop = asyncio.get_running_loop()
        start = loop.time()
        with pytest.raises(asyncio.CancelledError):
            await running
        return loop.time() - start

    assert run_in_reactor(scene) < 5
    [row] = world.runs()
    assert (row.outcome, row.ended_at) == ("partly", world.now)
    assert "stopped" in row.reason
    assert 0 < row.fetched < 10
    world.robots, world.budgets = RobotsCache(), HostBudgets()
    site.otherwise(Answer(b"<p>isi"))
    [rest] = world.crawl(source(feed_way(site)), site)
    assert (rest.found, rest.fetched) == (0, 10 - row.fetched)


def test_a_crawl_left_behind_by_main_is_ended(world: World, site: LocalServer) -> None:
    site.on("/feed", slow(1, rss(site)))
    context = world.context(site)

    async def scene() -> str:
        left = asyncio.ensure_future(crawl([source(feed_way(site))], context=context))
        await asyncio.sleep(0.2)
        return "done" if not left.done() else "too early"

    assert run_in_reactor(scene) == "done"
    [row] = world.runs()
    assert row.outcome == "partly"


def test_settings_that_are_unsafe_are_off() -> None:
    from scrapy.settings import Settings

    settings = Settings()
    settings.setmodule("crawler.settings")
    assert not settings.getbool("REMOTE_CONTROL_ENABLED")
    assert not settings.getbool("TELNETCONSOLE_ENABLED")
    assert not settings.getbool("COOKIES_ENABLED")
    assert not settings.getbool("HTTPPROXY_ENABLED")
    assert settings.getbool("DOWNLOAD_VERIFY_CERTIFICATES")
    handlers = settings.get_component_priority_dict_with_base("DOWNLOAD_HANDLERS")
    assert {name for name, handler in handlers.items() if handler} == {"http", "https"}
    assert Crawl().max_body <= 16 * 1024 * 1024
