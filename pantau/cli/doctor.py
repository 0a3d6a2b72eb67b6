"""``pantau doctor``: look an installation over."""

from __future__ import annotations

import os

import typer
from rich.markup import escape
from rich.table import Table

from pantau.cli.app import Exit, app, console, home_of
from pantau.clock import system_clock
from pantau.doctor import examine

_STYLES = {"ok": "green", "look": "yellow", "wrong": "red"}


@app.command()
def doctor(context: typer.Context) -> None:
    """Check configuration, state, disk, network, clock, mail, domain, index and certificates.

    Nothing is changed and no mail is sent; a few sources are asked for their robots.txt.
    """
    table = Table("what", "how", "finding")
    wrong = False
    for finding in examine(home_of(context), os.environ, system_clock()):
        style = _STYLES[finding.verdict]
        table.add_row(finding.what, f"[{style}]{finding.verdict}[/]", escape(finding.told))
        wrong = wrong or finding.verdict == "wrong"
    console.print(table)
    if wrong:
        raise typer.Exit(Exit.FAILED)
