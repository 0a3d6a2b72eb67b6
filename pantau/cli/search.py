"""``pantau search``: ask the index."""

from __future__ import annotations

import json
import sys
from typing import Annotated, Any

import typer
from rich.text import Text

from pantau.cli.app import app, console, home_of
from search import Hit, open_index


@app.command()
def search(
    context: typer.Context,
    query: Annotated[
        str,
        typer.Argument(
            help='Words, "phrases", AND OR NOT, (…), prefix*, fields such as wilayah:32.05, '
            "bentuk:5, tahap:dilaporkan, tanggal:[2024-09-25 TO 2024-11-27], skor:>0.9."
        ),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="How many hits are shown.")] = 20,
    best: Annotated[bool, typer.Option("--best", help="Best match first, not newest.")] = False,
) -> None:
    """Search the articles, newest first, with the asked words marked."""
    home = home_of(context)
    home.make()
    config = home.load_config()
    index = open_index(config.settings.search, home.index, synonyms=config.synonyms)
    results = index.search(query, limit=limit, order="relevance" if best else "date")
    index.close()
    if as_json:
        told = {
            "total": results.total,
            "instead": dict(results.instead),
            "hits": [_to_json(hit) for hit in results.hits],
        }
        sys.stdout.write(json.dumps(told, indent=2) + "\n")
        return
    for asked, found in results.instead:
        console.print(f"Tidak ada “{asked}”; yang dicari: “{found}”.\n", highlight=False)
    for hit in results.hits:
        _show(hit)
    console.print(f"{results.total} artikel", highlight=False)


def _show(hit: Hit) -> None:
    document = hit.document
    when = f"{document.date:%Y-%m-%d %H:%M}"
    console.print(Text(document.title, style="bold"), soft_wrap=True)
    console.print(
        Text(f"{when}  {document.source_name}  {document.url}", style="dim"), soft_wrap=True
    )
    passage = Text(hit.passage)
    for start, end in hit.highlights:
        passage.stylize("bold yellow", start, end)
    console.print(passage, "\n", soft_wrap=True)


def _to_json(hit: Hit) -> dict[str, Any]:
    document = hit.document
    return {
        "id": document.id,
        "url": document.url,
        "title": document.title,
        "published": document.published.isoformat() if document.published else None,
        "source": document.source_id,
        "decision": document.decision,
        "score": document.score,
        "forms": document.forms,
        "stages": document.stages,
        "regions": document.region_codes,
        "passage": hit.passage,
        "highlights": hit.highlights,
    }
