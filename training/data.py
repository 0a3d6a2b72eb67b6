"""Public Indonesian NER sets, read, cleaned and turned into spaCy's training files.

    python -m training.data NER_FOLDER OUT_FOLDER

``NER_FOLDER`` holds ``idner-news-2k`` (MIT), ``indonlu-nergrit`` (Apache-2.0) and
``spacyndo-gsd-ner`` (MIT, text CC BY-SA). Every sentence that also stands in a development or test
part of any of them is left out of training: the sets overlap.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from spacy.tokens import DocBin

from .domain import as_doc, blank

Spans = list[tuple[int, int, str]]
"""Entities of a text: first and last (exclusive) code point, label."""
Example = tuple[str, Spans]
LABELS = {
    "PER": "PER",
    "PERSON": "PER",
    "ORG": "ORG",
    "ORGANISATION": "ORG",
    "LOC": "LOC",
    "PLACE": "LOC",
    "GPE": "LOC",
    "FAC": "LOC",
}
_NO_SPACE_BEFORE = re.compile(r"^[.,;:!?)\]%”’]+$")
_MARKS = frozenset("()[]\"'“”‘’,;:?!")
_NO_SPACE_AFTER = frozenset({"(", "[", "“", "‘"})


def read_columns(path: Path, spaced: Callable[[], bool]) -> Iterator[Example]:
    """A CoNLL file: the word in the first column, its IOB tag in the last.

    ``spaced`` says of each sentence whether its words are all parted by spaces or joined as
    print joins them.
    """
    words: list[str] = []
    tags: list[str] = []
    for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        columns = line.split()
        if columns:
            words.append(columns[0])
            tags.append(columns[-1])
        elif words:
            yield join(words, tags, spaced())
            words, tags = [], []


def join(words: list[str], tags: list[str], spaced: bool) -> Example:
    """A sentence and its entities from words and IOB tags."""
    text = ""
    spans: list[tuple[int, int, str]] = []
    for word, tag in zip(words, tags, strict=True):
        tight = _NO_SPACE_BEFORE.match(word) or text[-1:] in _NO_SPACE_AFTER
        if text and (spaced or not tight):
            text += " "
        start = len(text)
        text += word
        label = LABELS.get(tag[2:])
        if label is None:
            continue
        if tag[0] == "I" and spans and spans[-1][2] == label and start - spans[-1][1] <= 1:
            spans[-1] = (spans[-1][0], len(text), label)
        else:
            spans.append((start, len(text), label))
    return text, [(*bare(text, start, end), label) for start, end, label in spans]


def bare(text: str, start: int, end: int) -> tuple[int, int]:
    """A span without the marks around its name: "(SBY)" and "Indonesia?" are one word in idner."""
    while start < end - 1 and text[start] in _MARKS:
        start += 1
    while start < end - 1 and text[end - 1] in _MARKS:
        if text[end - 1] == ")" and "(" in text[start:end]:
            break
        end -= 1
    return start, end


def read_spans(path: Path) -> Iterator[Example]:
    """A spacyndo file: one ``[text, {"entities": [[start, end, label]]}]`` a line."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip():
            text, marks = json.loads(line)
            yield text, [(s, e, LABELS[n]) for s, e, n in marks["entities"] if n in LABELS]


def key(text: str) -> str:
    """What two copies of a sentence share whatever their spacing."""
    return re.sub(r"\W+", "", text).casefold()


def sets(folder: Path, rng: random.Random) -> dict[str, dict[str, list[Example]]]:
    """The public sets by name and part (train, dev, test)."""

    def half() -> bool:
        return rng.random() < 0.5

    def print_like() -> bool:
        return False

    idner, grit, ndo = (
        folder / name for name in ("idner-news-2k", "indonlu-nergrit", "spacyndo-gsd-ner")
    )
    return {
        "idner": {
            "train": list(read_columns(idner / "idner_train.txt", half)),
            "dev": list(read_columns(idner / "idner_dev.txt", print_like)),
            "test": list(read_columns(idner / "idner_test.txt", print_like)),
        },
        "grit": {
            "train": list(read_columns(grit / "grit_train.txt", half)),
            "dev": list(read_columns(grit / "grit_valid.txt", print_like)),
            "test": list(read_columns(grit / "grit_test.txt", print_like)),
        },
        "ndo": {
            "train": list(read_spans(ndo / "ndo_train.jsonl")),
            "dev": [],
            "test": list(read_spans(ndo / "ndo_test.jsonl")),
        },
    }


def training_parts(found: dict[str, dict[str, list[Example]]]) -> dict[str, list[Example]]:
    """The training sentences of each set, none of which is measured on anywhere."""
    held = {
        key(text) for parts in found.values() for part in ("dev", "test") for text, _ in parts[part]
    }
    kept: dict[str, list[Example]] = {}
    seen: set[str] = set()
    for name, parts in found.items():
        kept[name] = []
        for text, spans in parts["train"]:
            mark = key(text)
            if mark and mark not in held and mark not in seen:
                seen.add(mark)
                kept[name].append((text, spans))
    return kept


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    found = sets(args.folder, random.Random(11))
    nlp = blank()
    for name, examples in training_parts(found).items():
        docs = [as_doc(nlp, *example) for example in examples]
        DocBin(docs=docs).to_disk(args.out / f"{name}.spacy")
        print(f"{name}: {len(docs)} sentences, {sum(map(len, docs))} tokens to train on")
    dev = [as_doc(nlp, *example) for name in ("idner",) for example in found[name]["dev"]]
    DocBin(docs=dev).to_disk(args.out / "idner_dev.spacy")


if __name__ == "__main__":
    main()
