"""A vote by letters: which runs of two to five letters stand in a text's words.

Dialect, slang and misspelling change a word's ending or its vowels and leave most of its letters,
so this vote still reads what no lexicon lists. Names and figures are masked as for the other
models. A run's place in the table is a checksum (the "hashing trick", Weinberger et al., ICML
2009), so nothing need be kept of the runs themselves.
"""

from __future__ import annotations

import math
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from extract.mentions.features import masked
from extract.mentions.frames import Frame

SIZE = 1 << 17
LENGTHS = (2, 3, 4, 5)


@lru_cache(maxsize=65536)
def places(word: str) -> tuple[int, ...]:
    """The table places of a word's runs of letters; its edges count as a letter."""
    edged = f" {word} "
    return tuple(
        zlib.crc32(edged[i : i + n].encode()) % SIZE
        for n in LENGTHS
        for i in range(max(1, len(edged) - n + 1))
    )


def read(frames: Sequence[Frame]) -> Counter[int]:
    """How often each place of the table is met in the sentences of ``frames``."""
    found: Counter[int] = Counter()
    for word in _words(frames):
        found.update(places(word))
    return found


def _words(frames: Sequence[Frame]) -> Iterable[str]:
    for frame in frames:
        if not frame.sentence.noise:
            yield from masked(frame.sentence)


@dataclass(frozen=True)
class Letters:
    """``weights`` and ``rarity`` (inverse document frequency) have one number for each place."""

    weights: npt.NDArray[np.float32]
    rarity: npt.NDArray[np.float32]
    bias: float

    @classmethod
    def load(cls, path: Path) -> Self:
        with np.load(path, allow_pickle=False) as arrays:
            return cls(
                arrays["weights"].astype(np.float32),
                arrays["rarity"].astype(np.float32),
                float(arrays["bias"]),
            )

    def save(self, path: Path) -> None:
        with path.open("wb") as file:
            np.savez_compressed(
                file,
                weights=self.weights.astype(np.float16),
                rarity=self.rarity.astype(np.float16),
                bias=np.array(self.bias),
            )

    def logit(self, frames: Sequence[Frame]) -> float:
        """Log odds that an ASN's act is reported."""
        columns, values = vector(read(frames), self.rarity)
        return self.bias + float((self.weights[columns].astype(np.float64) * values).sum())


def vector(
    found: Counter[int], rarity: npt.NDArray[np.float32]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Places in rising order and their values, of length one together."""
    columns = np.array(sorted(found), dtype=np.int64)
    counts = np.array([1 + math.log(found[c]) for c in columns.tolist()])
    values = counts * rarity[columns].astype(np.float64) if len(columns) else counts
    norm = math.sqrt(float((values * values).sum()))
    return columns, values / norm if norm else values
