"""Compares two writings of a person's name, as Indonesian papers write them.

A person appears with honorifics and degrees, by one word of the name, by initials, with a
nickname that begins the name, or in another spelling (Syaifuddin, Saifudin).
"""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher
from enum import IntEnum
from functools import cache

from alerts.data import load
from alerts.offices import office_words
from pantau.records import NO_NAME

_DATA = load("names.toml")
_HONORIFICS = frozenset(_DATA["honorifics"])
_NOT_NAMES = frozenset(
    [*_DATA["not_names"], *(word for title in office_words() for word in title.split())]
)
_DEGREES = frozenset(_DATA["degrees"])
_SHORT: dict[str, str] = _DATA["short"]

# Spellings that sound alike; applied in this order.
_SOUNDS = (
    ("oe", "u"),
    ("dj", "j"),
    ("tj", "c"),
    ("sy", "s"),
    ("sj", "s"),
    ("kh", "k"),
    ("dz", "z"),
    ("dh", "d"),
    ("th", "t"),
    ("ph", "f"),
    ("v", "f"),
    ("q", "k"),
    ("x", "ks"),
    ("y", "i"),
)
_ALIKE = 0.86
"""Similarity from which two long words are one word with a slip of the pen."""


class Likeness(IntEnum):
    """How far two names can be one person's."""

    DIFFERENT = -1
    UNKNOWN = 0  # one of them is not told
    INITIALS = 1  # the letters fit
    PART = 2  # one word, which the other name has too
    SAME = 3


def likeness(one: str, other: str) -> Likeness:
    """Compare two names; symmetric."""
    a, b = name_words(one), name_words(other)
    if not a or not b:
        return Likeness.UNKNOWN
    if is_initials(one) or is_initials(other):
        return _by_initials(one, other, a, b)
    short, long = sorted((a, b), key=len)
    rest = list(long)
    for word in short:
        found = next((other_word for other_word in rest if _one_word(word, other_word)), None)
        if found is None:
            return Likeness.DIFFERENT
        rest.remove(found)
    return Likeness.SAME if len(short) > 1 else Likeness.PART


@cache
def name_words(name: str) -> tuple[str, ...]:
    """The words of a name in lower case, without honorifics and degrees."""
    if not name or name == NO_NAME:
        return ()
    plain = unicodedata.normalize("NFKD", name.partition(",")[0])
    plain = re.sub(r"['’‘`´\u0300-\u036f]", "", plain).lower()
    words = re.findall(r"[^\W\d_]+", plain)
    while words and (words[0] in _NOT_NAMES or (words[0] in _HONORIFICS and len(words) > 1)):
        words = words[1:]
    while len(words) > 2 and words[-1] in _DEGREES:
        words = words[:-1]
    return tuple(words)


def is_initials(name: str) -> bool:
    """``EP``, ``M.A.A``: letters that stand for a name instead of it."""
    letters = re.sub(r"[.\s]", "", name)
    return 1 <= len(letters) <= 4 and letters.isalpha() and letters.isupper()


def _by_initials(one: str, other: str, a: tuple[str, ...], b: tuple[str, ...]) -> Likeness:
    first, second = "".join(a), "".join(b)
    if is_initials(one) and is_initials(other):
        return Likeness.INITIALS if first == second else Likeness.DIFFERENT
    letters, words = (first, b) if is_initials(one) else (second, a)
    heads = "".join(word[0] for word in words)
    if len(words) == 1:  # one name of several, or "NJ" for Nurjanah
        fits = heads in letters
    else:
        fits = letters[0] == heads[0] and _in_order(letters, heads)
    return Likeness.INITIALS if fits else Likeness.DIFFERENT


def _in_order(letters: str, text: str) -> bool:
    rest = iter(text)
    return all(letter in rest for letter in letters)


@cache
def _one_word(a: str, b: str) -> bool:
    if len(a) == 1 or len(b) == 1:  # "Yunita D."
        return a[0] == b[0]
    a, b = _sound(a), _sound(b)
    if a == b or (min(len(a), len(b)) >= 4 and (a.startswith(b) or b.startswith(a))):
        return True
    return min(len(a), len(b)) >= 5 and SequenceMatcher(None, a, b).ratio() >= _ALIKE


def _sound(word: str) -> str:
    word = _SHORT.get(word, word)
    for written, sound in _SOUNDS:
        word = word.replace(written, sound)
    word = re.sub(r"(.)\1+", r"\1", word)
    return word[:-1] if len(word) > 4 and word.endswith("h") else word
