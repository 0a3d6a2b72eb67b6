"""``pantau run``: keep watching."""

from __future__ import annotations

import logging
import os
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext

import typer

from crawler.run import run_in_reactor
from pantau import logs
from pantau.cli.app import app, home_of
from pantau.clock import system_clock
from pantau.errors import InUse
from pantau.home import Home
from pantau.monitoring import Pulse, monitored
from pantau.pipeline import Pipeline, open_pipeline
from pantau.service import serve

log = logging.getLogger(__name__)
STAND_BY_S = 5.0
"""How often one that stands by looks whether the other is gone."""


@app.command()
def run(context: typer.Context) -> None:
    """Keep watching: poll each source when it is due, judge, index and mail, until stopped.

    Where another is at work already it stands by, and takes over within seconds when that ends.
    Changes in the configuration take effect without a restart. Stops cleanly on SIGTERM and
    Ctrl-C; what is left is done at the next start.
    """
    home = home_of(context)
    settings = home.load_config().settings.service
    logs.configure(settings.log)
    pulse = Pulse(system_clock)
    with _in_turn(home) as pipeline:
        answering: AbstractContextManager[int | None] = nullcontext()
        if settings.monitor is not None:
            answering = monitored(pipeline.state, pulse, *settings.monitor)
        with answering:
            anew = run_in_reactor(lambda: serve(pipeline, pulse))
    if anew:
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - ourselves


@contextmanager
def _in_turn(home: Home) -> Iterator[Pipeline]:
    """The pipeline, once nobody else is at work; the configuration as it is then."""
    with ExitStack() as stack:
        told = False
        while True:
            try:
                pipeline = stack.enter_context(
                    open_pipeline(home, home.load_config(), system_clock)
                )
                break
            except InUse as error:
                if not told:
                    log.info("standing by: %s", error)
                    told = True
                time.sleep(STAND_BY_S)
        yield pipeline
