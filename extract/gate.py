"""The topical gate: decides cheaply whether a page is worth the costly steps.

It reads words only, no sentences, and passes whatever speaks of an election, or names somebody
who might be a civil servant near the top, beside any of the words in which acts are told.
Data: ``gate.toml`` beside this file.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from pantau.records import Article

DATA = Path(__file__).with_name("gate.toml")
WORDS = re.compile(r"[^\W_]+(?:-[^\W_]+)*")


LEAD = 500
"""How many characters from the top the weaker words must stand in: later in a long article some
office and some such word nearly always do."""


class _Words:
    """A set of words and word beginnings."""

    def __init__(self, listed: str) -> None:
        entries = listed.split()
        self._whole = frozenset(e for e in entries if not e.endswith("*"))
        self._heads = tuple(e[:-1] for e in entries if e.endswith("*"))

    def meets(self, words: set[str]) -> bool:
        return not self._whole.isdisjoint(words) or any(
            word.startswith(self._heads) for word in words
        )


class Gate:
    """``passes`` for each page; stateless once loaded."""

    def __init__(
        self, contest: _Words, actors: _Words, hints: _Words, phrases: re.Pattern[str]
    ) -> None:
        self._contest = contest
        self._actors = actors
        self._hints = hints
        self._phrases = phrases

    @classmethod
    def load(cls) -> Gate:
        with DATA.open("rb") as file:
            table = tomllib.load(file)
        phrases = "|".join(r"\s+".join(line.split()) for line in table["phrases"])
        contest, actors, hints = (_Words(table[name]) for name in ("contest", "actors", "hints"))
        return cls(contest, actors, hints, re.compile(rf"\b(?:{phrases})\b"))

    def of_election(self, text: str) -> bool:
        """Whether a text names an election, a side in it or those who watch it at all."""
        lower = text.lower()
        return (
            self._contest.meets(set(WORDS.findall(lower)))
            or self._phrases.search(lower) is not None
        )

    def passes(self, title: str, text: str) -> bool:
        """Whether a page with this title and text may report an act of partisanship."""
        if self.of_election(f"{title}\n{text}"):
            return True
        lead = set(WORDS.findall(f"{title}\n{text}".lower()[:LEAD]))
        return self._actors.meets(lead) and self._hints.meets(lead)

    def admits(self, article: Article) -> bool:
        """Whether an article passes. A post has no page around it: what it says counts together
        with who says it and what it answers."""
        around = (article.author, article.context) if article.kind == "post" else ()
        return self.passes(article.title, "\n".join((article.text, *around)))
