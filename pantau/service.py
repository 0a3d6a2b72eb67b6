"""Keeps the main job going: APScheduler ticks look for what is due.

When a source is due stands in its row, so a missed tick loses nothing: the next one
finds the same rows. The job store can therefore be memory.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from apscheduler.events import EVENT_JOB_ERROR, JobExecutionEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from crawler.run import crawl
from pantau.pipeline import Pipeline
from pantau.state import sources

log = logging.getLogger(__name__)

LATE = timedelta(hours=1)
"""APScheduler drops a job that is later than this; its default is one second."""
TIDY = timedelta(hours=1)


async def serve(pipeline: Pipeline) -> None:
    """Poll, work and tidy up on their ticks until cancelled; then end with what is in hand."""
    scheduler = AsyncIOScheduler(
        timezone="UTC",
        job_defaults={
            "misfire_grace_time": int(LATE.total_seconds()),
            "coalesce": True,
            "max_instances": 1,
        },
    )
    scheduler.add_listener(_report, EVENT_JOB_ERROR)
    at_work: set[asyncio.Task[None]] = set()
    tick = pipeline.config.settings.service.tick.total_seconds()
    for step, seconds in ((_poll, tick), (_work, tick), (_tidy, TIDY.total_seconds())):
        scheduler.add_job(
            _apart,
            "interval",
            id=step.__name__.strip("_"),
            args=[step, pipeline, at_work],
            seconds=seconds,
            next_run_time=pipeline.clock(),
        )
    scheduler.start()
    enabled = sum(source.enabled for source in pipeline.config.sources.values())
    log.info("watching %d sources", enabled)
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        log.info("stopping")
    finally:
        scheduler.pause()
        for task in at_work:
            task.cancel()
        if at_work:
            await asyncio.wait(at_work)
        scheduler.shutdown(wait=False)
        log.info("stopped; what is left is done at the next start")


async def _apart(
    step: Callable[[Pipeline], Awaitable[None]],
    pipeline: Pipeline,
    at_work: set[asyncio.Task[None]],
) -> None:
    """One step as a task of its own: APScheduler cuts its jobs off and does not wait for them."""
    task = asyncio.ensure_future(step(pipeline))
    at_work.add(task)
    task.add_done_callback(at_work.discard)
    await asyncio.wait({task})
    if not task.cancelled():
        task.result()


async def _poll(pipeline: Pipeline) -> None:
    enabled = [source for source in pipeline.config.sources.values() if source.enabled]
    with pipeline.state.read() as session:
        due = sources.due(session, enabled, pipeline.clock())
    if due:
        for outcome in await crawl(due, context=pipeline.crawl_context()):
            log.info("%s: %s %s", outcome.source_id, outcome.outcome, outcome.reason)
    await pipeline.fetch_pictures()


async def _work(pipeline: Pipeline) -> None:
    await pipeline.aside(pipeline.work)


async def _tidy(pipeline: Pipeline) -> None:
    await asyncio.to_thread(pipeline.forget_off_topic)


def _report(event: JobExecutionEvent) -> None:
    log.error("%s failed: %s", event.job_id, event.exception, exc_info=event.exception)
