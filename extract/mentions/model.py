"""A linear model over named features, kept as plain arrays.

``w·x + b`` for each class, then softmax. The file is an ``.npz`` of names and numbers, loaded
with ``allow_pickle=False``: nothing in it can run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

WORD_SCALE = 0.35
"""Words weigh less than cues before regularisation, so that cues explain what they can."""
WORD_PREFIXES = ("w:", "tw:", "lw:")


@dataclass(frozen=True)
class Linear:
    """``weights`` is (classes, features); ``names`` the features in order."""

    classes: tuple[str, ...]
    names: tuple[str, ...]
    weights: npt.NDArray[np.float64]
    bias: npt.NDArray[np.float64]

    @cached_property
    def _columns(self) -> dict[str, int]:
        return {name: column for column, name in enumerate(self.names)}

    def logits(self, features: Mapping[str, float]) -> npt.NDArray[np.float64]:
        """One number for each class; unknown features count nothing.

        Features are added in the order of their names, so that the sum is the same to the last
        bit however they were gathered.
        """
        known = sorted(
            (c, v) for n, v in features.items() if (c := self._columns.get(n)) is not None
        )
        if not known:
            return self.bias
        columns = np.array([c for c, _ in known])
        values = np.array([v for _, v in known], dtype=np.float64)
        return np.asarray(self.bias + (self.weights[:, columns] * values).sum(axis=1))

    def probabilities(self, features: Mapping[str, float]) -> dict[str, float]:
        logits = self.logits(features)
        if len(self.classes) == 2 and len(logits) == 1:
            logits = np.array([0.0, logits[0]])
        shares = np.exp(logits - logits.max())
        shares /= shares.sum()
        return dict(zip(self.classes, (float(s) for s in shares), strict=True))

    def weight(self, class_: str, feature: str) -> float:
        """What a feature adds to a class; 0 for one never seen."""
        column = self._columns.get(feature)
        if column is None:
            return 0.0
        if len(self.weights) == 1:
            sign = 1.0 if class_ == self.classes[1] else -1.0
            return sign * float(self.weights[0, column])
        return float(self.weights[self.classes.index(class_), column])


def scaled(features: Mapping[str, float]) -> dict[str, float]:
    """The features as the models take them."""
    return {
        name: value * WORD_SCALE if name.startswith(WORD_PREFIXES) else float(value)
        for name, value in features.items()
        if value
    }


def save(path: Path, models: Mapping[str, Linear], numbers: Mapping[str, float]) -> None:
    """Several models and single numbers in one file."""
    arrays: dict[str, npt.NDArray[np.generic]] = {
        f"number/{name}": np.array(value) for name, value in numbers.items()
    }
    for name, model in models.items():
        arrays[f"{name}/classes"] = np.array(model.classes)
        arrays[f"{name}/names"] = np.frombuffer("\n".join(model.names).encode(), dtype=np.uint8)
        arrays[f"{name}/weights"] = model.weights.astype(np.float16)
        arrays[f"{name}/bias"] = model.bias
    with path.open("wb") as file:
        np.savez_compressed(file, **arrays)  # type: ignore[arg-type]


def load(path: Path) -> tuple[dict[str, Linear], dict[str, float]]:
    """What ``save`` wrote. Raises ``ValueError`` on a file that is none of ours."""
    with np.load(path, allow_pickle=False) as arrays:
        names = {key.partition("/")[0] for key in arrays if not key.startswith("number/")}
        models = {
            name: Linear(
                classes=tuple(str(c) for c in arrays[f"{name}/classes"]),
                names=tuple(arrays[f"{name}/names"].tobytes().decode().split("\n")),
                weights=arrays[f"{name}/weights"].astype(np.float64),
                bias=arrays[f"{name}/bias"],
            )
            for name in names
        }
        numbers = {
            key.partition("/")[2]: float(arrays[key]) for key in arrays if key.startswith("number/")
        }
    return models, numbers
