"""Where a place ends and a person's name begins: "Camat Tambangsari | Abukari", "Lurah Gerem Asri".

Headlines and short texts put no comma between an office's place and its holder. Each word speaks
for one side or the other by what the lexicons and the text itself know of it.
"""

from __future__ import annotations

import re
from functools import cache

from .regions import table
from .tokens import Words, is_common, lexicon, lines

_TOLD = 3.0
"""The text itself uses the word as a name, or as a place, elsewhere."""
_TAGGED, _LISTED, _FURTHER, _DISTRICT = 1.0, 1.0, 1.5, 0.6
_GUESSED = 0.4
"""The tagger's opinion of an unknown word right behind the office, where a place may stand."""
_FIRST = 0.8
"""Persons are called by the first of their names."""
_CLOSES = 0.5
"""A word such as "Utara" or "Asri" closes a place's name."""
_SHAPE = 0.75
"""For the part before the last two of three or more words where nothing else is known: a place of
one or two words before a name of two is what such a run most often is."""


def place_end(words: Words, start: int, end: int, places: frozenset[str]) -> int:
    """End (exclusive) of the place in the capitalised words ``start`` to ``end``.

    The rest is a person's name; ``start`` itself where no word is a place's. ``places`` are the
    names that the text itself gives to places.
    """
    best, highest = end, _place(words, start, end, places)
    for split in range(end - 1, start - 1, -1):
        score = _place(words, start, split, places) + _name(words, split, end)
        if end - split == 2 and split > start:
            score += _SHAPE
        if split < end and words.text[split] in words.names_told:
            score += _FIRST
        if split > start + 1 and words.fold[split - 1] in _further():
            score += _CLOSES
        if score > highest:
            best, highest = split, score
    return best


def _place(words: Words, start: int, end: int, places: frozenset[str]) -> float:
    if end > start and words.slice(start, end) in places:
        return _TOLD * (end - start)
    score = 0.0
    for i in range(start, end):
        if i > start and words.fold[i] in _further():
            score += _FURTHER
        elif words.fold[i] in _district_words() or (i == start and words.tag[i] == "LOC"):
            score += _DISTRICT
        if words.text[i] in words.names_told:
            score -= _TOLD
    return score


def _name(words: Words, start: int, end: int) -> float:
    score = 0.0
    for i in range(start, end):
        if words.text[i] in words.names_told:
            score += _TOLD
        elif _is_names(words.fold[i]):
            score += _LISTED
        elif words.tag[i] == "PER":
            score += _TAGGED if i > start else _GUESSED
        elif words.fold[i] in _further() or is_common(words.fold[i]):
            score -= _FURTHER
    return score


def _is_names(fold: str) -> bool:
    listed = fold in lines("name_words") and not is_common(fold)
    return listed or _shape().match(fold) is not None


@cache
def _shape() -> re.Pattern[str]:
    """What only names of persons look like: "Sutrisman", "Ridwanullah", "Erlinawati"."""
    return re.compile(lexicon("names")["shape"]["pattern"])


@cache
def _further() -> frozenset[str]:
    return frozenset(lexicon("places")["further"]["words"])


@cache
def _district_words() -> frozenset[str]:
    """Words of the names of kecamatan that are in no list of personal names."""
    words = {
        w.casefold() for r in table().values() if r.level == "district" for w in r.name.split()
    }
    return frozenset(words - lines("name_words"))
