"""``pantau upgrade``: bring the state of an earlier version up to date."""

from __future__ import annotations

from typing import Annotated

import typer

from pantau.cli.app import app, console, home_of
from pantau.upgrade import go_back
from pantau.upgrade import upgrade as bring_up_to_date


@app.command()
def upgrade(
    context: typer.Context,
    dumped: Annotated[
        bool, typer.Option("--dumped", help="The database server's data was saved with pg_dump.")
    ] = False,
    back: Annotated[
        bool, typer.Option("--back", help="Put the state back as it was before the last upgrade.")
    ] = False,
) -> None:
    """Bring the state to this version, after another Pantau was installed.

    Stop pantau run and pantau web first. The state is copied before anything is changed.
    """
    home = home_of(context)
    if back:
        _, aside = go_back(home)
        console.print(
            f"the state is as before the upgrade; what was there is kept as {aside}. Install "
            "the earlier Pantau, then: pantau index rebuild",
            highlight=False,
        )
        return
    done = bring_up_to_date(home, dumped=dumped)
    if done is None:
        console.print("the state is up to date already")
        return
    console.print(f"the state went from schema {done.before} to {done.now}", highlight=False)
    if done.kept is not None:
        console.print(
            f"as it was: {done.kept} (to go back to it: pantau upgrade --back)", highlight=False
        )
