"""An article that is held is fetched again when its feed says that it was edited."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from extract.page import article_id, canonical_url
from pantau.config.models import WayIn
from pantau.records import Disposition
from pantau.state import pages, parts
from pantau.state.tables import PageRow
from tests.crawler.conftest import World, feed_way, rss, source
from tests.servers import Answer, LocalServer
from tests.servers.habits import redirect

PAGE = "/berita/satu-dua-tiga"


def feed(site: LocalServer, title: str = "Judul lama", **more: str) -> Answer:
    fields = {"pubDate": "Sun, 22 Nov 2026 01:00:00 +0700"} | more
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in fields.items() if value)
    text = (
        "<rss version='2.0' xmlns:atom='http://www.w3.org/2005/Atom'><channel><item>"
        f"<title>{title}</title><link>{site.root}{PAGE}</link>{inner}</item></channel></rss>"
    )
    return Answer(text.encode(), "application/rss+xml")


@pytest.fixture
def paper(world: World, site: LocalServer) -> LocalServer:
    """A paper whose one article was fetched and indexed three hours ago."""
    site.on("/feed", feed(site, **{"atom:updated": "2026-11-22T01:00:00+07:00"}))
    site.on(PAGE, "<p>lama")
    world.crawl(source(feed_way(site)), site)
    held(world, Disposition.INDEXED)
    world.now += pages.EDITED_AGAIN_AFTER
    site.on(PAGE, "<p>baru")
    return site


def held(world: World, disposition: Disposition, article: str = "a" * 64) -> None:
    with world.state.write() as session:
        session.execute(
            update(PageRow).values(status="done", disposition=disposition.value, article_id=article)
        )


def body(world: World) -> bytes:
    return world.archive.get(world.pages()[PAGE].sha256)


@pytest.mark.parametrize(
    "edited",
    [
        {"title": "Judul baru", "atom:updated": "2026-11-22T01:00:00+07:00"},
        {"atom:updated": "2026-11-22T04:30:00+07:00"},
    ],
)
def test_another_headline_or_time_of_change_means_an_edit(
    world: World, paper: LocalServer, edited: dict[str, str]
) -> None:
    paper.on("/feed", feed(paper, edited.pop("title", "Judul lama"), **edited))
    [outcome] = world.crawl(source(feed_way(paper)), paper)
    assert (outcome.outcome, outcome.found, outcome.fetched) == ("ok", 0, 1)
    row = world.pages()[PAGE]
    assert (row.status, row.article_id, body(world)) == ("fetched", "a" * 64, b"<p>baru")


@pytest.mark.parametrize(
    ("disposition", "later", "fields"),
    [
        (Disposition.INDEXED, timedelta(0), {"description": "lain"}),
        (Disposition.INDEXED, timedelta(0), {"title": "Judul baru", "pubDate": ""}),
        (Disposition.OFF_TOPIC, timedelta(0), {"title": "Judul baru"}),
        (Disposition.INDEXED, pages.EDITED_WITHIN, {"title": "Judul baru"}),
        (Disposition.INDEXED, -timedelta(minutes=5), {"title": "Judul baru"}),
    ],
)
def test_nothing_else_is_asked_for_again(
    world: World,
    paper: LocalServer,
    disposition: Disposition,
    later: timedelta,
    fields: dict[str, str],
) -> None:
    held(world, disposition)
    world.now += later
    paper.on("/feed", feed(paper, fields.pop("title", "Judul lama"), **fields))
    world.crawl(source(feed_way(paper)), paper)
    assert paper.asked(PAGE) == 1


def test_an_edit_too_soon_is_asked_for_when_its_time_has_come(
    world: World, paper: LocalServer
) -> None:
    """Though the feed says nothing new by then."""
    world.now -= timedelta(minutes=5)
    for title, asked in (("Judul baru", 1), ("Judul terbaru", 1), ("Judul terbaru", 2)):
        paper.on("/feed", feed(paper, title))
        world.crawl(source(feed_way(paper)), paper)
        assert paper.asked(PAGE) == asked
        world.now += timedelta(minutes=3)
    assert body(world) == b"<p>baru"
    held(world, Disposition.INDEXED)
    world.now += pages.EDITED_AGAIN_AFTER
    paper.on("/feed", feed(paper, "Judul terbaru", description="lain"))
    world.crawl(source(feed_way(paper)), paper)
    assert paper.asked(PAGE) == 2


def test_a_sitemap_tells_an_edit_by_its_time_of_change_alone(
    world: World, site: LocalServer
) -> None:
    def sitemap(*changed: str) -> str:
        return "<urlset>{}</urlset>".format(
            "".join(
                f"<url><loc>{site.root}{PAGE}{n or ''}</loc><lastmod>{when}</lastmod></url>"
                for n, when in enumerate(changed)
            )
        )

    site.otherwise(Answer(b"<p>isi"))
    site.on("/sitemap.xml", sitemap("2026-11-22T08:00:00+07:00", "2026-11-22T09:00:00+07:00"))
    way = WayIn(kind="sitemap", url=f"{site.root}/sitemap.xml")
    world.crawl(source(way), site)
    held(world, Disposition.INDEXED)
    world.now += pages.EDITED_AGAIN_AFTER
    site.on("/sitemap.xml", sitemap("2026-11-22T11:00:00+07:00", "2026-11-22T09:00:00+07:00"))
    world.crawl(source(way), site)
    assert [site.asked(PAGE), site.asked(f"{PAGE}1")] == [2, 1]


def test_an_article_that_was_taken_under_another_address_is_known(
    world: World, site: LocalServer
) -> None:
    """Its feed named an address that redirects; its listing names the article's own."""
    site.on("/lama-satu-dua", redirect(PAGE, 301))
    site.on(PAGE, "<p>isi")
    site.on("/feed", rss(site, "/lama-satu-dua"))
    world.crawl(source(feed_way(site)), site)
    held(world, Disposition.INDEXED, article_id(canonical_url(site.root + PAGE)))
    site.on("/feed", rss(site, PAGE))
    [outcome] = world.crawl(source(feed_way(site)), site)
    assert (outcome.found, outcome.gap, site.asked(PAGE)) == (0, False, 1)


