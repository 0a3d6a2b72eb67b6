"""``pantau restore``: unpack a backup into an empty home."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pantau.backup import restore as unpack
from pantau.cli.app import Exit, app, console, home_of


@app.command()
def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A file that pantau backup wrote.")],
) -> None:
    """Unpack a backup into a home that has no state yet. Then: pantau index rebuild.

    Mails that were waiting are sent by this home from then on: end the old one first.
    """
    home = home_of(context)
    restored = unpack(home, file)
    console.print(
        f"{restored.articles} articles, {restored.bodies} archived bodies in {home.root}",
        highlight=False,
    )
    for sha256 in restored.missing:
        console.print(f"missing in the archive: {sha256}", highlight=False)
    if restored.missing:
        raise typer.Exit(Exit.PARTLY)
    console.print("Make the index anew: pantau index rebuild")
