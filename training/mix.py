"""Mixtures of training data, one for each tagger that votes.

    python -m training.mix FOLDER a|b|c

Reads ``idner``, ``grit``, ``ndo``, ``domain`` (and for ``c`` ``silver``) ``.spacy`` in FOLDER and
writes ``train_<mixture>.spacy``. The mixtures differ on purpose: taggers that err differently vote
better.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

from spacy.tokens import Doc, DocBin

from .domain import blank

SEEDS = {"a": 3, "b": 5, "c": 7}


def mixture(name: str, folder: Path) -> list[Doc]:
    vocab = blank().vocab

    def load(part: str) -> list[Doc]:
        return list(DocBin().from_disk(folder / f"{part}.spacy").get_docs(vocab))

    idner, grit, domain = load("idner"), load("grit"), load("domain")
    if name == "b":
        docs = idner * 4 + grit + domain[:4000]
    else:
        docs = idner * 3 + grit + load("ndo") + domain
        docs += load("silver") if name == "c" else []
    random.Random(SEEDS[name]).shuffle(docs)
    return docs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("name", choices=sorted(SEEDS))
    args = parser.parse_args()
    docs = mixture(args.name, args.folder)
    DocBin(docs=docs).to_disk(args.folder / f"train_{args.name}.spacy")
    print(f"mixture {args.name}: {len(docs)} sentences, {sum(map(len, docs))} tokens")


if __name__ == "__main__":
    main()
