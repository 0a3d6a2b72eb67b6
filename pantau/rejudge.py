"""Judges again what is kept, after the judge, the gate or their settings have changed.

Articles are judged from what is held of them, and off-topic pages whose bytes are still kept
are read once more. What comes out otherwise than before becomes a revision, which the index
and the desk take up as they do an edit: an act that is told no longer leaves its case, a new
one joins or opens one, and who is mailed follows the rules for any other day.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from importlib.resources import files
from pathlib import Path

from sqlalchemy.orm import Session

from extract.page.pool import Failure
from pantau.config import Config
from pantau.pipeline import BATCH, Pipeline
from pantau.reading import load_judge
from pantau.records import Article, Judgement
from pantau.state import articles, corrections, pictures, rejudgements
from pantau.state.tables import ArticleRow


@dataclass(frozen=True, slots=True)
class _Bench:
    """Which judge is asked, as it is told to another process."""

    threshold: float
    candidates: Path | None


def rejudge(pipeline: Pipeline, since: datetime | None = None) -> Counter[str]:
    """Judge again what was published (undated: first read) at ``since`` or later; None: all.

    One that was cut off goes on where it was, unless the judge is another by now. Nothing that
    a person corrected is lost: corrections hold for every judgement. Counted: ``articles judged
    again``, ``changed``, ``with an act now``, ``without one now``, ``failed`` (left as they
    were), ``off-topic pages read again``, ``became articles``, and what the pipeline counts.
    """
    with pipeline.state.write() as session:
        run = rejudgements.begin(session, fingerprint(pipeline.config), since, pipeline.clock()).id
    counts = _judge_articles(pipeline, run) + _read_off_topic(pipeline, run)
    pipeline.work()
    with pipeline.state.write() as session:
        rejudgements.end(session, run, pipeline.clock())
    return counts + pipeline.counts


def fingerprint(config: Config) -> str:
    """Changes with anything a judgement depends on: code, weights, lexicons, law, settings."""
    reading = config.settings.reading
    told = hashlib.sha256(f"{reading.threshold} {reading.gate}".encode())
    for path in _judge_files(config.candidates):
        told.update(path.name.encode())
        told.update(hashlib.sha256(path.read_bytes()).digest())
    return told.hexdigest()


def _judge_files(candidates: Path | None) -> Iterator[Path]:
    room = Path(str(files("extract")))
    yield from sorted(
        path for path in room.rglob("*") if path.is_file() and path.suffix not in {".pyc"}
    )
    if candidates is not None:
        yield candidates


def _judge_articles(pipeline: Pipeline, run: int) -> Counter[str]:
    reading = pipeline.config.settings.reading
    judge = partial(judge_held, _Bench(reading.threshold, pipeline.config.candidates))
    counts: Counter[str] = Counter()
    while True:
        with pipeline.state.read() as session:
            batch = [
                articles.to_article(row) for row in rejudgements.next_articles(session, run, BATCH)
            ]
        if not batch:
            return counts
        results = list(pipeline.pool.map(judge, batch))
        with pipeline.state.write() as session:
            for article, result in zip(batch, results, strict=True):
                counts["articles judged again"] += 1
                if isinstance(result, Failure):
                    counts["failed"] += 1
                else:
                    counts.update(_record(session, article, result))
            rejudgements.articles_done(session, run, batch[-1].id)


def judge_held(bench: _Bench, article: Article) -> Judgement:
    """What a worker process does with one article."""
    return load_judge(bench.threshold, bench.candidates).judge(article)


def _record(session: Session, article: Article, judgement: Judgement) -> list[str]:
    """Write a judgement where it differs from what is held. Returns what it counts as."""
    row = session.get_one(ArticleRow, article.id, with_for_update=True)
    held = articles.judgement_of(session, row)
    judgement = corrections.apply(session, article, judgement)
    if judgement == held:
        return []
    articles.judged_again(session, row, judgement)
    if judgement.mentions:
        pictures.add(session, article)
    if judgement.decision == held.decision:
        return ["changed"]
    told = judgement.decision == "likely_violation"
    return ["changed", "with an act now" if told else "without one now"]


def _read_off_topic(pipeline: Pipeline, run: int) -> Counter[str]:
    counts: Counter[str] = Counter()
    while True:
        with pipeline.state.write() as session:
            pages = rejudgements.reopen_off_topic(session, run, BATCH)
        if not pages:
            return counts
        pipeline.read()
        counts["off-topic pages read again"] += len(pages)
        with pipeline.state.read() as session:
            counts["became articles"] += rejudgements.became_articles(session, pages)
