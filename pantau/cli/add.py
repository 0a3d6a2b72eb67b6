"""``pantau add``: what a person saw, and what no source has."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from crawler.archive import Archive
from pantau.cli.app import Exit, app, console, errors, home_of
from pantau.cli.opening import state_of
from pantau.clock import system_clock
from pantau.errors import ConfigError
from pantau.giving import gone, take
from pantau.intake import (
    Evidence,
    Given,
    Mistake,
    Opening,
    from_path,
    given,
    platform_of,
    read_csv,
    read_evidence,
)
from pantau.state import State
from pantau.state.accounts import Who
from pantau.state.intake_tables import IntakeRow


@app.command()
def add(  # noqa: PLR0917 - each is an option
    context: typer.Context,
    urls: Annotated[
        list[str] | None, typer.Argument(metavar="[URL…]", help="Addresses of posts or pages.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option(help="A CSV table with a column url; see docs/crawling.md.")
    ] = None,
    platform: Annotated[str, typer.Option(help="Of a post; known by its host for most.")] = "",
    text: Annotated[str, typer.Option(help="What the post says.")] = "",
    author: Annotated[str, typer.Option(help="Who wrote it, by the name shown.")] = "",
    handle: Annotated[str, typer.Option(help="Its account, such as @nama.")] = "",
    published: Annotated[str, typer.Option(metavar="TIME", help="When it was posted.")] = "",
    seen: Annotated[str, typer.Option(metavar="TIME", help="When you saw it; now.")] = "",
    region: Annotated[str, typer.Option(metavar="CODE", help="Where it belongs.")] = "",
    media: Annotated[
        list[Path] | None, typer.Option(help="A picture, video or sound of it; may be repeated.")
    ] = None,
    description: Annotated[str, typer.Option(help="What is to be seen or heard in it.")] = "",
    taken_by: Annotated[str, typer.Option(help="Who took the picture.")] = "",
    taken_at: Annotated[str, typer.Option(metavar="TIME", help="When.")] = "",
    taken_from: Annotated[str, typer.Option(help="From where: device, account, place.")] = "",
    by: Annotated[str, typer.Option(help="Who gives it; the name you are logged in as.")] = "",
    deleted: Annotated[
        bool, typer.Option("--deleted", help="These posts, given before, are deleted there.")
    ] = False,
) -> None:
    """Give addresses of posts and pages that no source brings: judged, indexed and mailed as any.

    A page on the web is fetched. Of a post the platform's oEmbed interface is asked, where it has
    one; of TikTok, Facebook, Instagram and WhatsApp no page is ever read: enter what it says.
    `pantau run` goes on from here at once, else the next `pantau crawl`.
    """
    home = home_of(context)
    config = home.load_config()
    zone, now = ZoneInfo(config.settings.alerts.zone), system_clock()
    mistakes: list[str] = []

    def from_options() -> Iterator[Given]:
        fields = {
            **{"platform": platform, "text": text, "author": author, "handle": handle},
            **{"published": published, "seen": seen, "region": region},
        }
        about = {
            **{"description": description, "taken_by": taken_by},
            **{"taken_at": taken_at, "taken_from": taken_from},
        }
        for url in urls or ():
            try:
                evidence = tuple(_evidence(path, about) for path in media or ())
                yield given({**fields, "url": url}, zone=zone, now=now, evidence=evidence)
            except Mistake as mistake:
                mistakes.append(f"{url}: {mistake}.")

    def _evidence(path: Path, about: dict[str, str]) -> Evidence:
        return read_evidence(path.name, from_path(path), about, zone=zone, now=now)

    def from_file() -> Iterator[Given]:
        if file is None:
            return

        def beside(name: str) -> Opening:
            return from_path(file.parent / name)

        try:
            for line, one in read_csv(_read(file), media=beside, zone=zone, now=now):
                if isinstance(one, Mistake):
                    mistakes.append(f"{file}:{line}: {one}.")
                else:
                    yield one
        except Mistake as mistake:
            mistakes.append(f"{file}:1: {mistake}.")

    if not urls and file is None:
        raise ConfigError(["pantau add: give an address, or a table with --file."])
    who = by or getpass.getuser()
    if deleted:
        with state_of(home, config) as state:
            _take_out(urls or [], platform, who, state)
        return
    added = 0
    with state_of(home, config) as state:
        archive = Archive(home.archive)
        for one in (*from_options(), *from_file()):
            try:
                row = take(one, added_by=who, state=state, archive=archive, clock=system_clock)
            except Mistake as mistake:
                mistakes.append(f"{one.url}: {mistake}.")
                continue
            console.print(f"{one.url}: {_told(row)}", soft_wrap=True, highlight=False, markup=False)
            added += 1
    for told in mistakes:
        errors.print(told, soft_wrap=True, highlight=False, markup=False)
    console.print(f"{added} taken, {len(mistakes)} to be mended", highlight=False)
    if mistakes:
        raise typer.Exit(Exit.MISTAKE)


def _take_out(urls: list[str], platform: str, who: str, state: State) -> None:
    unknown = 0
    for url in urls:
        of = platform or platform_of(url)
        found = gone(url, of, who=Who(who), state=state, clock=system_clock, address="")
        unknown += not found
        told = "deleted: it leaves search and feeds" if found else "no such post was given"
        console.print(f"{url}: {told}", soft_wrap=True, highlight=False, markup=False)
    if unknown:
        raise typer.Exit(Exit.MISTAKE)


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise Mistake("unreadable", name=file, why=error.strerror) from None


def _told(row: IntakeRow) -> str:
    if row.status == "waiting":
        return f"kept; {row.platform} is asked what it says"
    if row.platform:
        return f"kept as a post of {row.platform}"
    return row.reason or "kept; it is fetched next"
