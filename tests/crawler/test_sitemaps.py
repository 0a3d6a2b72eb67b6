"""Sitemaps as they are found: what is new is taken once, an archive is left alone."""

from __future__ import annotations

import gzip
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler

import pytest

from crawler.sitemaps import Entry, Sitemap, in_order, read_sitemap, recent
from extract.page.dates import WIB
from pantau.config.models import WayIn
from tests.crawler.conftest import NOW, World, feed_way, rss, source
from tests.servers import Answer, LocalServer, habits
from tests.servers.local import Habit

pytestmark = pytest.mark.slow

URL = "https://kabar.example/sitemap.xml"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
XMLNS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
NEWS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
IMAGE = 'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
DAY = timedelta(days=1)
WHOLE = gzip.compress(bytes(range(256)) * 10, mtime=0)


def urlset(*urls: str, head: str = HEAD, names: str = f"{XMLNS} {NEWS} {IMAGE}") -> str:
    return f"{head}<urlset {names}>{''.join(urls)}</urlset>"


def url(path: str, lastmod: datetime | str = "", more: str = "") -> str:
    address = path if "://" in path else f"https://kabar.example{path}"
    told = lastmod.isoformat() if isinstance(lastmod, datetime) else lastmod
    dated = f"<lastmod>{told}</lastmod>" if told else ""
    return f"<url><loc>{address}</loc>{dated}{more}</url>"


def news(title: str, when: datetime) -> str:
    return (
        "<news:news><news:publication><news:name>Kabar</news:name>"
        "<news:language>id</news:language></news:publication>"
        f"<news:publication_date>{when.isoformat()}</news:publication_date>"
        f"<news:title>{title}</news:title><news:keywords>asn</news:keywords></news:news>"
    )


def index(*sitemaps: tuple[str, datetime | str]) -> str:
    named = "".join(url(path, lastmod).replace("url>", "sitemap>") for path, lastmod in sitemaps)
    return f"{HEAD}<sitemapindex {XMLNS}>{named}</sitemapindex>"


def read(body: str | bytes) -> Sitemap:
    raw = body.encode() if isinstance(body, str) else body
    return read_sitemap(raw, url=URL, charset="", zone=WIB)


def paths(entries: Sequence[Entry]) -> list[str]:
    return [entry.url.removeprefix("https://kabar.example") for entry in entries]


def chosen(
    *entries: Entry, since: datetime | None = None, links: str = ""
) -> tuple[list[str], bool]:
    new = recent(entries, index=URL, links=links, since=since, now=NOW)
    return [f.url.removeprefix("https://kabar.example") for f in new.findings], new.reaches_back


def entry(path: str, lastmod: datetime | None = None, published: datetime | None = None) -> Entry:
    return Entry(f"https://kabar.example{path}", lastmod, published)


# Reading one -------------------------------------------------------------------------------------


def test_a_news_sitemap_keeps_its_news_tags() -> None:
    image = "<image:image><image:loc>https://kabar.example/a.jpg</image:loc>"
    image += "<image:title>Foto</image:title></image:image>"
    [only] = read(urlset(url("/satu", NOW, news("Camat &amp; lurah", NOW) + image))).entries
    assert only == Entry("https://kabar.example/satu", NOW, NOW, "Camat & lurah")


