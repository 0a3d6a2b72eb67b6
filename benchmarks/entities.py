"""Tokens per second and peak memory of the whole entity pipeline.

    python -m benchmarks.entities [--articles 400] [--processes 1] [--strange]

Reads the project's own gold over and over; every article is made anew, so nothing is answered from
a cache. ``--processes`` shares the articles among processes of one core each, as the workers that
read pages do. ``--strange`` times texts that are no news: a megabyte, no full stop, emoji, Arabic,
binary rubbish, names alone; seconds per 10,000 tokens.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import resource
import time
from collections.abc import Iterator
from itertools import cycle, islice

from corpus.entities import read
from extract.entities import Recogniser
from pantau.records import Article

WARM = 20
"""Articles read before the clock starts."""


def articles(count: int) -> Iterator[Article]:
    gold = cycle(list(read()))
    for number, text in enumerate(islice(gold, count)):
        yield Article(id=str(number), title=text.title, text=text.text, kind="news")


def memory() -> float:
    """Peak memory of this process in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(count: int) -> tuple[int, float, float, float]:
    """Tokens, CPU seconds, peak memory after a quarter of the articles and after all."""
    recogniser = Recogniser.load()
    for _ in recogniser.pipe(articles(WARM)):
        pass
    tokens, early = 0, 0.0
    started = time.process_time()
    for number, annotated in enumerate(recogniser.pipe(articles(count))):
        tokens += len(annotated.doc)
        if number == count // 4:
            early = memory()
    return tokens, time.process_time() - started, early, memory()


def strange() -> Iterator[tuple[str, str]]:
    """Texts of any kind, by name."""
    rng = random.Random(1)
    news = "\n\n".join(text.text for text in read())
    words = [word.strip(".!?") for word in news.split()]
    rubbish = bytes(rng.randrange(256) for _ in range(300_000))
    yield "empty", ""
    yield "news of 1.1 MB", (news * (1_100_000 // len(news) + 1))[:1_100_000]
    yield "50,000 words without a stop", " ".join(rng.choices(words, k=50_000))
    yield "emoji", "😀🔥👍" * 100_000
    yield "Arabic", "هذا نص عربي طويل جدا عن الانتخابات. " * 4000
    yield "bytes as Latin-1", rubbish.decode("latin-1")
    yield "bytes as UTF-8", rubbish.decode("utf-8", "replace")
    yield "one letter", "a" * 1_000_000
    yield "names and commas", "Sugeng, " * 10_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=400)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--strange", action="store_true")
    args = parser.parse_args()
    if args.strange:
        recogniser = Recogniser.load()
        for name, text in strange():
            started = time.process_time()
            tokens = len(recogniser.recognise(Article(id=name, title="", text=text)).doc)
            taken = time.process_time() - started
            rate = taken / max(tokens, 10_000) * 10_000
            print(f"{name:28}{tokens:>9,} tokens{taken:>8.2f} s{rate:>7.2f} s per 10,000")
        print(f"peak memory {memory():.0f} MB")
        return
    clock = time.perf_counter()
    with multiprocessing.get_context("spawn").Pool(args.processes) as pool:
        runs = pool.map(measure, [args.articles] * args.processes)
    wall = time.perf_counter() - clock
    for tokens, cpu, early, late in runs:
        print(
            f"{args.articles} articles, {tokens:,} tokens: {tokens / cpu:,.0f} tokens per CPU "
            f"second; peak memory {early:.0f} MB after a quarter, {late:.0f} MB at the end"
        )
    if args.processes > 1:
        total = sum(tokens for tokens, *_ in runs)
        print(f"{total:,} tokens in {wall:.1f} s with {args.processes} processes, loading included")


if __name__ == "__main__":
    main()
