"""``pantau crawl``: the main job once, now."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from typing import Annotated

import typer
from rich.table import Table

from crawler.run import RunOutcome, run_in_reactor
from pantau.cli.app import Exit, app, console, home_of
from pantau.clock import system_clock
from pantau.pipeline import open_pipeline
from pantau.state import trials

READ = {"ok", "unchanged", "empty", "partly"}
"""Outcomes of a source that could be read, if not every page of it."""


@app.command()
def crawl(
    context: typer.Context,
    sources: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SOURCE…]",
            help="Ids of sources; without one all enabled, except those whose address was never "
            "seen to work: pantau run tries them.",
        ),
    ] = None,
) -> None:
    """Fetch what the sources have new, judge and index it, and mail each new case, once.

    What an earlier, interrupted run left undone is done first. To fetch only, use scrapy crawl.
    """
    home = home_of(context)
    config = home.load_config()
    chosen = (
        [config.source(source) for source in sources]
        if sources
        else [source for source in config.sources.values() if source.enabled]
    )
    with (
        open_pipeline(home, config, system_clock) as pipeline,
        console.status("reading", spinner="dots") if sys.stdout.isatty() else nullcontext(),
    ):
        if not sources:
            with pipeline.state.read() as session:
                chosen = trials.proven(session, chosen)
        outcomes = run_in_reactor(lambda: pipeline.run_once(chosen))
        counts = pipeline.counts
    show(outcomes)
    console.print(", ".join(f"{number} {what}" for what, number in sorted(counts.items())))
    read = sum(outcome.outcome in READ for outcome in outcomes)
    if read < len(outcomes):
        raise typer.Exit(Exit.PARTLY if read else Exit.FAILED)


def show(outcomes: list[RunOutcome]) -> None:
    table = Table("source", "outcome", "found", "fetched", "reason")
    for outcome in outcomes:
        table.add_row(
            outcome.source_id,
            outcome.outcome,
            str(outcome.found),
            str(outcome.fetched),
            outcome.reason,
        )
    console.print(table)
