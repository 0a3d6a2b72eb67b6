"""Which forms of SKB 2022 an act is: learned from the words, helped by those that name one.

What was learned falls back on the broadest form, of activities that lean to a side, where a text
tells an act in words it has not met. There a word that names a narrower form decides ("ikut
konvoi", "bendahara posko", "menahan insentif"); such words stand in ``data/forms.toml``.
"""

from __future__ import annotations

import math
import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache

from extract.mentions.features import form_features
from extract.mentions.frames import Frame
from extract.mentions.lexicon import DATA
from extract.mentions.model import Linear, scaled
from extract.mentions.patterns import Lexicon

SECOND = 0.5
"""From this probability on another form is told besides the likeliest."""
MOST = 3
NEXT = 0.5
"""What another sentence that tells the act counts beside the act's own, both told as surely."""
BESIDE = 3
LEAST = 1e-6
HERE, TITLE = 2.0, 1.0
"""What a form's own word in the act's sentence and in the title adds to its log odds."""


def forms_of(
    frames: Sequence[Frame], index: int, model: Linear, *, beside: Mapping[int, float]
) -> tuple[int, ...]:
    """The likeliest form of the act in the frame at ``index`` first, then others that are likely
    too.

    ``beside`` are other sentences that tell it, and how surely compared to that one: often one
    says that something was decided, and the next for which act.
    """
    parts = {index: 1.0, **{place: share * NEXT for place, share in beside.items()}}
    logits = {place: model.logits(scaled(form_features(frames, place))) for place in parts}
    named = {place: _named(frames, place) for place in parts}
    whole = sum(parts.values())
    likely = {
        form: sum(
            share * (float(logits[place][i]) + named[place][form]) for place, share in parts.items()
        )
        / whole
        for i, form in enumerate(map(int, model.classes))
    }
    order = sorted(likely, key=lambda form: (-likely[form], form))
    enough = math.log(SECOND / (1 - SECOND))
    return (order[0], *(form for form in order[1:MOST] if likely[form] > enough))


def telling(frames: Sequence[Frame], index: int, scores: Sequence[float]) -> dict[int, float]:
    """The sentences that tell an act most surely besides the one at ``index``, each with its share
    of that one's score."""
    others = [i for i, f in enumerate(frames) if i != index and not f.sentence.noise]
    best = sorted(others, key=lambda i: (-scores[i], i))[:BESIDE]
    return {i: min(1.0, scores[i] / max(scores[index], LEAST)) for i in best}


def _named(frames: Sequence[Frame], index: int) -> defaultdict[int, float]:
    """What the words that name a form by themselves add to it."""
    found: defaultdict[int, float] = defaultdict(float)
    for place, frame in enumerate(frames):
        if place == index or frame.sentence.is_title:
            added = HERE if place == index else TITLE
            for match in _lexicon().find(frame.sentence.tokens):
                form = int(match.group)
                found[form] = max(found[form], added)
    return found


@lru_cache(maxsize=1)
def _lexicon() -> Lexicon:
    with (DATA / "forms.toml").open("rb") as file:
        table = tomllib.load(file)
    return Lexicon((form, patterns.strip().splitlines()) for form, patterns in table.items())