def test_an_edited_article_in_parts_is_fetched_whole_again(world: World, site: LocalServer) -> None:
    site.on("/feed", feed(site))
    further = PAGE + "?page=2"
    site.on(PAGE, f"<p>lama<a href='{further}'>2</a>")
    site.on(further, "<p>dua")
    world.crawl(source(feed_way(site)), site)
    held(world, Disposition.INDEXED)
    world.now += pages.EDITED_AGAIN_AFTER
    site.on("/feed", feed(site, "Judul baru"))
    site.on(further, "<p>dua, baru")
    world.crawl(source(feed_way(site)), site)
    rows = world.pages()
    assert {row.status for row in rows.values()} == {"fetched"}
    assert world.archive.get(rows[further].sha256) == b"<p>dua, baru"


def test_parts_of_before_an_edit_are_not_read_and_those_kept_are_read_again(
    world: World, site: LocalServer
) -> None:
    site.on("/feed", feed(site))
    site.on(PAGE, f"<p>lama<a href='{PAGE}?page=2'>2</a>")
    site.on(PAGE + "?page=2", "<p>dua")
    world.crawl(source(feed_way(site)), site)
    held(world, Disposition.INDEXED)

    def read() -> list[str]:
        with world.state.read() as session:
            first = session.get_one(PageRow, 1)
            return [row.url for row in parts.came(first, parts.of(session, [1])[1])]

    assert read() == [f"{site.root}{PAGE}?page=2"]  # to be judged again, from what is kept
    world.now += pages.EDITED_AGAIN_AFTER
    site.on("/feed", feed(site, "Judul baru"))
    site.on(PAGE, "<p>baru, pendek")
    world.crawl(source(feed_way(site)), site)
    assert read() == []


def test_a_part_that_an_edit_has_removed_is_not_missed(world: World, site: LocalServer) -> None:
    with world.state.write() as session:
        url = site.root + PAGE
        first = pages.found(session, url=url, source_id="k", run_id=None, now=world.now)
        assert first is not None
        [part] = parts.note(session, first.id, [f"{url}?page=2"], most=9, now=world.now)
        part.status, part.disposition = "done", Disposition.PART.value
        assert parts.missing([part]) == ""
        part.disposition, part.reason = Disposition.FAILED.value, "http 404"
        assert "http 404" in parts.missing([part])


@pytest.mark.parametrize("closed", [Answer(status=403), Answer(b"<title>Just a moment...</title>")])
def test_an_edit_that_was_refused_is_fetched_when_the_site_opens_again(
    world: World, paper: LocalServer, closed: Answer
) -> None:
    paper.on("/feed", feed(paper, "Judul baru"))
    paper.on(PAGE, Answer(closed.body, status=403))
    world.crawl(source(feed_way(paper)), paper)
    assert (world.pages()[PAGE].status, world.pages()[PAGE].disposition) == ("found", "indexed")
    world.crawl(source(feed_way(paper)), paper)
    assert paper.asked(PAGE) == 2  # not before its time
    paper.on(PAGE, "<p>baru")
    world.now += timedelta(hours=1)
    world.crawl(source(feed_way(paper)), paper)
    assert body(world) == b"<p>baru"


def test_an_edit_that_is_refused_for_days_leaves_the_article_as_it_was(
    world: World, paper: LocalServer
) -> None:
    paper.on("/feed", feed(paper, "Judul baru"))
    paper.on(PAGE, Answer(status=403))
    for _ in range(10):
        world.crawl(source(feed_way(paper)), paper)
        world.now += timedelta(days=2)
    row = world.pages()[PAGE]
    assert (row.status, row.disposition) == ("done", "indexed")
    assert "http 403" in row.reason
    assert paper.asked(PAGE) == 1 + pages.EDIT_ATTEMPTS


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer(status=429, headers={"Retry-After": "7200"}), "host paused"),
        (Answer(b"<meta name=robots content=noindex><p>baru"), "noindex"),
    ],
)
def test_an_edit_that_may_not_be_had_leaves_the_article_what_it_is(
    world: World, paper: LocalServer, answer: Answer, reason: str
) -> None:
    """Held is held: its page is not called failed, nor denied, while its article is found."""
    paper.on("/feed", feed(paper, "Judul baru"))
    paper.on(PAGE, answer)
    world.crawl(source(feed_way(paper)), paper)
    world.now += pages.KEEP_WAITING - timedelta(hours=1)
    world.crawl(source(feed_way(paper)), paper)
    assert (world.pages()[PAGE].status == "found") is (reason != "noindex")
    world.now += pages.EDITED_WITHIN
    world.crawl(source(feed_way(paper)), paper)
    row = world.pages()[PAGE]
    assert (row.status, row.disposition) == ("done", "indexed")
    assert row.reason.startswith(f"its edit could not be fetched: {reason}")
    assert world.archive.get(row.sha256) == b"<p>lama"
