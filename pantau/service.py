"""Keeps the main job going: APScheduler ticks look for what is due.

When a source is due stands in its row, so a missed tick loses nothing: the next one
finds the same rows. The job store can therefore be memory.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable, Hashable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from apscheduler.events import EVENT_JOB_ERROR, JobExecutionEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from crawler.run import crawl
from pantau.config import Source
from pantau.config.models import Service as Limits
from pantau.coverage import coverage, left
from pantau.errors import ConfigError, StateError
from pantau.monitoring import Pulse
from pantau.pipeline import Pipeline
from pantau.state import sources, subscriptions, trials

log = logging.getLogger(__name__)

LATE = timedelta(hours=1)
"""APScheduler drops a job that is later than this; its default is one second."""
TIDY = timedelta(hours=1)
LOOK = timedelta(seconds=1)
"""How soon a fetched page is seen to be there: what it tells is to be mailed within seconds."""
SETTLED = timedelta(hours=1)
"""No sooner is a process begun anew, whatever it holds: it might never do anything else."""
Fingerprint = tuple[tuple[str, int, int], ...]


async def serve(pipeline: Pipeline, pulse: Pulse) -> bool:
    """Poll, work and tidy up on their ticks until cancelled; then end with what is in hand.

    A changed configuration is taken up at the next tick. Returns True where the process is to be
    begun anew, for it holds more memory than it may or lost its lock; False where it was told to
    stop. ``pulse`` beats whenever work is taken up.
    """
    scheduler = AsyncIOScheduler(
        timezone="UTC",
        job_defaults={
            "misfire_grace_time": int(LATE.total_seconds()),
            "coalesce": True,
            "max_instances": 1,
        },
    )
    scheduler.add_listener(_report, EVENT_JOB_ERROR)
    service = Service(pipeline, pulse)
    tick = pipeline.config.settings.service.tick.total_seconds()
    for step, seconds in (
        (service.poll, tick),
        (service.given, tick),
        (service.pictures, tick),
        (service.work, tick),
        (service.look, LOOK.total_seconds()),
        (service.tidy, TIDY.total_seconds()),
        (service.reload, tick),
        (service.weigh, tick),
        (service.guard, tick),
    ):
        scheduler.add_job(
            service.apart,
            "interval",
            id=step.__name__,
            args=[step],
            seconds=seconds,
            next_run_time=pipeline.clock(),
        )
    service.hurry = lambda: scheduler.modify_job("work", next_run_time=pipeline.clock())
    scheduler.start()
    log.info("watching %d sources", len(service.enabled))
    try:
        await service.anew.wait()
    except asyncio.CancelledError:
        log.info("stopping")
    finally:
        scheduler.pause()
        for task in service.at_work:
            task.cancel()
        if service.at_work:
            await asyncio.wait(service.at_work)
        scheduler.shutdown(wait=False)
        log.info("stopped; what is left is done at the next start")
    return service.anew.is_set()


@dataclass
class Service:
    """What the ticks do."""

    pipeline: Pipeline
    pulse: Pulse
    at_work: set[asyncio.Task[None]] = field(default_factory=set)
    polling: set[str] = field(default_factory=set)
    """Sources under way: a slow one holds up no other, and is not begun twice."""
    hurry: Callable[[], object] = lambda: None
    """Has the work begin without waiting for its tick."""
    working: asyncio.Lock = field(default_factory=asyncio.Lock)
    trying: bool | None = None
    """Whether first trials of sources are still to come; None where that was not looked at."""
    anew: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the process is to be begun anew."""
    begun: datetime = field(init=False)
    read: Hashable = field(init=False)
    """The configuration as it was last read."""

    def __post_init__(self) -> None:
        self.begun = self.pipeline.clock()
        self.read = self.written()

    @property
    def enabled(self) -> list[Source]:
        return [source for source in self.pipeline.config.sources.values() if source.enabled]

    @property
    def limits(self) -> Limits:
        return self.pipeline.config.settings.service

    async def apart(self, step: Callable[[], Awaitable[None]]) -> None:
        """One step as a task of its own: APScheduler cuts its jobs off and does not wait for
        them."""
        task = self.begin(step())
        await asyncio.wait({task})
        if not task.cancelled():
            task.result()

    def begin(self, work: Awaitable[None]) -> asyncio.Task[None]:
        """A task that is cancelled, and waited for, when the service ends."""
        task = asyncio.ensure_future(work)
        self.at_work.add(task)
        task.add_done_callback(self.at_work.discard)
        return task

    async def poll(self) -> None:
        """Begin what is due."""
        slowest = self.pipeline.config.settings.crawl.slowest
        now = self.pipeline.clock()
        with self.pipeline.state.read() as session:
            unplanned = trials.unplanned(session, self.enabled)
        if unplanned:
            with self.pipeline.state.write() as session:
                trials.plan(session, unplanned, now)
            self.trying = None
        self.tell_of_trials()
        with self.pipeline.state.read() as session:
            due = sources.due(session, self.enabled, now, slowest)
        for source in due:
            if source.id not in self.polling:
                self.polling.add(source.id)
                self.begin(self._poll_one(source))

    def tell_of_trials(self) -> None:
        """How many sources are still to be tried for the first time, and once they were, which
        provinces are left without one that answers."""
        if self.trying is False:
            return
        with self.pipeline.state.read() as session:
            waiting = trials.untried(session, self.enabled)
            answered = {source.id for source in trials.proven(session, self.enabled)}
        watched = left(coverage(self.enabled, answered))
        if waiting and self.trying is None:
            told = "%d sources were never seen to answer, and are tried now: %s"
            log.info(told, len(waiting), watched)
        elif self.trying and not waiting:
            log.info("all were tried: %s (pantau sources coverage tells more)", watched)
        self.trying = bool(waiting)

    async def _poll_one(self, source: Source) -> None:
        try:
            [outcome] = await crawl([source], context=self.pipeline.crawl_context(lasting=True))
            log.info("%s: %s %s", source.id, outcome.outcome, outcome.reason)
        except Exception:
            log.exception("%s: the poll failed", source.id)
        finally:
            self.polling.discard(source.id)

    async def given(self) -> None:
        await self.pipeline.fetch_given()

    async def pictures(self) -> None:
        await self.pipeline.fetch_pictures()

    async def look(self) -> None:
        """Have the work begin at once where a page waits for it."""
        if not self.working.locked() and await asyncio.to_thread(self.pipeline.something_to_read):
            self.hurry()

    async def work(self) -> None:
        async with self.working:
            self.pulse.beat()
            await self.pipeline.aside(self.pipeline.work)

    async def tidy(self) -> None:
        await asyncio.to_thread(self.pipeline.tidy)

    async def reload(self) -> None:
        """Take up a changed configuration; one with a mistake is told, and the old one holds."""
        now = await asyncio.to_thread(self.written)
        if now == self.read:
            return
        self.read = now
        try:
            waiting = self.pipeline.reconfigure(self.pipeline.home.load_config())
        except (ConfigError, StateError) as error:
            log.error("the changed configuration has a mistake, the one before holds:\n%s", error)
            return
        log.info("the configuration was changed: watching %d sources", len(self.enabled))
        for name in waiting:
            log.warning("%s was changed: that takes effect at the next start", name)

    def written(self) -> Hashable:
        """Another one when a file of the configuration, or a subscription on the page, changes."""
        with self.pipeline.state.read() as session:
            return fingerprint(self.pipeline.home.config), subscriptions.stamp(session)

    async def guard(self) -> None:
        """Leave the work to another process where the lock on the database was lost."""
        if not await asyncio.to_thread(self.pipeline.state.still_alone):
            log.error("the lock on the database was lost: beginning anew")
            self.anew.set()

    async def weigh(self) -> None:
        """Whether the process has grown too large; its models and workers are begun anew too."""
        settled = self.pipeline.clock() - self.begun > SETTLED
        if settled and resident_mb() > self.limits.memory_mb:
            log.info("more than %d MB are held: beginning anew", self.limits.memory_mb)
            self.anew.set()


def fingerprint(folder: Path) -> Fingerprint:
    """Changes when a file of the configuration does."""
    found = []
    for path in sorted(folder.rglob("*.toml")):
        with suppress(FileNotFoundError):
            stat = path.stat()
            found.append((str(path), stat.st_mtime_ns, stat.st_size))
    return tuple(found)


def resident_mb() -> float:
    """What this process holds in memory now (Linux; elsewhere 0: nothing is known)."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except (OSError, ValueError, IndexError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024 / 1024


def _report(event: JobExecutionEvent) -> None:
    log.error("%s failed: %s", event.job_id, event.exception, exc_info=event.exception)
