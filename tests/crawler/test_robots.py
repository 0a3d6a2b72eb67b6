"""robots.txt holds while it loads, when it fails, and for the whole process."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from itertools import pairwise
from typing import Any

import pytest
import scrapy
from scrapy.crawler import AsyncCrawlerRunner

from crawler import guard
from crawler.errors import Stopped
from crawler.politeness import HostBudgets, paces
from crawler.robots import PARSE_LIMIT, RobotsCache, Rules, read_rules
from crawler.run import crawl, run_in_reactor
from pantau.config.models import Politeness
from tests.crawler.conftest import World, feed_way, rss, source
from tests.servers import Answer, LocalServer
from tests.servers.habits import redirect, reset, slow
from tests.servers.local import Habit

FORBIDDEN = [f"/rahasia/{number}" for number in range(12)]
FORBIDS = Answer(b"User-agent: *\nDisallow: /rahasia/\n", "text/plain")


def robots_that_validates(body: bytes, tag: str) -> Habit:
    """A server that says 304 to whoever has its robots.txt."""

    def habit(handler: BaseHTTPRequestHandler) -> None:
        known = handler.headers.get("If-None-Match") == tag
        (Answer(status=304) if known else Answer(body, headers={"ETag": tag}))(handler)

    return habit


class Stock(scrapy.Spider):
    """What Scrapy does by itself with forbidden addresses."""

    name = "stock"

    async def start(self) -> AsyncIterator[Any]:
        for path in FORBIDDEN:
            yield scrapy.Request(self.root + path)

    def parse(self, response: Any) -> None:
        pass


def test_scrapy_by_itself_lets_requests_through_while_robots_txt_loads(site: LocalServer) -> None:
    """The defect our middleware is there for. When this fails, Scrapy has mended it."""
    site.on("/robots.txt", slow(0.5, FORBIDS))
    settings = {
        "ROBOTSTXT_OBEY": True,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
        "DOWNLOAD_DELAY": 0,
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
    }

    async def main() -> None:
        guard.install()
        with guard.visiting(frozenset({site.address})):
            await AsyncCrawlerRunner(settings).crawl(Stock, root=site.root)

    run_in_reactor(main)
    assert sum(path in FORBIDDEN for path in site.paths()) > 0


@pytest.mark.parametrize("delay", [0.0, 0.5])
def test_ours_lets_none_of_twelve_through(world: World, site: LocalServer, delay: float) -> None:
    site.on("/feed", rss(site, *FORBIDDEN, "/berita/boleh-dibaca-ini"))
    site.on("/berita/boleh-dibaca-ini", "<p>boleh")
    site.on("/robots.txt", slow(delay, FORBIDS))
    politeness = Politeness(delay=timedelta(0), concurrency=8)
    [outcome] = world.crawl(source(feed_way(site), politeness=politeness), site)
    assert [path for path in site.paths() if path in FORBIDDEN] == []
    assert site.asked("/robots.txt") == 1
    pages = world.pages()
    assert {pages[path].disposition for path in FORBIDDEN} == {"robots denied"}
    assert (outcome.outcome, outcome.fetched) == ("partly", 1)


def test_twelve_waiting_at_once_all_hear_the_rules() -> None:
    """The mend itself: the loading is one task, and each who waits gets its result."""

    async def scene() -> tuple[int, list[bool]]:
        cache, loads = RobotsCache(), 0

        async def load() -> Rules:
            nonlocal loads
            loads += 1
            await asyncio.sleep(0.05)
            return read_rules(200, FORBIDS.body)

        async def ask(path: str) -> bool:
            rules = await cache.rules("http://kabar.example", load)
            return rules.allows("http://kabar.example" + path, "pantau")

        return loads, await asyncio.gather(*map(ask, FORBIDDEN)) + [loads == 1]

    _, answers = asyncio.run(scene())
    assert answers == [False] * 12 + [True]


def test_one_who_stops_waiting_takes_nothing_from_the_others() -> None:
    async def scene() -> Rules:
        cache = RobotsCache()

        async def load() -> Rules:
            await asyncio.sleep(0.05)
            return Rules(unreachable="http 500")

        first = asyncio.create_task(cache.rules("http://kabar.example", load))
        second = asyncio.create_task(cache.rules("http://kabar.example", load))
        await asyncio.sleep(0.01)
        first.cancel()
        return await asyncio.wait_for(second, 1)

    assert asyncio.run(scene()).unreachable == "http 500"


def test_when_the_process_ends_while_rules_load_nobody_fails_for_it() -> None:
    async def scene() -> list[object]:
        cache = RobotsCache()

        async def load() -> Rules:
            await asyncio.sleep(60)
            return Rules()

        waiting = [asyncio.create_task(cache.rules("http://k.example", load)) for _ in range(2)]
        await asyncio.sleep(0.01)
        for task in asyncio.all_tasks() - {asyncio.current_task(), *waiting}:
            task.cancel()
        return await asyncio.gather(*waiting, return_exceptions=True)

    assert [type(ended) for ended in asyncio.run(scene())] == [Stopped, Stopped]


def test_when_the_crawl_that_was_loading_ends_another_loads() -> None:
    async def scene() -> tuple[bool, Rules]:
        cache, started = RobotsCache(), asyncio.Event()

        async def stopped() -> Rules:
            started.set()
            await asyncio.sleep(0.02)
            raise Stopped("stopped")

        async def load() -> Rules:
            return read_rules(200, FORBIDS.body)

        first = asyncio.create_task(cache.rules("http://kabar.example", stopped))
        await started.wait()
        second = asyncio.create_task(cache.rules("http://kabar.example", load))
        ended = await asyncio.gather(first, return_exceptions=True)
        return isinstance(ended[0], Stopped), await second

    own, rules = asyncio.run(scene())
    assert own
    assert rules.parser is not None


@pytest.mark.parametrize(
    ("status", "allowed"),
    [
        (200, True),
        (301, True),
        (304, False),
        (401, True),
        (403, True),
        (404, True),
        (410, True),
        (429, False),
        (500, False),
        (503, False),
        (522, False),
    ],
)
def test_statuses_as_rfc_9309_says(status: int, allowed: bool) -> None:
    page = b"<html><h1>User-agent: galat</h1></html>"
    assert read_rules(status, page).allows("http://kabar.example/x", "pantau") is allowed


@pytest.mark.parametrize(
    "body",
    [
        b"\xef\xbb\xbfUser-agent: *\nDisallow: /x",
        b"User-agent: PANTAU\rDisallow: /x",
        b"user-agent:*\r\ndisallow:/x",
        b"\xff\x00\nUser-agent: *\nDisallow: /x",
    ],
)
def test_robots_txt_is_read_with_its_defects(body: bytes) -> None:
    rules = read_rules(200, body)
    assert not rules.allows("http://kabar.example/x", "Pantau")
    assert rules.allows("http://kabar.example/y", "Pantau")


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        ("Disallow: /berita", "/beritanya", False),
        ("Disallow: /berita/", "/berita", True),
        ("Disallow: /\nAllow: /berita", "/berita/satu", True),  # the longest decides
        ("Allow: /berita\nDisallow: /berita/arsip", "/berita/arsip/1", False),
        ("Disallow: /berita\nAllow: /berita", "/berita/satu", True),  # of two alike the kinder
        ("Disallow: /*.php", "/indeks.php?hal=2", False),
        ("Disallow: /*.php$", "/indeks.php", False),
        ("Disallow: /*.php$", "/indeks.php?hal=2", True),
        ("Disallow: /*/cetak/*", "/berita/1/cetak/x", False),
        ("Disallow: /berita$", "/berita/", True),
        ("Disallow: /*?", "/berita", True),
        ("Disallow: /*?", "/berita?hal=2", False),
        ("Disallow: /caf%C3%A9", "/café", False),
        ("Disallow: /café", "/caf%c3%a9/1", False),
        ("Disallow: /%62erita", "/berita", False),
        ("Disallow: /a%2Fb", "/a/b", True),
        ("Disallow: /a%2Fb", "/a%2fb", False),
        ("Disallow: /Berita", "/berita", True),
        ("Disallow: /x # ini saja", "/x", False),
        ("Disallow:", "/x", True),
        ("Disallow: /", "/robots.txt", True),
    ],
)
def test_rules_match_as_rfc_9309_says(rules: str, path: str, allowed: bool) -> None:
    """2.2.2 and 2.2.3."""
    read = read_rules(200, f"User-agent: *\n{rules}\n".encode())
    assert read.allows(f"http://kabar.example{path}", "Pantau") is allowed


@pytest.mark.parametrize(
    ("robots", "allowed"),
    [
        ("User-agent: Pantau\nDisallow: /\n\nUser-agent: *\nAllow: /", False),
        ("User-agent: Pantau/0.1 (+https://a.example)\nDisallow: /", False),
        ("User-agent: pantau/9\rDisallow: /", False),
        ("User-agent: lain\nUser-agent: PANTAU\nDisallow: /", False),
        ("User-agent: Pantau\nDisallow: /x\n\nUser-agent: pantau\nDisallow: /b", False),
        ("User-agent: Pantau\nDisallow: /x\n\nUser-agent: *\nDisallow: /", True),
        ("User-agent: Pan\nDisallow: /", True),
        ("User-agent: tau\nDisallow: /", True),
        ("User-agent: Pantauan\nDisallow: /", True),
        ("User-agent: Pan\nAllow: /\n\nUser-agent: *\nDisallow: /", False),
    ],
)
def test_a_group_is_ours_by_its_product_token(robots: str, allowed: bool) -> None:
    """RFC 9309, 2.2.1: the whole token, whatever its case, and no part of another."""
    assert read_rules(200, robots.encode()).allows("http://k.example/b", "Pantau") is allowed


@pytest.mark.parametrize("line", ["User-agent{}(", "{}x", "User-agent:{}", "User{}-agent: x"])
def test_a_hostile_line_is_read_in_no_time(line: str) -> None:
    begun = time.process_time()
    read_rules(200, line.format(" " * (PARSE_LIMIT - 20)).encode())
    assert time.process_time() - begun < 0.5


def test_names_of_other_robots_without_end_fill_no_memory() -> None:
    names = "".join(f"User-agent: robot{number}\n" for number in range(10_000))
    rules = "".join(f"Disallow: /{number}\n" for number in range(10_000))
    begun = time.process_time()
    read = read_rules(200, f"{names}User-agent: PANTAU\n{rules}".encode(), token="Pantau")
    assert time.process_time() - begun < 2
    assert not read.allows("http://k.example/7777", "Pantau")
    ours = "User-agent: a\nDisallow: /\n\nUser-agent: *\nDisallow: /x\nUser-agent: b\nDisallow: /y"
    read = read_rules(200, ours.encode(), token="Pantau")
    allowed = [read.allows(f"http://k.example{path}", "Pantau") for path in ("/", "/x", "/y")]
    assert allowed == [True, False, True]


def test_a_delay_for_us_by_name_and_version_is_kept() -> None:
    rules = read_rules(200, b"User-agent: Pantau/0.1\nCrawl-delay: 7\n\nUser-agent: *\nAllow: /")
    assert rules.crawl_delay("Pantau") == 7


def test_a_line_that_the_bound_cuts_off_allows_nothing() -> None:
    begin, end = b"User-agent: *\nDisallow: /arsip\n#", b"\nAllow: /arsip"
    filler = b"x" * (PARSE_LIMIT - len(begin + end))
    whole = read_rules(200, begin + filler + end)
    cut = read_rules(200, begin + filler + end + b"/terbuka")
    assert whole.allows("http://k.example/arsip/1", "p")
    assert not cut.allows("http://k.example/arsip/1", "p")


def test_only_the_first_half_mebibyte_is_read() -> None:
    filler = b"# isi\n" * (PARSE_LIMIT // 6 + 1)
    assert read_rules(200, filler + b"User-agent: *\nDisallow: /").allows("http://k.example/", "p")


HOURS = 3600.0


def asked_at(uses_at: Iterable[float], load: Callable[[float], Rules]) -> list[float]:
    """When a site's rules are asked for, if they are used at these times (in seconds)."""
    clock, loaded = [0.0], []
    cache = RobotsCache(lambda: clock[0])

    async def asked() -> Rules:
        loaded.append(clock[0])
        return load(clock[0])

    async def scene() -> None:
        for clock[0] in uses_at:
            await cache.rules("http://kabar.example", asked)

    asyncio.run(scene())
    return loaded


