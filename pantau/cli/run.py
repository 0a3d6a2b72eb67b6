"""``pantau run``: keep watching."""

from __future__ import annotations

import logging
import os
import sys

import typer

from crawler.run import run_in_reactor
from pantau.cli.app import app, home_of
from pantau.clock import system_clock
from pantau.pipeline import open_pipeline
from pantau.service import serve


@app.command()
def run(context: typer.Context) -> None:
    """Keep watching: poll each source when it is due, judge, index and mail, until stopped.

    Changes in the configuration take effect without a restart. Stops cleanly on SIGTERM and
    Ctrl-C; what is left is done at the next start.
    """
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    logging.getLogger("alembic").setLevel(logging.WARNING)
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)  # the service tells what failed
    home = home_of(context)
    config = home.load_config()
    with open_pipeline(home, config, system_clock) as pipeline:
        anew = run_in_reactor(lambda: serve(pipeline))
    if anew:
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - ourselves
