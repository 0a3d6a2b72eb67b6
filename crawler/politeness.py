"""How gently a host is asked: one budget for each host, shared by every crawl of the process.

Scrapy keeps delays per crawl, so five sources on one host would ask it five times as
often. ``HostBudget`` is the rule (plain numbers, no clock, no I/O); ``HostBudgets`` makes
requests wait for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from math import inf
from urllib.parse import urlsplit

from crawler.errors import HostClosed
from pantau.config.models import Politeness, Source

FIRST_PAUSE = 30.0
"""Seconds; doubled with each further failure in a row."""
LONGEST_PAUSE = 3600.0
FORGIVEN = 2
"""Failures in a row that are met by no pause: single pages do fail."""
PATIENCE = 60.0
"""A request waits so many seconds for a paused host, then is left to a later run."""
MOST_HOSTS = 10_000
"""More are forgotten, the longest unused first."""
_PORTS = {"http": 80, "https": 443}


def host_of(url: str) -> str:
    """The host a budget is kept for; its port too where that is not the scheme's own."""
    parts = urlsplit(url)
    host, port = (parts.hostname or ""), parts.port
    return host if port in (None, _PORTS.get(parts.scheme)) else f"{host}:{port}"


def address_of(url: str) -> tuple[str, int]:
    """Host and port that a URL leads to."""
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 80)


@dataclass(frozen=True, slots=True)
class Pace:
    """How a source's entry asks for its hosts to be asked."""

    delay: float
    """Seconds between two requests."""
    concurrency: int

    def or_gentler(self, other: Pace) -> Pace:
        return Pace(max(self.delay, other.delay), min(self.concurrency, other.concurrency))


def pace_of(politeness: Politeness) -> Pace:
    return Pace(politeness.delay.total_seconds(), politeness.concurrency)


def paces(sources: Iterable[Source]) -> dict[str, Pace]:
    """By host the gentlest of what the entries of its sources ask for: what one of them says that
    a host bears holds for the others too."""
    found: dict[str, Pace] = {}
    for source in sources:
        own = pace_of(source.politeness)
        for host in {host_of(way.url) for way in source.ways} if source.enabled else ():
            found[host] = found.get(host, own).or_gentler(own)
    return found


@dataclass(slots=True)
class HostBudget:
    """What one host may be asked. Times are seconds on any one clock that never goes back."""

    crawl_delay: float = 0.0
    """From its robots.txt."""
    in_flight: int = 0
    last_issued: float = -inf
    closed_until: float = -inf
    failures: int = 0
    """In a row; a good answer halves them, so trust comes back step by step."""

    def wait(self, now: float, *, delay: float, concurrency: int) -> float:
        """Seconds until a request may go out: 0 for now, inf until another has come back."""
        if self.in_flight >= concurrency:
            return inf
        ready = max(self.last_issued + max(delay, self.crawl_delay), self.closed_until)
        return max(0.0, ready - now)

    def issue(self, now: float) -> None:
        """A request goes out."""
        self.in_flight += 1
        self.last_issued = now

    def completed(
        self, now: float, *, failed: bool, overloaded: bool = False, retry_after: float = 0.0
    ) -> None:
        """It came back. ``overloaded``: the host itself asked for less (429);
        ``retry_after``: for how many seconds it wants none."""
        self.in_flight -= 1
        if not failed:
            self.failures //= 2
            self.closed_until = max(self.closed_until, now + retry_after if retry_after else -inf)
            return
        self.failures += 1
        doublings = self.failures - (1 if overloaded else FORGIVEN + 1)
        pause = min(FIRST_PAUSE * 2**doublings, LONGEST_PAUSE) if doublings >= 0 else 0.0
        self.closed_until = max(self.closed_until, now + (retry_after or pause))


@dataclass(slots=True)
class _Entry:
    budget: HostBudget = field(default_factory=HostBudget)
    queue: asyncio.Lock = field(default_factory=asyncio.Lock)
    """First come, first served, whichever crawl they belong to."""
    back: asyncio.Event = field(default_factory=asyncio.Event)


class HostBudgets:
    """The budgets of all hosts."""

    def __init__(self, now: Callable[[], float] | None = None) -> None:
        self._now = now or (lambda: asyncio.get_running_loop().time())
        self._entries: dict[str, _Entry] = {}

    def __getitem__(self, host: str) -> HostBudget:
        return self._entry(host).budget

    async def take(self, host: str, *, delay: float, concurrency: int, deadline: float) -> None:
        """Wait for one's turn (``delay`` in seconds). Each take is followed by one ``give_back``.

        Raises HostClosed where the turn would come after ``deadline`` (on the same clock), or
        where the host is paused for longer than PATIENCE.
        """
        entry = self._entry(host)
        async with entry.queue:
            while True:
                now = self._now()
                pause = entry.budget.closed_until - now
                wait = entry.budget.wait(now, delay=delay, concurrency=concurrency)
                if pause > PATIENCE or (wait != inf and now + wait > deadline):
                    raise HostClosed(f"host paused for {max(pause, wait):.0f} s")
                if wait == 0:
                    entry.budget.issue(now)
                    return
                if wait == inf:
                    entry.back.clear()
                    await entry.back.wait()
                else:
                    await asyncio.sleep(wait)

    def give_back(
        self, host: str, *, failed: bool, overloaded: bool = False, retry_after: float = 0.0
    ) -> None:
        entry = self._entry(host)
        entry.budget.completed(
            self._now(), failed=failed, overloaded=overloaded, retry_after=retry_after
        )
        entry.back.set()

    def _entry(self, host: str) -> _Entry:
        entry = self._entries.get(host)
        if entry is None:
            if len(self._entries) >= MOST_HOSTS:
                self._forget()
            entry = self._entries[host] = _Entry()
        return entry

    def _forget(self) -> None:
        idle = [
            (entry.budget.last_issued, host)
            for host, entry in self._entries.items()
            if entry.budget.in_flight == 0
            and entry.budget.closed_until < self._now()
            and not entry.queue.locked()
        ]
        for _, host in sorted(idle)[: MOST_HOSTS // 10]:
            del self._entries[host]
