"""``pantau pause``: stop all mail."""

from __future__ import annotations

from typing import Annotated

import typer

from pantau.cli.app import app, console, home_of
from pantau.cli.opening import state_of
from pantau.clock import system_clock
from pantau.state import house


@app.command()
def pause(
    context: typer.Context,
    reason: Annotated[str, typer.Option(help="Shown by status.")] = "",
) -> None:
    """Stop all mail. Crawling and judging go on, and every alert waits until resume."""
    home = home_of(context)
    with state_of(home, home.load_config()) as state, state.write() as session:
        new = house.pause(session, reason, system_clock())
    console.print("No mail is sent from now on." if new else "Mail was stopped already.")
