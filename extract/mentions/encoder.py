"""A vote by meaning: a small pretrained encoder, taught on the project's texts, reads what matters.

The lower layers of a multilingual sentence encoder (multilingual-e5-small, Wang et al. 2024, MIT
licence; a BERT of 384 numbers a token) know words that none of our texts use: that ``KDRT`` is no
politics, that ``menyelipkan pesan`` is close to ``menitip``. It reads the title, the lead and the
sentences that the frame model finds strongest, so that a long article costs as much as a short
one. Words are cut into pieces as the encoder was taught (a unigram model, Kudo, ACL 2018), of which
only those met in Indonesian texts are kept; weights are kept in eight bits each.

Everything is plain numpy; one text at a time, so the result cannot depend on what else is judged.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from extract.mentions.frames import PARTIES, Frame, Party
from extract.mentions.reading import Reading

Array = npt.NDArray[np.float32]

START, PAD, END, UNKNOWN = 0, 1, 2, 3
"""The first pieces of the encoder's vocabulary."""
HEADS = 12
LONGEST = 112
"""Pieces that are read of a text, with start and end."""
WORDS = 75
"""Words that are picked of a text; enough of them to fill ``LONGEST`` pieces."""
ENOUGH = 0.6
"""From this share of ``WORDS`` on, a sentence that is too long ends the picking."""
TITLE_END = " |"
CONTEXT = "< "
EDGE = "\u2581"
"""Stands before a word's first piece."""
WORD = re.compile(r"\S+")
GROUPS = ("", *(group for group in PARTIES if group != "place"))
UNKNOWN_COST = 10.0
GELU = (0.7978845608, 0.0356774081)
"""Of the approximation by tanh (Hendrycks and Gimpel 2016): sqrt(2/pi), and 0.044715 of it."""
ASN = "asn"
HEAD_NAMES = ("subject", "why", "stage", "form")
MATRICES = ("qkv", "out", "up", "down")
DECIMALS = 3
"""To which a vote is rounded: processors add up in different orders."""


@dataclass(frozen=True, slots=True)
class Picked:
    """The words the encoder reads of a text; for each of them the number in ``GROUPS`` of the
    party it names and of the one who acts in its sentence (0: none)."""

    words: Sequence[str]
    parties: Sequence[int]
    actors: Sequence[int]

    def __str__(self) -> str:
        return " ".join(self.words)


def pick(reading: Reading, scores: Sequence[float]) -> Picked:
    """The title, the lead and the strongest other sentences, in the order of the text; of a post
    at the end what it answers."""
    words: list[str] = []
    parties: list[int] = []
    actors: list[int] = []
    for index in sorted(_chosen(reading.frames, scores)):
        frame = reading.frames[index]
        sentence = frame.sentence
        own = [(m.group(), _party(frame, m)) for m in WORD.finditer(sentence.text)]
        own += [(TITLE_END.strip(), 0)] * sentence.is_title
        words += [word for word, _ in own]
        parties += [party for _, party in own]
        actors += [_number(frame.actor)] * len(own)
    for sentence in reading.context:
        more = f"{CONTEXT}{sentence.text}".split()
        words += more
        parties += [0] * len(more)
        actors += [0] * len(more)
    return Picked(words, parties, actors)


def _chosen(frames: Sequence[Frame], scores: Sequence[float]) -> list[int]:
    body = [i for i, f in enumerate(frames) if not f.sentence.noise]
    first = [i for i in body if frames[i].sentence.is_title][:1]
    first += [i for i in body if i not in first][:1]
    others = sorted((i for i in body if i not in first), key=lambda i: (-scores[i], i))
    chosen: list[int] = []
    used = 0
    for index in [*first, *others]:
        length = len(frames[index].sentence.tokens)
        if chosen and used + length > WORDS:
            if used > ENOUGH * WORDS:
                break
            continue
        chosen.append(index)
        used += length
    return chosen


def _party(frame: Frame, word: re.Match[str]) -> int:
    """The number of the party that ``word`` of the frame's sentence belongs to."""
    start = frame.sentence.start + word.start()
    end = frame.sentence.start + word.end()
    return _number(next((p for p in frame.parties if p.start < end and start < p.end), None))


