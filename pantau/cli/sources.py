"""``pantau sources``: the places that are watched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated

import typer
from rich.table import Table

from extract.entities import regions
from pantau.cli.app import Exit, app, console, home_of
from pantau.clock import system_clock
from pantau.config import Config
from pantau.dry import try_source
from pantau.errors import ConfigError

group = typer.Typer(
    no_args_is_help=True, help="List, show, try, probe, add and disable the sources."
)
app.add_typer(group, name="sources")


@group.command("list")
def list_sources(context: typer.Context) -> None:
    """Show every configured source. Unverified: its address was never seen to answer, and is tried
    until it does."""
    table = Table("id", "name", "region", "network", "state", "rhythm", "ways in")
    for source in home_of(context).load_config().sources.values():
        table.add_row(
            source.id,
            source.name,
            source.region or "",
            source.network,
            source.state,
            source.cron or str(source.every),
            ", ".join(way.kind for way in source.ways),
        )
    console.print(table)


@group.command("check-config")
def check_config(context: typer.Context) -> None:
    """Read the whole configuration and tell every mistake with its line."""
    config = home_of(context).load_config()
    if problems := list(_unknown_regions(config)):
        raise ConfigError(problems)
    console.print(
        f"{config.folder}: no mistake. Sources: {len(config.sources)}, "
        f"subscriptions: {len(config.subscriptions)}.",
        soft_wrap=True,
    )


def _unknown_regions(config: Config) -> Iterator[str]:
    """Codes of regions that there are not: nobody would ever be told of anything there."""
    named = {
        code for subscription in config.subscriptions.values() for code in subscription.regions
    }
    named |= {source.region for source in config.sources.values() if source.region}
    unknown = named - regions.table().keys()
    files = [config.folder / "subscriptions.toml", *sorted(config.folder.glob("sources/*.toml"))]
    for path in files if unknown else ():
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            for code in unknown.intersection(re.findall(r"""["']([\d.]+)["']""", line)):
                yield f'{path}:{number}: there is no region "{code}". Look its code up and mend it.'


@group.command("test")
def test_source(
    context: typer.Context,
    source_id: Annotated[str, typer.Argument(metavar="SOURCE", help="Id of a source.")],
) -> None:
    """Try a source: show the articles it would bring. Nothing is stored."""
    config = home_of(context).load_config()
    tried = try_source(config.source(source_id), config, system_clock)
    table = Table("disposition", "published", "characters", "missing", "title", "address")
    for page in tried.pages:
        table.add_row(
            page.disposition,
            page.published,
            str(page.characters),
            ", ".join(page.missing),
            page.title,
            page.url,
        )
    if tried.pages:
        console.print(table)
    outcome, reason = tried.outcome.outcome, tried.outcome.reason
    told = f"{source_id}: {outcome}" + (f": {reason}" if reason else "")
    console.print(told, soft_wrap=True, highlight=False, markup=False)
    if not any(page.characters for page in tried.pages):
        raise typer.Exit(Exit.FAILED)


from pantau.cli import sources_change, sources_show  # noqa: E402, F401 - registers their commands
