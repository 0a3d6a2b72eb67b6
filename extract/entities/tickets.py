"""Pairs of candidates meant without their names: "Dedi-Erwan", "relawan RIDO", "paslon 02".

A number or a fused name says little by itself; the region of the text and the kind of election
("calon gubernur") tell which pair it is. Without a file of candidates only the number is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .candidates import Candidates, Pair
from .tokens import Words, is_common, lexicon

_FIGURE = re.compile(r"^0?[1-9]$")
_WORD = re.compile(r"^[A-Za-z]{3,10}$")
_REACH = 4
"""Words between "calon gubernur" and the number, at most."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """Words that mean a pair; ``start`` and ``end`` count code points."""

    start: int
    end: int
    text: str
    number: int
    """The pair's number on the ballot, 0 where a name without a file tells none."""
    region: str
    """Code of the region that votes, "" where the text tells none."""
    pair: str
    """``<election>/<region>/<number>``, "" where no file knows the pair."""

    def halves(self) -> Iterator[tuple[tuple[int, int], str]]:
        """The spans of the names a fused name is made of, each with the candidate's id."""
        if not self.pair:
            return
        one, joint, two = self.text.partition("-")
        if not joint:
            yield (self.start, self.end), self.pair
            return
        yield (self.start, self.start + len(one)), f"{self.pair}/head"
        yield (self.end - len(two), self.end), f"{self.pair}/deputy"


class Tickets:
    """Finds what means a pair in one text."""

    def __init__(self, words: Words, candidates: Candidates, regions: Sequence[str]) -> None:
        data = lexicon("tickets")
        self._words = words
        self._candidates = candidates
        self._regions = regions
        self._number = data["number"]
        self._pair_words = frozenset(data["number"]["pair"])
        self._openings = [tuple(opening.split()) for opening in data["number"]["words"]]
        self._support = frozenset(data["support"]["words"])
        self._levels = {w: level for level, words_ in data["level"].items() for w in words_}

    def find(self) -> list[Ticket]:
        """All of them, in order."""
        found: list[Ticket] = []
        end = 0
        for i in range(len(self._words)):
            if i >= end:
                ticket = self._numbered(i) or self._fused(i)
                if ticket is not None:
                    found.append(ticket[1])
                    end = ticket[0]
        return found

    def _numbered(self, i: int) -> tuple[int, Ticket] | None:
        """ "nomor urut 2", "paslon 02"."""
        words = self._words
        for opening in sorted(self._openings, key=len, reverse=True):
            k = i + len(opening)
            if tuple(words.fold[i:k]) == tuple(w.rstrip(".") for w in opening):
                number = self._figure(k)
                if number and words.joined(i, k):
                    return self._ticket(i, k + 1, number)
        if words.fold[i] in self._pair_words and words.fold[i] not in self._levels:
            number = self._figure(i + 1)
            if number and words.joined(i, i + 1):
                return self._ticket(i, i + 2, number)
        return None

    def _figure(self, i: int) -> int:
        if i >= len(self._words):
            return 0
        text, fold = self._words.text[i], self._words.fold[i]
        follows = self._words.text[i + 1] if i + 1 < len(self._words) else ""
        if _FIGURE.match(text) and not follows[:1].isdigit():
            return int(text)
        return int(self._number["spoken"].get(fold, 0))

    def _ticket(self, start: int, end: int, number: int) -> tuple[int, Ticket]:
        region = self._electing(start)
        pair = self._candidates.numbered(region, number) if region else None
        return end, self._told(start, end, number, region, pair)

    def _electing(self, i: int) -> str:
        """Code of the region whose election is meant at word ``i``."""
        words = self._words
        level = ""
        for k in range(i - 1, max(-1, i - 1 - _REACH), -1):
            if not words.joined(k, i):
                break
            level = level or self._levels.get(words.fold[k], "")
        if not level:
            told = [self._levels[fold] for fold in words.fold if fold in self._levels]
            level = max(set(told), key=told.count) if told else ""
        local = next((code for code in self._regions if len(code) > 2), "")
        if level == "province":
            return next((code[:2] for code in self._regions), "")
        return local or ("" if level == "local" else next(iter(self._regions), ""))

    def _fused(self, i: int) -> tuple[int, Ticket] | None:
        """ "Dedi-Erwan" and "RIDO" behind a word of support, or an alias of the file anywhere."""
        words = self._words
        for end, name in self._shapes(i):
            pair = self._candidates.nicknamed(name, self._regions)
            if pair is None and i and words.fold[i - 1] in self._support:
                if not is_common(words.fold[i]):
                    pair = self._candidates.fused(name, self._regions)
            if pair is not None:
                return end, self._told(i, end, pair.number, pair.region, pair)
        return None

    def _shapes(self, i: int) -> Iterator[tuple[int, str]]:
        """End and form of what may be a pair's name at word ``i``, the longest first."""
        words = self._words
        for size in (3, 2):
            span = range(i, min(i + size, len(words)))
            if len(span) == size and all(words.cap[k] for k in span) and words.joined(i, i + 1):
                yield i + size, words.slice(i, i + size)
        if not words.cap[i] or not _WORD.match(words.text[i]):
            return
        if i + 2 < len(words) and words.text[i + 1] in ("-", "–") and words.cap[i + 2]:
            yield i + 3, f"{words.text[i]}-{words.text[i + 2]}"
        yield i + 1, words.text[i]

    def _told(self, start: int, end: int, number: int, region: str, pair: Pair | None) -> Ticket:
        words = self._words
        return Ticket(
            words.start[start],
            words.end[end - 1],
            words.slice(start, end),
            number,
            region,
            pair.id if pair else "",
        )
