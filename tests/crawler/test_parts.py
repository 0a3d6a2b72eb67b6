"""Articles that a site cuts into pages: fetched whole, gently, and never read half."""

from __future__ import annotations

import asyncio

import pytest

from crawler import politeness
from crawler.parts import MAX_PAGES
from crawler.politeness import HostBudgets
from crawler.robots import RobotsCache
from crawler.run import crawl, run_in_reactor
from pantau.records import Disposition
from pantau.state import pages, parts
from pantau.state.tables import PageRow
from tests.crawler.conftest import World, feed_way, rss, source
from tests.servers import Answer, LocalServer
from tests.servers.habits import redirect, slow
from tests.servers.local import Habit

FIRST = "/berita/camat-bicara-panjang"
WHOLE = FIRST + "?page=all"


def part(number: int) -> str:
    return f"{FIRST}?page={number}"


def page(*links: str) -> str:
    shown = "".join(f'<a href="{link}">x</a>' for link in links)
    return f"<h1>Camat Bicara Panjang</h1><p>isi</p>{shown}"


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a failing host is spared is another test's matter."""
    monkeypatch.setattr(politeness, "FIRST_PAUSE", 0.0)


@pytest.fixture
def paper(site: LocalServer) -> LocalServer:
    """A paper whose one article has three parts."""
    site.on("/feed", rss(site, FIRST))
    site.on(FIRST, page(part(2), part(3)))
    site.on(part(2), page(part(3)))
    site.on(part(3), page())
    return site


def claimed(world: World) -> list[PageRow]:
    """The pages that may be read now."""
    with world.state.write() as session:
        return list(pages.claim_fetched(session, 10, world.now))


def further(world: World) -> dict[str, tuple[str | None, str]]:
    """Of each further page its disposition, or status where it has none, and its reason."""
    rows = world.pages()
    first = rows[FIRST].id
    return {
        path: (row.disposition or row.status, row.reason)
        for path, row in rows.items()
        if row.parent_id == first
    }


def test_further_parts_are_fetched_in_the_same_run_and_read_with_the_first(
    world: World, paper: LocalServer
) -> None:
    [outcome] = world.crawl(source(feed_way(paper)), paper)
    assert (outcome.outcome, outcome.found, outcome.fetched) == ("ok", 1, 3)
    assert [paper.asked(path) for path in (FIRST, part(2), part(3))] == [1, 1, 1]
    [row] = claimed(world)
    assert row.url == paper.root + FIRST
    assert further(world) == {part(2): ("fetched", ""), part(3): ("fetched", "")}
    bodies = {path: world.archive.get(row.sha256) for path, row in world.pages().items()}
    assert bodies[part(3)] == page().encode()
    with world.state.write() as session:
        pages.done(session, row.id, Disposition.INDEXED, article="a" * 64)
    assert further(world) == dict.fromkeys((part(2), part(3)), ("part of an article", ""))
    assert {row.article_id for row in world.pages().values()} == {"a" * 64}


def test_the_whole_on_one_page_is_the_first_choice(world: World, paper: LocalServer) -> None:
    paper.on(FIRST, page(part(2), part(3), WHOLE))
    paper.on(WHOLE, page())
    world.crawl(source(feed_way(paper)), paper)
    assert further(world) == {WHOLE: ("fetched", "")}
    assert not paper.asked(part(2))


@pytest.mark.parametrize(
    ("whole", "reason"),
    [
        (Answer(status=404), "http 404"),
        (Answer(status=500), "http 500"),
        (redirect("/"), "leads to another page"),
        (None, "robots.txt"),
    ],
)
def test_where_the_whole_cannot_be_had_its_parts_are_taken(
    world: World, paper: LocalServer, whole: Habit | None, reason: str
) -> None:
    paper.on(FIRST, page(part(2), part(3), WHOLE))
    paper.on("/", "Beranda")
    if whole:
        paper.on(WHOLE, whole)
    else:
        paper.on("/robots.txt", Answer(b"User-agent: *\nDisallow: /*page=all", "text/plain"))
    world.crawl(source(feed_way(paper)), paper)
    told = further(world)
    assert told.pop(WHOLE)[1] == reason
    assert told == {part(2): ("fetched", ""), part(3): ("fetched", "")}
    [row] = claimed(world)
    with world.state.read() as session:
        assert parts.missing(parts.of(session, [row.id])[row.id]) == ""


