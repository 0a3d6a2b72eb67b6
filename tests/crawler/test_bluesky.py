"""Bluesky: an account's feed, and a stream of everybody's posts over cuts, kills and deletions."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from crawler.platforms.bluesky import read_event
from crawler.robots import RobotsCache
from crawler.run import RunOutcome, crawl, run_in_reactor
from pantau.config.models import Source, WayIn
from pantau.records import Disposition
from tests.crawler.conftest import NOW, World, source
from tests.crawler.test_telegram import held, read
from tests.servers import Answer, LocalServer
from tests.servers.bluesky import DID, AppView, Jetstream, uri


def us(moment: datetime) -> int:
    return int(moment.timestamp() * 1_000_000)


T = us(NOW)
SECOND = 1_000_000


@pytest.fixture
def view(site: LocalServer) -> AppView:
    view = AppView()
    site.otherwise(view)
    return view


def account(site: LocalServer, **settings: Any) -> Source:
    url = "https://bsky.app/profile/lembah.example"
    return source(WayIn(kind="bluesky", url=url, api=site.root, **settings), id="langit")


def test_an_accounts_posts_are_taken(world: World, site: LocalServer, view: AppView) -> None:
    parent = {"parent": {"record": {"text": "Siapa yang datang?"}}}
    answer = {"reply": {"root": {"uri": uri("a")}, "parent": {"uri": uri("b")}}}
    image = {"images": [{"fullsize": "https://cdn.example/1.jpg", "alt": "Spanduk di balai"}]}
    view.write("k1", "Camat datang", NOW, record=answer, post={"embed": image}, reply=parent)
    view.reposts = [{**view.views["k1"], "reason": {"$type": "app.bsky.feed.defs#reasonRepost"}}]
    [outcome] = world.crawl(account(site), site)
    assert (outcome.outcome, outcome.found) == ("ok", 1)
    post = held(world)[uri("k1")]
    assert (post.text, post.context) == ("Camat datang", "Siapa yang datang?")
    assert (post.author, post.handle) == ("Kecamatan Lembah", "@lembah.example")
    assert (post.reply_to, post.thread) == (uri("b"), uri("a"))
    assert post.published == NOW  # not the date that its author claims
    assert post.media[0].description == "Spanduk di balai"
    assert post.url == "https://bsky.app/profile/lembah.example/post/k1"


@pytest.mark.slow
def test_a_feed_is_paged_back_to_what_was_read(
    world: World, site: LocalServer, view: AppView
) -> None:
    view.per_page = 10
    for number in range(25):
        view.write(f"k{number}", f"Kabar {number}", NOW - timedelta(minutes=100 - number))
    world.crawl(account(site), site)
    assert len(held(world)) == 25
    for number in range(25, 37):
        view.write(f"k{number}", f"Kabar {number}", NOW - timedelta(minutes=100 - number))
    site.seen.clear()
    [outcome] = world.crawl(account(site), site)
    assert (outcome.found, outcome.gap) == (12, False)
    assert sum("getAuthorFeed" in path for path in site.paths()) == 2


@pytest.mark.slow
def test_a_deleted_post_is_gone(world: World, site: LocalServer, view: AppView) -> None:
    for number in range(4):
        view.write(f"k{number}", f"Kabar {number}", NOW - timedelta(minutes=9 - number))
    world.crawl(account(site), site)
    read(world)
    del view.views["k2"]
    world.crawl(account(site), site)
    rows = {row.hint["id"]: row.disposition for row in world.pages().values()}
    assert rows[uri("k2")] == Disposition.GONE
    assert rows[uri("k1")] == "indexed"


@pytest.mark.slow
def test_whoever_asks_to_be_shown_to_members_only_is_not_taken(
    world: World, site: LocalServer, view: AppView
) -> None:
    view.labels = [{"val": "!no-unauthenticated"}]
    view.write("k1", "Kabar", NOW)
    [outcome] = world.crawl(account(site), site)
    assert (outcome.outcome, outcome.found) == ("unchanged", 0)


@pytest.mark.slow
def test_an_account_that_is_not_there_is_told(
    world: World, site: LocalServer, view: AppView
) -> None:
    way = WayIn(kind="bluesky", url="https://bsky.app/profile/lain.example", api=site.root)
    [outcome] = world.crawl(source(way), site)
    assert "Profile not found" in outcome.reason


@pytest.fixture
def stream() -> Iterator[Jetstream]:
    with Jetstream() as stream:
        yield stream


def listen(
    world: World, stream: Jetstream, *, lasting: bool = False, **settings: Any
) -> RunOutcome:
    way = WayIn(kind="bluesky", url=stream.url, words=("netral", "kampanye ASN"))
    context = replace(world.context(**settings), lasting=lasting)
    allowed = context.settings.model_copy(update={"allow_private": (stream.address,)})
    context = replace(context, settings=allowed)
    [outcome] = run_in_reactor(lambda: crawl([source(way, id="aliran")], context=context))
    return outcome


def texts(world: World) -> list[str]:
    return sorted(post.text for post in held(world).values())


@pytest.mark.slow
def test_a_stream_is_filtered_by_language_and_words(world: World, stream: Jetstream) -> None:
    at = T - 60 * SECOND
    stream.post(at, "a", "Tetap netral ya")
    stream.post(at + 1, "b", "Ada kampanye asn di balai")
    stream.post(at + 2, "c", "Harga netralisir naik")
    stream.post(at + 3, "d", "netral is a word", langs=["en"])
    stream.post(at + 4, "e", "Netral!", langs=["id-ID"])
    alt = {"$type": "app.bsky.embed.images", "images": [{"alt": "Spanduk ASN netral"}]}
    stream.post(at + 5, "f", "Lihat ini", embed=alt)
    stream.post(T, "z", "sekarang")
    outcome = listen(world, stream)
    assert (outcome.outcome, outcome.found) == ("ok", 4)
    assert texts(world) == ["Ada kampanye asn di balai", "Lihat ini", "Netral!", "Tetap netral ya"]
    post = next(iter(held(world).values()))
    assert (post.author_id, post.handle, post.official) == (DID, DID, False)


def test_nothing_is_lost_or_twice_over_cuts_and_runs(world: World, stream: Jetstream) -> None:
    for number in range(40):
        stream.post(T - (60 - number) * SECOND, f"k{number}", f"Netral nomor {number}")
    stream.post(T, "z", "sekarang")
    stream.cuts = [7, 0, 13]
    outcome = listen(world, stream)
    assert (outcome.outcome, outcome.found) == ("ok", 40)
    assert stream.asked[1] == T - 54 * SECOND  # at what was read last
    world.now += timedelta(minutes=5)
    for number in range(40, 50):
        stream.post(T + number * SECOND, f"k{number}", f"Netral nomor {number}")
    stream.post(us(world.now), "y", "sekarang")
    outcome = listen(world, stream)
    assert outcome.found == 10
    assert len(texts(world)) == 50


@pytest.mark.slow
def test_edits_and_deletions_are_followed(world: World, stream: Jetstream) -> None:
    at = T - 60 * SECOND
    for number, key in enumerate("abcd"):
        stream.post(at + number, key, f"Netral {key}")
    stream.post(at + 9, "x", "Netral x", did="did:plc:warga")
    stream.post(T, "z", "sekarang")
    listen(world, stream)
    read(world)
    world.now += timedelta(minutes=1)
    stream.post(T + 1 * SECOND, "a", "Netral a, diralat", operation="update")
    stream.post(T + 2 * SECOND, "b", "Tanpa kata itu", operation="update")
    stream.delete(T + 3 * SECOND, "c")
    stream.delete(T + 4 * SECOND, "lain")
    stream.close_account(T + 5 * SECOND, "did:plc:warga")
    stream.post(us(world.now), "y", "sekarang")
    listen(world, stream)
    rows = {row.hint["id"]: row.disposition for row in world.pages().values()}
    assert texts(world) == ["Netral a, diralat"]
    gone = {uri("b"), uri("c"), uri("x", "did:plc:warga")}
    assert {one for one, disposition in rows.items() if disposition == "gone"} == gone
    assert rows[uri("d")] == "indexed"


@pytest.mark.slow
def test_what_was_written_and_deleted_between_two_writings_is_not_held(
    world: World, stream: Jetstream
) -> None:
    stream.post(T - 9 * SECOND, "a", "Netral a")
    stream.delete(T - 8 * SECOND, "a")
    stream.post(T, "z", "sekarang")
    assert listen(world, stream).found == 0


@pytest.mark.slow
def test_what_the_server_no_longer_has_is_a_gap(world: World, stream: Jetstream) -> None:
    stream.post(T, "a", "Netral a")
    listen(world, stream)
    world.now += timedelta(days=4)
    stream.retained_from = us(world.now) - 3600 * SECOND
    stream.post(stream.retained_from, "b", "Netral b")
    stream.post(us(world.now), "z", "sekarang")
    outcome = listen(world, stream)
    assert "gap" in outcome.reason
    assert outcome.gap


@pytest.mark.slow
def test_a_collector_stays_until_its_time_is_up(world: World, stream: Jetstream) -> None:
    stream.post(T - SECOND, "a", "Netral a")

    async def write_later() -> None:
        await asyncio.sleep(1)
        stream.cuts = [1]
        stream.post(T, "b", "Netral b")

    way = WayIn(kind="bluesky", url=stream.url, words=("netral",))
    context = world.context(max_run=timedelta(seconds=5))
    settings = context.settings.model_copy(update={"allow_private": (stream.address,)})
    context = replace(context, settings=settings, lasting=True)

    async def both() -> list[RunOutcome]:
        later = asyncio.ensure_future(write_later())
        outcomes = await crawl([source(way)], context=context)
        await later
        return outcomes

    [outcome] = run_in_reactor(both)
    assert (outcome.outcome, outcome.found) == ("ok", 2)


@pytest.mark.slow
def test_a_stream_that_is_called_back_has_written_what_it_read(
    world: World, stream: Jetstream
) -> None:
    stream.post(T - SECOND, "a", "Netral a")
    way = WayIn(kind="bluesky", url=stream.url, words=("netral",))
    settings = world.context().settings.model_copy(update={"allow_private": (stream.address,)})
    context = replace(world.context(), settings=settings, lasting=True)

    async def cut_off() -> None:
        crawling = asyncio.ensure_future(crawl([source(way)], context=context))
        while not stream.asked:
            await asyncio.sleep(0.05)
        await asyncio.sleep(0.5)
        crawling.cancel()
        await asyncio.gather(crawling, return_exceptions=True)

    run_in_reactor(cut_off)
    assert texts(world) == ["Netral a"]
    assert world.runs()[0].reason == "stopped"


@pytest.mark.slow
def test_robots_txt_and_the_guard_hold_for_a_stream(world: World, stream: Jetstream) -> None:
    stream.robots = b"User-agent: *\nDisallow: /subscribe"
    assert listen(world, stream).outcome == "robots"
    world.robots = RobotsCache()
    stream.robots = b""
    way = WayIn(kind="bluesky", url=stream.url, words=("netral",))
    [outcome] = world.crawl(source(way))
    assert "private address" in outcome.reason
    assert stream.asked == []


@pytest.mark.slow
def test_a_stream_that_never_lasts_is_told(world: World, stream: Jetstream) -> None:
    stream.cuts = [0] * 50
    outcome = listen(world, stream)
    assert outcome.outcome in ("failed", "partly")
    assert "stream" in outcome.reason or "paused" in outcome.reason


@pytest.mark.parametrize(
    "line",
    ["", "7", "[]", "{}", '{"did": 7, "time_us": "x"}', '{"did": "d", "time_us": -1}', b"\xff"],
)
def test_what_is_no_event_is_passed_over(line: str | bytes) -> None:
    assert read_event(line) is None


@pytest.mark.slow
def test_an_answer_that_is_no_feed_is_told(world: World, site: LocalServer) -> None:
    site.otherwise(Answer(b"<html>403</html>", status=403))
    [outcome] = world.crawl(account(site), site)
    assert outcome.outcome == "blocked"
