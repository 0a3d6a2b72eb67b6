"""Weighs the votes on texts that none of the voters has seen, and prints what it found.

    python -m training.mentions.weigh

One event in four is held back from all voters; on its texts the logarithmic odds of the three are
added up so that the sum means a probability (stacking, Wolpert, Neural Networks 5, 1992), with a
shift for each kind of text. What ships takes the numbers in ``weights.toml``, which a person
sets. Takes as long as the training itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from sklearn.linear_model import LogisticRegression

from extract.entities import Recogniser
from extract.mentions.encoder import Encoder
from extract.mentions.encoder import save as save_encoder
from extract.mentions.features import logit, text_features
from extract.mentions.judge import kind_of
from extract.mentions.model import scaled
from training.mentions.encoder import fit as fit_encoder
from training.mentions.examples import Example, examples
from training.mentions.letters import fit as fit_letters
from training.mentions.train import fit, frame_scores, held_scores, read

HELD = 0
"""The fold of events on whose texts the votes are weighed."""
KINDS = ("short", "long", "post")
VOTES = ("linear", "encoder", "letters")
PASSAGE_WEIGHT = 0.3

Voted = tuple[Example, dict[str, float]]


def main() -> None:
    judged = votes(list(examples(Recogniser.load(None))))
    for name, value in weigh(judged).items():
        print(f"{name} = {value:.3f}")


def votes(train: Sequence[Example]) -> list[Voted]:
    """Each text of the fold held back, with the votes of models that have not seen its event."""
    rest = [e for e in train if e.fold != HELD]
    scores = held_scores(rest)
    models, letters = fit(rest, scores), fit_letters(rest)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "encoder.npz"
        save_encoder(path, fit_encoder(rest, read(rest, scores)))
        encoder = Encoder.load(path)
    found = []
    for example in train:
        if example.fold == HELD and example.label != "borderline" and not example.made:
            own = frame_scores(models["frame"], example)
            features = scaled(text_features(example.reading, own))
            voted = {
                "linear": logit(models["text"].probabilities(features)["asn"]),
                "encoder": encoder.logit(example.reading, own),
                "letters": letters.logit(example.reading.frames),
            }
            found.append((example, voted))
    return found


def weigh(judged: Sequence[Voted]) -> Mapping[str, float]:
    """A weight for each vote and a shift for each kind of text that make a probability of them.

    Whole texts are what is judged later; passages, written to contrast, count less.
    """
    rows = [
        [*(voted[vote] for vote in VOTES), *(float(kind_of(e.reading) == kind) for kind in KINDS)]
        for e, voted in judged
    ]
    fitted = LogisticRegression(C=1.0, fit_intercept=False).fit(
        np.array(rows),
        [int(e.violation) for e, _ in judged],
        sample_weight=[1.0 if e.whole else PASSAGE_WEIGHT for e, _ in judged],
    )
    return dict(zip((*VOTES, *KINDS), map(float, fitted.coef_[0]), strict=True))


if __name__ == "__main__":
    main()
