"""``pantau evaluate``: measure each room on labelled texts."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from alerts import evaluate as cases_figures
from alerts import feedback as feedback_figures
from extract.entities import evaluate as entity_figures
from extract.mentions import evaluate as mention_figures
from extract.mentions.labelled import Labelled, read
from extract.page import evaluate as page_figures
from pantau.cli.app import app, home_of
from pantau.errors import PantauError
from pantau.reading import load_judge
from pantau.state import open_state

group = typer.Typer(no_args_is_help=True, help="Measure quality on labelled texts.")
app.add_typer(group, name="evaluate")

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Errors = Annotated[bool, typer.Option("--errors", help="List what was wrong.")]


class NoSuchSet(PantauError):
    """A labelled set that is not there or cannot be read."""

    exit_code = 2


@group.command()
def extraction(
    folder: Annotated[Path, typer.Argument(help="Saved pages with their gold.jsonl.")],
    as_json: AsJson = False,
) -> None:
    """Text, headline, date and author of saved pages, beside trafilatura, newspaper4k and others.

    The folder's gold.jsonl has a line for each page: id, title, paragraphs, published (with
    zone), author, and strings that must not be in the text.
    """
    if not (folder / "gold.jsonl").is_file():
        raise NoSuchSet(f"{folder}: there is no gold.jsonl here. Name a folder of labelled pages.")
    figures = page_figures.evaluate(folder)
    _say(json.dumps(figures, indent=2) if as_json else page_figures.table(figures))


@group.command()
def entities(
    context: typer.Context,
    sets: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SET…]",
            help="own:tune, own:report, regions, a .jsonl of labelled texts, or a file in columns.",
        ),
    ] = None,
    errors: Errors = False,
    without_candidates: Annotated[
        bool, typer.Option(help="Measure as between elections, when no candidates are known.")
    ] = False,
) -> None:
    """Persons, offices, agencies, regions and roles, by label, with 95 % intervals."""
    candidates = None if without_candidates else home_of(context).load_config().candidates
    try:
        reports = entity_figures.evaluate(sets or ["own:report"], candidates)
    except (OSError, ValueError) as error:
        raise NoSuchSet(f"{error}. Name own:tune, own:report or a labelled file.") from error
    for report in reports:
        _say(str(report))
        if errors:
            _say("\n".join(report.errors))


@group.command()
def mentions(
    context: typer.Context,
    sets: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NAME=FILE[,FILE]…]",
            help="Labelled texts as JSON lines; without one the corpus' report part.",
        ),
    ] = None,
    ordinary: Annotated[
        Path | None, typer.Option(help="Ordinary articles, none of which reports an act.")
    ] = None,
    errors: Errors = False,
    as_json: AsJson = False,
) -> None:
    """Whether acts are found and nothing else: precision, recall, form, stage, actor, region.

    Beside it the figures of a plain keyword rule, a reliability table, and for ordinary
    articles what a national day would bring.
    """
    config = home_of(context).load_config()
    judge = load_judge(config.settings.reading.threshold, config.candidates)
    try:
        named = _labelled(sets) if sets else {"report": mention_figures.corpus_set("report")}
        everyday = read(ordinary) if ordinary else ()
        report, wrong = mention_figures.evaluate(named, judge, ordinary=everyday)
    except OSError as error:
        raise NoSuchSet(f"{error.filename}: {error.strerror}. Check the name.") from error
    except (ValueError, KeyError) as error:
        raise NoSuchSet(f"These are not labelled texts as expected here ({error!r}).") from error
    if as_json:
        _say(json.dumps(mention_figures.plain(report), indent=1))
        return
    _say("\n".join(mention_figures.lines(report)))
    if errors:
        _say("\n".join(mention_figures.error_line(one) for one in wrong))


def _labelled(given: list[str]) -> dict[str, list[Labelled]]:
    sets = {}
    for name, equals, paths in (one.partition("=") for one in given):
        if not equals:
            raise NoSuchSet(f'"{name}": name each set, such as real={name}')
        sets[name] = [text for path in paths.split(",") for text in read(Path(path))]
    return sets


@group.command()
def cases(
    files: Annotated[
        list[Path], typer.Argument(help="Labelled reports as JSON lines, each with its event.")
    ],
    predictions: Annotated[
        Path | None,
        typer.Option(help="Output of check --jsonl --json --cases on the same reports."),
    ] = None,
) -> None:
    """Whether reports of one event come together and others stay apart: pairwise F1.

    From the labels alone, in order of publication and in the worst of 20 random orders; with
    predictions, for the whole way from text to case.
    """
    try:
        lines = list(cases_figures.report(files, predictions=predictions))
    except OSError as error:
        raise NoSuchSet(f"{error.filename}: {error.strerror}. Check the name.") from error
    except (ValueError, KeyError) as error:
        raise NoSuchSet(f"These are not labelled texts as expected here ({error!r}).") from error
    _say("\n".join(lines))


@group.command()
def feedback(
    context: typer.Context,
    as_json: AsJson = False,
    export: Annotated[
        Path | None,
        typer.Option(help="Also write the texts of answered cases here, labelled for training."),
    ] = None,
) -> None:
    """The mails as watchers answered them: how many were right, by source, form and cue."""
    home = home_of(context)
    home.make()
    config = home.load_config()
    state = open_state(home.database_url(config))
    with state.read() as session:
        told = feedback_figures.figures(session, config)
        if export is not None:
            lines = feedback_figures.labelled(session, config)
            export.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    state.close()
    _say(json.dumps(told, indent=2) if as_json else feedback_figures.table(told))


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
