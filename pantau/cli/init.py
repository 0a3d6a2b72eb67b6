"""``pantau init``: make a home with a configuration to edit."""

from __future__ import annotations

import typer

from pantau.cli.app import app, console, home_of


@app.command()
def init(context: typer.Context) -> None:
    """Make the home folder, with a copy of the default configuration to edit."""
    folder = home_of(context).init()
    console.print(f"{folder} holds the configuration: settings.toml, subscriptions.toml, sources/")