@pytest.mark.parametrize(
    "body",
    [
        gzip.compress(urlset(url("/satu")).encode()),
        b"\xef\xbb\xbf" + urlset(url("/satu")).encode(),
        b"\n\n  " + urlset(url("/satu")).encode(),
        urlset(url("/satu")).encode("utf-16"),
        urlset(url("/satu"), names="").encode(),
        urlset(url("/satu"), names='xmlns="http://www.google.com/schemas/sitemap/0.84"').encode(),
        urlset(url("  \n /satu \n").replace("https://kabar.example  \n ", "  \n")).encode(),
        urlset(url("/satu", more=news("Satu", NOW)), names=XMLNS).encode(),  # prefix undeclared
        urlset(url("/satu"))[:-10].encode(),  # cut off
        urlset("<!-- kosong -->", url("/satu"), "<url></url>", "<url><loc/></url>").encode(),
        urlset(url("/satu"), "<url><loc>ftp://kabar.example/x</loc></url>").encode(),
        urlset(url("/satu"), "<url><loc>https://[rusak/x</loc></url>").encode(),
        urlset(url("/satu"), head=HEAD + '<?xml-stylesheet href="/a.xsl"?>').encode(),
        b"https://kabar.example/satu\n",
    ],
    ids=[
        *("gzip without a word", "bom", "blank lines", "utf-16", "no namespace", "old namespace"),
        *("relative and padded", "undeclared prefix", "cut off", "empty entries", "ftp"),
        *("no address", "stylesheet", "plain text"),
    ],
)
def test_odd_sitemaps_are_read(body: bytes) -> None:
    assert paths(read(body).entries) == ["/satu"]


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("<!doctype html><html><title>Beranda</title>", "HTML in place of a sitemap"),
        ("", "an empty answer"),
        ('{"galat": true}', "no sitemap"),
        ("<rss version='2.0'></rss>", "no sitemap"),
        (b"\x1f\x8brusak", "broken compression"),
        (WHOLE[:10] + b"\xff" * 20 + WHOLE[30:], "broken compression"),
        (gzip.compress(bytes(20_000_000)), "too large"),
    ],
)
def test_what_is_no_sitemap_says_so(body: str | bytes, problem: str) -> None:
    assert read(body) == Sitemap(problem=problem)


def test_an_empty_sitemap_is_one() -> None:
    assert read(urlset()) == Sitemap()


def test_a_hostile_sitemap_neither_swells_nor_opens_files() -> None:
    bomb = '<!DOCTYPE u [<!ENTITY a "' + "x" * 1000 + '">'
    for name, before in zip("bcdefg", "abcdef", strict=True):
        bomb += f'<!ENTITY {name} "{f"&{before};" * 10}">'
    bomb += '<!ENTITY h SYSTEM "file:///etc/passwd">]>'
    start = time.process_time()
    read_ = read(bomb + urlset(url("/&g;"), url("/&h;"), url("/satu"), head=""))
    assert time.process_time() - start < 5
    assert "root:" not in repr(read_)
    assert len(repr(read_)) < 100_000


# What of it is new -------------------------------------------------------------------------------


def test_what_is_older_than_the_last_reading_is_the_archive() -> None:
    found = chosen(
        entry("/lama-sekali", NOW - 40 * DAY),
        entry("/baru", NOW - timedelta(hours=1)),
        entry("/terbaru", NOW),
        since=NOW - DAY,
    )
    assert found == (["/terbaru", "/baru"], True)


def test_after_an_outage_the_window_reaches_back_to_it() -> None:
    found = chosen(entry("/a", NOW - 9 * DAY), entry("/b", NOW), since=NOW - 8 * DAY)
    assert found == (["/b", "/a"], False)


@pytest.mark.parametrize(
    "lie", [NOW - 900 * DAY, NOW, NOW + 30 * DAY], ids=["old", "when it was made", "ahead"]
)
def test_dates_that_are_all_the_same_or_ahead_tell_nothing(lie: datetime) -> None:
    """Then every entry is looked up: the known ones are passed over by their rows."""
    entries = [entry(f"/berita-{number}", lie) for number in range(5)]
    assert chosen(*entries, since=NOW) == ([f"/berita-{n}" for n in range(5)], False)


def test_the_date_of_publication_outweighs_that_of_change() -> None:
    entries = [entry(f"/{n}", NOW - 900 * DAY, NOW - timedelta(hours=n)) for n in range(3)]
    assert chosen(*entries, since=NOW) == (["/0", "/1", "/2"], False)