def test_a_source_may_name_the_whole_so_that_nothing_is_asked_twice(
    world: World, paper: LocalServer
) -> None:
    paper.on(WHOLE, page(part(2)))
    world.crawl(source(feed_way(paper), full_page="page=all"), paper)
    assert paper.paths() == ["/robots.txt", "/feed", WHOLE]
    assert [row.url for row in claimed(world)] == [paper.root + FIRST]


def test_parts_that_only_a_part_names_are_found(world: World, paper: LocalServer) -> None:
    paper.on(FIRST, page(part(2)))
    world.crawl(source(feed_way(paper)), paper)
    assert set(further(world)) == {part(2), part(3)}


def test_parts_have_an_end(world: World, paper: LocalServer) -> None:
    for number in range(1, 40):
        paper.on(part(number) if number > 1 else FIRST, page(part(number + 1)))
    world.crawl(source(feed_way(paper)), paper)
    assert len(further(world)) == MAX_PAGES


def test_an_article_waits_for_a_part_that_fails_and_then_is_read_without_it(
    world: World, paper: LocalServer
) -> None:
    paper.on(part(2), Answer(status=500))
    world.crawl(source(feed_way(paper)), paper)
    assert claimed(world) == []
    for _ in range(parts.MAX_ATTEMPTS):
        world.now += parts.WAIT / 6
        world.budgets = HostBudgets()
        world.crawl(source(feed_way(paper)), paper)
    assert further(world)[part(2)] == ("failed", "http 500")
    [row] = claimed(world)
    with world.state.read() as session:
        told = parts.missing(parts.of(session, [row.id])[row.id])
    assert told == f"part missing: {paper.root}{part(2)} (http 500)"


def test_a_host_that_asks_for_a_long_pause_keeps_no_article_for_ever(
    world: World, paper: LocalServer
) -> None:
    paper.on(part(2), Answer(status=429, headers={"Retry-After": "86400"}))
    world.crawl(source(feed_way(paper)), paper)
    world.now += parts.WAIT
    assert claimed(world) == []
    world.now += parts.WAIT / 100
    [row] = claimed(world)
    with world.state.write() as session:
        pages.done(session, row.id, Disposition.OFF_TOPIC)
    assert further(world)[part(2)] == ("failed", parts.TOO_LATE)


def test_a_part_that_leads_to_the_front_page_is_no_part(world: World, paper: LocalServer) -> None:
    paper.on(part(3), redirect("/"))
    paper.on("/", "Beranda")
    world.crawl(source(feed_way(paper)), paper)
    assert further(world)[part(3)] == ("failed", "leads to another page")


def test_cut_off_between_parts_the_next_run_asks_for_those_that_are_missing(
    world: World, paper: LocalServer
) -> None:
    paper.on(part(3), slow(0.6, Answer(page().encode())))
    context = world.context(paper)

    async def scene() -> None:
        running = asyncio.ensure_future(crawl([source(feed_way(paper))], context=context))
        while not paper.asked(part(3)):
            await asyncio.sleep(0.01)
        running.cancel()
        await asyncio.wait({running})

    run_in_reactor(scene)
    assert claimed(world) == []
    world.robots, world.budgets = RobotsCache(), HostBudgets()
    world.crawl(source(feed_way(paper)), paper)
    assert further(world)[part(3)] == ("fetched", "")
    assert paper.asked(FIRST) == paper.asked(part(2)) == 1
    assert len(claimed(world)) == 1


def test_links_to_other_pages_make_no_parts(world: World, site: LocalServer) -> None:
    site.on("/feed", rss(site, FIRST))
    site.on(FIRST, page("/indeks?page=2", "/berita/lain-sekali-ini?page=2", "/2024/10/12"))
    world.crawl(source(feed_way(site)), site)
    assert set(world.pages()) == {FIRST}


def test_bytes_of_parts_go_with_those_of_their_article(world: World, paper: LocalServer) -> None:
    world.crawl(source(feed_way(paper)), paper)
    [row] = claimed(world)
    with world.state.write() as session:
        pages.done(session, row.id, Disposition.OFF_TOPIC)
        forgotten = pages.forget_off_topic(session, world.now + parts.WAIT, 10)
    assert len(forgotten) == 3


def test_an_article_that_waits_for_its_parts_is_not_late(world: World, paper: LocalServer) -> None:
    paper.on(part(2), Answer(status=500))
    world.crawl(source(feed_way(paper)), paper)
    world.now += parts.WAIT / 2
    with world.state.read() as session:
        assert pages.late_to_be_read(session, world.now, world.now) == 0
        later = world.now + parts.WAIT
        assert pages.late_to_be_read(session, later, later) == 1
