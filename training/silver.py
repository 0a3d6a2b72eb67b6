"""Sentences of nlp-id's part-of-speech corpus (kumparan, MIT), labelled by a first tagger.

    python -m training.silver POSTAG.txt.xz MODEL NER_FOLDER OUT.spacy

The corpus says which words are proper nouns. A sentence is kept where the tagger and the corpus
agree: every entity holds a proper noun, and every capitalised proper noun lies in an entity. Some
sentences without any proper noun are kept too, so that a capital that only opens a sentence is
seen often enough.
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
from .data import Spans, key, sets
from .domain import as_doc, blank

CLITICS = frozenset({"nya", "ku", "mu", "lah", "kah", "pun"})
NAMELESS = 4000
"""Sentences without a proper noun that are kept."""


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


def agrees(doc: Doc, proper: frozenset[str]) -> bool:
    """Whether the tagger's entities and the corpus's proper nouns are the same words."""
    inside = {token.i for entity in doc.ents for token in entity}
    named = all(any(token.text in proper for token in entity) for entity in doc.ents)
    return named and not any(
        token.text in proper and token.text[0].isupper() and token.i not in inside for token in doc
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("postag", type=Path)
    parser.add_argument("model", type=Path)
    parser.add_argument("ner_folder", type=Path, help="the public sets, to leave their tests out")
    parser.add_argument("out", type=Path)
    args = parser.parse_args()
    rng = random.Random(3)
    held = {
        key(text)
        for parts in sets(args.ner_folder, rng).values()
        for part in ("dev", "test")
        for text, _ in parts[part]
    }
    found = [s for s in sentences(args.postag) if 25 < len(s[0]) < 300 and key(s[0]) not in held]
    rng.shuffle(found)
    named = [(text, proper) for text, proper in found if proper]
    nameless = [text for text, proper in found if not proper][:NAMELESS]
    kept: list[tuple[str, Spans]] = [(text, []) for text in nameless]
    tagger = spacy.load(args.model)
    docs = tagger.pipe((text for text, _ in named), batch_size=64)
    for doc, (text, proper) in zip(docs, named, strict=True):
        if doc.ents and agrees(doc, proper):
            kept.append((text, [(e.start_char, e.end_char, e.label_) for e in doc.ents]))
    nlp = blank()
    DocBin(docs=[as_doc(nlp, text, spans) for text, spans in kept]).to_disk(args.out)
    print(f"{len(kept)} sentences the tagger and the corpus agree about in {args.out}")


if __name__ == "__main__":
    main()
