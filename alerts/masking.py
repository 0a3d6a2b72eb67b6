"""Takes out of quoted words what nobody needs for supervision: numbers of persons, addresses.

The patterns stand in ``data/masks.toml``.
"""

from __future__ import annotations

import re

from alerts.data import load

_MASKS = [(re.compile(mask["pattern"]), mask["shown"]) for mask in load("masks.toml")["mask"]]


def mask(text: str) -> str:
    """The text with identity numbers, telephone numbers, home addresses and handles masked."""
    for pattern, shown in _MASKS:
        text = pattern.sub(shown, text)
    return text


def masked(text: str) -> list[tuple[int, int, str]]:
    """Where something is masked, in order: start, end, and what is shown instead.

    For who cuts a text up: the pieces of a number or address would not be known for one.
    """
    found: list[tuple[int, int, str]] = []
    for pattern, shown in _MASKS:
        for match in pattern.finditer(text):
            start, end = match.span()
            if all(end <= other or last <= start for other, last, _ in found):
                found.append((start, end, shown))
    return sorted(found)
