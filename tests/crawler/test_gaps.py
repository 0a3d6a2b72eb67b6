"""A feed that has rolled past what is known: the gap is filled from the next way, or told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from pantau.config.models import WayIn
from pantau.state.tables import SourceEventRow
from tests.crawler.conftest import World, feed_way, listing_way, rss, source
from tests.servers import Answer, LocalServer


def path(number: int) -> str:
    return f"/berita/nomor-{number}-ini"


def listing(newest: int, oldest: int, further: str = "") -> str:
    links = "".join(f'<a href="{path(n)}">x</a>' for n in range(newest, oldest - 1, -1))
    return links + (f'<a rel="next" href="{further}">lama</a>' if further else "")


@pytest.fixture
def paper(world: World, site: LocalServer) -> LocalServer:
    """A paper of which numbers 1 to 3 are known, and 10 to 12 are what its feed shows now."""
    site.otherwise(Answer(b"<p>isi"))
    site.on("/feed", rss(site, path(3), path(2), path(1)))
    [first] = world.crawl(source(feed_way(site)), site)
    assert (first.outcome, first.gap) == ("ok", False)  # its first feed is its stock
    site.on("/feed", rss(site, path(12), path(11), path(10)))
    return site


def events(world: World) -> list[tuple[str, str]]:
    with world.state.read() as session:
        rows = session.scalars(select(SourceEventRow).order_by(SourceEventRow.id)).all()
        return [(row.kind, row.reason) for row in rows]


def test_a_gap_is_filled_from_the_next_way_back_to_what_is_known(
    world: World, paper: LocalServer
) -> None:
    paper.on("/", listing(12, 9, "/hal/2"))
    paper.on("/hal/2", listing(8, 6, "/hal/3"))
    paper.on("/hal/3", listing(5, 2, "/hal/4"))
    paper.on("/hal/4", listing(1, 1, "/hal/5"))
    [outcome] = world.crawl(source(feed_way(paper), listing_way(paper)), paper)
    assert (outcome.outcome, outcome.gap, outcome.found) == ("ok", False, 9)
    assert set(world.pages()) == {path(number) for number in range(1, 13)}
    assert paper.asked("/hal/5") == 0
    assert events(world) == []


@pytest.mark.parametrize("further", [True, False])
def test_a_gap_that_nothing_fills_is_told(world: World, paper: LocalServer, further: bool) -> None:
    ways: list[WayIn] = [feed_way(paper)]
    if further:
        paper.on("/", listing(12, 9, "/hal/2"))
        paper.on("/hal/2", listing(8, 6, "/hal/3"))
        ways.append(listing_way(paper, max_pages=2))
    [outcome] = world.crawl(source(*ways), paper)
    assert (outcome.outcome, outcome.gap) == ("partly", True)
    assert "gap: it shows nothing that is known" in outcome.reason
    [(kind, reason)] = events(world)
    assert (kind, reason) == ("gap", outcome.reason)


def test_a_gap_is_told_where_the_next_way_is_closed(world: World, paper: LocalServer) -> None:
    paper.on("/", Answer(status=403))
    [outcome] = world.crawl(source(feed_way(paper), listing_way(paper)), paper)
    assert (outcome.outcome, outcome.gap, outcome.found) == ("partly", True, 3)
    assert "listing: blocked (http 403)" in outcome.reason


def test_one_known_address_is_enough_to_know_that_nothing_is_missing(
    world: World, paper: LocalServer
) -> None:
    paper.on("/feed", rss(paper, path(5), path(4), path(3)))
    [outcome] = world.crawl(source(feed_way(paper)), paper)
    assert (outcome.outcome, outcome.gap, events(world)) == ("ok", False, [])


def test_a_feed_of_skipped_addresses_is_no_gap(world: World, paper: LocalServer) -> None:
    [outcome] = world.crawl(source(feed_way(paper), skip="/berita/nomor-1[012]"), paper)
    assert not outcome.gap


def test_the_gap_of_one_poll_is_not_told_by_the_next(world: World, paper: LocalServer) -> None:
    world.crawl(source(feed_way(paper)), paper)
    world.now += timedelta(minutes=15)
    world.crawl(source(feed_way(paper)), paper)
    assert len(events(world)) == 1
