"""Many small papers on one local server, each on a loopback address of its own, living through
days in the time that a test hands them: they publish, edit, roll their indexes, and misbehave on
cue.

A paper's articles are planned before the first request from a seeded chance, so that what it
published, and what it still showed when, is known to whoever checks.
"""

from __future__ import annotations

import bisect
import hashlib
import random
import re
from array import array
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from typing import Literal
from urllib.parse import parse_qs, urlsplit

from tests.servers import habits, prints
from tests.servers.local import Answer, Habit, LocalServer

HOUR = timedelta(hours=1)
BY_NIGHT = 0.1
"""How much of its daily pace a paper keeps between 22 and 6 o'clock."""
IN_FEED = 15
LISTS = 4
"""Pages of a paper's listing."""
PER_LIST = 10
NEWS_FOR = timedelta(days=2)
"""How long a news sitemap shows an article."""
PER_SITEMAP = 100
MOST_POSTS = 100
TRACKED, MOVED, OTHERWISE_SHOWN = 1, 3, 2
"""What an index names an article by, by its number modulo 6: with tracking parameters, or under an
address from which it has moved. A listing shows some as AMP pages."""

Kind = Literal["feed", "news", "sitemap", "wordpress"]


@dataclass(frozen=True)
class Fault:
    """What a paper answers in place of itself from ``begin`` to ``end``.

    ``kind`` is as operators are told of it (``blocked``, ``failed``, ``empty``, ``moved``,
    ``robots``, ``layout changed``, ``hijacked``), and of others: ``down`` (hangs up), and
    ``relocated`` and ``gone``, which close the feed alone.
    """

    kind: str
    begin: datetime
    end: datetime

    @property
    def lasts(self) -> timedelta:
        return self.end - self.begin


