"""Articles per second through the whole judgement, and pages per second through the gate.

    python -m benchmarks.judgement [--articles 60]

Runs on one core over texts of the corpus, each cut or filled to about 400 words, and prints the
figures with the time of the entities in them.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Iterator

import corpus
from extract.entities import Recogniser
from extract.gate import Gate
from extract.mentions import Judge
from pantau.records import Article

WORDS = 400
PAGES = 2000


def articles(count: int) -> Iterator[Article]:
    """Articles of ``WORDS`` words, made of the corpus' paragraphs."""
    paragraphs = [
        paragraph
        for row in corpus.texts("train")
        if row["kind"] == "news"
        for paragraph in row["text"].split("\n\n")
    ]
    place = 0
    for number in range(count):
        taken: list[str] = []
        size = 0
        while size < WORDS:
            taken.append(paragraphs[place % len(paragraphs)])
            size += len(taken[-1].split())
            place += 1
        yield Article(id=str(number), title="Judul Karangan", text="\n\n".join(taken))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=60)
    arguments = parser.parse_args()
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    texts = list(articles(arguments.articles))
    judge, recogniser, gate = Judge.load(), Recogniser.load(None), Gate.load()
    judge.judge(texts[0])

    start = time.process_time()
    for text in texts:
        judge.judge(text)
    whole = time.process_time() - start
    start = time.process_time()
    for text in texts:
        recogniser.recognise(text)
    entities = time.process_time() - start
    pages = (texts * (PAGES // len(texts) + 1))[:PAGES]
    start = time.process_time()
    for text in pages:
        gate.passes(text.title, text.text)
    gated = time.process_time() - start
    print(f"judgement  {len(texts) / whole:8.1f} articles of {WORDS} words per second")
    print(f"entities   {len(texts) / entities:8.1f} of them (part of the above)")
    print(f"gate       {PAGES / gated:8.0f} pages per second")


if __name__ == "__main__":
    main()
