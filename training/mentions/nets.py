"""Trains the small networks on the ``train`` part of the corpus.

    python -m training.mentions.nets

Several networks differ in their seed alone; their mean is steadier than any of them. Takes a few
minutes on one core.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example as Pair

from extract.entities import Recogniser
from extract.mentions.judge import NETS
from extract.mentions.nets import blank, render, save
from training.mentions.examples import Example, examples

SEEDS = (0, 1, 2)
EPOCHS = 6
BATCH = 16
DROPOUT = 0.35


def main() -> None:
    train = [e for e in examples("train", Recogniser.load(None)) if e.label != "borderline"]
    save(NETS, [fit(train, seed) for seed in SEEDS])
    print(f"{len(train)} examples, {len(SEEDS)} networks, {NETS.stat().st_size / 1e6:.2f} MB")


def fit(train: Sequence[Example], seed: int) -> Language:
    """One network; the same seed gives the same weights."""
    spacy.util.fix_random_seed(seed)
    nlp = blank()
    pairs = [_pair(nlp, example) for example in train]
    optimizer = nlp.initialize(lambda: pairs[:BATCH])
    order = random.Random(seed)
    for _ in range(EPOCHS):
        order.shuffle(pairs)
        for start in range(0, len(pairs), BATCH):
            nlp.update(pairs[start : start + BATCH], drop=DROPOUT, sgd=optimizer)
    return nlp


def _pair(nlp: Language, example: Example) -> Pair:
    words = render(example.reading.frames)
    gold = Doc(nlp.vocab, words=words)
    gold.cats = {"asn": float(example.violation), "none": float(not example.violation)}
    return Pair(Doc(nlp.vocab, words=words), gold)


if __name__ == "__main__":
    main()