@dataclass
class Paper:
    """One source. ``published`` are the times of its articles, oldest first."""

    id: str
    address: str
    published: list[datetime]
    kind: Kind = "feed"
    """What shows its articles, a listing apart."""
    validates: bool = True
    """Whether it answers conditional requests with 304."""
    edits: dict[int, datetime] = field(default_factory=dict)
    """When an article became another, by its number."""
    faults: list[Fault] = field(default_factory=list)
    requests: int = 0
    taken: array[int] = field(init=False)
    """How often each article was handed out."""

    def __post_init__(self) -> None:
        self.print(self.published)

    def print(self, published: Iterable[datetime]) -> None:
        """Plan other times of publication, before anybody asked."""
        self.published = sorted(published)
        self.taken = array("H", bytes(2 * len(self.published)))

    @property
    def root(self) -> str:
        return f"http://{self.address}"

    def number(self, now: datetime) -> int:
        """Articles published by then."""
        return bisect.bisect_right(self.published, now)

    def shows(self, number: int, now: datetime) -> bool:
        """Whether any way in shows an article then."""
        newer = self.number(now) - number - 1
        if self.kind in ("sitemap", "wordpress"):
            return newer >= 0
        listed = newer < LISTS * PER_LIST
        return listed or (self.kind == "news" and now - self.published[number] < NEWS_FOR)

    def shows_first(self, number: int, now: datetime) -> bool:
        """Whether its first way in does, while it is open."""
        if self.kind == "news":
            return now - self.published[number] < NEWS_FOR
        return self.kind != "feed" or self.number(now) - number <= IN_FEED

    def path(self, number: int) -> str:
        return f"/berita/kabar-nomor-{number}-{self.id}"

    def number_of(self, address: str) -> int:
        """Of the article under any of its addresses."""
        told = re.search(r"/(?:berita/kabar-nomor|lama)-(\d+)-", address)
        return int(told[1]) if told else -1

    def edited(self, number: int, now: datetime) -> bool:
        return number in self.edits and self.edits[number] <= now

    def answer(self, target: str, headers: Mapping[str, str], now: datetime) -> Habit:
        self.requests += 1
        fault = next((f.kind for f in self.faults if f.begin <= now < f.end), "")
        path, query = urlsplit(target).path, parse_qs(urlsplit(target).query)
        if path == "/robots.txt":
            closed = b"/" if fault == "robots" else b"/rahasia"
            return Answer(b"User-agent: *\nDisallow: " + closed, "text/plain")
        if fault in _FAULTY:
            return _FAULTY[fault]
        if path == "/feed" and fault in _FAULTY_FEED:
            return _FAULTY_FEED[fault]
        if path.startswith(("/berita", "/lama")):
            return self._article(path, fault, now)
        if path == "/indeks":
            return self._listing(int(query.get("hal", ["1"])[0]), fault, now)
        return self._index(path, query, headers, fault, now)

    def _article(self, path: str, fault: str, now: datetime) -> Habit:
        number = self.number_of(path)
        if not 0 <= number < self.number(now):
            return Answer(status=404)
        if path.startswith("/lama"):
            return habits.redirect(self.path(number), 301)
        self.taken[number] += 1
        if fault in _SPOILT:
            return Answer(_SPOILT[fault])
        edited = self.edited(number, now)
        at = self.published[number]
        return Answer(
            prints.article(self.id, number, self.root + self.path(number), at, edited=edited)
        )

    def _listing(self, page: int, fault: str, now: datetime) -> Answer:
        last = self.number(now) - (page - 1) * PER_LIST
        numbers = range(last - 1, max(-1, last - 1 - PER_LIST), -1) if fault != "empty" else ()
        pieces = [self._piece(number, now, _LISTED) for number in numbers]
        return Answer(prints.listing(pieces, f"/indeks?hal={page + 1}" if page < LISTS else ""))

    def _index(
        self,
        path: str,
        query: Mapping[str, list[str]],
        headers: Mapping[str, str],
        fault: str,
        now: datetime,
    ) -> Answer:
        last = self.number(now)
        more: dict[str, str] = {}
        first, end = 0, 0
        if path in ("/feed", "/rss.xml"):
            first, write, form = last - IN_FEED, prints.rss, "application/rss+xml"
        elif path == "/news-sitemap.xml":
            first = self.number(now - NEWS_FOR)
            write, form = prints.news_sitemap, "application/xml"
        elif path.startswith("/post-sitemap"):
            first = int(path.removeprefix("/post-sitemap").removesuffix(".xml")) * PER_SITEMAP
            end = first + PER_SITEMAP
            write, form = prints.sitemap, "application/xml"
        elif path == "/sitemap_index.xml":
            return Answer(prints.sitemap_index(self._sitemaps(now)), "application/xml")
        elif path == "/wp-json/wp/v2/posts":
            per_page = int(query["per_page"][0])
            after = query.get("after")
            since = datetime.fromisoformat(after[0]).replace(tzinfo=UTC) if after else None
            oldest = self.number(since) if since else 0
            end = last - per_page * (int(query.get("page", ["1"])[0]) - 1)
            first = max(oldest, end - per_page)
            more["X-WP-TotalPages"] = str(-(-(last - oldest) // per_page))
            write, form = prints.posts, "application/json"
        else:
            return Answer(status=404)
        numbers = range(min(end or last, last) - 1, max(first, 0) - 1, -1)
        body = write(self._piece(n, now, _NAMED) for n in numbers if fault != "empty")
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if self.validates and headers.get("If-None-Match") == tag:
            return Answer(status=304)
        return Answer(body, form, headers=more | ({"ETag": tag} if self.validates else {}))

    def _sitemaps(self, now: datetime) -> list[tuple[str, datetime]]:
        last = self.number(now)
        return [
            (
                f"{self.root}/post-sitemap{number}.xml",
                max(
                    self._changed(n, now)
                    for n in range(number * PER_SITEMAP, min((number + 1) * PER_SITEMAP, last))
                ),
            )
            for number in range(-(-last // PER_SITEMAP))
        ]

    def _changed(self, number: int, now: datetime) -> datetime:
        return self.edits[number] if self.edited(number, now) else self.published[number]

    def _piece(
        self, number: int, now: datetime, forms: Mapping[int, Callable[[str], str]]
    ) -> prints.Piece:
        form = forms.get(number % 6)
        path = form(self.path(number)) if form else self.path(number)
        return prints.Piece(
            number,
            self.root + path,
            prints.title(self.id, number, edited=self.edited(number, now)),
            self.published[number],
            self._changed(number, now),
        )


_NAMED: dict[int, Callable[[str], str]] = {
    TRACKED: lambda path: f"{path}?utm_source=rss",
    MOVED: lambda path: path.replace("/berita/kabar-nomor", "/lama"),
}
_LISTED: dict[int, Callable[[str], str]] = {
    TRACKED: lambda path: f"{path}/amp",
    OTHERWISE_SHOWN: lambda path: f"{path}/?ref=indeks",
}
_SPOILT = {"layout changed": prints.SHELL, "hijacked": prints.GAMBLING}
_FAULTY: dict[str, Habit] = {
    "blocked": Answer(b"Forbidden", status=403),
    "failed": Answer(b"galat", status=500),
    "down": habits.hang_up,
    "moved": habits.redirect("http://lain.example/feed", 301),
}
_FAULTY_FEED: dict[str, Habit] = {
    "relocated": habits.redirect("/rss.xml", 301),
    "gone": Answer(b"tidak ada lagi", status=410),
}


class Farm:
    """Serves papers while entered. ``clock`` is the test's."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._server = LocalServer(everywhere=True)
        self._server.otherwise(self._answer)
        self.papers: dict[str, Paper] = {}

    def open(
        self, name: str, published: Iterable[datetime], *, kind: Kind, validates: bool
    ) -> Paper:
        """A paper on the next loopback address."""
        number = len(self.papers) + 2
        host = f"127.0.{number // 250}.{number % 250 + 1}"
        address = f"{host}:{self._server.address.rpartition(':')[2]}"
        paper = Paper(name, address, list(published), kind, validates)
        self.papers[address] = paper
        return paper

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        self._server.seen.clear()  # each paper counts its own
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
