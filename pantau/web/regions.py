"""Counts by region as a tree: provinces, and in them their kabupaten and kota. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Branch:
    code: str
    count: int
    branches: tuple[Branch, ...] = ()


def tree(counts: Mapping[str, int]) -> list[Branch]:
    """Branches by count, most first. A region's count holds those of all that lie in it."""
    below: dict[str, list[str]] = {}
    for code in counts:
        upper, _, _ = code.rpartition(".")
        below.setdefault(upper if upper in counts else "", []).append(code)

    def grown(upper: str) -> tuple[Branch, ...]:
        made = [Branch(code, counts[code], grown(code)) for code in below.get(upper, ())]
        return tuple(sorted(made, key=lambda branch: (-branch.count, branch.code)))

    return list(grown(""))
