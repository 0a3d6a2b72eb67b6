"""Which sources are crawled at once: so many altogether, and only a few of one host.

A host's sources wait for each other first, before they wait for a place: thirty sources of a
slow host must not take the places of all others.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

MOST_OF_ONE_HOST = 3


class Turns:
    """The turns of all crawls of a process; first come, first served, within a host and among
    those whose host lets them."""

    def __init__(self, most_of_one_host: int = MOST_OF_ONE_HOST) -> None:
        self._most_of_one_host = most_of_one_host
        self._places: dict[int, asyncio.Semaphore] = {}
        self._hosts: dict[str, asyncio.Semaphore] = {}
        self._using: Counter[str] = Counter()

    @asynccontextmanager
    async def turn(self, host: str, most: int) -> AsyncIterator[None]:
        """Held while a source of this host is crawled; ``most`` altogether at once."""
        places = self._places.setdefault(most, asyncio.Semaphore(most))
        own = self._hosts.setdefault(host, asyncio.Semaphore(self._most_of_one_host))
        self._using[host] += 1
        try:
            async with own, places:
                yield
        finally:
            self._using[host] -= 1
            if not self._using[host]:
                del self._using[host], self._hosts[host]
