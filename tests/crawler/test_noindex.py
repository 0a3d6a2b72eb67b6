"""A page that asks not to be indexed is neither kept nor read."""

from __future__ import annotations

import time

import pytest
from scrapy.http import Response

from crawler.noindex import forbids_index
from tests.crawler.conftest import World, feed_way, rss, source
from tests.servers import Answer, LocalServer

PAGE = "/berita/satu-dua-tiga"


def page(head: str = "", **headers: str) -> Answer:
    body = f"<html><head>{head}</head><body><p>isi</p></body></html>".encode()
    return Answer(body, headers={name.replace("_", "-"): value for name, value in headers.items()})


@pytest.mark.parametrize(
    "answer",
    [
        page('<meta name="robots" content="noindex, nofollow">'),
        page("<META content='NOINDEX' name='ROBOTS'>"),
        page("<meta name=robots content=none>"),
        page('<meta name="pantau" content="noindex">'),
        page(X_Robots_Tag="noindex"),
        page(X_Robots_Tag="nofollow, noindex"),
        page(X_Robots_Tag="pantau: none"),
    ],
)
def test_a_page_that_asks_not_to_be_indexed_is_not(
    world: World, site: LocalServer, answer: Answer
) -> None:
    site.on("/feed", rss(site, PAGE))
    site.on(PAGE, answer)
    world.crawl(source(feed_way(site)), site)
    row = world.pages()[PAGE]
    assert (row.disposition, row.reason, row.sha256) == ("robots denied", "noindex", "")
    assert not list(world.archive.root.rglob("*.gz"))


@pytest.mark.parametrize(
    ("body", "forbids"),
    [
        (b"<!-- a --><meta name=robots content=noindex><!-- b -->", True),
        (b"<!-- <meta name=robots content=noindex>", False),
        (b"<!--<!-- --><meta name=robots content=none>", True),
        (b"noindex" + b"<!--" * 20_000, False),
        (b"noindex" + b"<meta " * 12_000, False),
        (b"noindex<meta name=" + b"'" * 60_000, False),
    ],
)
def test_comments_hide_and_a_hostile_page_is_read_in_no_time(body: bytes, forbids: bool) -> None:
    begun = time.process_time()
    assert forbids_index(Response("https://k.example/", body=body), "pantau") is forbids
    assert time.process_time() - begun < 0.5


@pytest.mark.parametrize(
    "answer",
    [
        page('<meta name="robots" content="index, follow, max-image-preview:large">'),
        page('<meta name="googlebot" content="noindex">'),
        page('<!-- <meta name="robots" content="noindex"> -->'),
        page('<meta name="description" content="noindex dan none">'),
        page(X_Robots_Tag="googlebot: noindex"),
        page(X_Robots_Tag="unavailable_after: 25 Jun 2030 15:00:00 PST"),
    ],
)
def test_what_speaks_to_others_or_of_other_things_is_left_alone(
    world: World, site: LocalServer, answer: Answer
) -> None:
    site.on("/feed", Answer(rss(site, PAGE).body, headers={"X-Robots-Tag": "noindex"}))
    site.on(PAGE, answer)
    world.crawl(source(feed_way(site)), site)
    assert world.pages()[PAGE].status == "fetched"
