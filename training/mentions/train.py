"""Trains the judgement on the ``train`` and ``tune`` parts of the corpus; ``report`` stays unseen.

    python -m training.mentions.train [--keep-encoder | --further]

Four linear models share one file: ``frame`` (does this sentence tell an ASN's act), ``text``
(whose act does the text report, if any), ``stage`` and ``form``; the encoder
(``training.mentions.encoder``) and the vote by letters (``training.mentions.letters``) have their
own. What each vote counts stands in ``weights.toml`` (``training.mentions.weigh``).

The sentence of the act is labelled in the articles; where a text of several sentences has no such
label the strongest sentence takes its place and the model is fitted again (multiple-instance
learning). The same texts give the same models.
"""

from __future__ import annotations

import argparse
import tomllib
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from extract.entities import Recogniser
from extract.mentions.encoder import Picked, pick
from extract.mentions.encoder import save as save_encoder
from extract.mentions.features import (
    form_features,
    frame_features,
    stage_features,
    text_features,
)
from extract.mentions.judge import ENCODER, LETTERS, MODEL
from extract.mentions.model import Linear, save, scaled
from training.mentions.examples import Example, examples
from training.mentions.letters import fit as fit_letters

ROUNDS = 2
MIN_COUNT = 3
BORDERLINE_WEIGHT = 0.5
WEIGHTS = Path(__file__).with_name("weights.toml")
C_FRAME, C_TEXT, C_STAGE, C_FORM = 0.5, 0.3, 1.0, 3.0

Features = dict[str, float]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    how = parser.add_mutually_exclusive_group()
    how.add_argument(
        "--keep-encoder", action="store_true", help="fit the others alone, and keep the weights"
    )
    how.add_argument(
        "--further", action="store_true", help="go on from the encoder that is there, one pass"
    )
    arguments = parser.parse_args()
    train = list(examples(Recogniser.load(None)))
    print(f"{len(train)} examples", flush=True)
    scores = held_scores(train)
    with ThreadPoolExecutor(1) as beside:
        if not arguments.keep_encoder:
            from training.mentions.encoder import fit as fit_encoder  # noqa: PLC0415 - needs jax

            begun = ENCODER if arguments.further else None
            taught = beside.submit(fit_encoder, train, read(train, scores), begun=begun)
        save(MODEL, fit(train, scores), weights())
        fit_letters(train).save(LETTERS)
        if not arguments.keep_encoder:
            save_encoder(ENCODER, taught.result())
    for path in (MODEL, ENCODER, LETTERS):
        print(f"{path.name}: {path.stat().st_size / 1e6:.2f} MB")


def weights() -> dict[str, float]:
    """What each vote counts, and the shift of each kind of text."""
    with WEIGHTS.open("rb") as file:
        return {name: float(value) for name, value in tomllib.load(file).items()}


def others(train: Sequence[Example], fold: int) -> list[Example]:
    return [e for e in train if e.fold != fold]


def held_scores(train: Sequence[Example]) -> dict[str, list[float]]:
    """For each example, by its id, the scores of its frames by a model that has not seen its
    event."""
    models = {fold: fit_frame(others(train, fold)) for fold in sorted({e.fold for e in train})}
    return {e.id: frame_scores(models[e.fold], e) for e in train}


def read(train: Sequence[Example], scores: dict[str, list[float]]) -> list[Picked]:
    """What the encoder reads of each example."""
    return [pick(e.reading, scores[e.id]) for e in train]


def fit(train: Sequence[Example], held: dict[str, list[float]]) -> dict[str, Linear]:
    """The four linear models; ``held`` are the ``held_scores`` of the same examples."""
    scores = [held[e.id] for e in train]
    text_of = [scaled(text_features(e.reading, s)) for e, s in zip(train, scores, strict=True)]
    frame = fit_frame(train)
    text = fit_text(train, text_of)
    told = [e for e in train if e.violation or e.stage == "dismissed"]
    stage = _logistic(
        [scaled(stage_features(e.reading.frames)) for e in told], [e.stage for e in told], c=C_STAGE
    )
    form = fit_form([(e, s) for e, s in zip(train, scores, strict=True) if e.violation and e.forms])
    return {"frame": frame, "text": text, "stage": stage, "form": form}


