"""How far a case has come: learned from the words, corrected by the steps offices have taken.

Headlines say their stage in one word, and the learned model reads it. Long articles often tell an
act at length and the office's step in a late half-sentence; there a step that is told as taken
(not demanded, foreseen or explained) raises what would else pass for a mere allegation, and where
none is told, what is only spoken of is no examination.
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
from extract.mentions.patterns import Lexicon, Match
from pantau.records import STAGES, Stage

LONG = 4
"""Texts of more sentences than this have their steps counted."""
HEAD = 4
"""Sentences at a text's head, of which one tells what it is about."""
NEAR = 3
"""Words beside a step that tell whether it was taken."""
SHORT_TURNING = TURNING - {"rule", "future"}
"""A headline names the law that was broken, and the candidate who is to be."""
STEPS: tuple[Stage, ...] = ("under_examination", "reported")
HEADLINE_STEPS: tuple[Stage, ...] = ("proven", "under_examination", "reported")
"""Stages with steps, in articles and in headlines, the farther first."""
EARLY: tuple[Stage, ...] = ("alleged", "reported", "under_examination")
"""Stages that the words alone often take for each other."""
SURE = 0.9
"""From this share on an examination is believed without a step that is told as taken."""


def stage_of(frames: Sequence[Frame], model: Linear, *, stands: bool) -> Stage:
    """The stage of the case the text reports; one that ``stands`` is not dismissed.

    Otherwise one text could at once be a likely violation and never be mailed.
    """
    shares = model.probabilities(scaled(stage_features(frames)))
    open_stages = [stage for stage in STAGES if not (stands and stage == "dismissed")]
    learned = max(open_stages, key=lambda stage: shares.get(stage, 0.0))
    long = len(frames) > LONG
    if learned == "proven" and long and not _is_found(frames):
        learned = max(EARLY, key=lambda stage: shares.get(stage, 0.0))
    if learned not in EARLY:
        return learned
    taken = _taken(frames, _steps() if long else _headline_steps())
    told = [stage for stage in (STEPS if long else HEADLINE_STEPS) if stage in taken]
    if learned != "under_examination":
        return told[0] if told else learned
    if told and told[0] == "proven":
        return told[0]
    if long and learned not in told and shares[learned] < SURE:
        return told[0] if told else max(EARLY[:2], key=lambda stage: shares.get(stage, 0.0))
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


def _is_found(frames: Sequence[Frame]) -> bool:
    """Whether a sentence tells, outside a quotation, any ban or threat, that something was proven
    or punished."""
    return any(
        "proven" in f.sentence.groups
        and not f.sentence.groups & TURNING
        and not f.sentence.quoted
        and not f.sentence.noise
        for f in frames
    )


def _taken(frames: Sequence[Frame], steps: Lexicon) -> set[str]:
    """The stages whose steps are told as taken."""
    turning = TURNING if len(frames) > LONG else SHORT_TURNING
    return {
        match.group
        for frame in frames
        if not frame.sentence.noise and not frame.sentence.groups & turning
        for match in steps.find(frame.sentence.tokens)
        if _is_taken(frame.sentence.lower, match)
    }


def _is_taken(lower: Sequence[str], match: Match) -> bool:
    """Whether a step is neither still to come ("akan memeriksa") nor a look at a report's form
    ("memeriksa kelengkapan"), and what is proven no mere suspicion."""
    told = _told()
    begun = match.first
    while begun > max(0, match.first - NEAR) and lower[begun - 1].isalnum():
        begun -= 1
    before = lower[begun : match.last]
    after = lower[match.last + 1 : match.last + 1 + NEAR]
    opens = told["open"] | told["unproven"] if match.group == "proven" else told["open"]
    return opens.isdisjoint(before) and told["formal"].isdisjoint(after)


@lru_cache(maxsize=1)
def _steps() -> Lexicon:
    table = _table()["article"]
    return Lexicon((stage, table[stage].strip().splitlines()) for stage in STEPS)


@lru_cache(maxsize=1)
def _headline_steps() -> Lexicon:
    table = _table()["headline"]
    return Lexicon((stage, table[stage].strip().splitlines()) for stage in HEADLINE_STEPS)


@lru_cache(maxsize=1)
def _told() -> dict[str, frozenset[str]]:
    """What beside a step tells that it was not taken: ``open, unproven, formal``."""
    return {name: frozenset(words.split()) for name, words in _table()["told"].items()}


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    with (DATA / "steps.toml").open("rb") as file:
        return tomllib.load(file)
