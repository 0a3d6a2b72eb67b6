"""``pantau sources probe``, ``add``, ``disable``, ``enable``: what changes what is watched."""

from __future__ import annotations

import json
import re
import sys
import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

import typer

from crawler.probing import Probed, source_id
from extract.entities import regions
from pantau.cli.app import Exit, console, home_of
from pantau.cli.sources import group
from pantau.clock import system_clock
from pantau.config import Source
from pantau.config.editing import append, change
from pantau.config.models import Politeness, TermsAccepted
from pantau.config.sources import TERMS_NEED_A_DECISION
from pantau.config.writing import entry
from pantau.dry import probe_site
from pantau.errors import ConfigError
from pantau.home import Home

EVERY = timedelta(minutes=20)
OWN = "tambahan"
"""File of sources that belong to no province."""
Region = Annotated[
    str, typer.Option("--region", metavar="CODE", help="The region it writes about.")
]
Delay = Annotated[float, typer.Option("--delay", help="Seconds between two requests.")]


@group.command("probe")
def probe_command(
    context: typer.Context,
    url: Annotated[str, typer.Argument(metavar="URL", help="Address of a paper or channel.")],
    region: Region = "",
    delay: Delay = 2,
) -> None:
    """Look which ways in a site has, and print an entry for config/sources with the reasons.

    Asks some thirty times at most, gently and as robots.txt allows. Nothing is stored.
    """
    source, reasons = _found(home_of(context), url, region, delay)
    sys.stdout.write(entry(source, reasons))


@group.command("add")
def add(
    context: typer.Context,
    given: Annotated[
        str, typer.Argument(metavar="URL|FILE|-", help="A site to probe, or entries in TOML.")
    ],
    region: Region = "",
    delay: Delay = 2,
) -> None:
    """Write a source into config/sources of the home: what a probe of the URL finds, or the
    entries of a file. `pantau run` takes it up at once; a mistake is told and nothing written."""
    home = home_of(context)
    folder = _own_config(home)
    if re.match(r"https?://", given):
        source, reasons = _found(home, given, region, delay)
        text, sources = entry(source, reasons), [source]
    else:
        text = _text_of(given)
        sources = _entries(given, text)
    path = append(folder, _file_for(sources[0]), text)
    for source in sources:
        console.print(f"{path}: {source.id} added", soft_wrap=True, highlight=False)


@group.command("disable")
def disable(
    context: typer.Context,
    source_id: Annotated[str, typer.Argument(metavar="SOURCE", help="Id of a source.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; kept as the source's note.")] = "",
) -> None:
    """Stop watching a source. What was read of it stays."""
    home = home_of(context)
    home.load_config().source(source_id)
    values = {"enabled": "false"}
    if reason:
        today = system_clock().date().isoformat()
        values["note"] = json.dumps(f"{reason} ({today})", ensure_ascii=False)
    path = change(_own_config(home), source_id, values)
    console.print(f"{path}: {source_id} is disabled", soft_wrap=True, highlight=False)


@group.command("enable")
def enable(
    context: typer.Context,
    source_id: Annotated[str, typer.Argument(metavar="SOURCE", help="Id of a source.")],
    terms_accepted_by: Annotated[
        str, typer.Option(help="Who decided that the platform's terms allow it (Telegram, X).")
    ] = "",
) -> None:
    """Watch a source again, or one that is off until its platform's terms are accepted."""
    home = home_of(context)
    home.load_config().source(source_id)
    values = {"enabled": "true"}
    if terms_accepted_by:
        accepted = TermsAccepted(by=terms_accepted_by, on=system_clock().date())
        told = json.dumps(accepted.by, ensure_ascii=False)
        values["terms_accepted"] = f"{{ by = {told}, on = {accepted.on.isoformat()} }}"
    path = change(_own_config(home), source_id, values)
    console.print(f"{path}: {source_id} is enabled", soft_wrap=True, highlight=False)


def _found(home: Home, url: str, region: str, delay: float) -> tuple[Source, list[str]]:
    """What a probe finds, as an entry, with its reasons. Ends the command where there is none."""
    if region and region not in regions.table():
        raise ConfigError([f'there is no region "{region}". Give its code, such as 32.05.'])
    if not re.match(r"https?://[^/\s]+", url):
        raise ConfigError([f'"{url}": an address starts with http:// or https://'])
    config = home.load_config()
    pace = Politeness(delay=timedelta(seconds=delay))
    with console.status(url, spinner="dots"):
        probed = probe_site(url, config, system_clock, pace)
    if not probed.ways:
        for note in probed.notes:
            console.print(f"{url}: {note}", soft_wrap=True, highlight=False, markup=False)
        console.print(f"{url}: no way in was found", soft_wrap=True, highlight=False)
        raise typer.Exit(Exit.FAILED)
    return _as_source(probed, region, set(config.sources)), _reasons(probed)


def _as_source(probed: Probed, region: str, taken: set[str]) -> Source:
    name = source_id(probed.url)
    while name in taken:
        number = re.search(r"-(\d+)$", name)
        name = f"{name[: number.start()]}-{int(number[1]) + 1}" if number else f"{name}-2"
    ways = tuple(found.way for found in probed.ways)
    needs_terms = any(way.kind in TERMS_NEED_A_DECISION for way in ways)
    return Source(
        id=name,
        name=probed.name,
        region=region or None,
        enabled=not needs_terms,
        every=EVERY,
        ways=ways,
    )


def _reasons(probed: Probed) -> list[str]:
    told = [f"Probed {date.today().isoformat()}: {probed.url}"]  # noqa: DTZ011 - the operator's day
    told += [f"{found.way.kind} {found.way.url}: {found.seen}" for found in probed.ways]
    told += probed.notes
    if any(way.way.kind in TERMS_NEED_A_DECISION for way in probed.ways):
        told.append("Off until the terms are accepted: pantau sources enable ID")
    return [" ".join(line.split()) for line in told]


def _text_of(given: str) -> str:
    try:
        return sys.stdin.read() if given == "-" else Path(given).read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigError([f"{given}: cannot be read ({error.strerror})."]) from None
    except UnicodeDecodeError:
        raise ConfigError([f"{given}: this is not UTF-8. Save the file as UTF-8."]) from None


def _entries(given: str, text: str) -> list[Source]:
    """The sources of a text; mistakes in them are told once they stand in their file."""
    try:
        entries = tomllib.loads(text).get("source", [])
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([f"{given}: this is not TOML: {error}"]) from None
    if not isinstance(entries, list) or not entries:
        raise ConfigError([f"{given}: holds no [[source]]. Print one with: pantau sources probe"])
    return [
        Source.model_construct(
            id=str(one.get("id", "")), region=one.get("region"), name=str(one.get("name", ""))
        )
        for one in entries
    ]


def _file_for(source: Source) -> str:
    """The file of its province."""
    region = regions.table().get((source.region or "")[:2])
    return re.sub(r"[^a-z]+", "-", region.name.lower()) if region else OWN


def _own_config(home: Home) -> Path:
    if home.config != home.root / "config":
        raise ConfigError(
            [f"{home.root}: has no configuration of its own to change. Make one: pantau init"]
        )
    return home.config
