"""What every page works with: the opened rooms of one home."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from zoneinfo import ZoneInfo

from crawler.archive import Archive
from pantau.clock import Clock
from pantau.config import Config
from pantau.home import Home
from pantau.state import State, open_state
from pantau.web.kept import Kept
from search import Index, Results, open_index

FRESH = timedelta(seconds=10)
"""How long the front page may be behind the index."""


@dataclass
class WebContext:
    """Made once for a process. Pages run in threads: each borrows an index of its own, as a
    connection to the embedded one answers one question at a time."""

    home: Home
    config: Config
    clock: Clock
    state: State
    archive: Archive
    front: Kept[Results] = field(init=False)
    """What is found where nothing is asked for: the page that everybody opens first."""
    _indices: queue.LifoQueue[Index] = field(default_factory=queue.LifoQueue, init=False)

    def __post_init__(self) -> None:
        self.front = Kept(FRESH, self.clock)

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which times are shown."""
        return ZoneInfo(self.config.settings.alerts.zone)

    @contextmanager
    def index(self) -> Iterator[Index]:
        """An index to ask. Raises StateError where it cannot be opened."""
        try:
            borrowed = self._indices.get_nowait()
        except queue.Empty:
            settings = self.config.settings.search
            borrowed = open_index(settings, self.home.index, synonyms=self.config.synonyms)
        try:
            yield borrowed
        finally:
            self._indices.put(borrowed)

    def close(self) -> None:
        while not self._indices.empty():
            self._indices.get_nowait().close()
        self.state.close()


@contextmanager
def open_context(home: Home, config: Config, clock: Clock) -> Iterator[WebContext]:
    """Open the rooms of a home for reading and for what people decide.

    Does not take the worker's lock: pages are served while ``pantau run`` works.
    """
    home.make()
    context = WebContext(
        home=home,
        config=config,
        clock=clock,
        state=open_state(home.database_url(config)),
        archive=Archive(home.archive),
    )
    try:
        yield context
    finally:
        context.close()
