"""Fits the small networks of the judgement.

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

from extract.mentions.nets import blank, render
from training.mentions.examples import Example

SEEDS = (0, 1, 2)
EPOCHS = 6
BATCH = 16
DROPOUT = 0.35


def fit(train: Sequence[Example]) -> list[Language]:
    """The networks; borderline texts teach neither answer and are left out."""
    counted = [e for e in train if e.label != "borderline"]
    return [_network(counted, seed) for seed in SEEDS]


def _network(train: Sequence[Example], seed: int) -> Language:
    """One network; the same seed gives the same weights."""
    spacy.util.fix_random_seed(seed)
    nlp = blank()
    pairs = [_pair(nlp, example) for example in train]
    optimizer = nlp.initialize(lambda: pairs[:BATCH])
    order = random.Random(seed)
    for _ in range(EPOCHS):
        order.shuffle(pairs)
        print(f"seed {seed}", flush=True)
        for start in range(0, len(pairs), BATCH):
            nlp.update(pairs[start : start + BATCH], drop=DROPOUT, sgd=optimizer)
    return nlp


def _pair(nlp: Language, example: Example) -> Pair:
    words = render(example.reading.frames)
    gold = Doc(nlp.vocab, words=words)
    gold.cats = {"asn": float(example.violation), "none": float(not example.violation)}
    return Pair(Doc(nlp.vocab, words=words), gold)