@pytest.mark.parametrize(
    ("every", "most", "within"), [(300.0, 12, 2.1), (1800.0, 12, 2.1), (7200.0, 3, 8.0)]
)
def test_rules_are_looked_at_again_within_hours_and_by_one_request_in_four(
    every: float, most: int, within: float
) -> None:
    uses = [n * every for n in range(int(24 * HOURS / every))]
    asked = asked_at(uses, lambda _: read_rules(200, FORBIDS.body))
    assert 1 < len(asked) <= most
    assert len(asked) <= len(uses) / 4
    assert max(later - earlier for earlier, later in pairwise(asked)) <= within * HOURS


def test_rules_of_a_site_that_is_hardly_asked_are_kept_no_longer_than_a_day() -> None:
    asked = asked_at([0, 23 * HOURS, 25 * HOURS], lambda _: read_rules(200, FORBIDS.body))
    assert asked == [0, 25 * HOURS]


def test_a_site_whose_robots_txt_is_down_is_asked_ever_more_rarely() -> None:
    minutes = [n * 60.0 for n in range(6 * 60)]
    asked = asked_at(minutes, lambda _: Rules(unreachable="http 503"))
    assert [later - earlier for earlier, later in pairwise(asked)][:5] == [
        *(600, 1200, 2400, 3600, 3600)
    ]


