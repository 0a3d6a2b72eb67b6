"""A YouTube channel by the Data API: videos, comments, and a quota that is never passed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crawler.run import RunOutcome, crawl, run_in_reactor
from pantau.config.models import Platforms, Source, WayIn, YouTube
from pantau.records import Disposition
from pantau.state import spending
from tests.crawler.conftest import World, source
from tests.crawler.test_telegram import held, read
from tests.servers import Answer, LocalServer
from tests.servers.youtube import KEY
from tests.servers.youtube import YouTube as Server

DAY = "2026-11-21"
"""In Pacific time, when it is three o'clock of the 22nd in UTC."""


@pytest.fixture
def tube(site: LocalServer) -> Server:
    server = Server()
    site.otherwise(server)
    server.publish("vidPanen001", "Panen raya", "2026-11-20T02:00:00Z", "Panen di lembah.")
    server.publish("vidRapat001", "Rapat desa", "2026-11-21T02:00:00Z")
    return server


def channel(site: LocalServer, **settings: Any) -> Source:
    way = WayIn(
        kind="youtube",
        url="https://www.youtube.com/@kabarlembah",
        api=site.root + "/youtube/v3",
        **settings,
    )
    return source(way, id="kanal", official=True)


def ask(
    world: World, watched: Source, site: LocalServer, *, units: int = 9000, key: str = KEY
) -> RunOutcome:
    context = replace(
        world.context(site),
        platforms=Platforms(youtube=YouTube(units_per_day=units)),
        environment={"PANTAU_YOUTUBE_KEY": key} if key else {},
    )
    [outcome] = run_in_reactor(lambda: crawl([watched], context=context))
    return outcome


def spent(world: World, day: str = DAY) -> int:
    with world.state.read() as session:
        return spending.spent(session, "youtube", day)


def test_videos_are_taken_and_counted(world: World, site: LocalServer, tube: Server) -> None:
    outcome = ask(world, channel(site), site)
    assert (outcome.outcome, outcome.found) == ("ok", 2)
    post = held(world)["vidPanen001"]
    assert (post.title, post.text, post.official) == ("Panen raya", "Panen di lembah.", True)
    assert post.counts == {"view": 120, "like": 7, "reply": 0}
    assert post.url == "https://www.youtube.com/watch?v=vidPanen001"
    assert tube.asked == ["channels", "playlistItems", "videos"]
    assert spent(world) == 3
    read(world)
    ask(world, channel(site), site)
    assert tube.asked[3:] == ["playlistItems", "videos"]  # the playlist is remembered
    assert "/robots.txt" not in site.paths()  # a keyed interface goes by its terms


@pytest.mark.slow
def test_comments_are_citizens_posts_with_what_they_stand_under(
    world: World, site: LocalServer, tube: Server
) -> None:
    tube.comment("vidPanen001", "k1" * 12, "Mantap", "2026-11-21T03:00:00Z", ("r1" * 12, "Betul"))
    tube.closed.add("vidRapat001")
    ask(world, channel(site, comments=True), site)
    posts = held(world)
    assert set(posts) == {"vidPanen001", "vidRapat001", "k1" * 12, "r1" * 12}
    reply = posts["r1" * 12]
    assert (reply.context, reply.reply_to, reply.official) == (
        "Panen raya\nMantap",
        "k1" * 12,
        False,
    )
    assert tube.asked.count("commentThreads") == 1


@pytest.mark.slow
def test_replies_beyond_those_told_with_a_thread_are_asked_for(
    world: World, site: LocalServer, tube: Server
) -> None:
    replies = [(f"r{number:030}", f"Balasan {number}") for number in range(12)]
    tube.comment("vidPanen001", "k1" * 12, "Mantap", "2026-11-21T03:00:00Z", *replies)
    outcome = ask(world, channel(site, comments=True), site)
    assert outcome.found == 2 + 1 + 12
    assert held(world)["r" + "0" * 28 + "11"].context == "Panen raya\nMantap"


@pytest.mark.slow
def test_comments_are_asked_for_again_only_where_their_number_has_changed(
    world: World, site: LocalServer, tube: Server
) -> None:
    tube.comment("vidPanen001", "k1" * 12, "Mantap", "2026-11-21T03:00:00Z")
    watched = channel(site, comments=True)
    ask(world, watched, site)
    read(world)
    ask(world, watched, site)
    assert tube.asked.count("commentThreads") == 1
    tube.comment("vidRapat001", "k2" * 12, "Kapan?", "2026-11-21T04:00:00Z")
    outcome = ask(world, watched, site)
    assert (outcome.found, tube.asked.count("commentThreads")) == (1, 2)


@pytest.mark.slow
def test_more_comments_than_a_page_holds_are_all_taken(
    world: World, site: LocalServer, tube: Server
) -> None:
    for number in range(230):
        tube.comment("vidPanen001", f"k{number:030}", f"Komentar {number}", "2026-11-21T03:00:00Z")
    outcome = ask(world, channel(site, comments=True), site)
    assert outcome.found == 232
    assert tube.asked.count("commentThreads") == 3


