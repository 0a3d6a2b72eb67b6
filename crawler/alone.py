"""For an operator's ``scrapy crawl``: one spider sent alone, on the home of PANTAU_HOME.

Within Pantau spiders are sent by ``crawler.run``, which opens the home once for all.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from crawler.archive import Archive
from crawler.context import CrawlContext, Errand
from crawler.outcome import Account, conclude
from crawler.politeness import paces
from pantau.config import Config, Source
from pantau.config.models import Politeness
from pantau.errors import PantauError
from pantau.home import Home
from pantau.state import open_state, pictures, sources

log = logging.getLogger(__name__)
Closing = Callable[..., None]
"""To be called when the spider is closed."""


@dataclass(slots=True)
class _Open:
    config: Config
    context: CrawlContext
    closing: ExitStack

    def errand(self, politeness: Politeness) -> Errand:
        now = asyncio.get_running_loop().time()
        limit = self.context.settings.max_run.total_seconds()
        return Errand(self.context, politeness, now + limit)


def source_spider(kind: str, source: str = "") -> tuple[dict[str, Any], Closing]:
    """What ``scrapy crawl KIND -a source=ID`` needs, and the writing of the run's end."""
    opened = _open()
    try:
        wanted, way = _way(opened.config, kind, source)
    except PantauError as error:
        _say_and_exit(error)
    context = opened.context
    with context.state.write() as session:
        past = sources.past(session, wanted.id)
        run_id = sources.start_run(session, wanted.id, context.clock())
    account = Account()

    def close(**_: object) -> None:
        outcome, reason = conclude(account)
        now = context.clock()
        with context.state.write() as session:
            sources.end_run(
                session,
                run_id,
                outcome=outcome,
                reason=reason,
                found=account.found,
                fetched=account.fetched,
                now=now,
            )
            sources.note_poll(
                session,
                wanted,
                outcome,
                now,
                reason=reason,
                found=account.found,
                gap=account.gap,
                ways={way.url: account.way} if account.way else {},
                slowest=context.settings.slowest,
            )
        log.info("%s: %s %s", wanted.id, outcome, reason)
        opened.closing.close()

    kwargs = {
        "source": wanted,
        "way": way,
        "errand": opened.errand(wanted.politeness),
        "account": account,
        "run_id": run_id,
        "past": past,
    }
    return kwargs, close


def pictures_spider(limit: int) -> tuple[dict[str, Any], Closing]:
    """What ``scrapy crawl pictures`` needs."""
    opened = _open()
    with opened.context.state.read() as session:
        rows = pictures.to_fetch(session, limit)

    def close(**_: object) -> None:
        opened.closing.close()

    return {"rows": rows, "errand": opened.errand(Politeness())}, close


def _open() -> _Open:
    """Open the folder that PANTAU_HOME names (default ``./var``), alone."""
    home = Home(Path(os.environ.get("PANTAU_HOME", "var")))
    closing = ExitStack()
    try:
        closing.enter_context(home.sole_worker())
        config = home.load_config()
        state = open_state(home.database_url(config))
    except PantauError as error:
        _say_and_exit(error)
    closing.callback(state.close)
    context = CrawlContext(
        state=state,
        archive=Archive(home.archive),
        settings=config.settings.crawl,
        platforms=config.settings.platforms,
        paces=paces(config.sources.values()),
    )
    return _Open(config, context, closing)


def _way(config: Config, kind: str, source_id: str) -> tuple[Source, Any]:
    if not source_id:
        raise PantauError(f"which source? scrapy crawl {kind} -a source=ID")
    source = config.source(source_id)
    for way in source.ways:
        if way.kind == kind:
            return source, way
    raise PantauError(f'source "{source.id}" has no way in of kind "{kind}"')


def _say_and_exit(error: PantauError) -> NoReturn:
    """Scrapy would show a traceback for an operator's slip."""
    sys.stderr.write(f"{error}\n")
    sys.stderr.flush()
    raise SystemExit(error.exit_code)
