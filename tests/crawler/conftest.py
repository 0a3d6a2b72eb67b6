"""A crawl against local servers, with a state database and an archive of its own."""

from __future__ import annotations

import resource
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from crawler.archive import Archive
from crawler.politeness import HostBudgets
from crawler.robots import RobotsCache
from crawler.run import CrawlContext, RunOutcome, crawl, run_in_reactor
from pantau.config.models import Crawl, Politeness, Source, WayIn
from pantau.state import State, open_state
from pantau.state.tables import PageRow, RunRow
from tests.servers import Answer, LocalServer

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


@dataclass
class World:
    """One home's worth of crawling."""

    folder: Path
    state: State
    now: datetime = NOW
    budgets: HostBudgets = field(default_factory=HostBudgets)
    robots: RobotsCache = field(default_factory=RobotsCache)

    @property
    def archive(self) -> Archive:
        return Archive(self.folder / "archive")

    def context(self, *sites: LocalServer, **crawl: Any) -> CrawlContext:
        allowed = tuple(site.address for site in sites)
        return CrawlContext(
            state=self.state,
            archive=self.archive,
            settings=Crawl(allow_private=allowed, **crawl),
            clock=lambda: self.now,
            budgets=self.budgets,
            robots=self.robots,
        )

    def crawl(
        self, sources: Source | Sequence[Source], *sites: LocalServer, **settings: Any
    ) -> list[RunOutcome]:
        several = [sources] if isinstance(sources, Source) else sources
        context = self.context(*sites, **settings)
        return run_in_reactor(lambda: crawl(several, context=context))

    def pages(self) -> dict[str, PageRow]:
        """Rows by the path of their address."""
        with self.state.read() as session:
            rows = session.scalars(select(PageRow)).all()
        return {"/" + row.url.split("/", 3)[3]: row for row in rows}

    def pages_by_source(self) -> dict[str, dict[str, PageRow]]:
        """Rows by source, and by the path of their address."""
        found: dict[str, dict[str, PageRow]] = {}
        with self.state.read() as session:
            for row in session.scalars(select(PageRow)):
                found.setdefault(row.source_id, {})["/" + row.url.split("/", 3)[3]] = row
        return found

    def runs(self) -> list[RunRow]:
        with self.state.read() as session:
            return list(session.scalars(select(RunRow).order_by(RunRow.id)))


@pytest.fixture(scope="session")
def empty_state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database brought up to date once: each world begins with a copy."""
    path = tmp_path_factory.mktemp("state") / "state.sqlite"
    open_state(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def world(tmp_path: Path, empty_state: Path) -> Iterator[World]:
    shutil.copy(empty_state, tmp_path / "state.sqlite")
    state = open_state(f"sqlite:///{tmp_path / 'state.sqlite'}")
    yield World(tmp_path, state)
    state.close()


@pytest.fixture
def site() -> Iterator[LocalServer]:
    with LocalServer() as server:
        yield server


def source(*ways: WayIn, id: str = "kabar", **settings: Any) -> Source:
    """A source that is polled as fast as it answers."""
    settings.setdefault("politeness", Politeness(delay=timedelta(0), timeout=timedelta(seconds=5)))
    return Source(id=id, name="Kabar", every=timedelta(minutes=15), ways=ways, **settings)


def feed_way(site: LocalServer, path: str = "/feed") -> WayIn:
    return WayIn(kind="feed", url=site.root + path)


def listing_way(site: LocalServer, path: str = "/", **settings: Any) -> WayIn:
    return WayIn(kind="listing", url=site.root + path, **settings)


def rss(site: LocalServer, *paths: str) -> Answer:
    """A well-made feed of these pages."""
    items = "".join(
        f"<item><title>Berita {path}</title><link>{site.root}{path}</link></item>" for path in paths
    )
    text = (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>K</title>{items}</channel></rss>'
    )
    return Answer(text.encode(), "application/rss+xml")


@pytest.fixture
def peak() -> Callable[[], int]:
    """The most memory this process has ever held, in bytes."""
    return lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