def fit_frame(train: Sequence[Example]) -> Linear:
    """Positive: the told sentences; negative: every sentence of a text that reports no ASN's act.
    Other sentences of a reporting text are left out: they may tell it again."""
    rows: list[Features] = []
    labels: list[int] = []
    weights: list[float] = []
    unplaced: list[list[Features]] = []
    for example in train:
        body = [i for i, f in enumerate(example.reading.frames) if not f.sentence.noise]
        features = {i: scaled(frame_features(example.reading.frames, i)) for i in body}
        if not example.violation:
            share = BORDERLINE_WEIGHT if example.label == "borderline" else 1.0
            rows += features.values()
            labels += [0] * len(body)
            weights += [share * max(0.15, max(1, len(body)) ** -0.5)] * len(body)
        elif example.told:
            rows += [features[i] for i in example.told]
            labels += [1] * len(example.told)
            weights += [1.0] * len(example.told)
        elif body:
            unplaced.append(list(features.values()))
    model = _logistic(rows, [str(y) for y in labels], c=C_FRAME, weights=weights, balanced=True)
    for _ in range(ROUNDS if unplaced else 0):
        placed = [max(bag, key=lambda f: model.logits(f)[0]) for bag in unplaced]
        model = _logistic(
            rows + placed,
            [str(y) for y in labels] + ["1"] * len(placed),
            c=C_FRAME,
            weights=weights + [1.0] * len(placed),
            balanced=True,
        )
    return model


def frame_scores(model: Linear, example: Example) -> list[float]:
    frames = example.reading.frames
    return [
        0.0 if f.sentence.noise else model.probabilities(scaled(frame_features(frames, i)))["1"]
        for i, f in enumerate(frames)
    ]


def fit_text(train: Sequence[Example], features: Sequence[Features]) -> Linear:
    weights = [BORDERLINE_WEIGHT if e.label == "borderline" else 1.0 for e in train]
    return _logistic(features, [e.subject for e in train], c=C_TEXT, weights=weights)


def fit_form(train: Sequence[tuple[Example, Sequence[float]]]) -> Linear:
    """Thirteen yes-or-no models over one set of features."""
    rows = []
    for example, scores in train:
        index = min(example.told) if example.told else int(np.argmax(scores))
        rows.append(scaled(form_features(example.reading.frames, index)))
    vectorizer, matrix = _matrix(rows)
    weights, bias = [], []
    for form in range(1, 14):
        wanted = [int(form in e.forms) for e, _ in train]
        if not any(wanted):
            raise ValueError(f"no training text for form {form}")
        fitted = LogisticRegression(C=C_FORM, solver="liblinear", random_state=0).fit(
            matrix, wanted
        )
        weights.append(fitted.coef_[0])
        bias.append(fitted.intercept_[0])
    return Linear(
        tuple(str(f) for f in range(1, 14)),
        tuple(vectorizer.get_feature_names_out()),
        np.array(weights),
        np.array(bias),
    )


def _matrix(rows: Sequence[Features]) -> tuple[DictVectorizer, object]:
    """Rows as a sparse matrix, without features that occur but once."""
    counts: Counter[str] = Counter(name for row in rows for name in row)
    keep: Callable[[str], bool] = lambda name: counts[name] >= MIN_COUNT  # noqa: E731
    vectorizer = DictVectorizer()
    matrix = vectorizer.fit_transform([{n: v for n, v in row.items() if keep(n)} for row in rows])
    # liblinear takes no 64-bit indices
    matrix.indices, matrix.indptr = matrix.indices.astype("i4"), matrix.indptr.astype("i4")
    return vectorizer, matrix


def _logistic(
    rows: Sequence[Features],
    labels: Sequence[str],
    *,
    c: float,
    weights: Sequence[float] | None = None,
    balanced: bool = False,
) -> Linear:
    vectorizer, matrix = _matrix(rows)
    model = LogisticRegression(
        C=c,
        max_iter=300,
        class_weight="balanced" if balanced else None,
        solver="liblinear" if len(set(labels)) == 2 else "lbfgs",
        random_state=0,
    )
    model.fit(matrix, labels, sample_weight=weights)
    return Linear(
        tuple(str(c) for c in model.classes_),
        tuple(vectorizer.get_feature_names_out()),
        model.coef_,
        model.intercept_,
    )


if __name__ == "__main__":
    main()
