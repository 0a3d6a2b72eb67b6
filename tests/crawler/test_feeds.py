"""Feeds with the defects real ones have."""

from __future__ import annotations

import gzip
import time
from datetime import UTC, datetime, timedelta, timezone

import pytest

from crawler.feeds import Feed, published, read_feed, source_zone
from extract.page.dates import WIB, WIT, WITA

URL = "https://kabar.example/feed"
WHOLE = gzip.compress(bytes(range(256)) * 10, mtime=0)
ITEM = "<item><title>{title}</title><link>{link}</link>{more}</item>"


def rss(*items: str, head: str = '<?xml version="1.0" encoding="UTF-8"?>\n') -> str:
    return f'{head}<rss version="2.0"><channel><title>K</title>{"".join(items)}</channel></rss>'


def item(title: str = "Satu", link: str = "https://kabar.example/satu", more: str = "") -> str:
    return ITEM.format(title=title, link=link, more=more)


def read(body: str | bytes, charset: str = "") -> Feed:
    raw = body.encode() if isinstance(body, str) else body
    return read_feed(raw, url=URL, charset=charset, zone=WITA)


def titles(feed: Feed) -> list[str]:
    return [finding.hint["title"] for finding in feed.findings]


def test_a_good_feed_gives_title_time_and_content() -> None:
    more = (
        "<pubDate>Sat, 21 Nov 2026 10:00:00 +0700</pubDate>"
        '<content:encoded xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        "<![CDATA[<p>Isi &amp; lengkap</p>]]></content:encoded><description>Ringkas</description>"
    )
    [finding] = read(rss(item(more=more))).findings
    assert finding.url == "https://kabar.example/satu"
    assert dict(finding.hint) == {
        "title": "Satu",
        "published": "2026-11-21T10:00:00+07:00",
        "content": "<p>Isi &amp; lengkap</p>",
    }


def test_atom_is_read_like_rss() -> None:
    feed = read(
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>K</title><entry><title>Satu</title>'
        '<link rel="alternate" href="/satu"/><updated>2026-11-21T03:00:00Z</updated>'
        "</entry></feed>"
    )
    [finding] = feed.findings
    assert finding.url == "https://kabar.example/satu"
    assert finding.hint["published"] == "2026-11-21T03:00:00+00:00"


@pytest.mark.parametrize(
    "body",
    [
        b"\xef\xbb\xbf" + rss(item("Gubernur Kalté")).encode(),
        b"\n\n  " + rss(item("Gubernur Kalté")).encode(),
        b"\xef\xbb\xbf\r\n" + rss(item("Gubernur Kalté")).encode(),
        rss(item("Gubernur Kalté")).encode("utf-16"),
        rss(item("Gubernur Kalté"), head='<?xml version="1.0" encoding="ISO-8859-1"?>').encode(
            "latin-1"
        ),
        rss(item("Gubernur Kalté")).encode("cp1252"),  # says UTF-8
        rss(item("Gubernur Kalté"), head='<?xml version="1.0" encoding="latin9x"?>').encode(),
        rss(item("Gubernur Kalté"), head='<?xml version="1.0" encoding="ISO-8859-1"?>').encode(),
        gzip.compress(rss(item("Gubernur Kalté")).encode()),
    ],
    ids=[
        "bom",
        "blank lines",
        "bom and blank line",
        "utf-16",
        "latin-1",
        "cp1252 called utf-8",
        "unknown charset",
        "utf-8 called latin-1",
        "gzip without a word",
    ],
)
def test_charsets_and_what_stands_before_the_declaration(body: bytes) -> None:
    assert titles(read(body)) == ["Gubernur Kalté"]


def test_one_stray_byte_does_not_garble_the_rest() -> None:
    body = rss(item("Kalté “hebat” STRAY")).encode().replace(b"STRAY", b"\x93x\x94")
    assert titles(read(body)) == ["Kalté “hebat” “x”"]


def test_the_charset_of_the_header_counts_where_the_feed_names_none() -> None:
    body = rss(item("Привет"), head="").encode("koi8-r")
    assert titles(read(body, charset="koi8-r")) == ["Привет"]


def test_bare_ampersands_are_survived() -> None:
    feed = read(rss(item("Satu & dua", "https://kabar.example/?p=1&utm_source=rss"), item("Dua")))
    assert titles(feed) == ["Satu & dua", "Dua"]
    assert feed.findings[0].url == "https://kabar.example/?p=1&utm_source=rss"