def test_rules_that_have_not_changed_are_kept_and_asked_for_in_full_after_a_day(
    world: World, site: LocalServer
) -> None:
    validated = robots_that_validates(FORBIDS.body, '"a"')
    site.on("/robots.txt", validated)
    site.on("/feed", rss(site, "/berita/satu-dua-tiga", "/rahasia/1"))
    site.on("/berita/satu-dua-tiga", "<p>isi")
    clock = [0.0]
    world.robots = RobotsCache(lambda: clock[0] * HOURS)
    for clock[0] in (0, 1, 2, 3, 4, 5, 6, 24.5):
        world.crawl(source(feed_way(site)), site)
    asked = [seen.headers.get("If-None-Match") for seen in site.seen if "robots" in seen.path]
    assert asked[0] is None
    assert asked[-1] is None
    assert set(asked[1:-1]) == {'"a"'}
    assert site.asked("/rahasia/1") == 0


@pytest.mark.parametrize("habit", [Answer(status=503), Answer(status=500), reset])
def test_when_robots_txt_fails_nothing_is_fetched(
    world: World, site: LocalServer, habit: Any
) -> None:
    site.on("/robots.txt", habit)
    site.on("/feed", rss(site, "/berita/satu-dua-tiga"))
    [outcome] = world.crawl(source(feed_way(site)), site)
    assert set(site.paths()) == {"/robots.txt"}
    assert outcome.outcome == "failed"
    assert "robots.txt unreachable" in outcome.reason


