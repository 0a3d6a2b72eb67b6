"""What all commands share: the application, the home folder, the exit codes."""

from __future__ import annotations

import sys
from enum import IntEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from pantau.home import Home

WIDE = None if sys.stdout.isatty() else 200
"""What is piped or kept in a file is not folded at a terminal's 80 columns."""
console = Console(width=WIDE)
errors = Console(stderr=True)


class Exit(IntEnum):
    """What the command's exit code means (``docs/commands.md``)."""

    OK = 0
    FAILED = 1
    MISTAKE = 2
    STATE = 3
    PARTLY = 4


app = typer.Typer(
    name="pantau",
    no_args_is_help=True,
    add_completion=False,
    help="Watches Indonesian regional news for likely breaches of civil-service neutrality "
    "(netralitas ASN) and mails Bawaslu each new one.",
    epilog="Exit codes: 0 done, 1 failed, 2 a mistake in what was given (the message says "
    "where), 3 the state cannot be used, 4 done in part.",
)


@app.callback()
def _home(
    context: typer.Context,
    home: Annotated[
        Path,
        typer.Option(
            envvar="PANTAU_HOME",
            help="Folder of the state, the index, the archive, the mails and the configuration.",
        ),
    ] = Path("var"),
) -> None:
    context.obj = Home(home.absolute())


def home_of(context: typer.Context) -> Home:
    home = context.obj
    assert isinstance(home, Home)
    return home
