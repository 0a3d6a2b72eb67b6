"""``pantau sources show`` and ``coverage``: what is known of a source, and who watches where."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

import typer
from rich.table import Table
from sqlalchemy import select
from sqlalchemy.orm import Session

from pantau.cli.app import console, home_of
from pantau.cli.opening import state_of
from pantau.cli.sources import group
from pantau.config import Source
from pantau.config.writing import entry
from pantau.coverage import coverage, markdown
from pantau.records import Disposition
from pantau.state import trials
from pantau.state.tables import PageRow, RunRow, SourceEventRow, SourceRow

SHOWN = 10
WRONG = (Disposition.FAILED, Disposition.BLOCKED, Disposition.QUARANTINED)


@group.command("show")
def show_source(
    context: typer.Context,
    source_id: Annotated[str, typer.Argument(metavar="SOURCE", help="Id of a source.")],
) -> None:
    """Show a source: its configuration, state and rhythm, its last runs and last errors."""
    home = home_of(context)
    config = home.load_config()
    source = config.source(source_id)
    sys.stdout.write(entry(source) + "\n")
    with state_of(home, config) as state, state.read() as session:
        lines = list(_state(source, session.get(SourceRow, source.id)))
        runs = _runs(session, source.id)
        told = [*_events(session, source.id), *_errors(session, source.id)]
    for line in lines:
        console.print(line, soft_wrap=True, highlight=False, markup=False)
    if runs.row_count:
        console.print(runs)
    for line in told:
        console.print(line, soft_wrap=True, highlight=False, markup=False)


@group.command("coverage")
def show_coverage(
    context: typer.Context,
    as_markdown: Annotated[
        bool,
        typer.Option(
            "--markdown", help="As docs/coverage.md: by the configuration alone, with every name."
        ),
    ] = False,
) -> None:
    """Show which provinces and kabupaten have sources, the most vulnerable first."""
    home = home_of(context)
    config = home.load_config()
    sources = list(config.sources.values())
    national = sum(not source.region and source.enabled for source in sources)
    if as_markdown:
        sys.stdout.write(markdown(coverage(sources), national=national))
        return
    with state_of(home, config) as state, state.read() as session:
        answered = {source.id for source in trials.proven(session, sources)}
    table = Table("province", "index", "watched", "tried", "kabupaten/kota without their own")
    for one in coverage(sources, answered):
        score = f"{one.score:g}" if one.score is not None else ""
        blind = f"{one.without} of {len(one.places)}"
        table.add_row(f"{one.code} {one.name}", score, str(one.watched), str(one.tried), blind)
    console.print(table)


def _state(source: Source, row: SourceRow | None) -> Iterator[str]:
    if not source.enabled:
        yield "state: disabled"
    elif trials.unproven(source, row):
        yield "state: never seen to work; it is tried until it answers"
    elif row is None:
        yield "state: never read"
    else:
        since = f" since {row.trouble_since:%Y-%m-%d %H:%M} UTC" if row.trouble_since else ""
        yield f"state: {row.trouble}{since}" if row.trouble else "state: read"
    if row is None:
        return
    for name, when in (
        ("last asked", row.last_polled_at),
        ("last read", row.last_ok_at),
        ("last new", row.last_new_at),
        ("due", row.due_at),
    ):
        yield f"{name}: {f'{when:%Y-%m-%d %H:%M} UTC' if when else 'never'}"
    if row.usual_gap is not None:
        yield f"longest usual gap between new articles: {row.usual_gap / 3600:.1f} h"
    if row.failures:
        yield f"failed {row.failures} times in a row"
    for url, way in row.closed_ways.items():
        begun = datetime.fromisoformat(way["since"])
        yield f"way in {way['outcome']} since {begun:%Y-%m-%d %H:%M} UTC: {url}: {way['reason']}"


def _runs(session: Session, source_id: str) -> Table:
    table = Table("begun (UTC)", "outcome", "found", "fetched", "reason", title="last runs")
    query = select(RunRow).where(RunRow.source_id == source_id).order_by(RunRow.id.desc())
    for run in session.scalars(query.limit(SHOWN)):
        table.add_row(
            f"{run.started_at:%Y-%m-%d %H:%M}",
            run.outcome or "under way",
            str(run.found),
            str(run.fetched),
            run.reason,
        )
    return table


def _events(session: Session, source_id: str) -> Iterator[str]:
    query = select(SourceEventRow).where(SourceEventRow.source_id == source_id)
    for event in session.scalars(query.order_by(SourceEventRow.id.desc()).limit(SHOWN)):
        yield f"told {event.at:%Y-%m-%d %H:%M} UTC: {event.kind}: {event.reason}"


def _errors(session: Session, source_id: str) -> Iterator[str]:
    query = select(PageRow).where(PageRow.source_id == source_id, PageRow.disposition.in_(WRONG))
    for page in session.scalars(query.order_by(PageRow.id.desc()).limit(SHOWN)):
        found = f"{page.found_at:%Y-%m-%d %H:%M} UTC"
        yield f"page found {found}: {page.disposition}: {page.reason} {page.url}"
