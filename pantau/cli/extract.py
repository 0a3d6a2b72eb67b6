"""``pantau extract``: what a page says, without storing anything."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from extract.page import explain_page, extract_page
from pantau.cli import inputs
from pantau.cli.app import Exit, app, console, errors, home_of
from pantau.clock import system_clock
from pantau.config import Config
from pantau.dry import fetch_page
from pantau.records import Article, NoArticle, Page


@app.command()
def extract(
    context: typer.Context,
    pages: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FILE… | URL… | -]", help="Saved pages or addresses."),
    ] = None,
    url: Annotated[str, typer.Option(help="Where a saved page came from.")] = "",
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object for each page.")
    ] = False,
    why: Annotated[
        bool, typer.Option("--explain", help="Show what was kept, what was cut, and why.")
    ] = False,
) -> None:
    """Show what a page says: title, text, author, dates. Nothing is stored.

    An address is asked as the crawl would ask it: robots.txt is obeyed.
    """
    config = home_of(context).load_config()
    failed = False
    for name, page in _pages(pages or ["-"], url, config):
        if isinstance(page, inputs.BadInput):
            errors.print(page.message, markup=False, highlight=False, soft_wrap=True)
            failed = True
            continue
        if why and isinstance(page, Page):
            _explain(name, page)
            continue
        told = _told(page, page if isinstance(page, NoArticle) else _extracted(page))
        if as_json:
            sys.stdout.write(json.dumps(told) + "\n")
        else:
            _show(name, told)
    if failed:
        raise typer.Exit(Exit.MISTAKE)


Extracted = Article | NoArticle


def _pages(
    names: list[str], url: str, config: Config
) -> Iterator[tuple[str, Page | NoArticle | inputs.BadInput]]:
    for name in names:
        if name.startswith(("http://", "https://")):
            yield name, fetch_page(name, config, system_clock)
            continue
        raw = inputs.read_bytes(name)
        if isinstance(raw, inputs.BadInput):
            yield name, raw
        else:
            where = url or ("" if name == inputs.STDIN else Path(name).absolute().as_uri())
            yield name, inputs.local_page(name, raw, where)


def _extracted(page: Page) -> Extracted:
    return extract_page(page, source_region=None)


def _told(page: Page | NoArticle, result: Extracted) -> dict[str, Any]:
    article = result if isinstance(result, Article) else None
    refused = result if isinstance(result, NoArticle) else None
    published = result.published
    modified = article.modified if article else None
    return {
        "url": article.url if article else page.final_url if isinstance(page, Page) else "",
        "disposition": refused.disposition.value if refused else "article",
        "reason": refused.reason if refused else "",
        "title": result.title,
        "text": article.text if article else "",
        "author": article.author if article else "",
        "published": published.isoformat() if published else None,
        "modified": modified.isoformat() if modified else None,
        "lang": article.lang if article else "",
        "images": list(article.images) if article else [],
    }


def _explain(name: str, page: Page) -> None:
    console.print(Text(name, style="bold"), soft_wrap=True)
    for line in explain_page(page, source_region=None).lines():
        console.print(f"  {line}", markup=False, highlight=False, soft_wrap=True)


def _show(name: str, told: dict[str, Any]) -> None:
    console.print(Text(name, style="bold"), soft_wrap=True)
    for key, value in told.items():
        if key != "text" and value:
            shown = ", ".join(value) if isinstance(value, list) else str(value)
            console.print(f"  {key:<12} {shown}", markup=False, highlight=False, soft_wrap=True)
    if told["text"]:
        console.print(f"\n{told['text']}\n", markup=False, highlight=False, soft_wrap=True)
