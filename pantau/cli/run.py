"""``pantau run``: keep watching."""

from __future__ import annotations

import logging

import typer

from crawler.run import run_in_reactor
from pantau.cli.app import app, home_of
from pantau.clock import system_clock
from pantau.pipeline import open_pipeline
from pantau.service import serve


@app.command()
def run(context: typer.Context) -> None:
    """Keep watching: poll each source when it is due, judge, index and mail, until stopped.

    Stops cleanly on SIGTERM and Ctrl-C; what is left is done at the next start.
    """
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    logging.getLogger("alembic").setLevel(logging.WARNING)
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)  # the service tells what failed
    home = home_of(context)
    config = home.load_config()
    with open_pipeline(home, config, system_clock) as pipeline:
        run_in_reactor(lambda: serve(pipeline))
