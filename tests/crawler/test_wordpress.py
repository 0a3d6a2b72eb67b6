"""WordPress's REST interface in the shapes of real sites, switched off and broken ones too."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from crawler.wordpress import ask, endpoints, read_posts
from extract.page.dates import WITA
from pantau.config.models import WayIn
from tests.crawler.conftest import NOW, World, feed_way, listing_way, rss, source
from tests.servers import Answer, LocalServer
from tests.servers.local import Habit

pytestmark = pytest.mark.slow

HOUR = timedelta(hours=1)
ROUTE = "/wp-json/wp/v2/posts"
PLAIN = "/?rest_route=%2Fwp%2Fv2%2Fposts"


def post(number: int, when: datetime | None = None, root: str = "https://kabar.example") -> Any:
    when = when or NOW
    return {
        "id": number,
        "date": f"{when.astimezone(WITA):%Y-%m-%dT%H:%M:%S}",
        "date_gmt": f"{when:%Y-%m-%dT%H:%M:%S}",
        "modified_gmt": f"{when:%Y-%m-%dT%H:%M:%S}",
        "link": f"{root}/berita-nomor-{number}-ini/",
        "title": {"rendered": f"Berita <em>nomor</em> {number} &#8211; &amp;"},
        "content": {"rendered": f"<p>Isi {number}</p>\n", "protected": False},
        "excerpt": {"rendered": "<p>Ringkas</p>", "protected": False},
    }


def read(answer: Any) -> Any:
    body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    return read_posts(body, zone=WITA)


def error(code: str, status: int) -> Answer:
    body = {"code": code, "message": "…", "data": {"status": status}}
    return Answer(json.dumps(body).encode(), "application/json", status=status)


class WordPress:
    """Answers as the interface does: ``after``, ``page``, ``per_page``, and its headers."""

    def __init__(self, site: LocalServer, path: str = ROUTE, *, most_per_page: int = 100) -> None:
        self.posts: list[Any] = []
        self.asked: list[dict[str, str]] = []
        self.path, self.most_per_page, self.says_pages = path, most_per_page, True
        self.root = site.root
        site.otherwise(self)

    def publish(self, number: int, when: datetime) -> None:
        self.posts.insert(0, post(number, when, self.root))

    def __call__(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        route = query.pop("rest_route", "")
        if f"{parts.path}?rest_route={route}".rstrip("?=") == f"{self.path}?rest_route=":
            route = self.path
        if parts.path == self.path or (self.path == PLAIN and route == "/wp/v2/posts"):
            self._answer(query)(handler)
        elif parts.path.startswith("/berita"):
            Answer(b"<p>isi")(handler)
        else:
            Answer(b"<h1>Tidak ada</h1>", status=404)(handler)

    def _answer(self, query: dict[str, str]) -> Answer:
        self.asked.append(query)
        size, page = int(query["per_page"]), int(query.get("page", 1))
        if size > self.most_per_page:
            return error("rest_invalid_param", 400)
        shown = [p for p in self.posts if p["date"] > query.get("after", "")]
        pages = -(-len(shown) // size)
        if page > max(pages, 1):
            return error("rest_post_invalid_page_number", 400)
        headers = {"X-WP-Total": str(len(shown)), "X-WP-TotalPages": str(pages)}
        return Answer(
            json.dumps(shown[(page - 1) * size : page * size]).encode(),
            "application/json; charset=UTF-8",
            headers=headers if self.says_pages else {},
        )


def way(site: LocalServer, path: str = "/", **settings: Any) -> WayIn:
    return WayIn(kind="wordpress", url=site.root + path, **settings)


# Reading answers ---------------------------------------------------------------------------------


def test_a_post_gives_what_a_feed_would() -> None:
    [finding] = read([post(7)]).findings
    assert finding.url == "https://kabar.example/berita-nomor-7-ini/"
    assert dict(finding.hint) == {
        "title": "Berita nomor 7 – &",
        "published": "2026-11-22T03:00:00+00:00",
        "updated": "2026-11-22T03:00:00",
        "content": "<p>Isi 7</p>\n",
    }


def test_a_hostile_headline_is_read_in_no_time() -> None:
    begun = time.process_time()
    [finding] = read([post(1) | {"title": {"rendered": "<" * 300_000}}]).findings
    assert len(finding.hint["title"]) <= 500
    assert time.process_time() - begun < 0.5


def test_a_time_in_utc_that_is_none_gives_way_to_the_sites_own() -> None:
    told = {**post(1), "date_gmt": "0000-00-00T00:00:00"}
    assert read([told]).findings[0].hint["published"] == "2026-11-22T11:00:00+08:00"


def test_a_post_behind_a_password_brings_no_text() -> None:
    hidden = {"rendered": "", "protected": True}
    told = {**post(1), "content": hidden, "excerpt": hidden}
    assert "content" not in read([told]).findings[0].hint


@pytest.mark.parametrize(
    "before", [b"\xef\xbb\xbf", b"\n\n", b"<br />\n<b>Warning</b>: foo() in [x] on line 3<br />\n"]
)
def test_what_php_says_before_the_json_is_survived(before: bytes) -> None:
    assert len(read(before + json.dumps([post(1)]).encode()).findings) == 1


@pytest.mark.parametrize(
    ("answer", "problem", "code"),
    [
        ({"code": "rest_no_route"}, "no posts: rest_no_route", "rest_no_route"),
        ({"message": "mati"}, "no posts: mati", "mati"),
        (b"<!DOCTYPE html><html>Beranda", "HTML in place of JSON", ""),
        (b"", "no JSON", ""),
        (b'[{"id": 1, "link": "https://ka', "no JSON", ""),
        (b"[" * 100_000, "no JSON", ""),
        (b"7", "no JSON", ""),
    ],
)
def test_what_is_no_list_of_posts_says_so(answer: Any, problem: str, code: str) -> None:
    read_ = read(answer)
    assert (read_.problem, read_.code, read_.findings) == (problem, code, ())


def test_odd_entries_are_passed_over() -> None:
    odd = [None, 7, {}, {"link": "javascript:x"}, {"link": "https://kabar.example/a", "title": 3}]
    assert [f.url for f in read(odd).findings] == ["https://kabar.example/a"]


def test_a_site_is_asked_under_both_of_its_addresses() -> None:
    assert endpoints("https://kabar.example/") == (
        "https://kabar.example/wp-json/wp/v2/posts",
        "https://kabar.example/?rest_route=/wp/v2/posts",
    )
    for one in (
        "https://a.example/x/wp-json/wp/v2/posts",
        "https://a.example/?rest_route=/wp/v2/posts",
    ):
        assert endpoints(one) == (one,)
    when = datetime(2026, 11, 22, 17, 5, tzinfo=UTC)
    asked = ask("https://a.example/?rest_route=/wp/v2/posts", since=when, page=2)
    assert parse_qs(urlsplit(asked).query) == {
        "rest_route": ["/wp/v2/posts"],
        "_fields": ["id,link,date,date_gmt,modified_gmt,title,content,excerpt"],
        "per_page": ["100"],
        "after": ["2026-11-20T00:00:00"],
        "page": ["2"],
    }


# The way in --------------------------------------------------------------------------------------


def test_first_the_newest_and_then_what_came_since(world: World, site: LocalServer) -> None:
    paper = WordPress(site)
    for number in range(26):
        paper.publish(number, NOW - HOUR * 2 * (26 - number))
    [first] = world.crawl(source(way(site)), site)
    assert (first.outcome, first.found) == ("ok", 20)
    assert "after" not in paper.asked[0]
    world.now += 4 * HOUR
    [same] = world.crawl(source(way(site)), site)
    assert same.outcome == "ok"  # what is older than the twenty, but not than two days
    [same] = world.crawl(source(way(site)), site)
    assert same.outcome == "unchanged"
    paper.publish(300, world.now)
    [new] = world.crawl(source(way(site)), site)
    assert (new.outcome, new.found, new.gap) == ("ok", 1, False)


@pytest.mark.parametrize("says_pages", [True, False])
def test_after_an_outage_all_pages_are_read(
    world: World, site: LocalServer, says_pages: bool
) -> None:
    paper = WordPress(site, most_per_page=10)
    paper.publish(0, NOW)
    world.crawl(source(way(site)), site)
    for number in range(1, 26):
        paper.publish(number, NOW + 10 * HOUR * number)
    paper.says_pages = says_pages
    world.now += 260 * HOUR
    [outcome] = world.crawl(source(way(site)), site)
    assert (outcome.outcome, outcome.found, outcome.gap) == ("ok", 25, False)
    assert [query.get("page") for query in paper.asked[3:]] == [None, "2", "3"]


def test_more_pages_than_may_be_read_leave_a_gap(world: World, site: LocalServer) -> None:
    paper = WordPress(site, most_per_page=10)
    paper.publish(0, NOW)
    world.crawl(source(way(site)), site)
    for number in range(1, 26):
        paper.publish(number, NOW + 10 * HOUR * number)
    world.now += 260 * HOUR
    [outcome] = world.crawl(source(way(site, max_pages=2)), site)
    assert (outcome.outcome, outcome.found, outcome.gap) == ("partly", 20, True)


def test_nothing_since_is_an_answer(world: World, site: LocalServer) -> None:
    paper = WordPress(site)
    paper.publish(0, NOW)
    world.crawl(source(way(site)), site)
    world.now += 240 * HOUR
    world.crawl(source(way(site)), site)
    world.now += 240 * HOUR
    [quiet] = world.crawl(source(way(site)), site)
    assert (quiet.outcome, quiet.found, quiet.gap) == ("unchanged", 0, False)


def test_a_site_that_allows_fewer_a_page_is_asked_for_fewer(
    world: World, site: LocalServer
) -> None:
    paper = WordPress(site, most_per_page=10)
    for number in range(5):
        paper.publish(number, NOW)
    [outcome] = world.crawl(source(way(site)), site)
    assert (outcome.outcome, outcome.found) == ("ok", 5)


def test_a_site_without_pretty_addresses(world: World, site: LocalServer) -> None:
    paper = WordPress(site, PLAIN)
    paper.publish(1, NOW)
    [outcome] = world.crawl(source(way(site)), site)
    assert (outcome.outcome, outcome.found) == ("ok", 1)


@pytest.mark.parametrize(
    ("habit", "outcome", "reason"),
    [
        (error("rest_no_route", 404), "failed", "no posts: rest_no_route"),
        (error("rest_cannot_access", 401), "blocked", "http 401"),
        (error("rest_disabled", 403), "blocked", "http 403"),
        (Answer(b"Forbidden", status=403), "blocked", "http 403"),
        (Answer(b"<!doctype html><html>Beranda"), "failed", "HTML in place of JSON"),
        (
            Answer(b'{"code":"rest_disabled"}', "application/json"),
            "failed",
            "no posts: rest_disabled",
        ),
        (Answer(b"", status=404), "failed", "http 404"),
        (Answer(b"[]", "application/json"), "empty", "it lists nothing"),
    ],
)
def test_where_it_is_switched_off_the_next_way_is_taken(
    world: World, site: LocalServer, habit: Habit, outcome: str, reason: str
) -> None:
    site.on("/robots.txt", Answer(status=404))
    site.otherwise(habit)
    [closed] = world.crawl(source(way(site)), site)
    assert (closed.outcome, closed.reason) == (outcome, reason)
    site.on("/feed", rss(site, "/berita/satu-dua-tiga"))
    site.on("/berita/satu-dua-tiga", "<p>isi")
    [taken] = world.crawl(source(way(site), feed_way(site), id="lain"), site)
    assert (taken.outcome, taken.found) == ("ok", 1)
    assert taken.reason == f"wordpress: {outcome} ({reason})"


def test_a_refusal_is_not_gone_around(world: World, site: LocalServer) -> None:
    site.otherwise(error("rest_cannot_access", 401))
    world.crawl(source(way(site)), site)
    assert len([path for path in site.paths() if path != "/robots.txt"]) == 1
    site.seen.clear()
    site.on("/robots.txt", Answer(b"User-agent: *\nDisallow: /wp-json/", "text/plain"))
    fresh = World(world.folder, world.state)
    [refused] = fresh.crawl(source(way(site), id="lain"), site)
    assert (refused.outcome, site.paths()) == ("robots", ["/robots.txt"])


def test_a_gap_in_the_feed_is_filled_and_one_here_from_the_listing(
    world: World, site: LocalServer
) -> None:
    paper = WordPress(site)
    for number in range(3):
        paper.publish(number, NOW - HOUR * 5)
    paths = [f"/berita-nomor-{number}-ini/" for number in range(20)]
    site.on("/feed", rss(site, paths[0]))
    ways = (feed_way(site), way(site), listing_way(site, "/indeks"))
    world.crawl(source(*ways), site)
    assert paper.asked == []
    for number in range(3, 10):
        paper.publish(number, NOW + HOUR * number)
    site.on("/feed", rss(site, paths[9]))
    world.now += 12 * HOUR
    [filled] = world.crawl(source(*ways), site)
    assert (filled.outcome, filled.gap, filled.found) == ("ok", False, 9)
    paper.posts.clear()
    for number in range(10, 20):
        paper.publish(number, NOW + HOUR * number)
    site.on("/feed", rss(site, paths[19]))
    paper.path = "/mati"
    site.on("/indeks", "".join(f'<a href="{path}">x</a>' for path in reversed(paths)))
    world.now += 60 * HOUR
    [filled] = world.crawl(source(*ways), site)
    assert (filled.outcome, filled.gap, filled.found) == ("ok", False, 10)
    assert "wordpress: failed (http 404)" in filled.reason
