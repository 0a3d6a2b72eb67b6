"""The topical gate: decides cheaply whether a page is worth the costly steps.

It reads words only, no sentences, and passes whatever names somebody who might be a civil
servant together with anything of an election. Data: ``gate.toml`` beside this file.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

DATA = Path(__file__).with_name("gate.toml")
WORDS = re.compile(r"[^\W_]+(?:-[^\W_]+)*")


class _Words:
    """A set of words and word beginnings."""

    def __init__(self, listed: str) -> None:
        entries = listed.split()
        self._whole = frozenset(e for e in entries if not e.endswith("*"))
        heads = sorted(re.escape(e[:-1]) for e in entries if e.endswith("*"))
        self._heads = re.compile(rf"\b(?:{'|'.join(heads)})") if heads else None

    def meets(self, words: set[str], text: str) -> bool:
        if not self._whole.isdisjoint(words):
            return True
        return self._heads is not None and self._heads.search(text) is not None


class Gate:
    """``passes`` for each page; stateless once loaded."""

    def __init__(self, actors: _Words, contest: _Words) -> None:
        self._actors = actors
        self._contest = contest

    @classmethod
    def load(cls) -> Gate:
        with DATA.open("rb") as file:
            table = tomllib.load(file)
        return cls(_Words(table["actors"]), _Words(table["contest"]))

    def passes(self, title: str, text: str) -> bool:
        """Whether a page with this title and text may report an act of partisanship."""
        lower = f"{title}\n{text}".lower()
        words = set(WORDS.findall(lower))
        return self._actors.meets(words, lower) and self._contest.meets(words, lower)
