"""``pantau check``: judge texts without storing anything."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from alerts.grouping import group
from extract.mentions import Judge
from extract.page import extract_page
from pantau.cli import inputs
from pantau.cli.app import Exit, app, console, errors, home_of
from pantau.cli.explain import explain
from pantau.reading import load_judge
from pantau.records import Article, Judgement, NoArticle, Reason
from pantau.state.articles import judgement_to_json, mention_to_json


@app.command()
def check(
    context: typer.Context,
    files: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FILE… | -]", help="Text or HTML files; - for standard input."),
    ] = None,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="The input is JSON lines.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object for each input.")
    ] = False,
    cases: Annotated[
        bool,
        typer.Option("--cases", help="Read the input as one history and group mentions by event."),
    ] = False,
) -> None:
    """Say of each text whether it reports a likely violation, and why.

    Plain text (its first line is the title), HTML, or JSON lines with the keys id, title,
    text, url, kind (news or post), platform, author, context, published, source_region.
    Nothing is stored and nothing is fetched.
    """
    config = home_of(context).load_config()
    judge = load_judge(config.settings.reading.threshold, config.candidates)
    failed: list[str] = []
    judged = _judge(judge, _articles(files or ["-"], jsonl, failed))
    rows: Iterable[tuple[Article, Judgement, list[int] | None]]
    if cases:
        held = list(judged)
        numbers = group(held)
        rows = ((a, j, numbers[place]) for place, (a, j) in enumerate(held))
    else:
        rows = ((a, j, None) for a, j in judged)
    for article, judgement, numbered in rows:
        if as_json:
            sys.stdout.write(json.dumps(to_json(judgement, numbered)) + "\n")
        else:
            explain(console, article, judgement, numbered)
    for message in failed:
        errors.print(message, markup=False, highlight=False, soft_wrap=True)
    if failed:
        raise typer.Exit(Exit.MISTAKE)


Checked = Article | tuple[Article, Judgement]


def _articles(files: list[str], jsonl: bool, failed: list[str]) -> Iterator[Checked]:
    """What is to be judged, in the order given; a page without an article comes judged."""
    for name in files:
        if jsonl:
            for line in inputs.json_lines(name):
                if isinstance(line, inputs.BadInput):
                    failed.append(line.message)
                else:
                    yield line
            continue
        raw = inputs.read_bytes(name)
        if isinstance(raw, inputs.BadInput):
            failed.append(raw.message)
        elif inputs.looks_like_html(name, raw):
            yield _from_html(name, raw)
        else:
            yield inputs.plain_text(name, raw)


def _from_html(name: str, raw: bytes) -> Checked:
    url = Path(name).absolute().as_uri() if name != inputs.STDIN else "file:///stdin"
    result = extract_page(inputs.local_page(name, raw, url), source_region=None)
    if not isinstance(result, NoArticle):
        return Article(id=name, title=result.title, text=result.text, published=result.published)
    reason = Reason(cue=f"bukan artikel: {result.reason}", effect="against")
    return (
        Article(id=name, title=result.title, text=""),
        Judgement(id=name, decision="none", score=0.0, reasons=(reason,)),
    )


def _judge(judge: Judge, checked: Iterable[Checked]) -> Iterator[tuple[Article, Judgement]]:
    """Judge in a stream, in order; memory does not grow with the number of texts."""
    waiting: list[Checked] = []

    def to_judge() -> Iterator[Article]:
        for item in checked:
            waiting.append(item)
            if isinstance(item, Article):
                yield item

    for judgement in judge.pipe(to_judge()):
        while waiting and not isinstance(waiting[0], Article):
            yield waiting.pop(0)  # type: ignore[misc]
        article = waiting.pop(0)
        assert isinstance(article, Article)
        yield article, judgement
    for item in waiting:
        assert not isinstance(item, Article)
        yield item


def to_json(judgement: Judgement, numbers: list[int] | None) -> dict[str, Any]:
    """A judgement as ``--json`` prints it."""
    mentions: list[dict[str, Any]] = []
    for place, mention in enumerate(judgement.mentions):
        record = mention_to_json(mention)
        del record["start"], record["end"]
        if numbers is not None:
            record["case"] = numbers[place]
        mentions.append(record)
    return {
        "id": judgement.id,
        "decision": judgement.decision,
        "score": judgement.score,
        "mentions": mentions,
        **judgement_to_json(judgement),
    }
