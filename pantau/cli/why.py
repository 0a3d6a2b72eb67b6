"""``pantau why URL``: what became of a page, and who was told."""

from __future__ import annotations

import json
import sys
from typing import Annotated, Any

import typer

from pantau import history
from pantau.cli.app import Exit, app, console, home_of
from pantau.state import open_state, subscriptions


@app.command()
def why(
    context: typer.Context,
    url: Annotated[str, typer.Argument(help="Address of a page, in any of its forms.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Say what became of a page: disposition, judgement, case, and who was told or not, and why."""
    home = home_of(context)
    home.make()
    config = home.load_config()
    state = open_state(home.database_url(config))
    with state.read() as session:
        told = history.of(session, url, subscriptions.joined(session, config))
    state.close()
    if told is None:
        console.print(f"{url}: no source has shown this address yet.", highlight=False)
        raise typer.Exit(Exit.FAILED)
    if as_json:
        sys.stdout.write(json.dumps(told, indent=2) + "\n")
    else:
        _show(told)


def _show(told: dict[str, Any], indent: str = "") -> None:
    """Label and value, a line each; what belongs under another is set in."""
    for label, value in told.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            console.print(f"{indent}{label}:", markup=False, highlight=False)
            for part in value:
                _show(part, indent + "  ")
        elif value not in ("", None, []):
            shown = "; ".join(map(str, value)) if isinstance(value, list) else str(value)
            console.print(
                f"{indent}{label:<12} {shown}", markup=False, highlight=False, soft_wrap=True
            )
