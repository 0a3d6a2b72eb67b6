"""Every way a page can fail to come ends in a reason, and its neighbours come all the same."""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from pantau.config.models import Politeness, WayIn
from tests.crawler.conftest import World, feed_way, rss, source
from tests.servers import Answer, LocalServer, habits, self_signed
from tests.servers.habits import in_turn, raw, redirect, slow
from tests.servers.local import Habit

CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
BAD = "/berita/yang-rusak-ini"
GOOD = "/berita/yang-baik-ini"
CLOUDFLARE = b"<html><title>Just a moment...</title><script src='/cdn-cgi/x'>cloudflare</script>"


@dataclass(frozen=True)
class Case:
    habit: Habit
    reason: str
    disposition: str | None = "failed"
    """None where the page waits for another try in a later run."""


CASES = {
    "404": Case(Answer(status=404), "http 404"),
    "410": Case(Answer(status=410), "http 410"),
    "400": Case(Answer(status=400), "http 400"),
    "401": Case(Answer(status=401), "http 401", "blocked"),
    "403": Case(Answer(status=403), "http 403", "blocked"),
    "451": Case(Answer(status=451), "http 451", "blocked"),
    "bot check with 200": Case(Answer(CLOUDFLARE), "bot check of cloudflare (http 200)", "blocked"),
    "bot check with 503": Case(
        Answer(CLOUDFLARE, status=503), "bot check of cloudflare (http 503)", "blocked"
    ),
    "bot check by header": Case(
        Answer(b"x", status=403, headers={"cf-mitigated": "challenge"}),
        "bot check (http 403)",
        "blocked",
    ),
    "500": Case(Answer(status=500), "http 500", None),
    "503": Case(Answer(status=503), "http 503", None),
    "408": Case(Answer(status=408), "http 408", None),
    "reset": Case(habits.reset, "connection reset", None),
    "hang up": Case(habits.hang_up, "connection reset", None),
    "no http": Case(habits.no_http, "connection reset", None),
    "truncated": Case(habits.truncated, "incomplete", None),
    "trickle": Case(habits.trickle, "timeout", None),
    "silent": Case(habits.slow(4, Answer(b"x")), "timeout", None),
    "50 MB": Case(habits.large(50_000_000), "too large"),
    "endless": Case(habits.endless, "too large"),
    "zip bomb": Case(habits.bomb(200_000_000), "too large"),
    "broken gzip": Case(habits.broken_gzip, "broken compression", None),
    "redirect loop": Case(redirect(BAD), "too many redirects"),
    "redirect to nowhere": Case(redirect("http://[rusak/"), "no valid address"),
    "redirect to a file": Case(redirect("file:///etc/passwd"), "http 302"),
    "redirect without a target": Case(Answer(status=302), "http 302"),
    "304 that nobody asked for": Case(Answer(status=304), "http 304"),
    "410 as a page": Case(Answer(b"<h1>Tidak ada</h1>", status=410), "http 410"),
    "418": Case(Answer(status=418), "http 418"),
    "425": Case(Answer(status=425), "http 425", None),
    "502": Case(Answer(status=502), "http 502", None),
    "520 of a front server": Case(Answer(status=520), "http 520", None),
    "a status that is none": Case(raw(b"HTTP/1.1 abc OK\r\n\r\nx"), "connection reset", None),
    "a status of 999": Case(Answer(status=999), "http 999", None),
    "wall of sucuri": Case(
        Answer(b"<h1>Access Denied - Sucuri Website Firewall</h1>"),
        "bot check of sucuri (http 200)",
        "blocked",
    ),
    "wall of imperva": Case(
        Answer(b"<iframe src='/_Incapsula_Resource?x'></iframe>"),
        "bot check of imperva (http 200)",
        "blocked",
    ),
    "wall of ddos-guard": Case(
        Answer(b"<title>DDOS-GUARD</title>Checking your browser", status=403),
        "bot check of ddosguard (http 403)",
        "blocked",
    ),
    "wall of litespeed": Case(
        Answer(b"<p>Verifying that you are not a robot<script src=lsrecap>"),
        "bot check of litespeed (http 200)",
        "blocked",
    ),
    "wall by a header with 202": Case(
        Answer(b"", status=202, headers={"x-amzn-waf-action": "challenge"}),
        "bot check (http 202)",
        "blocked",
    ),
    "half a chunked body": Case(raw(CHUNKED + b"5\r\n<p>is\r\n"), "incomplete", None),
    "a chunk size that is no number": Case(
        raw(CHUNKED + b"zz\r\n<p>isi\r\n0\r\n\r\n"), "incomplete", None
    ),
    "headers without an end": Case(
        raw(b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 20_000, pause=2), "timeout", None
    ),
    "a header line of a megabyte": Case(
        raw(b"HTTP/1.1 200 OK\r\nX-A: " + b"a" * 1_000_000 + b"\r\n\r\nx"), "connection reset", None
    ),
    "a byte of header now and then": Case(
        raw(*[bytes([byte]) for byte in b"HTTP/1.1 200 OK\r\nA: b\r\n"], pause=0.2), "timeout", None
    ),
    "a length that is no number": Case(
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: banyak\r\n\r\n<p>isi"), "connection reset", None
    ),
    "two lengths that differ": Case(
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 9\r\n\r\n<p>isi"),
        "connection reset",
        None,
    ),
    "nothing but a reset after the header": Case(
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n"), "incomplete", None
    ),
    "TLS on a plain port": Case(raw(b"\x15\x03\x01\x00\x02\x02\x16"), "connection reset", None),
    "broken deflate": Case(
        Answer(b"<p>isi", headers={"Content-Encoding": "deflate"}), "broken compression", None
    ),
    "a bomb in a bomb": Case(
        Answer(
            gzip.compress(gzip.compress(bytes(200_000_000))),
            headers={"Content-Encoding": "gzip, gzip"},
        ),
        "too large",
    ),
    "redirect to a private network": Case(
        redirect("http://10.0.0.1/x"), "redirected offsite: 10.0.0.1"
    ),
    "redirect to the machine's own data": Case(
        redirect("http://169.254.169.254/latest/meta-data/"), "redirected offsite: 169.254.169.254"
    ),
    "redirect to ftp": Case(redirect("ftp://kabar.example/x"), "http 302"),
    "redirect to a script": Case(redirect("javascript:alert(1)"), "no valid address"),
    "redirect into a data address": Case(redirect("data:text/html,<p>isi"), "http 302"),
    "redirect with a password": Case(
        redirect("http://a:b@127.0.0.1/x"), "address with a user name"
    ),
    "redirect to an endless address": Case(redirect("/" + "a" * 4000), "address too long"),
    "a redirect of no kind": Case(Answer(status=305, headers={"Location": "/x"}), "http 305"),
    "noindex": Case(
        Answer(b"<p>isi", headers={"X-Robots-Tag": "noindex"}), "noindex", "robots denied"
    ),
    "redirect offsite": Case(
        redirect("http://iklan.example/x"), "redirected offsite: iklan.example"
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_bad_page_ends_in_its_reason(world: World, site: LocalServer, name: str) -> None:
    case = CASES[name]
    site.on("/feed", rss(site, BAD, GOOD))
    site.on(BAD, case.habit)
    site.on(GOOD, "<p>isi")
    politeness = Politeness(delay=timedelta(0), concurrency=2, timeout=timedelta(seconds=1))
    start = time.monotonic()
    [outcome] = world.crawl(source(feed_way(site), politeness=politeness), site)
    assert time.monotonic() - start < 15
    pages = world.pages()
    assert (pages[BAD].disposition, pages[BAD].reason) == (case.disposition, case.reason)
    assert (pages[BAD].retry_at is not None) == (case.disposition is None)
    assert pages[GOOD].status == "fetched"
    assert (outcome.outcome, outcome.found, outcome.fetched) == ("partly", 2, 1)
    assert outcome.reason == f"1 × {case.reason}"


GOOD_CASES: dict[str, Habit] = {
    "503 at first": in_turn(Answer(status=503), Answer(status=503), Answer(b"<p>isi")),
    "reset at first": in_turn(habits.reset, Answer(b"<p>isi")),
    "gzip": Answer(gzip.compress(b"<p>isi"), headers={"Content-Encoding": "gzip"}),
    "header line without a colon": habits.bad_header_line(b"<p>isi"),
    "redirect on the site": in_turn(redirect(BAD + "?utama=1")),
    "no content type": Answer(b"<p>isi", content_type=""),
    "broken charset": Answer(b"<p>isi \xff\xfe\x80", content_type="text/html; charset=utf-99"),
    "an empty page": Answer(b""),
    "early hints": raw(
        b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 200 OK\r\n"
        b"Content-Length: 6\r\n\r\n<p>isi"
    ),
    "continue that nobody asked for": raw(
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<p>isi"
    ),
    "HTTP/1.0": raw(b"HTTP/1.0 200 OK\r\n\r\n<p>isi"),
    "no reason phrase": raw(b"HTTP/1.1 200\r\nContent-Length: 6\r\n\r\n<p>isi"),
    "more bytes than promised": raw(
        b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<p>isi" + b"x" * 99
    ),
    "one byte a chunk": raw(
        CHUNKED + b"".join(b"1\r\n%c\r\n" % byte for byte in b"<p>isi") + b"0\r\n\r\n"
    ),
    "chunks with extensions and trailers": raw(
        CHUNKED + b"6;ext=1\r\n<p>isi\r\n0\r\nX-Sum: 1\r\n\r\n"
    ),
    "an unknown coding": Answer(b"<p>isi", headers={"Content-Encoding": "aneh"}),
    "gzip twice": Answer(
        gzip.compress(gzip.compress(b"<p>isi")), headers={"Content-Encoding": "gzip, gzip"}
    ),
    "gzip without its end": Answer(
        gzip.compress(b"<p>isi" * 50)[:-8], headers={"Content-Encoding": "gzip"}
    ),
    "gzip with rubbish behind it": Answer(
        gzip.compress(b"<p>isi") + b"sampah", headers={"Content-Encoding": "gzip"}
    ),
    "a cookie of eight kilobytes": Answer(b"<p>isi", headers={"Set-Cookie": "a=" + "b" * 8000}),
    "a header in Latin-1": raw(
        b"HTTP/1.1 200 OK\r\nX-Nama: caf\xe9 \xff\r\nContent-Length: 6\r\n\r\n<p>isi"
    ),
    "a picture's type": Answer(b"<p>isi", content_type="image/jpeg"),
    "zero bytes": Answer(b"<p>isi\x00\x00"),
    "meta refresh to elsewhere": Answer(
        b"<p>isi<meta http-equiv=refresh content='0;url=http://iklan.example/'>"
    ),
    "silence before the answer": slow(0.8, Answer(b"<p>isi")),
    "closed after each answer": Answer(b"<p>isi", headers={"Connection": "close"}),
}


@pytest.mark.parametrize("name", GOOD_CASES)
def test_what_is_odd_but_readable_is_kept(world: World, site: LocalServer, name: str) -> None:
    site.on("/feed", rss(site, BAD))
    site.on(BAD, GOOD_CASES[name])
    site.on(BAD + "?utama=1", "<p>isi")
    [outcome] = world.crawl(source(feed_way(site)), site)
    page = world.pages()[BAD]
    assert (outcome.outcome, page.status, page.http_status) == ("ok", "fetched", 200)
    body = world.archive.get(page.sha256)
    assert body == b"" if name == "an empty page" else body.startswith(b"<p>isi")
    assert page.final_url.startswith(site.root + BAD)


@pytest.mark.parametrize(
    ("habit", "outcome", "reason"),
    [
        (Answer(status=404), "failed", "http 404"),
        (Answer(status=403), "blocked", "http 403"),
        (Answer(CLOUDFLARE), "blocked", "bot check of cloudflare (http 200)"),
        (Answer(b"<html><body>Beranda"), "failed", "HTML in place of a feed"),
        (Answer(b""), "failed", "an empty answer"),
        (Answer(b"<rss version='2.0'><channel></channel></rss>"), "empty", "it lists nothing"),
        (habits.endless, "failed", "too large"),
        (habits.bomb(200_000_000), "failed", "too large"),
        (habits.reset, "failed", "connection reset"),
        (habits.slow(4, Answer(b"x")), "timeout", "timeout"),
        (redirect("http://iklan.example/x"), "moved", "redirected offsite: iklan.example"),
        (Answer(status=304), "failed", "http 304"),
        (Answer(b'<?xml version="1.0"?><rss><channel>'), "empty", "it lists nothing"),
        (Answer(b"\x1f\x8b" + b"rusak"), "failed", "broken compression"),
        (Answer(b"{}", "application/json"), "failed", "no feed"),
    ],
)
def test_a_feed_that_fails_names_the_outcome(
    world: World, site: LocalServer, habit: Habit, outcome: str, reason: str
) -> None:
    site.on("/feed", habit)
    politeness = Politeness(delay=timedelta(0), timeout=timedelta(seconds=1))
    [run] = world.crawl(source(feed_way(site), politeness=politeness), site)
    assert (run.outcome, run.reason) == (outcome, reason)
    [row] = world.runs()
    assert (row.outcome, row.reason, row.ended_at) == (outcome, reason, world.now)


def test_an_untrusted_certificate_is_refused_unless_the_source_says_otherwise(
    world: World, tmp_path: Path
) -> None:
    with LocalServer(tls=self_signed(tmp_path)) as site:
        site.on("/feed", rss(site, GOOD))
        site.on(GOOD, "<p>isi")
        [refused] = world.crawl(source(feed_way(site)), site)
        assert (refused.outcome, refused.reason) == ("tls", "robots.txt unreachable: tls")
        assert site.seen == []
        fresh = World(world.folder, world.state)
        [taken] = fresh.crawl(source(feed_way(site), verify_tls=False), site)
        assert taken.outcome == "ok"


def test_a_host_without_a_name_is_told_as_dns(world: World) -> None:
    way = WayIn(kind="feed", url="http://tidak-ada.invalid/feed")
    [outcome] = world.crawl(source(way))
    assert (outcome.outcome, outcome.reason) == ("dns", "robots.txt unreachable: dns")


def test_a_closed_port_is_told_as_refused(world: World) -> None:
    with LocalServer() as gone:
        way = feed_way(gone)
    [outcome] = world.crawl(source(way), gone)
    assert outcome.reason == "robots.txt unreachable: connection refused"


def test_memory_stays_bounded_while_bodies_do_not(
    world: World, site: LocalServer, peak: Callable[[], int]
) -> None:
    paths = [f"/berita/tanpa-akhir-{number}" for number in range(20)]
    site.on("/feed", rss(site, *paths))
    for path in paths:
        site.on(path, habits.endless)
    before = peak()
    world.crawl(source(feed_way(site)), site, max_body=4 * 1024 * 1024)
    assert {page.reason for page in world.pages().values()} == {"too large"}
    assert peak() - before < 150 * 1024 * 1024