def test_a_site_whose_robots_txt_was_down_is_asked_again_later_and_loses_nothing(
    world: World, site: LocalServer
) -> None:
    site.on("/feed", rss(site, "/berita/satu-dua-tiga"))
    site.on("/berita/satu-dua-tiga", "<p>isi")
    site.on("/robots.txt", Answer(status=503))
    world.crawl(source(feed_way(site)), site)
    site.on("/robots.txt", Answer(status=404))
    world.robots, world.budgets = RobotsCache(), HostBudgets()  # a day later
    [outcome] = world.crawl(source(feed_way(site)), site)
    assert (outcome.outcome, outcome.fetched) == ("ok", 1)


def test_a_feed_that_robots_txt_forbids_is_told_as_such(world: World, site: LocalServer) -> None:
    site.on("/robots.txt", Answer(b"User-agent: pantau\nDisallow: /feed\n", "text/plain"))
    [outcome] = world.crawl(source(feed_way(site)), site)
    assert (outcome.outcome, outcome.reason) == ("robots", "robots.txt")
    assert site.asked("/feed") == 0


def test_a_redirect_to_a_forbidden_path_is_not_followed(world: World, site: LocalServer) -> None:
    site.on("/robots.txt", FORBIDS)
    site.on("/feed", rss(site, "/berita/satu-dua-tiga"))
    site.on("/berita/satu-dua-tiga", redirect(f"{site.root}/rahasia/0"))
    world.crawl(source(feed_way(site)), site)
    assert site.asked("/rahasia/0") == 0
    assert world.pages()["/berita/satu-dua-tiga"].disposition == "robots denied"


