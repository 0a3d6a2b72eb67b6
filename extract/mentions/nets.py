"""Small networks that read a whole text as one line of words and cues, and vote.

The linear models see which cues stand in a text, not in which order; these see the order. Each is
spaCy's text classifier (hashed embeddings, a convolution over windows of words, attention, beside
a bag of word pairs), trained from nothing on the project's own texts. What they read is a
rendering in which cues stand as marks before the words that made them, so that a word never seen
still speaks through its group.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import spacy
import srsly  # type: ignore[import-untyped]
from spacy.language import Language
from spacy.tokens import Doc

from extract.mentions.frames import Frame
from extract.mentions.sentences import EMOJI

PIPE = "textcat"
LABELS = ("asn", "none")
LONGEST = 700
"""Words and marks that are read of a text; articles beyond that are lists and features."""
FLOOR = 1e-4
WIDTH = 64
CONFIG: dict[str, Any] = {
    "@architectures": "spacy.TextCatEnsemble.v2",
    "tok2vec": {
        "@architectures": "spacy.Tok2Vec.v2",
        "embed": {
            "@architectures": "spacy.MultiHashEmbed.v2",
            "width": WIDTH,
            "rows": [3000, 1500, 1500],
            "attrs": ["NORM", "PREFIX", "SUFFIX"],
            "include_static_vectors": False,
        },
        "encode": {
            "@architectures": "spacy.MaxoutWindowEncoder.v2",
            "width": WIDTH,
            "window_size": 2,
            "maxout_pieces": 3,
            "depth": 2,
        },
    },
    "linear_model": {
        "@architectures": "spacy.TextCatBOW.v3",
        "exclusive_classes": True,
        "length": 65536,
        "ngram_size": 2,
        "no_output_layer": False,
    },
}


def render(frames: Sequence[Frame]) -> list[str]:
    """Words in small letters, figures as ``0``, with cue groups as ``<marks>``; never empty."""
    line: list[str] = []
    for frame in frames:
        sentence = frame.sentence
        if sentence.noise:
            continue
        marks: dict[int, set[str]] = {}
        for cue in sentence.cues:
            marks.setdefault(cue.first, set()).add(cue.group)
        if sentence.is_title:
            line.append("<title>")
        if frame.actor is not None and frame.carried:
            line.append(f"<{frame.actor.group}~>")
        for place, token in enumerate(sentence.tokens):
            line += [f"<{group}>" for group in sorted(marks.get(place, ()))]
            first = token.text[0]
            if first.isalpha():
                line.append(token.forms[-1])
            elif first.isdecimal():
                line.append("0")
            elif first in '?!":' or ord(first) >= EMOJI:
                line.append(token.text)
        line.append("<s>")
    return line[:LONGEST] or ["<s>"]


def blank() -> Language:
    """An untrained network."""
    nlp = spacy.blank("id")
    pipe = nlp.add_pipe(PIPE, config={"model": CONFIG})
    for label in LABELS:
        pipe.add_label(label)  # type: ignore[attr-defined]
    return nlp


def save(path: Path, networks: Sequence[Language]) -> None:
    """The networks' weights, compressed; msgpack, so that nothing in the file can run."""
    packed = srsly.msgpack_dumps([n.get_pipe(PIPE).model.to_bytes() for n in networks])  # type: ignore[attr-defined]
    path.write_bytes(zlib.compress(packed, 9))


class Nets:
    """The trained networks; no state between texts."""

    def __init__(self, networks: Sequence[Language]) -> None:
        self._networks = list(networks)

    @classmethod
    def load(cls, path: Path) -> Nets:
        networks = []
        for weights in srsly.msgpack_loads(zlib.decompress(path.read_bytes())):
            nlp = blank()
            nlp.initialize()
            nlp.get_pipe(PIPE).model.from_bytes(weights)  # type: ignore[attr-defined]
            networks.append(nlp)
        return cls(networks)

    def logit(self, frames: Sequence[Frame]) -> float:
        """The mean of the networks' log odds that an ASN's act is reported.

        One text at a time: the result must not depend on what else is in a batch.
        """
        line = render(frames)
        return sum(_odds(nlp, line) for nlp in self._networks) / len(self._networks)

    def vote(self, number: int, frames: Sequence[Frame]) -> float:
        """The log odds of one of the networks."""
        return _odds(self._networks[number], render(frames))


def _odds(nlp: Language, line: list[str]) -> float:
    share = float(nlp.get_pipe(PIPE).predict([Doc(nlp.vocab, words=line)])[0][0])  # type: ignore[attr-defined]
    share = min(max(share, FLOOR), 1 - FLOOR)
    return math.log(share / (1 - share))
