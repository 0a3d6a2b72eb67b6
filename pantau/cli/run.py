"""``pantau run``: keep watching."""

from __future__ import annotations

import os
import sys
from contextlib import AbstractContextManager, nullcontext

import typer

from crawler.run import run_in_reactor
from pantau import logs
from pantau.cli.app import app, home_of
from pantau.clock import system_clock
from pantau.monitoring import Pulse, monitored
from pantau.pipeline import open_pipeline
from pantau.service import serve


@app.command()
def run(context: typer.Context) -> None:
    """Keep watching: poll each source when it is due, judge, index and mail, until stopped.

    Changes in the configuration take effect without a restart. Stops cleanly on SIGTERM and
    Ctrl-C; what is left is done at the next start.
    """
    home = home_of(context)
    config = home.load_config()
    settings = config.settings.service
    logs.configure(settings.log)
    pulse = Pulse(system_clock)
    with open_pipeline(home, config, system_clock) as pipeline:
        answering: AbstractContextManager[int | None] = nullcontext()
        if settings.monitor is not None:
            answering = monitored(pipeline.state, pulse, *settings.monitor)
        with answering:
            anew = run_in_reactor(lambda: serve(pipeline, pulse))
    if anew:
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - ourselves
