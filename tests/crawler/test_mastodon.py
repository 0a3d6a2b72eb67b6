"""Mastodon accounts and tags: lists, gaps, edits, deletions, limits, and who does not want it."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest

from crawler.platforms.mastodon import read_status
from pantau.config.models import Source, WayIn
from pantau.records import Disposition
from tests.crawler.conftest import World, source
from tests.crawler.test_telegram import held, read
from tests.servers import Answer, LocalServer
from tests.servers.mastodon import Mastodon


@pytest.fixture
def server(site: LocalServer) -> Mastodon:
    server = Mastodon(site.root)
    site.otherwise(server)
    return server


def account(site: LocalServer, path: str = "/@lembah", **settings: Any) -> Source:
    return source(WayIn(kind="mastodon", url=site.root + path, **settings), id="fedi")


def test_statuses_are_taken_with_all_that_is_told(
    world: World, site: LocalServer, server: Mastodon
) -> None:
    server.write(1, "<p>Siapa yang hadir?</p>")
    picture = {"type": "image", "url": "https://x.example/a.png", "description": "Spanduk di balai"}
    server.write(
        2,
        '<p>Camat hadir.<br/>Juga lurah.</p><p>Kata <a href="https://x.example">berita</a></p>',
        spoiler_text="Rapat",
        in_reply_to_id="1",
        media_attachments=[picture],
    )
    server.write(3, "", reblog={"id": "9"})
    server.write(4, "<p>Rahasia</p>", visibility="private")
    [outcome] = world.crawl(account(site), site)
    assert (outcome.outcome, outcome.found) == ("ok", 2)
    post = held(world)[f"{site.root}/users/lembah/statuses/2"]
    assert post.text == "Rapat\n\nCamat hadir.\nJuga lurah.\n\nKata berita"
    assert (post.context, post.reply_to) == ("Siapa yang hadir?", "1")
    assert (post.author, post.handle) == ("Kecamatan Lembah", "@lembah")
    assert post.counts == {"reply": 1, "repost": 2, "like": 3}
    assert post.media[0].description == "Spanduk di balai"


@pytest.mark.slow
def test_a_gap_is_filled_from_what_was_read_last(
    world: World, site: LocalServer, server: Mastodon
) -> None:
    for number in range(1, 11):
        server.write(number, f"<p>Kabar {number}</p>")
    world.crawl(account(site), site)
    read(world)
    for number in range(11, 171):
        server.write(number, f"<p>Kabar {number}</p>")
    [outcome] = world.crawl(account(site), site)
    assert (outcome.outcome, outcome.found, outcome.gap) == ("ok", 160, False)
    read(world)
    [outcome] = world.crawl(account(site), site)
    assert outcome.outcome == "unchanged"


@pytest.mark.slow
def test_a_gap_too_wide_for_one_run_is_told(
    world: World, site: LocalServer, server: Mastodon
) -> None:
    server.write(1, "<p>Kabar</p>")
    world.crawl(account(site, max_pages=1), site)
    for number in range(2, 200):
        server.write(number, f"<p>Kabar {number}</p>")
    [outcome] = world.crawl(account(site, max_pages=1), site)
    assert outcome.gap


def test_edits_are_taken_and_deletions_followed(
    world: World, site: LocalServer, server: Mastodon
) -> None:
    for number in range(1, 5):
        server.write(number, f"<p>Kabar {number}</p>")
    world.crawl(account(site), site)
    read(world)
    server.statuses[1]["content"] = "<p>Ralat</p>"
    del server.statuses[2]
    [outcome] = world.crawl(account(site), site)
    assert outcome.fetched == 1
    assert [post.text for post in held(world).values()] == ["Ralat"]
    rows = world.pages()
    assert rows["/@lembah/2"].disposition == Disposition.GONE
    assert rows["/@lembah/3"].disposition == "indexed"


@pytest.mark.slow
def test_an_edit_far_back_is_found_by_and_by(
    world: World, site: LocalServer, server: Mastodon
) -> None:
    for number in range(1, 61):
        server.write(number, f"<p>Kabar {number}</p>")
    world.crawl(account(site), site)
    read(world)
    server.statuses[2]["content"] = "<p>Ralat</p>"
    world.now += timedelta(days=2)
    world.crawl(account(site), site)
    assert [post.text for post in held(world).values()] == ["Ralat"]


@pytest.mark.slow
def test_a_tag_is_followed(world: World, site: LocalServer, server: Mastodon) -> None:
    server.write(1, "<p>Jaga #netralitas</p>")
    [outcome] = world.crawl(account(site, "/tags/netralitas"), site)
    assert (outcome.outcome, outcome.found) == ("ok", 1)


@pytest.mark.slow
def test_a_server_that_shows_its_lists_to_members_only_is_told(
    world: World, site: LocalServer, server: Mastodon
) -> None:
    server.closed = True
    [outcome] = world.crawl(account(site, "/tags/netralitas"), site)
    assert (outcome.outcome, outcome.reason) == ("blocked", "http 401")


@pytest.mark.slow
def test_whoever_asks_not_to_be_indexed_is_not(
    world: World, site: LocalServer, server: Mastodon
) -> None:
    server.noindex = True
    server.write(1, "<p>Kabar</p>")
    [outcome] = world.crawl(account(site), site)
    assert (outcome.outcome, outcome.reason) == ("robots", "noindex")
    [outcome] = world.crawl(account(site, "/tags/netralitas"), site)
    assert outcome.found == 0


@pytest.mark.slow
def test_a_rate_limit_that_is_used_up_is_waited_for(
    world: World, site: LocalServer, server: Mastodon
) -> None:
    server.write(1, "<p>Kabar</p>")
    server.left, server.reset = 2, (world.now + timedelta(minutes=5)).isoformat()
    [outcome] = world.crawl(account(site), site)
    assert outcome.found == 1
    asked = len(site.seen)
    [outcome] = world.crawl(account(site), site)
    assert "paused" in outcome.reason
    assert len(site.seen) == asked


@pytest.mark.slow
def test_an_answer_cannot_send_it_elsewhere(
    world: World, site: LocalServer, server: Mastodon
) -> None:
    server.write(1, "<p>Kabar</p>")
    listed = server.answer("/api/v1/accounts/77/statuses?limit=40").body
    with LocalServer() as other:
        site.on(
            "/api/v1/accounts/77/statuses?exclude_reblogs=true&limit=40",
            Answer(listed, "application/json", headers={"Link": f'<{other.root}/>; rel="next"'}),
        )
        world.crawl(account(site), site, other)
        assert other.seen == []


@pytest.mark.slow
@pytest.mark.parametrize("body", [b"", b"{}", b"7", b"<html>", b'[{"id": {}}, 7, null]'])
def test_what_is_no_status_is_passed_over(
    world: World, site: LocalServer, server: Mastodon, body: bytes
) -> None:
    site.on(
        "/api/v1/accounts/77/statuses?exclude_reblogs=true&limit=40",
        Answer(body, "application/json"),
    )
    [outcome] = world.crawl(account(site), site)
    assert outcome.outcome in ("failed", "unchanged")
    assert held(world) == {}


def test_a_post_nested_without_end_is_read_soon() -> None:
    """By who may write what they like: a server of one's own."""
    begun = time.process_time()
    content = "<b>" * 200 + "<i>x</i>" * 5000 + "<style>p</style>y"
    post = read_status({"uri": "u", "id": "1", "content": content}, official=False)
    assert post is not None
    assert post.text.startswith("xxx")
    assert "p" not in post.text
    assert time.process_time() - begun < 1
