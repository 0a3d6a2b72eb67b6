"""What every crawl of a process shares, and the errand one spider is sent on."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from crawler.archive import Archive
from crawler.clocks import Clocks
from crawler.politeness import HostBudgets, Pace, pace_of
from crawler.robots import RobotsCache
from crawler.turns import Turns
from pantau.clock import Clock, system_clock
from pantau.config.models import Crawl, Platforms, Politeness
from pantau.state import State

PROCESS_BUDGETS = HostBudgets()
PROCESS_ROBOTS = RobotsCache()
PROCESS_TURNS = Turns()
PROCESS_CLOCKS = Clocks()


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlContext:
    """State, archive and settings of the crawls.

    Budgets, robots rules and turns are the process's own unless others are given: a host must not
    be asked more often because two contexts know it.
    """

    state: State
    archive: Archive
    settings: Crawl
    clock: Clock = system_clock
    platforms: Platforms = field(default_factory=Platforms)
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)
    """Where the keys stand that the settings name."""
    paces: Mapping[str, Pace] = field(default_factory=dict)
    """By host how gently it is asked at least, whichever of its sources is being read."""
    lasting: bool = False
    """Whether streams are listened to for as long as a run may take; else until all that was
    written before is read."""
    budgets: HostBudgets = PROCESS_BUDGETS
    robots: RobotsCache = PROCESS_ROBOTS
    turns: Turns = PROCESS_TURNS
    clocks: Clocks = PROCESS_CLOCKS

    def pace(self, host: str, own: Politeness) -> Pace:
        """How a host may be asked for a source whose entry asks for ``own``."""
        pace = pace_of(own)
        return pace.or_gentler(self.paces.get(host, pace))

    @property
    def user_agent(self) -> str:
        return self.settings.introduction

    @property
    def robots_token(self) -> str:
        """The product token robots.txt is read for (RFC 9309, 2.2.1)."""
        return self.settings.user_agent.split("/")[0].strip()


@dataclass(slots=True)
class Errand:
    """One spider's run: how it may ask, until when, and the way to call it back."""

    context: CrawlContext
    politeness: Politeness
    deadline: float
    """On the event loop's clock."""
    stopped: str = ""
    """Why it was called back."""
    requests: set[asyncio.Task[object]] = field(default_factory=set)
    """Those under way."""

    def stop(self, reason: str) -> None:
        """Break off what is under way; every later request of this errand is refused."""
        self.stopped = self.stopped or reason
        for request in tuple(self.requests):
            request.cancel()
