"""The training data of one tagger, from the parts made before.

    python -m training.mix FOLDER teacher|tagger

Reads ``idner``, ``grit``, ``ndo``, ``domain`` (and for ``tagger`` ``own`` and ``silver``)
``.spacy`` in FOLDER and writes ``train_<name>.spacy``. Political news and our own texts count
more than once: they are nearest to what is read.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

from spacy.tokens import Doc, DocBin

from .domain import blank

PUBLIC = {"idner": 3, "grit": 1, "ndo": 1, "domain": 1}
MIXTURES = {"teacher": PUBLIC, "tagger": PUBLIC | {"own": 2, "silver": 1}}
"""How often each part counts."""


def mixture(name: str, folder: Path) -> list[Doc]:
    vocab = blank().vocab
    docs: list[Doc] = []
    for part, times in MIXTURES[name].items():
        docs += list(DocBin().from_disk(folder / f"{part}.spacy").get_docs(vocab)) * times
    random.Random(3).shuffle(docs)
    return docs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("name", choices=sorted(MIXTURES))
    args = parser.parse_args()
    docs = mixture(args.name, args.folder)
    DocBin(docs=docs).to_disk(args.folder / f"train_{args.name}.spacy")
    print(f"mixture {args.name}: {len(docs)} sentences, {sum(map(len, docs))} tokens")


if __name__ == "__main__":
    main()
