"""A Telegram channel: messages, edits, deletions, and what must not be read."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from crawler.platforms.telegram import read_channel
from pantau.config.models import Source, TermsAccepted, WayIn
from pantau.posts import Post
from pantau.records import Disposition
from pantau.state import pages
from tests.crawler.conftest import World, source
from tests.servers import Answer, LocalServer
from tests.servers.telegram import Channel, Message

pytestmark = pytest.mark.slow

BEGIN = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
DECIDED = TermsAccepted(by="Kepala Bagian Hukum", on=date(2026, 11, 1))


def message(number: int, text: str = "", **told: Any) -> Message:
    at = BEGIN + timedelta(minutes=number)
    return Message(number, text or f"Pengumuman nomor {number} untuk warga.", at, **told)


@pytest.fixture
def channel(site: LocalServer) -> Channel:
    channel = Channel("kabarlembah", "Kabar Lembah")
    site.otherwise(channel)
    return channel


def watched(site: LocalServer, **settings: Any) -> Source:
    settings.setdefault("terms_accepted", DECIDED)
    pages = settings.pop("max_pages", 5)
    way = WayIn(kind="telegram", url=f"{site.root}/s/kabarlembah", max_pages=pages)
    return source(way, id="lembah", **settings)


def held(world: World) -> dict[str, Post]:
    """Posts in the archive that wait to be read or are held, by their ids."""
    found = {}
    for row in world.pages().values():
        if row.sha256 and row.disposition is None:
            post = Post.from_bytes(world.archive.get(row.sha256))
            found[post.id] = post
    return found


def read(world: World) -> None:
    """What the pipeline does with what waits: here it becomes articles unread."""
    with world.state.write() as session:
        for row in pages.claim_fetched(session, 100, world.now):
            when = datetime.fromisoformat(row.hint["published"])
            pages.done(session, row.id, Disposition.INDEXED, published=when, article=row.key)


def test_a_message_is_taken_with_all_that_is_told_of_it(
    world: World, site: LocalServer, channel: Channel
) -> None:
    channel.post(
        message(7, "Warga bertanya soal jalan rusak"),
        message(
            8,
            'Camat menjawab:<br/>"Segera."<br/><a href="https://lembah.example/jalan">baca</a>',
            views="2.5K",
            edited=True,
            forwarded="Kecamatan Lembah",
            answers=(7, "Kabar Lembah", "Warga bertanya soal jalan rusak"),
            photo="https://cdn.example/jalan.jpg",
        ),
        message(9, "Kanal memasang foto baru", service=True),
    )
    [outcome] = world.crawl(watched(site, official=True), site)
    assert (outcome.outcome, outcome.found) == ("ok", 2)
    posts = held(world)
    assert set(posts) == {"kabarlembah/7", "kabarlembah/8"}
    post = posts["kabarlembah/8"]
    assert post.text == 'Camat menjawab:\n"Segera."\nbaca'
    assert post.context == "Diteruskan dari Kecamatan Lembah\nWarga bertanya soal jalan rusak"
    assert (post.author, post.handle, post.official) == ("Kabar Lembah", "@kabarlembah", True)
    assert (post.reply_to, post.counts) == ("kabarlembah/7", {"view": 2500})
    assert post.published == BEGIN + timedelta(minutes=8)
    assert post.edited is not None
    assert post.links == ("https://lembah.example/jalan",)
    assert [item.url for item in post.media] == ["https://cdn.example/jalan.jpg"]
    assert post.url == f"{site.root}/kabarlembah/8"


def test_older_messages_are_paged_to_and_a_known_time_ends_the_paging(
    world: World, site: LocalServer, channel: Channel
) -> None:
    channel.post(*(message(number) for number in range(1, 51)))
    world.crawl(watched(site), site)
    assert len(held(world)) == 50
    read(world)
    channel.post(*(message(number) for number in range(51, 80)))
    site.seen.clear()
    [outcome] = world.crawl(watched(site), site)
    assert (outcome.outcome, outcome.found) == ("ok", 29)
    asked = [path for path in site.paths() if path.startswith("/s/")]
    assert asked == ["/s/kabarlembah", "/s/kabarlembah?before=60"]


def test_what_lies_beyond_the_pages_is_a_gap(
    world: World, site: LocalServer, channel: Channel
) -> None:
    channel.post(message(1))
    world.crawl(watched(site, max_pages=1), site)
    channel.post(*(message(number) for number in range(2, 60)))
    [outcome] = world.crawl(watched(site, max_pages=1), site)
    assert (outcome.outcome, outcome.gap) == ("partly", True)


def test_an_edit_is_read_anew_and_counts_are_no_edit(
    world: World, site: LocalServer, channel: Channel
) -> None:
    channel.post(message(1), message(2))
    world.crawl(watched(site), site)
    read(world)
    channel.post(message(1, views="9K"), message(2, "Diralat: rapat pukul sembilan", edited=True))
    [outcome] = world.crawl(watched(site), site)
    assert (outcome.found, outcome.fetched) == (0, 1)
    assert [post.text for post in held(world).values()] == ["Diralat: rapat pukul sembilan"]


def test_a_deleted_message_is_asked_for_and_gone(
    world: World, site: LocalServer, channel: Channel
) -> None:
    channel.post(*(message(number) for number in range(1, 6)))
    world.crawl(watched(site), site)
    read(world)
    channel.delete(3)
    site.seen.clear()
    world.crawl(watched(site), site)
    assert "/kabarlembah/3?embed=1&mode=tme" in site.paths()
    rows = world.pages()
    assert rows["/kabarlembah/3"].disposition == Disposition.GONE
    assert {rows[f"/kabarlembah/{n}"].disposition for n in (1, 2, 4, 5)} == {"indexed"}


def test_a_deleted_message_outside_the_page_is_found_by_and_by(
    world: World, site: LocalServer, channel: Channel
) -> None:
    channel.post(*(message(number) for number in range(1, 31)))
    world.crawl(watched(site), site)
    read(world)
    channel.delete(2)
    channel.post(message(31))
    world.now += timedelta(days=2)
    world.crawl(watched(site, max_pages=1), site)
    assert world.pages()["/kabarlembah/2"].disposition == Disposition.GONE


def test_a_message_that_is_only_hidden_by_an_error_stays(
    world: World, site: LocalServer, channel: Channel
) -> None:
    channel.post(*(message(number) for number in range(1, 6)))
    world.crawl(watched(site), site)
    read(world)
    hidden = channel.messages.pop(3)
    site.on("/kabarlembah/3?embed=1&mode=tme", Answer(b"<h1>Gangguan</h1>"))
    world.crawl(watched(site), site)
    assert world.pages()["/kabarlembah/3"].disposition == "indexed"
    site.on("/kabarlembah/3?embed=1&mode=tme", Answer(b"galat", status=500))
    world.crawl(watched(site), site)
    assert world.pages()["/kabarlembah/3"].disposition == "indexed"
    channel.post(hidden)


def test_a_message_that_is_there_again_is_taken_again(
    world: World, site: LocalServer, channel: Channel
) -> None:
    channel.post(*(message(number) for number in range(1, 4)))
    world.crawl(watched(site), site)
    read(world)
    back = channel.messages.pop(2)
    world.crawl(watched(site), site)
    channel.post(back)
    world.crawl(watched(site), site)
    assert set(held(world)) == {"kabarlembah/2"}


def test_without_accepted_terms_nothing_is_asked(
    world: World, site: LocalServer, channel: Channel
) -> None:
    channel.post(message(1))
    off = watched(site, enabled=False, terms_accepted=None)
    [outcome] = world.crawl(off, site)
    assert outcome.outcome == "not set up"
    assert "terms of telegram" in outcome.reason
    assert site.seen == []


@pytest.fixture
def bad(channel: Channel) -> Channel:
    channel.post(message(1))
    return channel


def test_a_private_channel_is_told(world: World, site: LocalServer, bad: Channel) -> None:
    bad.private = True
    [outcome] = world.crawl(watched(site), site)
    assert outcome.outcome == "failed"
    assert "no preview" in outcome.reason


def test_noindex_is_honoured(world: World, site: LocalServer, bad: Channel) -> None:
    bad.noindex = True
    [outcome] = world.crawl(watched(site), site)
    assert (outcome.outcome, outcome.reason) == ("robots", "noindex")
    assert held(world) == {}


def test_robots_txt_is_obeyed(world: World, site: LocalServer, bad: Channel) -> None:
    site.on("/robots.txt", Answer(b"User-agent: *\nDisallow: /s/", "text/plain"))
    [outcome] = world.crawl(watched(site), site)
    assert outcome.outcome == "robots"
    assert site.paths() == ["/robots.txt"]


def test_a_pause_is_kept(world: World, site: LocalServer, bad: Channel) -> None:
    site.on("/s/kabarlembah", Answer(b"", status=429, headers={"Retry-After": "900"}))
    [outcome] = world.crawl(watched(site), site)
    assert outcome.outcome == "failed"
    assert site.asked("/s/kabarlembah") == 1
    [outcome] = world.crawl(watched(site), site)
    assert "paused" in outcome.reason
    assert site.asked("/s/kabarlembah") == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x00\xff<",
        b"<section class='tgme_channel_history'></section>",
        b"<div class='tgme_channel_history'><div class='tgme_widget_message'>x",
        b"<div class='tgme_channel_history'><div class='tgme_widget_message' data-post='../..'>",
        b"<div class='tgme_channel_history'>" + b"<div class='tgme_widget_message'>" * 5000,
    ],
)
def test_what_is_no_message_is_passed_over(body: bytes) -> None:
    assert read_channel(body, url="https://t.me/s/kabar", official=False).posts == ()
