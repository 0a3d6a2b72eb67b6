"""``pantau index``: the index as a whole."""

from __future__ import annotations

import typer

from pantau.cli.app import app, console, home_of
from pantau.clock import system_clock
from pantau.documents import region_name
from pantau.indexing import Indexing
from pantau.state import open_state
from search import open_index

index_commands = typer.Typer(no_args_is_help=True, help="The index as a whole.")
app.add_typer(index_commands, name="index")


@index_commands.command()
def rebuild(context: typer.Context) -> None:
    """Make the index anew from the state database; searches go on in the old one meanwhile.

    Stop pantau run first: what it would write meanwhile belongs into the new index.
    """
    home = home_of(context)
    config = home.load_config()
    with home.sole_worker():
        state = open_state(home.database_url(config))
        index = open_index(config.settings.search, home.index, synonyms=config.synonyms)
        try:
            indexing = Indexing(state, index, config, system_clock, region_name)
            number = indexing.rebuild()
        finally:
            index.close()
            state.close()
    console.print(f"{number} articles indexed", highlight=False)
