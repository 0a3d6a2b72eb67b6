"""``pantau resume``: let mail go out again."""

from __future__ import annotations

import typer

from pantau.cli.app import app, console, home_of
from pantau.cli.opening import state_of
from pantau.clock import system_clock
from pantau.state import house


@app.command()
def resume(context: typer.Context) -> None:
    """Let mail go out again: what waited is told as it stands now."""
    home = home_of(context)
    with state_of(home, home.load_config()) as state, state.write() as session:
        was = house.resume(session, system_clock())
    console.print("Mail goes out again." if was else "Mail was not stopped.")
