"""``pantau pause``: stop all mail."""

from __future__ import annotations

from typing import Annotated

import typer

from pantau.cli.app import app, console, home_of
from pantau.clock import system_clock
from pantau.state import house, open_state


@app.command()
def pause(
    context: typer.Context,
    reason: Annotated[str, typer.Option(help="Shown by status.")] = "",
) -> None:
    """Stop all mail. Crawling and judging go on, and every alert waits until resume."""
    home = home_of(context)
    home.make()
    state = open_state(home.database_url(home.load_config()))
    with state.write() as session:
        new = house.pause(session, reason, system_clock())
    state.close()
    console.print("No mail is sent from now on." if new else "Mail was stopped already.")
