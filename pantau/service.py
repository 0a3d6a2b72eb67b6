"""Keeps the main job going: APScheduler ticks look for what is due.

When a source is due stands in its row, so a missed tick loses nothing: the next one
finds the same rows. The job store can therefore be memory.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta

from apscheduler.events import EVENT_JOB_ERROR, JobExecutionEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from crawler.run import crawl
from pantau.pipeline import Pipeline
from pantau.state import sources

log = logging.getLogger(__name__)

LATE = timedelta(hours=1)
"""APScheduler drops a job that is later than this; its default is one second."""


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
    tick = pipeline.config.settings.service.tick.total_seconds()
    now = pipeline.clock()
    scheduler.add_job(_poll, "interval", args=[pipeline], seconds=tick, next_run_time=now)
    scheduler.add_job(_work, "interval", args=[pipeline], seconds=tick, next_run_time=now)
    scheduler.add_job(_tidy, "interval", args=[pipeline], hours=1, next_run_time=now)
    scheduler.start()
    log.info("watching %d sources", len(pipeline.config.sources))
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        log.info("stopping")
    finally:
        scheduler.shutdown(wait=False)  # cancels what runs; ``run_in_reactor`` sees it end


async def _poll(pipeline: Pipeline) -> None:
    enabled = [source for source in pipeline.config.sources.values() if source.enabled]
    with pipeline.state.read() as session:
        due = sources.due(session, enabled, pipeline.clock())
    if due:
        for outcome in await crawl(due, context=pipeline.crawl_context()):
            log.info("%s: %s %s", outcome.source_id, outcome.outcome, outcome.reason)
    await pipeline.fetch_pictures()


async def _work(pipeline: Pipeline) -> None:
    await pipeline.work_aside()


async def _tidy(pipeline: Pipeline) -> None:
    await asyncio.to_thread(pipeline.forget_off_topic)


def _report(event: JobExecutionEvent) -> None:
    log.error("%s failed: %s", event.job_id, event.exception, exc_info=event.exception)
