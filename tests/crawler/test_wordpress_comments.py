"""Comments below WordPress articles: taken on request as posts, looked after, and never in the way
of the articles."""

from __future__ import annotations

import json
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select

from crawler.wordpress_comments import ask_for_one, endpoint_of, read_comments
from extract.page.dates import WITA
from pantau.posts import Post
from pantau.state.tables import PageRow
from tests.crawler.conftest import NOW, World, source
from tests.crawler.test_wordpress import ROUTE, WordPress, error, way
from tests.servers import Answer, LocalServer
from tests.servers.habits import large
from tests.servers.local import Habit

pytestmark = pytest.mark.slow

COMMENTS = "/wp-json/wp/v2/comments"
HOUR = timedelta(hours=1)


class Commented(WordPress):
    """A paper whose readers comment."""

    def __init__(self, site: LocalServer, **settings: Any) -> None:
        super().__init__(site, **settings)
        self.comments: dict[int, dict[str, Any]] = {}
        self.habit: Habit | None = None
        """What it does in place of telling comments."""
        self.lists_all = False
        """Whether it does not understand which are asked for."""
        self.total_pages = ""
        self.asked_below: list[dict[str, str]] = []

    def comment(
        self, number: int, below: int, text: str, *, parent: int = 0, hours: int = 0
    ) -> None:
        when = NOW - HOUR + hours * HOUR
        self.comments[number] = {
            "id": number,
            "parent": parent,
            "author_name": f"Warga &amp; {number}",
            "date": f"{when:%Y-%m-%dT%H:%M:%S}",
            "date_gmt": f"{when:%Y-%m-%dT%H:%M:%S}",
            "content": {"rendered": f"<p>{text}</p>\n"},
            "link": f"{self.root}/berita-nomor-{below}-ini/#comment-{number}",
        }

    def __call__(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        if not parts.path.startswith(COMMENTS):
            super().__call__(handler)
            return
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.asked_below.append({"path": parts.path, **query})
        if self.habit is not None:
            self.habit(handler)
        elif parts.path != COMMENTS:
            found = self.comments.get(int(parts.path.rpartition("/")[2]))
            answer = Answer(json.dumps(found).encode(), "application/json")
            (answer if found else error("rest_comment_invalid_id", 404))(handler)
        else:
            self._list(query)(handler)

    def _list(self, query: dict[str, str]) -> Answer:
        size, page = int(query["per_page"]), int(query.get("page", 1))
        if size > self.most_per_page:
            return error("rest_invalid_param", 400)
        shown = sorted(self.comments.values(), key=lambda one: -one["id"])
        shown = [one for one in shown if one["date"] > query.get("after", "")]
        if "include" in query and not self.lists_all:
            shown = [one for one in shown if str(one["id"]) in query["include"].split(",")]
        pages = self.total_pages or str(-(-len(shown) // size))
        part = shown[(page - 1) * size : page * size]
        headers = {"X-WP-Total": str(len(shown)), "X-WP-TotalPages": pages}
        return Answer(json.dumps(part).encode(), "application/json", headers=headers)


@pytest.fixture
def paper(site: LocalServer) -> Commented:
    paper = Commented(site)
    paper.publish(1, NOW - 2 * HOUR)
    return paper


def posts(world: World) -> dict[str, tuple[PageRow, Post]]:
    """The comments that are held, by their number."""
    with world.state.read() as session:
        rows = session.scalars(select(PageRow).where(PageRow.is_post, PageRow.sha256 != "")).all()
    return {row.hint["id"]: (row, Post.from_bytes(world.archive.get(row.sha256))) for row in rows}


def hold(world: World) -> None:
    """As the pipeline leaves comments that were read."""
    with world.state.write() as session:
        for row in session.scalars(select(PageRow).where(PageRow.is_post)):
            if row.disposition is None:
                row.status, row.disposition = "done", "indexed"


def read(world: World, site: LocalServer, **settings: Any) -> Any:
    [outcome] = world.crawl(source(way(site, comments=True, **settings)), site)
    return outcome


def test_comments_are_posts_with_their_author_article_and_thread(
    world: World, site: LocalServer, paper: Commented
) -> None:
    paper.comment(7, 1, "Pak camat kemarin <b>ikut</b> kampanye.")
    paper.comment(8, 1, "Benar, saya lihat juga.", parent=7)
    paper.comment(9, 404, "Di bawah berita yang tidak dikenal.")
    outcome = read(world, site)
    assert (outcome.outcome, outcome.found, outcome.reason) == ("ok", 3, "")
    held = posts(world)
    assert set(held) == {"7", "8"}
    row, first = held["7"]
    assert (row.status, row.is_post) == ("fetched", True)
    article = f"{site.root}/berita-nomor-1-ini/"
    assert (first.platform, first.text) == ("wordpress", "Pak camat kemarin ikut kampanye.")
    assert (first.author, first.official) == ("Warga & 7", False)
    assert (first.url, first.thread, first.links) == (f"{article}#comment-7", article, (article,))
    assert first.published == NOW - HOUR
    assert first.context == "Berita nomor 1 – &"
    assert held["8"][1].context == "Berita nomor 1 – &\nPak camat kemarin ikut kampanye."
    assert held["8"][1].reply_to == "127.0.0.1/7"


def test_none_are_asked_for_unless_the_source_says_so(
    world: World, site: LocalServer, paper: Commented
) -> None:
    paper.comment(7, 1, "Isi")
    [outcome] = world.crawl(source(way(site)), site)
    assert (outcome.outcome, outcome.found, paper.asked_below) == ("ok", 1, [])


def test_what_came_since_is_read_page_by_page_also_below_older_articles(
    world: World, site: LocalServer
) -> None:
    paper = Commented(site, most_per_page=10)
    paper.publish(1, NOW - 2 * HOUR)
    read(world, site)
    for number in range(1, 26):
        paper.comment(number, 1, f"Isi {number}", hours=number)
    world.now += 30 * HOUR
    outcome = read(world, site)
    assert (outcome.outcome, outcome.found) == ("ok", 25)
    pages = [query.get("page") for query in paper.asked_below if query["per_page"] == "10"]
    assert pages[-3:] == [None, "2", "3"]
    assert "after" in paper.asked_below[-1]
    again = read(world, site)
    assert (again.outcome, again.found) == ("unchanged", 0)


def test_comments_are_read_also_where_no_article_is_new(
    world: World, site: LocalServer, paper: Commented
) -> None:
    read(world, site)
    world.now += HOUR
    read(world, site)
    paper.comment(7, 1, "Isi")
    world.now += HOUR
    outcome = read(world, site)
    assert (outcome.outcome, outcome.found) == ("ok", 1)


@pytest.mark.parametrize(
    ("habit", "told"),
    [
        (error("rest_cannot_read", 401), "comments: http 401 (rest_cannot_read)"),
        (error("rest_no_route", 404), "comments: http 404 (rest_no_route)"),
        (Answer(b"Forbidden", status=403), "comments: http 403"),
        (Answer(b"<!doctype html><html>Beranda"), "comments: HTML in place of JSON"),
        (Answer(b'{"code":"rest_disabled"}', "application/json"), "comments: rest_disabled"),
        (Answer(b"[{", "application/json"), "comments: no JSON"),
        (Answer(status=503), "comments: http 503"),
        (large(50_000_000), "comments: too large"),
    ],
)
def test_where_comments_are_switched_off_the_articles_come_and_the_run_says_so(
    world: World, site: LocalServer, paper: Commented, habit: Habit, told: str
) -> None:
    paper.habit = habit
    outcome = read(world, site)
    assert (outcome.outcome, outcome.found, outcome.reason) == ("ok", 1, told)
    paper.habit = None
    paper.comment(7, 1, "Isi")
    world.now += HOUR
    assert read(world, site).found == 1  # and they are asked for again


def test_robots_txt_holds_for_comments_too(
    world: World, site: LocalServer, paper: Commented
) -> None:
    site.on("/robots.txt", Answer(f"User-agent: *\nDisallow: {COMMENTS}".encode(), "text/plain"))
    outcome = read(world, site)
    assert (outcome.outcome, outcome.found) == ("ok", 1)
    assert "comments: robots" in outcome.reason
    assert paper.asked_below == []


def test_a_total_that_lies_ends_at_the_end(
    world: World, site: LocalServer, paper: Commented
) -> None:
    read(world, site)
    for number in range(1, 4):
        paper.comment(number, 1, "Isi", hours=number)
    paper.total_pages = "99999"
    world.now += 10 * HOUR
    outcome = read(world, site, max_pages=50)
    assert (outcome.outcome, outcome.found, outcome.reason) == ("ok", 3, "")
    assert len(paper.asked_below) <= 4


def test_a_flood_is_bounded_and_told(world: World, site: LocalServer) -> None:
    paper = Commented(site, most_per_page=10)
    paper.publish(1, NOW - 2 * HOUR)
    read(world, site)
    for number in range(1, 200):
        paper.comment(number, 1, "Isi", hours=1)
    world.now += 10 * HOUR
    outcome = read(world, site, max_pages=3)
    assert (outcome.found, outcome.reason) == (30, "comments: more than 3 pages")


def test_a_deleted_comment_leaves_as_a_post_does_and_an_edited_one_is_read_anew(
    world: World, site: LocalServer, paper: Commented
) -> None:
    for number in (7, 8):
        paper.comment(number, 1, f"Isi {number}")
    read(world, site)
    hold(world)
    del paper.comments[7]
    paper.comment(8, 1, "Isi yang lain")
    world.now += 80 * HOUR
    read(world, site)
    held = posts(world)
    assert held["7"][0].disposition == "gone"
    assert (held["8"][0].status, held["8"][1].text) == ("fetched", "Isi yang lain")


def test_one_that_is_not_listed_any_more_is_asked_for_and_stays(
    world: World, site: LocalServer, paper: Commented
) -> None:
    paper.comment(7, 1, "Isi", hours=-72)
    read(world, site)
    hold(world)
    world.now += 80 * HOUR
    outcome = read(world, site)
    assert outcome.reason == ""
    assert [query.get("include") for query in paper.asked_below] == [None, None, "7"]
    assert posts(world)["7"][0].disposition == "indexed"


@pytest.mark.parametrize("fault", ["lists others", "lists nothing", "is switched off"])
def test_a_deletion_is_believed_only_when_it_is_told(
    world: World, site: LocalServer, paper: Commented, fault: str
) -> None:
    paper.comment(7, 1, "Isi")
    read(world, site)
    hold(world)
    if fault == "lists others":
        paper.lists_all = True
        paper.comment(9, 1, "Lain")
    elif fault == "lists nothing":
        paper.comments[7]["id"] = 70  # its list does not show it; alone it is there
        paper.comments[7] = {**paper.comments[7]}
    else:
        paper.habit = error("rest_cannot_read", 401)
    world.now += 80 * HOUR
    read(world, site)
    assert posts(world)["7"][0].disposition == "indexed"


# Reading answers ---------------------------------------------------------------------------------


def test_odd_entries_are_passed_over() -> None:
    good = {"id": 3, "link": "https://kabar.example/a/#comment-3", "content": {"rendered": "<p>x"}}
    odd = [
        None,
        7,
        {},
        {"id": "x", "link": "https://kabar.example/a"},
        {"id": 4, "link": "javascript:x"},
    ]
    [found] = read_comments(json.dumps([*odd, good]).encode(), zone=WITA).found
    assert (found.id, found.article, found.text) == (3, "https://kabar.example/a/", "x")
    for body in (b"", b"7", b"[" * 100_000, b"\xff\xfe"):
        assert read_comments(body, zone=WITA).problem == "no JSON"


def test_the_addresses_follow_those_of_the_posts() -> None:
    assert endpoint_of(f"https://a.example{ROUTE}") == f"https://a.example{COMMENTS}"
    plain = endpoint_of("https://a.example/?rest_route=/wp/v2/posts")
    assert plain == "https://a.example/?rest_route=/wp/v2/comments"
    assert ask_for_one(f"https://a.example{COMMENTS}", "7") == f"https://a.example{COMMENTS}/7"
    assert parse_qs(urlsplit(ask_for_one(plain, "7")).query) == {
        "rest_route": ["/wp/v2/comments/7"]
    }
