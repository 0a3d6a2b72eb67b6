"""Tokens per second and peak memory of the whole entity pipeline on one core.

    python -m benchmarks.entities [--articles 400] [--long]

Reads the project's own gold over and over; every article is made anew, so nothing is answered from
a cache.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Iterator
from itertools import cycle, islice

from corpus.entities import read
from extract.entities import Recogniser
from pantau.records import Article


def articles(count: int) -> Iterator[Article]:
    gold = cycle(list(read()))
    for number, text in enumerate(islice(gold, count)):
        yield Article(id=str(number), title=text.title, text=text.text, kind="news")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=400)
    args = parser.parse_args()
    started = time.process_time()
    recogniser = Recogniser.load()
    print(f"load: {time.process_time() - started:.2f} s")
    for _ in recogniser.pipe(articles(20)):
        pass
    tokens = 0
    started, clock = time.process_time(), time.perf_counter()
    for annotated in recogniser.pipe(articles(args.articles)):
        tokens += len(annotated.doc)
    cpu, wall = time.process_time() - started, time.perf_counter() - clock
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{args.articles} articles, {tokens} tokens")
    print(f"{tokens / cpu:,.0f} tokens per CPU second, {tokens / wall:,.0f} per second")
    print(f"peak memory {peak:.0f} MB")


if __name__ == "__main__":
    main()
