"""How far a case has come: learned from the words, corrected by the steps offices have taken.

Headlines say their stage in one word, and the learned model reads it. Long articles often tell an
act at length and the office's step in a late half-sentence; there a step that is told as taken
(not demanded, foreseen or explained) raises what would else pass for a mere allegation.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from extract.mentions.features import TURNING, stage_features
from extract.mentions.frames import ACTING, Frame
from extract.mentions.lexicon import DATA
from extract.mentions.model import Linear, scaled
from extract.mentions.patterns import Lexicon
from pantau.records import STAGES, Stage

LONG = 4
"""Texts of more sentences than this have their steps counted."""
HEAD = 4
"""Sentences at a text's head, of which one tells what it is about."""
STEPS: tuple[Stage, ...] = ("under_examination", "reported")
HEADLINE_STEPS: tuple[Stage, ...] = ("proven", "under_examination", "reported")
"""Stages with steps, in articles and in headlines, the farther first."""


def stage_of(frames: Sequence[Frame], model: Linear, *, stands: bool) -> Stage:
    """The stage of the case the text reports; one that ``stands`` is not dismissed.

    Otherwise one text could at once be a likely violation and never be mailed.
    """
    shares = model.probabilities(scaled(stage_features(frames)))
    open_stages = [stage for stage in STAGES if not (stands and stage == "dismissed")]
    learned = max(open_stages, key=lambda stage: shares.get(stage, 0.0))
    if learned == "alleged":
        told = STEPS if len(frames) > LONG else HEADLINE_STEPS
        taken = _taken(frames, _steps() if len(frames) > LONG else _headline_steps())
        return next((stage for stage in told if stage in taken), learned)
    return learned


def dismissal(frames: Sequence[Frame]) -> int | None:
    """The sentence at the text's head in which the case of a certain civil servant is said to be
    dismissed; None where none is. The title gives way to the body."""
    body = [i for i, f in enumerate(frames) if not f.sentence.noise][:HEAD]
    told = [
        i
        for i in body
        if "dismissed" in frames[i].sentence.groups
        and not frames[i].sentence.groups & TURNING
        and (who := frames[i].actor) is not None
        and who.group in ACTING
        and (who.group != "asn_status" or who.how in {"pointed", "named"})
        and not who.former
    ]
    return max(told, key=lambda i: (not frames[i].sentence.is_title, -i), default=None)


def _taken(frames: Sequence[Frame], steps: Lexicon) -> set[str]:
    """The stages whose steps are told as taken."""
    return {
        match.group
        for frame in frames
        if not frame.sentence.noise and not frame.sentence.groups & TURNING
        for match in steps.find(frame.sentence.tokens)
    }


@lru_cache(maxsize=1)
def _steps() -> Lexicon:
    table = _table()
    return Lexicon((stage, table[stage].strip().splitlines()) for stage in STEPS)


@lru_cache(maxsize=1)
def _headline_steps() -> Lexicon:
    table = _table()["headline"]
    return Lexicon((stage, table[stage].strip().splitlines()) for stage in HEADLINE_STEPS)


def _table() -> dict[str, Any]:
    with (DATA / "steps.toml").open("rb") as file:
        return tomllib.load(file)