def test_a_feed_cut_off_in_the_middle_gives_what_it_has() -> None:
    whole = rss(item("Satu"), item("Dua", "https://kabar.example/dua"))
    assert titles(read(whole[: whole.index("</channel>") - 3]))[:1] == ["Satu"]


def test_entries_without_a_link_are_counted_and_a_guid_may_be_one() -> None:
    feed = read(
        rss(
            "<item><title>Tanpa tautan</title></item>",
            "<item><title>Dua</title><guid isPermaLink='true'>https://kabar.example/2</guid></item>",
        )
    )
    assert [finding.url for finding in feed.findings] == ["https://kabar.example/2"]
    assert feed.without_link == 1


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("<!doctype html><html><head><title>Beranda</title></head>", "HTML in place of a feed"),
        ("\n<HTML><body>galat", "HTML in place of a feed"),
        ('<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"></html>', "no feed"),
        ("", "an empty answer"),
        ("   \n", "an empty answer"),
        ('{"items": []}', "no feed"),
        (b"\x1f\x8b rusak", "broken compression"),
        (WHOLE[:10] + b"\xff" * 20 + WHOLE[30:], "broken compression"),
        (gzip.compress(bytes(5_000_000)), "too large"),
        (b"<rss>" + bytes(5_000_000), "too large"),
    ],
)
def test_what_is_no_feed_says_so(body: str | bytes, problem: str) -> None:
    assert read(body) == Feed(problem=problem)


def test_a_feed_without_items_is_a_feed() -> None:
    assert read(rss()) == Feed()


def test_a_hostile_feed_opens_no_files_and_does_not_swell() -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "' + "x" * 1000 + '">'
    for name, before in zip("bcdefg", "abcdef", strict=True):
        bomb += f'<!ENTITY {name} "{f"&{before};" * 10}">'
    bomb += '<!ENTITY f1 SYSTEM "file:///etc/passwd">]>'
    body = bomb + rss(item("&g;"), item("&f1;", "https://kabar.example/2"), head="")
    start = time.process_time()
    feed = read(body)
    assert time.process_time() - start < 5
    assert "root:" not in repr(feed)
    assert len(repr(feed)) < 100_000


@pytest.mark.parametrize(
    ("raw", "when"),
    [
        ("Sat, 21 Nov 2026 10:00:00 +0700", datetime(2026, 11, 21, 3, tzinfo=UTC)),
        ("Sat, 21 Nov 2026 10:00:00 GMT", datetime(2026, 11, 21, 10, tzinfo=UTC)),
        ("Sat, 21 Nov 2026 10:00:00 WIB", datetime(2026, 11, 21, 3, tzinfo=UTC)),
        ("Sat, 21 Nov 2026 10:00:00 WITA", datetime(2026, 11, 21, 2, tzinfo=UTC)),
        ("Sat, 21 Nov 2026 10:00:00 WIT", datetime(2026, 11, 21, 1, tzinfo=UTC)),
        ("Sat, 21 Nov 2026 10:00:00 -0000", datetime(2026, 11, 21, 10, tzinfo=UTC)),
        ("2026-11-21T10:00:00Z", datetime(2026, 11, 21, 10, tzinfo=UTC)),
        ("2026-11-21T10:00:00+08:00", datetime(2026, 11, 21, 2, tzinfo=UTC)),
        # without a zone: that of the source, here WITA
        ("Sat, 21 Nov 2026 10:00:00", datetime(2026, 11, 21, 2, tzinfo=UTC)),
        ("2026-11-21 10:00:00", datetime(2026, 11, 21, 2, tzinfo=UTC)),
        ("21 November 2026 10:00", datetime(2026, 11, 21, 2, tzinfo=UTC)),
        ("Sabtu, 21 November 2026 | 10:00 WIT", datetime(2026, 11, 21, 1, tzinfo=UTC)),
        ("", None),
        ("kemarin dulu", None),
    ],
)
def test_dates_with_and_without_a_zone(raw: str, when: datetime | None) -> None:
    read = published(raw, WITA)
    assert read == when
    assert read is None or read.tzinfo is not None


def test_the_zone_of_a_source_is_its_own_or_its_provinces() -> None:
    east = timezone(timedelta(hours=9))
    assert source_zone(east, "32") is east
    assert source_zone(None, "91") == WIT
    assert source_zone(None, "72.71") == WITA
    assert source_zone(None, None) == WIB
