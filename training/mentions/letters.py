"""Fits the vote by letters."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from extract.mentions.letters import SIZE, Letters, read, vector
from training.mentions.examples import Example

C = 10.0
MIN_TEXTS = 2


def fit(train: Sequence[Example]) -> Letters:
    """Borderline texts teach neither answer and are left out."""
    counted = [e for e in train if e.label != "borderline"]
    found = [read(e.reading.frames) for e in counted]
    texts = np.zeros(SIZE)
    for counts in found:
        texts[list(counts)] += 1
    rarity = np.where(texts >= MIN_TEXTS, np.log((1 + len(found)) / (1 + texts)) + 1, 0.0).astype(
        np.float32
    )
    columns, values, ends = [], [], [0]
    for counts in found:
        c, v = vector(counts, rarity)
        columns.append(c)
        values.append(v)
        ends.append(ends[-1] + len(c))
    matrix = csr_matrix(
        (np.concatenate(values), np.concatenate(columns).astype("i4"), np.array(ends, dtype="i4")),
        shape=(len(found), SIZE),
    )
    model = LogisticRegression(C=C, solver="liblinear", random_state=0).fit(
        matrix, [int(e.violation) for e in counted]
    )
    return Letters(
        model.coef_[0].astype(np.float32), rarity, float(np.asarray(model.intercept_).flat[0])
    )
