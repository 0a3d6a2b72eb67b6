"""``pantau rejudge``: judge again what is kept."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from pantau.cli.app import Exit, app, console, home_of
from pantau.clock import system_clock
from pantau.pipeline import open_pipeline
from pantau.rejudge import rejudge as judge_again


@app.command()
def rejudge(
    context: typer.Context,
    since: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            metavar="DATE",
            help="Only what was published on this day or later (undated: first read); "
            "days begin in the zone of alerts.zone.",
        ),
    ] = None,
) -> None:
    """Judge again what is kept, after the judge or its settings have changed.

    Articles are judged anew, and off-topic pages whose bytes are still kept are read once
    more; what people corrected holds. Mails follow the rules of every day: nobody is told
    twice, or of what is older than the alert horizon. Stop pantau run first. One that was cut
    off goes on where it was.
    """
    home = home_of(context)
    config = home.load_config()
    zone = ZoneInfo(config.settings.alerts.zone)
    with (
        open_pipeline(home, config, system_clock) as pipeline,
        console.status("judging again", spinner="dots") if sys.stdout.isatty() else nullcontext(),
    ):
        counts = judge_again(pipeline, since.replace(tzinfo=zone) if since else None)
    told = {what: number for what, number in counts.items() if number}
    console.print(
        ", ".join(f"{number} {what}" for what, number in told.items()) or "nothing is kept",
        highlight=False,
    )
    if counts["failed"]:
        raise typer.Exit(Exit.PARTLY)
