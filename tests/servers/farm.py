"""Many small papers on one local server, each on a loopback address of its own, living through
days in the time that a test hands them: they publish, roll their feeds, and misbehave on cue.

A paper's articles are planned before the first request from a seeded chance, so that what it
published, and what it still showed when, is known to whoever checks.
"""

from __future__ import annotations

import bisect
import hashlib
import random
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler

from tests.servers.local import Answer, LocalServer

HOUR = timedelta(hours=1)
BY_NIGHT = 0.1
"""How much of its daily pace a paper keeps between 22 and 6 o'clock."""
PER_LIST = 10


@dataclass(frozen=True)
class Fault:
    """What a paper answers in place of itself from ``begin`` to ``end``."""

    kind: str
    """As ``troubles`` tells it: blocked, failed, empty, moved, robots."""
    begin: datetime
    end: datetime


@dataclass
class Paper:
    """One source. ``published`` are the times of its articles, oldest first."""

    id: str
    address: str
    published: list[datetime]
    in_feed: int = 15
    lists: int = 4
    """Pages of its listing."""
    faults: list[Fault] = field(default_factory=list)
    validates: bool = True
    """Whether it answers conditional requests with 304."""
    seen: list[tuple[datetime, str]] = field(default_factory=list)
    taken: Counter[str] = field(default_factory=Counter)
    """Articles handed out, by path."""

    @property
    def root(self) -> str:
        return f"http://{self.address}"

    @property
    def window(self) -> int:
        """How many of the newest articles any way in shows."""
        return max(self.in_feed, self.lists * PER_LIST)

    def number(self, now: datetime) -> int:
        """Articles published by then."""
        return bisect.bisect_right(self.published, now)

    def path(self, number: int) -> str:
        return f"/berita/kabar-nomor-{number}-{self.id}"

    def answer(self, path: str, headers: dict[str, str], now: datetime) -> Answer:
        self.seen.append((now, path))
        fault = next((f for f in self.faults if f.begin <= now < f.end), None)
        if path == "/robots.txt":
            return _robots(fault)
        if fault is not None and (faulty := _FAULTY.get(fault.kind)):
            return faulty(path)
        if path == "/feed":
            return self._feed(headers, now)
        if path.startswith("/indeks"):
            return self._listing(int(path.partition("?hal=")[2] or 1), now)
        if path.startswith("/berita/") and int(path.split("-")[2]) < self.number(now):
            self.taken[path] += 1
            return Answer(f"<h1>Kabar {path}</h1><p>isi kabar".encode())
        return Answer(status=404)

    def _feed(self, headers: dict[str, str], now: datetime) -> Answer:
        last = self.number(now)
        items = "".join(
            f"<item><title>Kabar {n}</title><link>{self.root}{self.path(n)}</link>"
            f"<pubDate>{format_datetime(self.published[n])}</pubDate></item>"
            for n in range(last - 1, max(-1, last - 1 - self.in_feed), -1)
        )
        body = f"<rss version='2.0'><channel><title>K</title>{items}</channel></rss>".encode()
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if self.validates and headers.get("If-None-Match") == tag:
            return Answer(status=304)
        kept = {"ETag": tag} if self.validates else {}
        return Answer(body, "application/rss+xml", headers=kept)

    def _listing(self, page: int, now: datetime) -> Answer:
        last = self.number(now) - (page - 1) * PER_LIST
        links = "".join(
            f'<a href="{self.path(n)}">Kabar {n}</a>'
            for n in range(last - 1, max(-1, last - 1 - PER_LIST), -1)
        )
        further = f'<a rel="next" href="/indeks?hal={page + 1}">lama</a>'
        return Answer((links + (further if page < self.lists else "")).encode())


def _robots(fault: Fault | None) -> Answer:
    closed = fault is not None and fault.kind == "robots"
    return Answer(b"User-agent: *\nDisallow: " + (b"/" if closed else b"/rahasia"), "text/plain")


_FAULTY: dict[str, Callable[[str], Answer]] = {
    "blocked": lambda _: Answer(b"Forbidden", status=403),
    "failed": lambda _: Answer(b"galat", status=500),
    "empty": lambda _: Answer(b"<rss version='2.0'><channel></channel></rss>"),
    "moved": lambda _: Answer(status=301, headers={"Location": "http://lain.example/feed"}),
}


class Farm:
    """Serves papers while entered. ``clock`` is the test's."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._server = LocalServer(everywhere=True)
        self._server.otherwise(self._answer)
        self.papers: dict[str, Paper] = {}

    def open(self, name: str, published: Iterable[datetime], **settings: object) -> Paper:
        """A paper on the next loopback address."""
        number = len(self.papers) + 2
        host = f"127.0.{number // 250}.{number % 250 + 1}"
        address = f"{host}:{self._server.address.rpartition(':')[2]}"
        paper = Paper(name, address, sorted(published), **settings)  # type: ignore[arg-type]
        self.papers[address] = paper
        return paper

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        self._server.seen.clear()  # each paper keeps its own
        paper = self.papers[handler.headers["Host"]]
        paper.answer(handler.path, dict(handler.headers), self._clock())(handler)

    def __enter__(self) -> Farm:
        self._server.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.__exit__()


def plan(
    chance: random.Random, *, begin: datetime, end: datetime, per_day: float
) -> list[datetime]:
    """Times of publication by day and, fewer, by night; the first before ``begin``: its stock."""
    times = [begin - HOUR * n * 24 / per_day for n in range(1, 6)]
    rate = per_day / (16 + 8 * BY_NIGHT)
    now = begin
    while (now := now + HOUR * chance.expovariate(rate)) < end:
        by_day = 6 <= (now.hour + 7) % 24 < 22
        if by_day or chance.random() < BY_NIGHT:
            times.append(now.replace(microsecond=0))
    return sorted(times)