def test_of_a_long_list_without_dates_both_ends_are_taken() -> None:
    found, _ = chosen(*(entry(f"/{n}") for n in range(5000)), since=NOW)
    assert found == [f"/{n}" for n in [*range(100), *range(4900, 5000)]]


def test_sections_and_other_hosts_are_no_articles_unless_the_source_says_so() -> None:
    entries = [
        entry("/"),
        entry("/tag/asn"),
        entry("/satu"),
        Entry("https://lain.example/dua"),
    ]
    assert chosen(*entries)[0] == ["/satu"]
    assert chosen(*entries, links="lain")[0] == ["https://lain.example/dua"]


def test_a_dated_finding_carries_what_was_said_of_it() -> None:
    told = Entry("https://kabar.example/satu", NOW, NOW - timedelta(hours=2), "Satu")
    [finding] = recent([told], index=URL, links="", since=None, now=NOW).findings
    assert dict(finding.hint) == {
        "title": "Satu",
        "published": (NOW - timedelta(hours=2)).isoformat(),
        "updated": NOW.isoformat(),
    }


@pytest.mark.parametrize(
    ("named", "order"),
    [
        (
            [("/post-sitemap.xml", 30), ("/post-sitemap2.xml", 0), ("/page-sitemap.xml", 0)],
            ["/post-sitemap2.xml"],
        ),
        (
            [("/sitemap-2026-10.xml", 22), ("/sitemap-2026-11.xml", 0), ("/sitemap-news.xml", 1)],
            ["/sitemap-news.xml", "/sitemap-2026-11.xml"],
        ),
        (
            [(f"/wp-sitemap-posts-post-{n}.xml", None) for n in range(1, 12)]
            + [("/wp-sitemap-taxonomies-category-1.xml", None), ("/wp-sitemap-users-1.xml", None)],
            [f"/wp-sitemap-posts-post-{n}.xml" for n in [11, 1, 10, 9, 8, 7, 6, 5, 4, 3, 2]],
        ),
        ([("/author-sitemap.xml", 0), ("/category-sitemap.xml", 0), ("/image-sitemap.xml", 0)], []),
        # dates that stand still must not close the way
        ([("/a-sitemap.xml", 700), ("/b-sitemap.xml", 800)], ["/a-sitemap.xml"]),
    ],
)
def test_of_an_index_the_newest_sitemaps_are_read(
    named: list[tuple[str, int | None]], order: list[str]
) -> None:
    entries = [entry(path, None if days is None else NOW - days * DAY) for path, days in named]
    assert paths(in_order(entries, pages="", since=NOW - DAY, now=NOW)) == order


@pytest.mark.parametrize("piece", ["categor", "-tag-", "user_", "gambar1", "-posts-tags-1"])
def test_hostile_names_of_sitemaps_are_read_in_no_time(piece: str) -> None:
    begun = time.process_time()
    in_order([Entry(f"https://kabar.example/{piece * 20_000}")], pages="", since=None, now=NOW)
    assert time.process_time() - begun < 0.5


def test_a_pattern_says_which_sitemaps_are_read() -> None:
    entries = [entry("/sitemap-a.xml"), entry("/sitemap-b.xml")]
    assert paths(in_order(entries, pages="-b", since=None, now=NOW)) == ["/sitemap-b.xml"]


# The way in --------------------------------------------------------------------------------------


def way(site: LocalServer, path: str = "/sitemap.xml", **settings: int | str) -> WayIn:
    return WayIn(kind="sitemap", url=site.root + path, **settings)  # type: ignore[arg-type]


def xml(text: str, site: LocalServer, **headers: str) -> Answer:
    body = text.replace("https://kabar.example", site.root).encode()
    return Answer(body, "application/xml", headers=headers)


def validating(answer: Answer, tag: str) -> Habit:
    def habit(handler: BaseHTTPRequestHandler) -> None:
        if handler.headers["If-None-Match"] == tag:
            Answer(status=304)(handler)
        else:
            Answer(answer.body, answer.content_type, headers={"ETag": tag})(handler)

    return habit


