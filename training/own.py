"""The train part of the project's own texts, labelled by the whole entity pipeline.

    python -m training.own MODEL OUT.spacy

``MODEL`` is a first tagger, of which the pipeline is made.

The rules read the texts of this domain better than a tagger does; what they find teaches the
taggers the names and shapes of the domain. Texts of the tune and report parts and the gold of
``corpus/entities`` are left out.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from pathlib import Path

from spacy.tokens import Doc, DocBin

import corpus
from extract.entities import Recogniser
from extract.entities.candidates import Candidates
from pantau.records import Article

from .assemble import assemble
from .data import Spans
from .domain import as_doc, blank, vary

NAMED = ("PER", "ORG", "LOC")


def articles() -> Iterator[Article]:
    """The texts to learn from, each once."""
    for row in (*corpus.texts("train"), *corpus.passages("train")):
        title, kind = row.get("title") or "", row.get("kind", "news")
        yield Article(id=row["id"], title=title, text=row["text"], kind=kind)


def sentences(recogniser: Recogniser) -> Iterator[tuple[str, Spans]]:
    """Each sentence with its persons, organisations and places."""
    for annotated in recogniser.pipe(articles()):
        found = [e for e in annotated.entities if e.label in NAMED]
        for sentence in annotated.doc.sents:
            start, end = sentence.start_char, sentence.end_char
            spans: Spans = [
                (e.start - start, e.end - start, e.label)
                for e in found
                if start <= e.start and e.end <= end
            ]
            yield sentence.text, spans


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("out", type=Path)
    args = parser.parse_args()
    rng = random.Random(13)
    nlp = blank()
    recogniser = Recogniser(assemble(args.model), Candidates.load(None))
    docs: list[Doc] = []
    for text, spans in sentences(recogniser):
        docs.append(as_doc(nlp, *vary(text, spans, rng)))
    DocBin(docs=docs).to_disk(args.out)
    print(f"{len(docs)} sentences, {sum(map(len, docs))} tokens in {args.out}")


if __name__ == "__main__":
    main()
