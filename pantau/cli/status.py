"""``pantau status``: what became of everything, for each source."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer
from rich.table import Table

from pantau.cli.app import app, console, home_of
from pantau.state import house, open_state, summary


@app.command()
def status(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show pages by disposition, articles, mentions, cases and mails for each source."""
    home = home_of(context)
    home.make()
    state = open_state(home.database_url(home.load_config()))
    with state.read() as session:
        told = summary.summarise(session)
        paused = house.paused(session)
        troubles = [(row.kind, row.subject, row.detail) for row in house.open_troubles(session)]
    state.close()
    if as_json:
        more = {
            "paused": paused.begun_at.isoformat() if paused else None,
            "troubles": [" ".join(filter(None, trouble)) for trouble in troubles],
        }
        sys.stdout.write(json.dumps({**told, **more}, indent=2) + "\n")
        return
    console.print(table(told))
    console.print(
        f"waiting: {told['waiting']['pages']} pages to read, "
        f"{told['waiting']['index']} articles to index ({told['waiting']['set_aside']} set aside), "
        f"{told['waiting']['mails']} mails to send"
    )
    for platform, spent in told["spent"].items():
        console.print(f"spent on {platform}: {spent}", highlight=False)
    for trouble in troubles:
        console.print(f"trouble: {' '.join(filter(None, trouble))}", markup=False, highlight=False)
    if paused is not None:
        reason = f" ({paused.reason})" if paused.reason else ""
        console.print(
            f"no mail is sent since {paused.begun_at:%Y-%m-%d %H:%M} UTC{reason}; "
            "to go on: pantau resume",
            highlight=False,
        )


def table(told: summary.Summary) -> Table:
    """One line for each source; columns for the dispositions that occur."""
    columns = sorted({name for row in told["sources"].values() for name in row["pages"]})
    shown = Table(*["source", *columns, "articles", "mentions", "cases", "mails"])
    for source_id, row in told["sources"].items():
        numbers = [row["pages"].get(name, 0) for name in columns]
        numbers += [row["articles"], row["mentions"], row["cases"], row["mails"]]
        shown.add_row(source_id, *[str(number or "·") for number in numbers])
    return shown