def _number(party: Party | None) -> int:
    if party is None or party.group not in GROUPS:
        return 0
    return GROUPS.index(party.group)


@dataclass(frozen=True)
class Pieces:
    """The unigram model of pieces: each word is cut into the pieces likeliest together."""

    costs: Mapping[str, tuple[int, float]]
    """For each piece its number and the logarithm of its share."""
    unknown: float
    longest: int

    @classmethod
    def of(cls, pieces: Sequence[str], shares: Sequence[float]) -> Self:
        costs = {p: (i, float(s)) for i, (p, s) in enumerate(zip(pieces, shares, strict=True))}
        for special in pieces[: UNKNOWN + 1]:
            costs.pop(special, None)
        return cls(costs, min(map(float, shares)) - UNKNOWN_COST, max(map(len, costs)))

    def cut(self, picked: Picked) -> tuple[list[int], list[int], list[int]]:
        """The numbers of the pieces of what was picked, between those of start and end, and for
        each of them its word's party and actor."""
        found, parties, actors = [START], [0], [0]
        for word, party, actor in zip(picked.words, picked.parties, picked.actors, strict=True):
            for part in unicodedata.normalize("NFKC", word).split():
                own = _cut(self, part)
                found += own
                parties += [party] * len(own)
                actors += [actor] * len(own)
            if len(found) >= LONGEST:
                break
        last = LONGEST - 1
        return [*found[:last], END], [*parties[:last], 0], [*actors[:last], 0]

    def __hash__(self) -> int:
        return id(self)


@lru_cache(maxsize=65536)
def _cut(pieces: Pieces, word: str) -> tuple[int, ...]:
    line = EDGE + word
    size = len(line)
    best = [0.0] + [-math.inf] * size
    came: list[tuple[int, int]] = [(0, UNKNOWN)] * (size + 1)
    for start in range(size):
        for end in range(start + 1, min(size, start + pieces.longest) + 1):
            number, share = pieces.costs.get(line[start:end], (UNKNOWN, -math.inf))
            if end == start + 1 and share == -math.inf:
                share = pieces.unknown
            if best[start] + share > best[end]:
                best[end] = best[start] + share
                came[end] = (start, number)
    found: list[int] = []
    place = size
    while place:
        place, number = came[place]
        found.append(number)
    return tuple(reversed(found))


@dataclass(frozen=True)
class Layer:
    """One layer; ``weights`` by name, matrices as (in, out)."""

    weights: Mapping[str, Array]

    def __call__(self, x: Array) -> Array:
        w = self.weights
        size, width = x.shape
        depth = width // HEADS
        q, k, v = (
            (x @ w["qkv"] + w["qkv_bias"]).reshape(size, 3, HEADS, depth).transpose(1, 2, 0, 3)
        )
        near = q @ k.transpose(0, 2, 1) * np.float32(depth**-0.5)
        near = np.exp(near - near.max(axis=-1, keepdims=True))
        near /= near.sum(axis=-1, keepdims=True)
        seen = (near @ v).transpose(1, 0, 2).reshape(size, width)
        x = _normed(x + seen @ w["out"] + w["out_bias"], w["norm1"], w["norm1_bias"])
        wide = x @ w["up"] + w["up_bias"]
        wide *= 0.5 + 0.5 * np.tanh(wide * (GELU[0] + GELU[1] * wide * wide))
        return _normed(x + wide @ w["down"] + w["down_bias"], w["norm2"], w["norm2_bias"])


def _normed(x: npt.NDArray[Any], weight: Array, bias: Array) -> Array:
    x = x - x.mean(axis=-1, keepdims=True)
    spread = np.sqrt((x * x).mean(axis=-1, keepdims=True) + np.float32(1e-12))
    return np.asarray(x / spread * weight + bias, dtype=np.float32)


