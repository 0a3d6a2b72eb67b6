"""Folds hits that carry one text under the first of them: one press release, forty papers. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from search import Hit


@dataclass(slots=True)
class Fold:
    """A hit, and those after it that carry the same text."""

    hit: Hit
    others: list[Hit] = field(default_factory=list)


def fold(hits: Iterable[Hit], copy_of: Mapping[str, str], most: int) -> tuple[list[Fold], int]:
    """At most so many folds in the order of the hits, and how many hits they took up.

    ``copy_of`` names the article whose text another repeats, by id.
    """
    folds: dict[str, Fold] = {}
    taken = 0
    for hit in hits:
        text = copy_of.get(hit.document.id, hit.document.id)
        if text in folds:
            folds[text].others.append(hit)
        elif len(folds) < most:
            folds[text] = Fold(hit)
        else:
            break
        taken += 1
    return list(folds.values()), taken