def test_the_days_quota_is_never_passed(world: World, site: LocalServer, tube: Server) -> None:
    outcome = ask(world, channel(site), site, units=2)
    assert outcome.outcome == "partly"
    assert f"the 2 units of {DAY} (Pacific time) are used up" in outcome.reason
    assert len(tube.asked) == spent(world) == 2
    ask(world, channel(site), site, units=2)
    assert len(tube.asked) == 2
    world.now = datetime(2026, 11, 22, 8, 1, tzinfo=UTC)  # past midnight there
    outcome = ask(world, channel(site), site, units=3)
    assert (outcome.outcome, outcome.found) == ("ok", 2)
    assert spent(world, "2026-11-22") == 3


@pytest.mark.slow
def test_what_is_noted_before_a_kill_counts(world: World, site: LocalServer, tube: Server) -> None:
    with world.state.write() as session:  # noted, then killed before the answer
        assert spending.reserve(session, "youtube", DAY, 1, 2)
    ask(world, channel(site), site, units=2)
    assert len(tube.asked) == 1


@pytest.mark.slow
def test_the_platforms_own_word_that_nothing_is_left_holds(
    world: World, site: LocalServer, tube: Server
) -> None:
    tube.quota = 1
    outcome = ask(world, channel(site), site)
    assert (outcome.outcome, spent(world)) == ("partly", 9000)
    asked = len(tube.asked)
    ask(world, channel(site), site)
    assert len(tube.asked) == asked


def test_without_a_key_nothing_is_asked_and_it_says_so(
    world: World, site: LocalServer, tube: Server
) -> None:
    outcome = ask(world, channel(site), site, key="")
    assert outcome.outcome == "not set up"
    assert "PANTAU_YOUTUBE_KEY" in outcome.reason
    assert site.seen == []
    assert spent(world) == 0


@pytest.mark.slow
def test_a_wrong_key_is_told_and_not_shown(world: World, site: LocalServer, tube: Server) -> None:
    outcome = ask(world, channel(site), site, key="rahasia")
    assert outcome.outcome == "failed"
    assert "keyInvalid" in outcome.reason
    assert not any("rahasia" in path for path in site.paths())
    assert "rahasia" not in world.runs()[0].reason


@pytest.mark.slow
def test_what_was_deleted_is_gone_and_what_was_edited_is_read_anew(
    world: World, site: LocalServer, tube: Server
) -> None:
    tube.publish("vidTiga0003", "Video ketiga", "2026-11-21T05:00:00Z")
    tube.comment("vidRapat001", "k1" * 12, "Hapus nanti", "2026-11-21T04:00:00Z")
    watched = channel(site, comments=True)
    ask(world, watched, site)
    read(world)
    del tube.videos["vidRapat001"]
    tube.comments.clear()
    tube.videos["vidPanen001"]["title"] = "Panen raya (ralat)"
    world.now += timedelta(days=2)
    outcome = ask(world, watched, site)
    assert outcome.fetched == 1
    rows = {row.hint["id"]: row.disposition for row in world.pages().values()}
    assert rows["vidRapat001"] == rows["k1" * 12] == Disposition.GONE
    assert rows["vidPanen001"] is None


@pytest.mark.slow
def test_a_channel_that_is_not_there_is_told(world: World, site: LocalServer, tube: Server) -> None:
    tube.handle = "@lain"
    assert "no such channel" in ask(world, channel(site), site).reason


ATOM = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns:yt="http://www.youtube.com/xml/schemas/2015"
 xmlns:media="http://search.yahoo.com/mrss/" xmlns="http://www.w3.org/2005/Atom">
<title>Kabar Lembah</title><entry><id>yt:video:vidPanen001</id><yt:videoId>vidPanen001</yt:videoId>
<yt:channelId>UCkabar</yt:channelId><title>Panen raya</title>
<link rel="alternate" href="https://www.youtube.com/watch?v=vidPanen001"/>
<author><name>Kabar Lembah</name></author><published>2026-11-20T02:00:00+00:00</published>
<media:group><media:title>Panen raya</media:title>
<media:description>Panen di lembah.</media:description><media:community>
<media:statistics views="120"/></media:community></media:group></entry></feed>"""


@pytest.mark.slow
@pytest.mark.parametrize("allowed", [True, False])
def test_the_atom_feed_is_read_where_robots_txt_allows_it(
    world: World, site: LocalServer, allowed: bool
) -> None:
    path = "/feeds/videos.xml?channel_id=UCkabar"
    rule = "" if allowed else "/feeds/videos.xml"
    site.on("/robots.txt", Answer(f"User-agent: *\nDisallow: {rule}".encode(), "text/plain"))
    site.on(path, Answer(ATOM.encode(), "text/xml"))
    watched = source(WayIn(kind="youtube", url=site.root + path), id="kanal")
    outcome = ask(world, watched, site, key="")
    assert outcome.outcome == ("ok" if allowed else "robots")
    assert [post.text for post in held(world).values()] == ["Panen di lembah."] * allowed


@pytest.mark.slow
@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"items": 7}', b'{"items": [7, {}]}', b"<p>"]
)
def test_an_answer_that_is_none_is_told(world: World, site: LocalServer, body: bytes) -> None:
    site.otherwise(Answer(body, "application/json"))
    outcome = ask(world, channel(site), site)
    assert outcome.outcome == "failed"