@pytest.fixture
def paper(site: LocalServer) -> LocalServer:
    site.otherwise(Answer(b"<p>isi"))
    return site


def test_only_what_is_new_is_taken_and_the_index_asked_conditionally(
    world: World, paper: LocalServer
) -> None:
    first = index(("/sitemap-2.xml", NOW), ("/sitemap-1.xml", NOW - 300 * DAY))
    paper.on("/sitemap.xml", validating(xml(first, paper), '"1"'))
    archive = [url(f"/lama-{n}", NOW - (200 + n) * DAY) for n in range(5)]
    paper.on("/sitemap-2.xml", validating(xml(urlset(url("/satu", NOW), *archive), paper), '"a"'))
    [ok] = world.crawl(source(way(paper)), paper)
    assert (ok.outcome, set(world.pages())) == ("ok", {"/satu"})
    assert paper.asked("/sitemap-1.xml") == 0
    paper.seen.clear()
    world.now += timedelta(hours=1)
    [same] = world.crawl(source(way(paper)), paper)
    assert (same.outcome, paper.paths()) == ("unchanged", ["/sitemap.xml"])
    later = index(("/sitemap-2.xml", world.now), ("/sitemap-1.xml", NOW - 300 * DAY))
    paper.on("/sitemap.xml", validating(xml(later, paper), '"2"'))
    more = urlset(url("/dua", world.now), url("/satu", NOW), *archive)
    paper.on("/sitemap-2.xml", validating(xml(more, paper), '"b"'))
    [new] = world.crawl(source(way(paper)), paper)
    assert (new.outcome, new.found, new.gap) == ("ok", 1, False)
    assert set(world.pages()) == {"/satu", "/dua"}


def test_sitemaps_of_an_index_without_times_are_asked_all_the_same(
    world: World, paper: LocalServer
) -> None:
    paper.on("/sitemap.xml", xml(index(("/post-sitemap.xml", "")), paper))
    paper.on("/post-sitemap.xml", validating(xml(urlset(url("/satu")), paper), '"a"'))
    world.crawl(source(way(paper)), paper)
    [same] = world.crawl(source(way(paper)), paper)
    assert same.outcome == "unchanged"
    assert paper.asked("/satu") == 1
    paper.on("/post-sitemap.xml", validating(xml(urlset(url("/satu"), url("/dua")), paper), '"b"'))
    [new] = world.crawl(source(way(paper)), paper)
    assert (new.outcome, new.found) == ("ok", 1)


def test_robots_txt_names_the_sitemaps(world: World, paper: LocalServer) -> None:
    named = f"User-agent: *\nAllow: /\nSitemap: {paper.root}/peta.xml.gz\nsitemap:/tanpa-host\n"
    paper.on("/robots.txt", Answer(named.encode(), "text/plain"))
    packed = gzip.compress(xml(urlset(url("/satu", NOW)), paper).body)
    paper.on("/peta.xml.gz", Answer(packed, "text/html"))  # wrongly labelled
    [ok] = world.crawl(source(way(paper, "/robots.txt")), paper)
    assert (ok.outcome, set(world.pages())) == ("ok", {"/satu"})
    [same] = world.crawl(source(way(paper, "/robots.txt")), paper)
    assert same.outcome == "unchanged"


def test_a_quiet_paper_that_publishes_again_has_no_gap(world: World, paper: LocalServer) -> None:
    paper.on("/sitemap.xml", xml(urlset(url("/satu", NOW)), paper))
    world.crawl(source(way(paper)), paper)
    world.now += 20 * DAY
    paper.on("/sitemap.xml", xml(urlset(url("/satu", NOW)) + " ", paper))
    world.crawl(source(way(paper)), paper)
    world.now += 1 * DAY
    paper.on("/sitemap.xml", xml(urlset(url("/dua", world.now), url("/satu", NOW)), paper))
    [new] = world.crawl(source(way(paper)), paper)
    assert (new.outcome, new.found, new.gap) == ("ok", 1, False)


