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
from tests.servers.habits import in_turn, redirect
from tests.servers.local import Habit

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
    ],
)
def test_a_feed_that_fails_names_the_outcome(
    world: World, site: LocalServer, habit: Habit, outcome: str, reason: str
) -> None:
    site.on("/feed", habit)
    [run] = world.crawl(source(feed_way(site)), site)
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
