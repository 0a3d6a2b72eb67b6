"""Sentences of nlp-id's part-of-speech corpus (kumparan, MIT), labelled by two taggers that agree.

    python -m training.silver POSTAG.txt.xz MODEL_A MODEL_B OUT.spacy

The taggers are trained on different data and seeds; a sentence is kept where both give the same
entities and every entity holds a word the corpus calls a proper noun.
"""

from __future__ import annotations

import argparse
import lzma
import random
from collections.abc import Iterator
from pathlib import Path

import spacy
from spacy.tokens import Doc, DocBin

from . import components  # noqa: F401  (registers our components)
from .data import key, sets

CLITICS = frozenset({"nya", "ku", "mu", "lah", "kah", "pun"})


def sentences(path: Path) -> Iterator[tuple[str, frozenset[str]]]:
    """Each sentence as print writes it, with its proper nouns."""
    text, proper = "", set[str]()
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            columns = line.rstrip("\n").split("\t")
            if len(columns) < 2:
                if text:
                    yield text, frozenset(proper)
                text, proper = "", set()
                continue
            word, tag = columns[0].strip(), columns[1]
            if tag == "NNP":
                proper.add(word)
            glue = word in CLITICS or word in ".,;:!?)%" or text[-1:] == "("
            text += word if glue or not text else f" {word}"


def agree(one: Doc, other: Doc, proper: frozenset[str]) -> bool:
    spans = [(e.start_char, e.end_char, e.label_) for e in one.ents]
    if spans != [(e.start_char, e.end_char, e.label_) for e in other.ents]:
        return False
    return all(any(token.text in proper for token in entity) for entity in one.ents)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("model_a", type=Path)
    parser.add_argument("model_b", type=Path)
    parser.add_argument("ner_folder", type=Path, help="the public sets, to leave their tests out")
    parser.add_argument("out", type=Path)
    parser.add_argument("--count", type=int, default=14000)
    args = parser.parse_args()
    rng = random.Random(3)
    held = {
        key(text)
        for parts in sets(args.ner_folder, rng).values()
        for part in ("dev", "test")
        for text, _ in parts[part]
    }
    found = [s for s in sentences(args.corpus) if 30 < len(s[0]) < 300 and key(s[0]) not in held]
    rng.shuffle(found)
    first, second = spacy.load(args.model_a), spacy.load(args.model_b)
    texts = [text for text, _ in found]
    kept: list[Doc] = []
    pairs = zip(first.pipe(texts), second.pipe(texts), found, strict=True)
    for one, other, (_, proper) in pairs:
        if agree(one, other, proper) and (one.ents or rng.random() < 0.3):
            kept.append(Doc(first.vocab, [t.text for t in one], [bool(t.whitespace_) for t in one]))
            kept[-1].set_ents(
                [kept[-1].char_span(e.start_char, e.end_char, e.label_) for e in one.ents]
            )
            if len(kept) == args.count:
                break
    DocBin(docs=kept).to_disk(args.out)
    print(f"{len(kept)} sentences both taggers label alike in {args.out}")


if __name__ == "__main__":
    main()
