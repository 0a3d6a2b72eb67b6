"""Offices that reach the web through a proxy only, some with an authority of their own."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from crawler.clocks import Clocks
from crawler.politeness import HostBudgets
from crawler.robots import RobotsCache
from pantau.config.models import WayIn
from tests.crawler.conftest import NOW, World, source
from tests.servers import Answer, LocalServer
from tests.servers.proxy import ForwardProxy
from tests.servers.tls import self_signed

PAPER = "kabar-tirta.invalid"  # no name server knows it


def paper(root: str) -> Answer:
    item = f"<item><title>Berita</title><link>{root}/satu</link></item>"
    return Answer(
        f'<rss version="2.0"><channel><title>K</title>{item}</channel></rss>'.encode(),
        "application/rss+xml",
    )


def port_of(site: LocalServer) -> int:
    return int(site.address.rpartition(":")[2])


def test_everything_is_asked_through_the_proxy(world: World, site: LocalServer) -> None:
    site.on("/feed", paper(f"http://{PAPER}"))
    site.on("/satu", "<h1>Berita</h1>")
    way = WayIn(kind="feed", url=f"http://{PAPER}/feed")
    with ForwardProxy({PAPER: port_of(site)}) as proxy:
        [outcome] = world.crawl(source(way), proxy=proxy.url)
    assert outcome.outcome == "ok", outcome
    assert proxy.asked == [f"GET {PAPER}"] * 3  # robots.txt, feed, page
    assert sorted(site.paths()) == ["/feed", "/robots.txt", "/satu"]


def test_tls_goes_through_a_tunnel_and_an_own_authority_is_trusted(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with LocalServer(tls=self_signed(tmp_path, PAPER)) as site:
        site.on("/feed", paper(f"https://{PAPER}"))
        site.on("/satu", "<h1>Berita</h1>")
        way = WayIn(kind="feed", url=f"https://{PAPER}/feed")
        with ForwardProxy({PAPER: port_of(site)}) as proxy:
            [outcome] = world.crawl(source(way), proxy=proxy.url)
            assert outcome.outcome == "tls", outcome
            monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "server.pem"))
            world.robots, world.budgets = RobotsCache(), HostBudgets()  # as after a new start
            [outcome] = world.crawl(source(way), proxy=proxy.url)
    assert outcome.outcome == "ok", outcome
    assert set(proxy.asked) == {f"CONNECT {PAPER}"}
    assert "/satu" in site.paths()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "169.254.169.254", "[::1]"])
def test_a_proxy_is_asked_for_no_private_address(world: World, host: str) -> None:
    way = WayIn(kind="feed", url=f"http://{host}:9/feed")
    with ForwardProxy({}) as proxy:
        [outcome] = world.crawl(source(way), proxy=proxy.url)
    assert outcome.outcome == "failed"
    assert "private address" in outcome.reason
    assert proxy.asked == []


def test_a_proxy_that_is_down_is_a_failure_of_the_source(world: World) -> None:
    with ForwardProxy({}) as proxy:
        url = proxy.url
    way = WayIn(kind="feed", url=f"http://{PAPER}/feed")
    [outcome] = world.crawl(source(way), proxy=url)
    assert outcome.outcome not in ("ok", "unchanged", "empty")


def test_the_clock_is_compared_with_what_most_servers_say() -> None:
    clocks = Clocks()
    for host, said in (
        ("a", b"Sun, 22 Nov 2026 03:00:00 GMT"),
        ("b", b"Sun, 22 Nov 2026 02:59:59 GMT"),
        ("c", b"besok"),
        ("d", None),
    ):
        clocks.note(host, said, NOW + timedelta(minutes=10))
    assert clocks.ahead() is None  # two are too few
    clocks.note("e", b"Fri, 01 Jan 1971 00:00:00 GMT", NOW + timedelta(minutes=10))
    assert clocks.ahead() == 601


def test_answers_of_a_crawl_tell_the_time(world: World, site: LocalServer) -> None:
    site.on("/feed", Answer(b"<rss/>", headers={"X-Unused": "1"}))
    context = world.context(site)
    before = dict(context.clocks._ahead)
    world.crawl(source(WayIn(kind="feed", url=f"{site.root}/feed")), site)
    assert site.address in context.clocks._ahead
    assert site.address not in before
