"""Fits a small network of the judgement; takes about a minute on one core.

Several networks, each fitted on other texts and from another seed, vote with their mean, which is
steadier than any of them.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example as Pair
from thinc.api import fix_random_seed

from extract.mentions.nets import blank, render
from training.mentions.examples import Example

EPOCHS = 6
BATCH = 16
DROPOUT = 0.35


def fit(train: Sequence[Example], seed: int) -> Language:
    """One network; the same texts and seed give the same weights. Borderline texts teach neither
    answer and are left out."""
    fix_random_seed(seed)
    nlp = blank()
    pairs = [_pair(nlp, example) for example in train if example.label != "borderline"]
    optimizer = nlp.initialize(lambda: pairs[:BATCH])
    order = random.Random(seed)
    for epoch in range(EPOCHS):
        order.shuffle(pairs)
        print(f"network {seed}, epoch {epoch}", flush=True)
        for start in range(0, len(pairs), BATCH):
            nlp.update(pairs[start : start + BATCH], drop=DROPOUT, sgd=optimizer)
    return nlp


def _pair(nlp: Language, example: Example) -> Pair:
    words = render(example.reading.frames)
    gold = Doc(nlp.vocab, words=words)
    gold.cats = {"asn": float(example.violation), "none": float(not example.violation)}
    return Pair(Doc(nlp.vocab, words=words), gold)
