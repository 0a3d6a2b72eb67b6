"""What befalls a source is told to operators once, and once more when it is over."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from crawler.politeness import HostBudgets
from crawler.robots import RobotsCache
from pantau.records import HARDLY_ANY_TEXT, Disposition
from pantau.state import lately, sources, troubles
from pantau.state.tables import PageRow, SourceEventRow, SourceRow
from tests.crawler.conftest import World, feed_way, listing_way, rss, source
from tests.crawler.test_sources import every
from tests.servers import Answer, LocalServer
from tests.servers.habits import redirect
from tests.servers.local import Habit

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def kinds(world: World) -> list[str]:
    with world.state.read() as session:
        return list(session.scalars(select(SourceEventRow.kind).order_by(SourceEventRow.id)))


def crawl(world: World, site: LocalServer) -> str:
    world.budgets, world.robots = HostBudgets(), RobotsCache()
    [outcome] = world.crawl(source(feed_way(site)), site)
    world.now += HOUR
    return outcome.outcome


@pytest.mark.parametrize(
    ("habit", "outcome", "runs"),
    [
        (Answer(status=403), "blocked", 2),
        (Answer(status=404), "failed", 3),
        (Answer(b"<rss version='2.0'><channel></channel></rss>"), "empty", 3),
        (redirect("http://iklan.example/x"), "moved", 1),
    ],
)
def test_a_source_that_cannot_be_read_is_told_once_and_once_when_it_can(
    world: World, site: LocalServer, habit: Habit, outcome: str, runs: int
) -> None:
    site.otherwise(Answer(b"<p>isi"))
    site.on("/robots.txt", Answer(status=404))
    site.on("/feed", rss(site, "/berita/satu-dua-tiga"))
    assert crawl(world, site) == "ok"
    site.on("/feed", habit)
    for run in range(1, 6):
        assert crawl(world, site) == outcome
        assert kinds(world) == ([outcome] if run >= runs else [])
    site.on("/feed", rss(site, "/berita/satu-dua-tiga"))
    for _ in range(2):
        assert crawl(world, site) in ("ok", "unchanged")
    assert kinds(world) == [outcome, "recovered"]


@pytest.mark.parametrize(("status", "told"), [(301, True), (308, True), (302, False)])
def test_an_index_that_moved_for_good_within_its_site_is_read_and_told(
    world: World, site: LocalServer, status: int, told: bool
) -> None:
    site.on("/feed", redirect("/feed-baru", status))
    site.on("/feed-baru", rss(site, "/berita/satu-dua-tiga"))
    site.otherwise(Answer(b"<p>isi"))
    [outcome] = world.crawl(source(feed_way(site)), site)
    assert outcome.outcome == "ok"
    assert (f"moved for good to {site.root}/feed-baru" in outcome.reason) is told


def test_an_index_that_moved_for_good_is_told_though_it_says_nothing_new(
    world: World, site: LocalServer
) -> None:
    """Scrapy sends the validators on to where it was redirected."""
    tagged = rss(site, "/berita/satu-dua-tiga")
    site.on("/feed", Answer(tagged.body, headers={"ETag": '"a"'}))
    site.otherwise(Answer(b"<p>isi"))
    assert crawl(world, site) == "ok"
    site.on("/feed", redirect("/feed-baru", 301))
    site.on("/feed-baru", Answer(status=304))
    [outcome] = world.crawl(source(feed_way(site)), site)
    assert outcome.outcome == "unchanged"
    assert "moved for good" in outcome.reason


@pytest.mark.parametrize(
    ("trending", "outcome"),
    [
        ("http://lain.example/berita/viral-{}", "blocked"),
        ("/viral/{}", "blocked"),
        ("/berita/nomor-{}-ini", "partly"),  # its own: they may have rolled past what is known
    ],
)
def test_a_page_of_others_headlines_in_place_of_its_own_is_a_wall(
    world: World, site: LocalServer, trending: str, outcome: str
) -> None:
    site.otherwise(Answer(b"<p>isi"))
    own = source(listing_way(site, links=f"^{site.root}/berita/[a-z]+-"))
    site.on("/", '<a href="/berita/satu-dua-tiga">Judul yang cukup panjang</a>')
    assert world.crawl(own, site)[0].outcome == "ok"
    shown = [trending.format(number) for number in range(12)]
    links = "".join(f'<a href="{one}">Yang paling banyak dibaca {one}</a>' for one in shown)
    site.on("/", links)
    [told] = world.crawl(own, site)
    assert told.outcome == outcome
    assert ("12 headlines, and none of the source's own" in told.reason) is (outcome == "blocked")
    assert site.asked("/viral/1") == 0


def test_robots_txt_that_closes_is_told(world: World, site: LocalServer) -> None:
    site.on("/feed", rss(site))
    site.on("/robots.txt", Answer(b"User-agent: *\nDisallow: /", "text/plain"))
    assert [crawl(world, site) for _ in range(3)] == ["robots"] * 3
    assert kinds(world) == ["robots"]


def poll(world: World, outcome: str = "unchanged", found: int = 0) -> None:
    with world.state.write() as session:
        for number in range(found):
            at = world.now - number * MINUTE
            session.add(PageRow(key=f"{at}", url=f"{at}", source_id="kabar", found_at=at))
        sources.note_poll(session, every(60), outcome, world.now, found=found)
    world.now += HOUR


def test_silence_is_told_once_and_so_is_its_end(world: World) -> None:
    poll(world, "ok", found=3)
    for _ in range(8):  # every five hours something new: that is its rhythm
        for _ in range(4):
            poll(world)
        poll(world, "ok", found=1)
    for _ in range(23):
        poll(world)
    assert kinds(world) == []
    for _ in range(20):
        poll(world)
    assert kinds(world) == ["silent"]
    poll(world, "partly")
    assert kinds(world) == ["silent"]  # it answers, and says nothing new
    poll(world, "ok", found=1)
    poll(world)
    assert kinds(world) == ["silent", "recovered"]


def test_a_source_first_read_with_one_old_article_is_not_called_silent_at_once(
    world: World, site: LocalServer
) -> None:
    """A news sitemap shows two days: of a paper that prints one article a day, perhaps just one."""
    yesterday = world.now - timedelta(hours=30)
    when = yesterday.strftime("%a, %d %b %Y %H:%M:%S GMT")
    item = f"<item><link>{site.root}/berita/satu-dua-tiga</link><pubDate>{when}</pubDate></item>"
    site.on("/feed", Answer(f"<rss version='2.0'><channel>{item}</channel></rss>".encode()))
    site.otherwise(Answer(b"<p>isi"))
    assert [crawl(world, site), crawl(world, site)] == ["ok", "unchanged"]
    assert kinds(world) == []


def test_a_silent_source_that_is_blocked_then_is_told_of_both(world: World) -> None:
    for found in (9, 0, 0, 1, *[0] * 30):
        poll(world, "ok", found)
    for _ in range(3):
        poll(world, "blocked")
    assert kinds(world) == ["silent", "blocked"]
    for _ in range(2):
        poll(world, "dns")
    assert kinds(world) == ["silent", "blocked"]  # one trouble, whatever it turns into


def test_time_in_which_nobody_asked_is_no_rhythm(world: World) -> None:
    poll(world, "ok", found=1)
    poll(world, "ok", found=1)
    world.now += timedelta(days=9)  # we were switched off
    poll(world, "ok", found=5)
    with world.state.read() as session:
        assert (session.get_one(SourceRow, "kabar").usual_gap or 0) < 24 * 3600


@pytest.mark.parametrize(
    ("disposition", "reason", "outcome"),
    [
        (Disposition.NOT_ARTICLE, "no text of an article", "layout changed"),
        (Disposition.OFF_TOPIC, f"{HARDLY_ANY_TEXT}, nothing on topic", "layout changed"),
        (Disposition.NOT_ARTICLE, "hijacked domain: gambling text", "hijacked"),
        (Disposition.NOT_ARTICLE, "parked or empty domain", "hijacked"),
    ],
)
def test_a_source_whose_pages_hold_no_articles_any_more_is_told(
    world: World, site: LocalServer, disposition: Disposition, reason: str, outcome: str
) -> None:
    site.otherwise(Answer(b"<p>isi"))
    paths = [f"/berita/nomor-{n}-ini" for n in range(lately.LOST_AFTER)]
    site.on("/feed", rss(site, *paths))
    assert crawl(world, site) == "ok"
    with world.state.write() as session:
        session.execute(
            update(PageRow).values(status="done", disposition=disposition.value, reason=reason)
        )
    assert crawl(world, site) == outcome
    assert kinds(world) == [outcome]
    with world.state.read() as session:
        told = session.scalars(select(SourceEventRow.reason)).one()
    assert reason in told
    assert site.root + "/berita/nomor-" in told
    with world.state.write() as session:
        session.execute(
            update(PageRow)
            .where(PageRow.url.endswith(paths[-1]))
            .values(disposition=Disposition.INDEXED.value, reason="")
        )
    assert crawl(world, site) == "unchanged"
    assert kinds(world) == [outcome, "recovered"]


def test_events_wait_until_operators_are_told(world: World) -> None:
    for _ in range(2):
        poll(world, "blocked")
    with world.state.write() as session:
        [event] = troubles.untold(session, 10)
        assert (event.source_id, event.kind, event.told_at) == ("kabar", "blocked", None)
        troubles.told(session, [event.id], world.now)
    with world.state.read() as session:
        assert troubles.untold(session, 10) == []


def reasons(world: World) -> list[tuple[str, str]]:
    with world.state.read() as session:
        rows = session.scalars(select(SourceEventRow).order_by(SourceEventRow.id))
        return [(row.kind, row.reason) for row in rows]


@pytest.mark.parametrize(
    ("habit", "kind", "runs", "why"),
    [
        (redirect("/feed-baru", 301), "moved", 1, "/feed-baru: change its address"),
        (Answer(status=410), "gone", 2, "http 410"),
        (Answer(status=404), "failed", 3, "http 404"),
        (Answer(b"<html>Beranda"), "failed", 3, "HTML in place of a feed"),
    ],
)
def test_one_way_in_that_is_closed_while_another_is_read_is_told_once(
    world: World, site: LocalServer, habit: Habit, kind: str, runs: int, why: str
) -> None:
    site.otherwise(Answer(b"<p>isi"))
    shown = rss(site, "/berita/satu-dua-tiga")
    site.on("/feed", shown)
    site.on("/feed-baru", shown)
    site.on("/", '<a href="/berita/satu-dua-tiga">satu dua tiga</a>')
    paper = source(feed_way(site), listing_way(site))

    def crawl() -> str:
        world.budgets = HostBudgets()
        [outcome] = world.crawl(paper, site)
        world.now += HOUR
        return outcome.outcome

    crawl()
    site.on("/feed", habit)
    for run in range(1, 6):
        assert crawl() in ("ok", "unchanged")
        assert [told for told, _ in reasons(world)] == ([kind] if run >= runs else [])
    [(_, reason)] = reasons(world)
    assert reason.startswith(f"{site.root}/feed: ")
    assert why in reason
    site.on("/feed", shown)
    assert [crawl(), crawl()] == ["unchanged"] * 2
    assert reasons(world)[1:] == [("recovered", f"{kind}: {site.root}/feed")]


def test_a_way_in_whose_address_was_changed_is_told_no_more(
    world: World, site: LocalServer
) -> None:
    site.otherwise(Answer(b"<p>isi"))
    site.on("/feed", redirect("/feed-baru", 301))
    site.on("/feed-baru", rss(site, "/berita/satu-dua-tiga"))
    world.crawl(source(feed_way(site)), site)
    with world.state.read() as session:
        assert set(session.get_one(SourceRow, "kabar").closed_ways) == {f"{site.root}/feed"}
    world.crawl(source(feed_way(site, "/feed-baru")), site)
    with world.state.read() as session:
        assert session.get_one(SourceRow, "kabar").closed_ways == {}
