"""Why: the cues that counted for a mention and against it, in words a watcher reads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from extract.mentions.frames import ACTING, Frame
from extract.mentions.lexicon import groups
from extract.mentions.model import Linear
from extract.mentions.sentences import Cue
from pantau.records import Reason

MOST = 8
TEXT_MOST = 6


def mention_reasons(frames: Sequence[Frame], index: int, model: Linear) -> tuple[Reason, ...]:
    """The acting party first, then the cues of the sentence and its neighbours by weight."""
    frame = frames[index]
    reasons: list[Reason] = []
    if frame.actor is not None:
        label = groups()[frame.actor.group].label
        effect: Literal["for", "against"] = (
            "for" if frame.actor.group in ACTING and not frame.actor.former else "against"
        )
        reasons.append(
            Reason(cue=f"pelaku: {label}", effect=effect, span=(frame.actor.start, frame.actor.end))
        )
    near = [(cue, "c") for cue in frame.sentence.cues] + [
        (cue, "after" if step > 0 else "before")
        for step in (-1, 1)
        if 0 <= index + step < len(frames)
        for cue in frames[index + step].sentence.cues
    ]
    reasons += _weighed(near, model, MOST - len(reasons), class_="1")
    return tuple(reasons)


def text_reasons(frames: Sequence[Frame], model: Linear) -> tuple[Reason, ...]:
    """The cues that weighed most on the decision about the whole text."""
    cues = [(cue, "t") for frame in frames for cue in frame.sentence.cues]
    return tuple(_weighed(cues, model, TEXT_MOST, class_="asn"))


def _weighed(
    cues: Iterable[tuple[Cue, str]], model: Linear, most: int, *, class_: str
) -> list[Reason]:
    """One reason for each group, strongest first; cues that say nothing are left out."""
    table = groups()
    best: dict[str, tuple[float, Cue]] = {}
    for cue, where in cues:
        group = table[cue.group]
        if group.kind == "actors":
            continue
        weight = model.weight(class_, f"{where}:{cue.group}")
        if cue.group not in best or abs(weight) > abs(best[cue.group][0]):
            best[cue.group] = (weight, cue)
    order = sorted(best.items(), key=lambda item: (-abs(item[1][0]), item[1][1].start))
    return [
        Reason(
            cue=table[name].label,
            effect=_effect(table[name].kind, table[name].stage, weight),
            span=(cue.start, cue.end),
        )
        for name, (weight, cue) in order[:most]
        if weight
    ]


def _effect(kind: str, stage: str, weight: float) -> Literal["for", "against"]:
    """What a cue means decides; the learned sign only where it may mean either."""
    if kind in {"acts", "partisan"}:
        return "for"
    if kind == "factuality" or stage == "dismissed":
        return "against"
    return "for" if weight >= 0 else "against"
