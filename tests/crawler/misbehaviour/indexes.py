"""Feeds, listings, sitemaps, WordPress and robots.txt, and what each says of it."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from typing import Any

from tests.crawler.misbehaviour.street import (
    BOMB,
    CLOUDFLARE,
    GOOD,
    ROBOTS,
    House,
    Index,
    SetUp,
    rss,
    says,
    serves,
    told,
)
from tests.servers import Answer, habits
from tests.servers.habits import redirect
from tests.servers.local import Habit

API, COMMENTS = "/wp-json/wp/v2/posts", "/wp-json/wp/v2/comments"
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "haha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 50) for n in range(8))
    + b"]><urlset><url><loc>http://kabar.example/&i;</loc></url></urlset>"
)
FILE = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
    b"<urlset><url><loc>http://kabar.example/berita/&a;</loc></url></urlset>"
)


def wp_error(code: str, status: int) -> Answer:
    return told({"code": code, "message": "…", "data": {"status": status}}, status)


def wp_post(house: House, number: int) -> dict[str, Any]:
    return {
        "id": number,
        "link": f"{house.root}/berita-nomor-{number}-ini/",
        "date_gmt": "2026-11-22T01:00:00",
        "title": {"rendered": f"Berita {number}"},
    }


def urlset(*entries: str) -> Answer:
    names = (
        'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    )
    body = f'<?xml version="1.0"?><urlset {names}>{"".join(entries)}</urlset>'
    return Answer(body.encode(), "application/xml")


def url(address: str, more: str = "") -> str:
    return f"<url><loc>{address}</loc>{more}</url>"


def sitemaps(*addresses: str) -> Answer:
    entries = "".join(f"<sitemap><loc>{address}</loc></sitemap>" for address in addresses)
    body = f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}'
    return Answer(f"{body}</sitemapindex>".encode(), "application/xml")


def nested(depth: int) -> Answer:
    return Answer(b"[" * depth, "application/json")


def many_sitemaps(house: House) -> Mapping[str, Habit | str]:
    return {"/sitemap.xml": sitemaps(*(f"{house.root}/s{n}.xml" for n in range(5000)))}


def damaged(body: bytes) -> bytes:
    """A gzip file of which some bytes in the middle are others."""
    packed = bytearray(gzip.compress(body))
    middle = len(packed) // 2
    packed[middle : middle + 8] = b"\xff" * 8
    return bytes(packed)


def robots(habit: Habit) -> SetUp:
    """A site in order, but for its robots.txt."""

    def set_up(house: House) -> None:
        house.otherwise(Answer(b"<p>isi"))
        house.on("/feed", rss(house.root, GOOD))
        house.on(ROBOTS, habit)

    return set_up


INDEXES: dict[str, Index] = {
    "feed: 404": Index("feed", says(Answer(status=404)), "failed", "http 404"),
    "feed: 403": Index("feed", says(Answer(status=403)), "blocked", "http 403"),
    "feed: bot check with 200": Index(
        "feed", says(Answer(CLOUDFLARE)), "blocked", "bot check of cloudflare (http 200)"
    ),
    "feed: the front page": Index(
        "feed", says(Answer(b"<html><body>Beranda")), "failed", "HTML in place of a feed"
    ),
    "feed: nothing at all": Index("feed", says(Answer(b"")), "failed", "an empty answer"),
    "feed: no entries": Index(
        "feed",
        says(Answer(b"<rss version='2.0'><channel></channel></rss>")),
        "empty",
        "it lists nothing",
    ),
    "feed: endless": Index("feed", says(habits.endless), "failed", "too large"),
    "feed: zip bomb": Index("feed", says(habits.bomb(BOMB)), "failed", "too large"),
    "feed: reset": Index("feed", says(habits.reset), "failed", "connection reset"),
    "feed: silent": Index(
        "feed", says(habits.slow(4, Answer(b"x"))), "timeout", "timeout", hasty=True
    ),
    "feed: redirect offsite": Index(
        "feed",
        says(redirect("http://iklan.example/x")),
        "moved",
        "redirected offsite: iklan.example",
    ),
    "feed: 304 that nobody asked for": Index(
        "feed", says(Answer(status=304)), "failed", "http 304"
    ),
    "feed: cut off at once": Index(
        "feed", says(Answer(b'<?xml version="1.0"?><rss><channel>')), "empty", "it lists nothing"
    ),
    "feed: broken gzip without a header": Index(
        "feed", says(Answer(b"\x1f\x8b" + b"rusak")), "failed", "broken compression"
    ),
    "feed: an empty object": Index(
        "feed", says(Answer(b"{}", "application/json")), "failed", "no feed"
    ),
    "listing: no links": Index(
        "listing", says(Answer(b"<p>Belum ada berita")), "empty", "it lists nothing"
    ),
    "listing: a wall": Index(
        "listing",
        says(Answer(CLOUDFLARE, status=403)),
        "blocked",
        "bot check of cloudflare (http 403)",
    ),
    "listing: endless": Index("listing", says(habits.endless), "failed", "too large"),
    "listing: links to elsewhere only": Index(
        "listing",
        says(
            Answer(b"<a href='http://iklan.example/berita/yang-panjang-sekali-judulnya'>x</a>" * 50)
        ),
        "empty",
        "it lists nothing",
    ),
    "listing: links that run": Index(
        "listing",
        says(Answer(b"<a href='javascript:alert(1)'>x</a><a href='file:///etc/passwd'>x</a>" * 50)),
        "empty",
        "it lists nothing",
    ),
    "listing: tags nested a hundred thousand deep": Index(
        "listing", says(Answer(b"<div>" * 100_000)), "empty", "it lists nothing"
    ),
    "sitemap: a bomb": Index("sitemap", says(habits.bomb(BOMB)), "failed", "too large"),
    "sitemap: a bomb as a file": Index(
        "sitemap",
        says(Answer(habits.packed_zeros(BOMB), "application/gzip")),
        "failed",
        "too large",
    ),
    "sitemap: entities that laugh": Index(
        "sitemap", says(Answer(LAUGHS, "application/xml")), "empty", "it lists nothing"
    ),
    "sitemap: an entity of a file": Index(
        "sitemap",
        serves(lambda house: {"/sitemap.xml": Answer(FILE, "application/xml")}),
        "empty",
        "it lists nothing",
    ),
    "sitemap: an index of itself": Index(
        "sitemap",
        serves(lambda house: {"/sitemap.xml": sitemaps(f"{house.root}/sitemap.xml")}),
        "empty",
        "it lists nothing",
    ),
    "sitemap: an index of five thousand that are none": Index(
        "sitemap", serves(many_sitemaps), "empty", "a further sitemap: no sitemap"
    ),
    "sitemap: an index of other sites": Index(
        "sitemap",
        serves(lambda house: {"/sitemap.xml": sitemaps("http://tidak-ada.invalid/s.xml")}),
        "dns",
        "robots.txt unreachable: dns",
    ),
    "sitemap: addresses of other sites": Index(
        "sitemap",
        says(urlset(url("http://iklan.example/berita/a-b-c-d"))),
        "empty",
        "it lists nothing",
    ),
    "sitemap: addresses that run": Index(
        "sitemap",
        says(urlset(url("javascript:alert(1)"), url("file:///etc/passwd"))),
        "empty",
        "it lists nothing",
    ),
    "sitemap: news that say nonsense": Index(
        "sitemap",
        serves(
            lambda house: {
                "/sitemap.xml": urlset(
                    url(
                        f"{house.root}{GOOD}",
                        "<lastmod>kemarin</lastmod><news:news><news:publication_date>0000-00-00"
                        "</news:publication_date><news:title></news:title><news:keywords/></news:news>",
                    )
                )
            }
        ),
        "ok",
        "",
        found=1,
    ),
    "sitemap: news of the next century": Index(
        "sitemap",
        serves(
            lambda house: {
                "/sitemap.xml": urlset(
                    url(
                        f"{house.root}{GOOD}",
                        "<news:news><news:publication_date>2126-01-01T00:00:00Z"
                        "</news:publication_date></news:news>",
                    )
                )
            }
        ),
        "ok",
        "",
        found=1,
    ),
    "sitemap: the front page": Index(
        "sitemap",
        says(Answer(b"<!doctype html><html>Beranda")),
        "failed",
        "HTML in place of a sitemap",
    ),
    "sitemap: cut off in an entry": Index(
        "sitemap",
        serves(
            lambda house: {
                "/sitemap.xml": Answer(
                    urlset(url(f"{house.root}{GOOD}"), url("x")).body[:-40], "application/xml"
                )
            }
        ),
        "ok",
        "",
        found=1,
    ),
    "sitemap: nothing in it": Index("sitemap", says(urlset()), "empty", "it lists nothing"),
    "sitemap: 404": Index("sitemap", says(Answer(status=404)), "failed", "http 404"),
    "sitemap: half a gzip file": Index(
        "sitemap",
        says(
            Answer(gzip.compress(urlset(url("http://a.example/x")).body)[:-20], "application/gzip")
        ),
        "failed",
        "broken compression",
    ),
    "sitemap: a gzip file damaged in its middle": Index(
        "sitemap",
        says(
            Answer(
                damaged(urlset(*(url(f"http://a.example/{n * n}") for n in range(200))).body),
                "application/gzip",
            )
        ),
        "failed",
        "broken compression",
    ),
    "wordpress: no such route": Index(
        "wordpress", says(wp_error("rest_no_route", 404)), "failed", "no posts: rest_no_route"
    ),
    "wordpress: refused": Index(
        "wordpress", says(wp_error("rest_cannot_access", 401)), "blocked", "http 401"
    ),
    "wordpress: switched off with 200": Index(
        "wordpress", says(wp_error("rest_disabled", 200)), "failed", "no posts: rest_disabled"
    ),
    "wordpress: the front page": Index(
        "wordpress",
        says(Answer(b"<!doctype html><html>Beranda")),
        "failed",
        "HTML in place of JSON",
    ),
    "wordpress: a total that lies": Index(
        "wordpress",
        serves(lambda house: {API: told([wp_post(house, 1)], **{"X-WP-TotalPages": "999999"})}),
        "ok",
        "",
        found=1,
    ),
    "wordpress: a total that is no number": Index(
        "wordpress",
        serves(lambda house: {API: told([wp_post(house, 1)], **{"X-WP-TotalPages": "banyak"})}),
        "ok",
        "",
        found=1,
    ),
    "wordpress: too many a page whatever is asked": Index(
        "wordpress", says(wp_error("rest_invalid_param", 400)), "failed", "http 400"
    ),
    "wordpress: words of PHP before it": Index(
        "wordpress",
        serves(
            lambda house: {
                API: Answer(
                    b"<br />\n<b>Warning</b>: x in [y]<br />" + told([wp_post(house, 1)]).body
                )
            }
        ),
        "ok",
        "",
        found=1,
    ),
    "wordpress: cut off": Index(
        "wordpress",
        says(Answer(b'[{"id": 1, "link": "https://ka', "application/json")),
        "failed",
        "no JSON",
    ),
    "wordpress: nested without end": Index("wordpress", says(nested(100_000)), "failed", "no JSON"),
    "wordpress: no posts in it": Index(
        "wordpress",
        says(told([None, 7, {}, {"link": "javascript:x"}])),
        "empty",
        "it lists nothing",
    ),
    "wordpress: an empty list": Index("wordpress", says(told([])), "empty", "it lists nothing"),
    "wordpress: endless": Index("wordpress", says(habits.endless), "failed", "too large"),
    "wordpress: comments refused": Index(
        "wordpress",
        serves(
            lambda house: {
                API: told([wp_post(house, 1)]),
                COMMENTS: wp_error("rest_cannot_read", 401),
            }
        ),
        "ok",
        "comments: http 401 (rest_cannot_read)",
        found=1,
        way={"comments": True},
    ),
    "wordpress: comments that are a wall": Index(
        "wordpress",
        serves(
            lambda house: {API: told([wp_post(house, 1)]), COMMENTS: Answer(CLOUDFLARE, status=503)}
        ),
        "ok",
        "comments: bot check of cloudflare (http 503)",
        found=1,
        way={"comments": True},
    ),
    "feed: robots.txt with 500": Index(
        "feed", robots(Answer(status=500)), "failed", "robots.txt unreachable: http 500"
    ),
    "feed: robots.txt with 503": Index(
        "feed", robots(Answer(status=503)), "failed", "robots.txt unreachable: http 503"
    ),
    "feed: robots.txt that resets": Index(
        "feed", robots(habits.reset), "failed", "robots.txt unreachable: connection reset"
    ),
    "feed: robots.txt that is silent": Index(
        "feed",
        robots(habits.slow(4, Answer(b""))),
        "timeout",
        "robots.txt unreachable: timeout",
        hasty=True,
    ),
    "feed: robots.txt without end": Index(
        "feed", robots(habits.endless), "failed", "robots.txt unreachable: too large"
    ),
    "feed: robots.txt that is a bomb": Index(
        "feed",
        robots(habits.bomb(BOMB)),
        "ok",
        "",
        found=1,
    ),
    "feed: robots.txt that is the front page": Index(
        "feed",
        robots(Answer(b"<!doctype html><html>Beranda")),
        "ok",
        "",
        found=1,
    ),
    "feed: robots.txt with 403": Index(
        "feed",
        robots(Answer(status=403)),
        "ok",
        "",
        found=1,
    ),
    "feed: robots.txt that leads in a circle": Index(
        "feed",
        robots(redirect("/robots.txt")),
        "ok",
        "",
        found=1,
    ),
    "feed: robots.txt behind a mark of order": Index(
        "feed",
        robots(Answer(b"\xef\xbb\xbfUser-agent: *\nDisallow: /", "text/plain")),
        "robots",
        "robots.txt",
    ),
    "feed: robots.txt in lines of a Mac": Index(
        "feed", robots(Answer(b"User-agent: *\rDisallow: /", "text/plain")), "robots", "robots.txt"
    ),
    "feed: robots.txt in UTF-16": Index(
        "feed",
        robots(Answer("User-agent: *\nDisallow: /".encode("utf-16"), "text/plain")),
        "ok",
        "",
        found=1,
    ),
    "feed: robots.txt of NULs": Index(
        "feed",
        robots(Answer(bytes(1000), "text/plain")),
        "ok",
        "",
        found=1,
    ),
    "feed: robots.txt with a delay of no number": Index(
        "feed",
        robots(Answer(b"User-agent: *\nCrawl-delay: lama\nAllow: /", "text/plain")),
        "ok",
        "",
        found=1,
    ),
    "feed: robots.txt that forbids us by name": Index(
        "feed",
        robots(Answer(b"User-agent: Pantau\nDisallow: /\n\nUser-agent: *\nAllow: /", "text/plain")),
        "robots",
        "robots.txt",
    ),
}