def test_a_gap_in_the_feed_is_filled_from_the_sitemap(world: World, paper: LocalServer) -> None:
    paper.on("/feed", rss(paper, "/berita/1", "/berita/0"))
    ways = (feed_way(paper), way(paper))
    world.crawl(source(*ways), paper)
    assert paper.asked("/sitemap.xml") == 0
    world.now += DAY
    paper.on("/feed", rss(paper, "/berita/9", "/berita/8"))
    between = [url(f"/berita/{n}", world.now - timedelta(hours=20 - n)) for n in range(2, 10)]
    long_ago = [url(f"/arsip-{n}-ini", NOW - (50 + n) * DAY) for n in range(300)]
    paper.on("/sitemap.xml", xml(urlset(*between, *long_ago), paper))
    [filled] = world.crawl(source(*ways), paper)
    assert (filled.outcome, filled.gap) == ("ok", False)
    assert set(world.pages()) == {f"/berita/{n}" for n in range(10)}


@pytest.mark.parametrize(
    ("habit", "outcome", "reason"),
    [
        (Answer(status=404), "failed", "http 404"),
        (Answer(b"<html>Beranda"), "failed", "HTML in place of a sitemap"),
        (Answer(b""), "failed", "an empty answer"),
        (Answer(gzip.compress(bytes(20_000_000))), "failed", "too large"),
        (Answer(b"\x1f\x8brusak"), "failed", "broken compression"),
        (Answer(urlset().encode()), "empty", "it lists nothing"),
        (habits.bomb(200_000_000), "failed", "too large"),
    ],
)
def test_a_sitemap_that_fails_names_the_outcome(
    world: World, paper: LocalServer, habit: Habit, outcome: str, reason: str
) -> None:
    paper.on("/sitemap.xml", habit)
    [run] = world.crawl(source(way(paper)), paper)
    assert (run.outcome, run.reason) == (outcome, reason)


def test_one_sitemap_of_an_index_that_fails_is_told_and_read_next_time(
    world: World, paper: LocalServer
) -> None:
    both = index(("/a-sitemap.xml", NOW), ("/b-sitemap.xml", NOW - timedelta(hours=2)))
    paper.on("/sitemap.xml", validating(xml(both, paper), '"1"'))
    paper.on("/a-sitemap.xml", Answer(status=403))
    paper.on("/b-sitemap.xml", xml(urlset(url("/satu", NOW)), paper))
    [told] = world.crawl(source(way(paper)), paper)
    assert (told.outcome, told.reason) == ("ok", "a further sitemap: http 403")
    paper.on("/a-sitemap.xml", xml(urlset(url("/dua", NOW)), paper))
    [new] = world.crawl(source(way(paper)), paper)
    assert (new.outcome, new.found) == ("ok", 1)
    paper.on("/sitemap.xml", xml(both + " ", paper))
    paper.on("/a-sitemap.xml", Answer(status=403))
    paper.on("/b-sitemap.xml", Answer(status=403))
    [closed] = world.crawl(source(way(paper)), paper)
    assert (closed.outcome, closed.reason) == ("blocked", "http 403")


def test_an_index_without_end_is_bounded(world: World, paper: LocalServer) -> None:
    many = [(f"/sitemap-{n}.xml", NOW - timedelta(minutes=n)) for n in range(3000)]
    paper.on("/sitemap.xml", xml(index(*many), paper))
    paper.otherwise(xml(index(("/sitemap.xml", NOW), ("/lebih-dalam.xml", NOW)), paper))
    [run] = world.crawl(source(way(paper, max_pages=3)), paper)
    assert len(paper.seen) <= 5  # with robots.txt
    assert run.outcome == "empty"


def test_times_without_a_zone_are_those_of_the_source() -> None:
    [only] = read(urlset(url("/satu", "2026-11-22T10:00:00"))).entries
    assert only.lastmod == datetime(2026, 11, 22, 3, tzinfo=UTC)
