"""``pantau backup``: pack a home into one file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pantau.backup import backup as pack
from pantau.cli.app import app, console, home_of


@app.command()
def backup(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="File to write, such as pantau.tar.")],
) -> None:
    """Pack state, configuration, archive and mails into one file, while work goes on.

    The file holds names of persons and the secret of the home: keep it as safe as the home.
    """
    size = pack(home_of(context), file.absolute())
    console.print(f"{file}: {size / 2**20:.1f} MiB", highlight=False)