@dataclass(frozen=True)
class Encoder:
    pieces: Pieces
    words: Array
    """(pieces, width), as whole numbers to be multiplied by ``scales``."""
    scales: Array
    places: Array
    norm: tuple[Array, Array]
    layers: Sequence[Layer]
    marks: tuple[int, Array, Array]
    """Before which layer what the frames found is added to each piece, and what: (groups, width)
    for the party that its word names and for who acts in its sentence."""
    heads: Mapping[str, tuple[Sequence[str], Array, Array]]
    """By name: answers, (2 · width, answers), bias. Whose act is told (``subject``) is asked; what
    the text is instead, its stage and form (``why, stage, form``) are kept to go on teaching."""

    @classmethod
    def load(cls, path: Path) -> Self:
        """Raises ``ValueError`` on a file with anything but names and numbers in it."""
        with np.load(path, allow_pickle=False) as arrays:
            got = {name: arrays[name] for name in arrays.files}
        count = int(got["layers"])
        return cls(
            Pieces.of(got["pieces"].tobytes().decode().split("\n"), got["shares"].tolist()),
            got["words"],
            _single(got["words_scale"]),
            _single(got["places"]),
            (_single(got["norm"]), _single(got["norm_bias"])),
            [Layer(_layer(got, f"{number}/")) for number in range(count)],
            (int(got["marked"]), _single(got["parties"]), _single(got["actors"])),
            {
                name: (
                    [str(answer) for answer in got[f"{name}/answers"]],
                    _single(got[f"{name}/head"]),
                    _single(got[f"{name}/bias"]),
                )
                for name in HEAD_NAMES
            },
        )

    def logit(self, reading: Reading, scores: Sequence[float]) -> float:
        """Log odds that an ASN's act is reported; ``scores`` are the frame model's."""
        numbers, parties, actors = self.pieces.cut(pick(reading, scores))
        words = _single(self.words[numbers]) * self.scales[numbers, None]
        x = _normed(words + self.places[: len(numbers)], *self.norm)
        marked, of_party, of_actor = self.marks
        for number, layer in enumerate(self.layers):
            if number == marked:
                x = x + of_party[parties] + of_actor[actors]
            x = layer(x)
        answers, head, bias = self.heads["subject"]
        found = np.concatenate([x.mean(axis=0), x.max(axis=0)]) @ head + bias
        asn = answers.index(ASN)
        rest = np.delete(found, asn)
        most = rest.max()
        return round(
            float(found[asn] - most) - math.log(float(np.exp(rest - most).sum())), DECIMALS
        )


def _single(array: npt.NDArray[Any]) -> Array:
    return array.astype(np.float32)


def _layer(arrays: Mapping[str, npt.NDArray[Any]], prefix: str) -> dict[str, Array]:
    found = {
        name.removeprefix(prefix): _single(array)
        for name, array in arrays.items()
        if name.startswith(prefix) and not name.endswith("_scale")
    }
    for name in MATRICES:
        found[name] *= _single(arrays[f"{prefix}{name}_scale"])
    return found


def save(path: Path, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
    """Weights as ``Encoder.load`` reads them: matrices of layers (``0/qkv`` ...) and ``words`` in
    eight bits with a scale for each column or row, the rest in sixteen."""
    packed: dict[str, npt.NDArray[Any]] = {}
    for name, array in arrays.items():
        if name == "words":
            packed[name], packed["words_scale"] = _eight(array, axis=1)
            packed["words_scale"] = packed["words_scale"][:, 0]
        elif name.rpartition("/")[2] in MATRICES:
            packed[name], packed[f"{name}_scale"] = _eight(array, axis=0)
        elif array.dtype.kind == "f":
            packed[name] = array.astype(np.float16)
        else:
            packed[name] = array
    with path.open("wb") as file:
        np.savez_compressed(file, **packed)  # type: ignore[arg-type]


def _eight(array: npt.NDArray[Any], *, axis: int) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    scale = np.abs(array).max(axis=axis, keepdims=True) / 127
    scale = np.where(scale > 0, scale, 1).astype(np.float16)
    return np.round(array / scale.astype(np.float32)).clip(-127, 127).astype(np.int8), scale