def test_the_cache_and_the_budget_are_shared_by_all_sources_of_a_host(
    world: World, site: LocalServer
) -> None:
    """Scrapy by itself keeps both per crawl: it would ask five times as often."""
    names = [f"sumber-{number}" for number in range(5)]
    politeness = Politeness(delay=timedelta(seconds=0.2))
    sources = []
    for name in names:
        site.on(f"/{name}/feed", rss(site, f"/{name}/satu-dua-tiga"))
        site.on(f"/{name}/satu-dua-tiga", "<p>isi")
        sources.append(source(feed_way(site, f"/{name}/feed"), id=name, politeness=politeness))
    outcomes = world.crawl(sources, site)
    assert [outcome.outcome for outcome in outcomes] == ["ok"] * 5
    assert site.asked("/robots.txt") == 1
    times = [seen.at for seen in site.seen]
    assert len(times) == 11
    assert times[-1] - times[0] > 0.9 * 10 * 0.2


@pytest.mark.slow
def test_a_sources_pace_holds_for_the_others_of_its_host(world: World, site: LocalServer) -> None:
    """Five in a hurry, and one that says what the host bears: nobody asks more often."""
    gentle = source(
        feed_way(site, "/pelan/feed"),
        id="pelan",
        politeness=Politeness(delay=timedelta(seconds=0.3)),
    )
    hasty = Politeness(delay=timedelta(0), concurrency=4)
    several = {"pelan": gentle}
    for number in range(5):
        one = source(feed_way(site, f"/{number}/feed"), id=f"cepat-{number}", politeness=hasty)
        several[one.id] = one
    site.otherwise(rss(site))
    context = replace(world.context(site), paces=paces(several.values()))
    run_in_reactor(lambda: crawl(list(several.values())[1:], context=context))
    times = [seen.at for seen in site.seen]
    assert len(times) == 6
    assert times[-1] - times[0] > 0.9 * 5 * 0.3


def test_crawl_delay_is_kept(world: World, site: LocalServer) -> None:
    site.on("/robots.txt", Answer(b"User-agent: *\nCrawl-delay: 0.5\n", "text/plain"))
    site.on("/feed", rss(site, "/berita/satu-dua-tiga", "/berita/dua-tiga-empat"))
    site.otherwise(Answer(b"<p>isi"))
    world.crawl(source(feed_way(site)), site)
    times = [seen.at for seen in site.seen]
    assert len(times) == 4
    assert times[-1] - times[0] > 0.9 * 3 * 0.5
