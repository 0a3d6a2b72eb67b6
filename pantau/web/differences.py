"""What two revisions of a text say differently, word by word. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

MOST_WORDS = 6000
"""Of longer paragraphs (never seen in a paper) the whole paragraph is told as changed."""


@dataclass(frozen=True, slots=True)
class Change:
    kind: Literal["same", "gone", "new"]
    text: str


def differences(before: str, after: str) -> list[list[Change]]:
    """Paragraphs in order, each as what stayed, what went and what came."""
    old, new = _paragraphs(before), _paragraphs(after)
    told: list[list[Change]] = []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for operation, i, j, k, m in matcher.get_opcodes():
        if operation == "equal":
            told += [[Change("same", text)] for text in old[i:j]]
        else:
            told += _changed(old[i:j], new[k:m])
    return told


def _changed(old: list[str], new: list[str]) -> Iterator[list[Change]]:
    both = min(len(old), len(new))
    for one, other in zip(old[:both], new[:both], strict=True):
        yield _words(one, other)
    for text in old[both:]:
        yield [Change("gone", text)]
    for text in new[both:]:
        yield [Change("new", text)]


def _words(one: str, other: str) -> list[Change]:
    a, b = one.split(), other.split()
    if len(a) + len(b) > MOST_WORDS:
        return [Change("gone", one), Change("new", other)]
    told: list[Change] = []
    for operation, i, j, k, m in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if operation == "equal":
            told.append(Change("same", " ".join(a[i:j])))
            continue
        if i < j:
            told.append(Change("gone", " ".join(a[i:j])))
        if k < m:
            told.append(Change("new", " ".join(b[k:m])))
    return told


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
