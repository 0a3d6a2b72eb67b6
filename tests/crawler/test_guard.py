"""No request reaches a private address: not by name, by redirect or by a name that changes."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import select

from crawler import guard
from crawler.guard import GuardedResolver, is_public
from crawler.run import crawl, run_in_reactor
from pantau.config.models import WayIn
from pantau.state.tables import PageRow
from tests.crawler.conftest import World, feed_way, rss, source
from tests.servers import Answer, LocalServer
from tests.servers.habits import redirect

PRIVATE = [
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",  # metadata of most clouds
    "100.100.100.200",  # of Alibaba, in the shared range
    "192.0.0.192",  # of Oracle
    "168.63.129.16",  # of Azure
    "224.0.0.1",
    "255.255.255.255",
    "198.18.0.1",
    "::1",
    "::",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd00:ec2::254",  # metadata of AWS over IPv6
    "fec0::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::127.0.0.1",
    "::ffff:0:7f00:1",
    "64:ff9b::7f00:1",  # 127.0.0.1 behind NAT64
    "64:ff9b::a9fe:a9fe",  # 169.254.169.254 behind it
    "64:ff9b:1::1",
    "2002:7f00:1::",  # 127.0.0.1 in 6to4
    "2001:0:4136:e378:8000:63bf:80ff:fffe",  # 127.0.0.1 in Teredo
]


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_are_known(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "103.28.12.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_public_addresses_are_known(address: str) -> None:
    assert is_public(address)


class Receiver:
    """What Twisted would connect to."""

    def __init__(self) -> None:
        self.hosts: list[str] = []
        self.done = asyncio.Event()

    def resolutionBegan(self, resolution: object) -> None:
        pass

    def addressResolved(self, address: Any) -> None:
        self.hosts.append(address.host)

    def resolutionComplete(self) -> None:
        self.done.set()


def resolved(answers: Sequence[str], *allowed: str) -> tuple[list[str], list[str]]:
    """Addresses handed on, and addresses refused, for a name with these answers."""

    def lookup(host: str, port: int) -> list[tuple[int, str]]:
        return [(socket.AF_INET6 if ":" in a else socket.AF_INET, a) for a in answers]

    async def scene() -> tuple[list[str], list[str]]:
        receiver = Receiver()
        with guard.visiting(frozenset(allowed)) as visit:
            GuardedResolver(lookup).resolveHostName(receiver, "kabar.example", 80)
        await asyncio.wait_for(receiver.done.wait(), 2)
        return receiver.hosts, visit.refused

    return asyncio.run(scene())


def test_of_mixed_answers_only_the_public_are_handed_on() -> None:
    assert resolved(["8.8.8.8", "10.0.0.1", "::1"]) == (["8.8.8.8"], ["10.0.0.1", "::1"])


def test_an_exception_is_for_one_host_and_port() -> None:
    assert resolved(["127.0.0.1"], "kabar.example:80") == (["127.0.0.1"], [])
    assert resolved(["127.0.0.1"], "kabar.example:81") == ([], ["127.0.0.1"])
    assert resolved(["127.0.0.1"], "lain.example:80") == ([], ["127.0.0.1"])


def test_who_says_nothing_may_ask_nothing_private() -> None:
    async def scene() -> list[str]:
        receiver = Receiver()
        GuardedResolver(lambda host, port: [(socket.AF_INET, "127.0.0.1")]).resolveHostName(
            receiver, "kabar.example", 80
        )
        await asyncio.wait_for(receiver.done.wait(), 2)
        return receiver.hosts

    assert asyncio.run(scene()) == []


def test_a_server_that_is_not_excepted_is_never_asked(world: World, site: LocalServer) -> None:
    [outcome] = world.crawl(source(feed_way(site)))
    assert outcome.outcome == "failed"
    assert "private address 127.0.0.1" in outcome.reason
    assert site.seen == []


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1", "127.1", "[::1]", "[::ffff:127.0.0.1]", "2130706433"]
)
def test_every_spelling_of_this_machine_is_refused(
    world: World, site: LocalServer, host: str
) -> None:
    port = site.address.rpartition(":")[2]
    way = WayIn(kind="feed", url=f"http://{host}:{port}/feed")
    [outcome] = world.crawl(source(way))
    assert outcome.outcome == "failed"
    assert site.seen == []


def test_a_redirect_into_the_private_network_is_not_followed(
    world: World, site: LocalServer
) -> None:
    with LocalServer() as inner:
        inner.on("/rahasia", "kunci")
        site.on("/feed", rss(site, "/berita/satu-dua-tiga"))
        site.on("/berita/satu-dua-tiga", redirect(f"{inner.root}/rahasia"))
        world.crawl(source(feed_way(site)), site)
        assert inner.seen == []
    page = world.pages()["/berita/satu-dua-tiga"]
    assert page.sha256 == ""


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "ftp://kabar.example/x",
        "data:text/html,x",
        "http://user:pw@k.example/",
    ],
)
def test_only_plain_web_addresses_are_asked(world: World, site: LocalServer, address: str) -> None:
    body = f"<rss version='2.0'><channel><item><link>{address}</link></item></channel></rss>"
    site.on("/feed", body)
    world.crawl(source(feed_way(site)), site)
    with world.state.read() as session:
        page = session.scalars(select(PageRow)).one()
    assert (page.status, page.disposition) == ("done", "failed")
    assert "address" in page.reason


def test_a_name_that_changes_is_looked_at_for_every_connection(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It leads outside while robots.txt and the feed are asked for, and then inside."""
    monkeypatch.setattr(guard, "is_public", lambda address: address == "127.0.0.2")
    asked: list[str] = []

    def lookup(host: str, port: int) -> list[tuple[int, str]]:
        asked.append(host)
        return [(socket.AF_INET, "127.0.0.2" if len(asked) <= 2 else "127.0.0.1")]

    with LocalServer(everywhere=True) as site:
        root = f"http://kabar.example:{site.address.rpartition(':')[2]}"
        closes = {"Connection": "close"}
        body = f"<rss version='2.0'><channel><item><link>{root}/berita/satu-dua</link></item>"
        site.on("/feed", Answer(f"{body}</channel></rss>".encode(), headers=closes))
        site.otherwise(Answer(status=404, headers=closes))
        paper, context = source(WayIn(kind="feed", url=f"{root}/feed")), world.context()

        async def main() -> None:
            guard.install(GuardedResolver(lookup))
            try:
                await crawl([paper], context=context)
            finally:
                guard.install(GuardedResolver())

        run_in_reactor(main)
        assert site.paths() == ["/robots.txt", "/feed"]
    [page] = world.pages().values()
    assert (page.disposition, page.reason) == ("failed", "private address 127.0.0.1")


def test_robots_txt_is_not_followed_into_the_private_network(
    world: World, site: LocalServer
) -> None:
    with LocalServer() as inner:
        site.on("/robots.txt", redirect(f"{inner.root}/robots.txt"))
        [outcome] = world.crawl(source(feed_way(site)), site)
        assert inner.seen == []
    assert "private address" in outcome.reason
    assert site.paths() == ["/robots.txt"]
