"""``pantau evaluate``: measure each room on labelled texts."""

from __future__ import annotations

import typer

from pantau.cli.app import app

group = typer.Typer(no_args_is_help=True, help="Measure quality on labelled texts.")
app.add_typer(group, name="evaluate")
