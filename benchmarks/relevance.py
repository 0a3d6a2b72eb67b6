"""nDCG@10 of the relevance set on the texts of ``corpus/``, for both indices and plain BM25.

    python -m benchmarks.relevance [--elastic http://127.0.0.1:9200] [--queries]

Each question of ``data/relevance.toml`` is asked by relevance. Plain BM25 is FTS5's over the
same words, unstemmed and unweighted, all of them asked for (AND), as our indices do too.
Gains are 2 and 1; the ideal order is that of all texts that the labels name.
"""

from __future__ import annotations

import argparse
import math
import random
import sqlite3
import tempfile
import tomllib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import corpus
from pantau.config import load_config
from pantau.config.models import Search
from pantau.home import default_config
from search import Document, Index, open_index
from search.words import tokens

QUERIES = Path(__file__).with_name("data") / "relevance.toml"
AT = 10
RESAMPLES = 2000
Ask = Callable[[str], list[str]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--elastic", help="a node; without it only the embedded index is asked")
    parser.add_argument("--queries", action="store_true", help="print the figure of each query")
    options = parser.parse_args()
    rows = {row["id"]: row for row in corpus.texts()}
    documents = [to_document(row) for row in rows.values()]
    queries = tomllib.loads(QUERIES.read_text(encoding="utf-8"))["query"]
    with tempfile.TemporaryDirectory(prefix="pantau-relevance-") as folder:
        engines = {"plain BM25": plain(documents)}
        synonyms = load_config(default_config()).synonyms
        for name, hosts in (("embedded", ()), ("elastic", (options.elastic,))):
            if hosts != (None,):
                settings = Search(hosts=hosts, index="pantau-relevance")
                index = open_index(settings, Path(folder) / "index.sqlite", synonyms=synonyms)
                index.rebuild(documents)
                engines[name] = asker(index)
        scores = {
            name: [ndcg(ask(query["q"]), gains(query, rows)) for query in queries]
            for name, ask in engines.items()
        }
    print(f"{len(queries)} queries, {len(documents)} texts, nDCG@{AT} with 95 % interval")
    for name, found in scores.items():
        low, high = interval(found)
        print(f"{name:12} {mean(found):.3f} ({low:.3f} to {high:.3f})")
    if options.queries:
        for at, query in enumerate(queries):
            figures = "  ".join(f"{found[at]:.2f}" for found in scores.values())
            print(f"{figures}  {query['q']}")


def gains(query: dict[str, Any], rows: dict[str, dict[str, Any]]) -> dict[str, int]:
    """The gain of each text that answers the query at all."""
    found = {}
    for text_id, row in rows.items():
        if fits(query["best"], row):
            found[text_id] = 2
        elif "fair" in query and fits(query["fair"], row):
            found[text_id] = 1
    if not found:
        raise ValueError(f"no text answers {query['q']!r}: mend its labels")
    return found


def fits(wanted: dict[str, Any], row: dict[str, Any]) -> bool:
    return all(_fits(name, value, row) for name, value in wanted.items())


def _fits(name: str, value: Any, row: dict[str, Any]) -> bool:
    match name:
        case "event":
            return bool(
                value in ([row["event"]] if isinstance(row["event"], str) else row["event"])
            )
        case "skb":
            return bool(value in row["skb"])
        case "position" | "agency":
            return any(value in (actor.get(name) or "").casefold() for actor in row["actors"])
        case "region":
            return bool(row.get("region", "").startswith(value))
    return bool(row.get(name, "") == value)


def ndcg(found: Sequence[str], wanted: dict[str, int]) -> float:
    def gained(values: Sequence[int]) -> float:
        return sum((2.0**value - 1) / math.log2(at + 2) for at, value in enumerate(values))

    ideal = sorted(wanted.values(), reverse=True)[:AT]
    return gained([wanted.get(text_id, 0) for text_id in found[:AT]]) / gained(ideal)


def asker(index: Index) -> Ask:
    return lambda query: [
        hit.document.id for hit in index.search(query, limit=AT, order="relevance").hits
    ]


def plain(documents: Sequence[Document]) -> Ask:
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE words USING fts5(id UNINDEXED, said)")
    database.executemany(
        "INSERT INTO words VALUES (?, ?)", [(d.id, f"{d.title}\n{d.text}") for d in documents]
    )

    def ask(query: str) -> list[str]:
        match = " ".join(f'"{word}"' for word in tokens(query))
        rows = database.execute(
            "SELECT id FROM words WHERE words MATCH ? ORDER BY bm25(words), id LIMIT ?", (match, AT)
        )
        return [text_id for (text_id,) in rows]

    return ask


def to_document(row: dict[str, Any]) -> Document:
    published = datetime.fromisoformat(row["published"])
    return Document(
        id=row["id"],
        url="",
        title=row["title"],
        text=row["text"],
        kind=row["kind"],
        source_id="corpus",
        source_name=row.get("source_name", ""),
        published=published,
        first_seen=datetime(2024, 1, 1, tzinfo=UTC),
        decision="none",
        score=0.0,
    )


def mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def interval(values: Sequence[float]) -> tuple[float, float]:
    """95 % of the means of resampled query sets (bootstrap)."""
    draw = random.Random(0)
    means = sorted(mean(draw.choices(values, k=len(values))) for _ in range(RESAMPLES))
    return means[int(0.025 * RESAMPLES)], means[int(0.975 * RESAMPLES)]


if __name__ == "__main__":
    main()
