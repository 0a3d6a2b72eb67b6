"""The small language the lexicons are written in, and the matcher that reads it.

A person who knows how papers write, not Python, keeps the lexicons in ``data/*.toml``. One
pattern a line, words parted by spaces:

``camat``        the word, any case, also with -nya, -lah, -kah, -pun
``~bagi``        every affixed form of a root: membagi, dibagikan, bagi-bagi, ngebagiin ...
``^bagi``        only its active forms (membagikan, ngebagiin ...)
``kadis*``       a word that begins so
``kaos|kaus``    one of several
``..`` ``...``   up to three, up to six words between
``#``            a number in figures or words; ``urut``-less tickets such as 02 count too
``(di)``         a word that may be missing

The matcher looks each word up in a dictionary of first words, so a text costs about the same
however long the lexicons grow.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from extract.mentions.words import word_set

WORD = re.compile(r"[^\W_]+(?:[-'’./][^\W_]+)*|[^\w\s]|_")
CLITICS = ("nya", "lah", "kah", "pun")
NUMBERS = word_set("numbers")
GAPS = {"..": 3, "...": 6}
SHORT = 4
"""Words no longer than this keep what looks like a clitic (``lah``, ``guna``)."""


@dataclass(frozen=True, slots=True)
class Word:
    """One token with its place in the text and the forms under which it is looked up."""

    text: str
    start: int
    end: int
    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """Words ``first`` to ``last`` (inclusive) of a sequence fit a pattern of ``group``."""

    group: str
    first: int
    last: int


@lru_cache(maxsize=65536)
def _forms(lower: str) -> tuple[str, ...]:
    forms = [lower]
    for clitic in CLITICS:
        if lower.endswith(clitic) and len(lower) - len(clitic) >= SHORT:
            forms.append(lower[: -len(clitic)])
    half, dash, rest = lower.partition("-")
    if dash and half == rest:
        forms.append(half)
    return tuple(forms)


def words(text: str, start: int = 0, end: int | None = None) -> list[Word]:
    """Tokens of ``text[start:end]``; offsets are those of the whole ``text``."""
    found = WORD.finditer(text, start, len(text) if end is None else end)
    return [Word(m.group(), m.start(), m.end(), _forms(m.group().lower())) for m in found]


def affixed(root: str, *, active: bool = False) -> frozenset[str]:
    """The forms of a root that papers and posts use (KBBI affixes and the colloquial N-)."""
    first, rest = root[0], root[1:]
    nasal, colloquial = {
        "p": (f"mem{rest}", f"m{rest}"),
        "b": (f"mem{root}", f"m{root}"),
        "f": (f"mem{root}", f"m{root}"),
        "t": (f"men{rest}", f"n{rest}"),
        "d": (f"men{root}", f"n{root}"),
        "c": (f"men{root}", f"ny{rest}"),
        "j": (f"men{root}", f"n{root}"),
        "s": (f"meny{rest}", f"ny{rest}"),
        "k": (f"meng{rest}", f"ng{rest}"),
        "g": (f"meng{root}", f"ng{root}"),
        "h": (f"meng{root}", f"nge{root}"),
    }.get(first, (f"me{root}", f"nge{root}"))
    if first in "aiueo":
        nasal, colloquial = f"meng{root}", f"ng{root}"
    stems = [nasal, colloquial, f"nge{root}", f"mem{root}", f"me{root}"]
    if not active:
        stems += [root, f"di{root}", f"ter{root}", f"ber{root}", f"be{root}", f"{root}-{root}"]
    stems += [f"{nasal[: -len(root)]}{root}-{root}"] if nasal.endswith(root) else []
    suffixes = (
        ("", "kan", "i", "in", "an", "ke", "ake", "keun")
        if not active
        else ("", "kan", "i", "in", "ke", "ake", "keun")
    )
    return frozenset(stem + suffix for stem in stems for suffix in suffixes)


@dataclass(frozen=True, slots=True)
class _Item:
    """What one position of a pattern takes."""

    forms: frozenset[str] = frozenset()
    prefixes: tuple[str, ...] = ()
    number: bool = False
    gap: int = 0
    optional: bool = False

    def takes(self, word: Word) -> bool:
        if self.number:
            return word.text.isdecimal() or not NUMBERS.isdisjoint(word.forms)
        if not self.forms.isdisjoint(word.forms):
            return True
        return bool(self.prefixes) and word.forms[0].startswith(self.prefixes)


def _item(source: str) -> _Item:
    if source in GAPS:
        return _Item(gap=GAPS[source])
    if source == "#":
        return _Item(number=True)
    optional = source.startswith("(") and source.endswith(")")
    forms: set[str] = set()
    prefixes: list[str] = []
    for choice in source.strip("()").split("|"):
        if choice.startswith(("~", "^")):
            forms |= affixed(choice[1:], active=choice[0] == "^")
        elif choice.endswith("*"):
            prefixes.append(choice[:-1])
        else:
            forms.add(choice)
    return _Item(forms=frozenset(forms), prefixes=tuple(prefixes), optional=optional)


class Lexicon:
    """All patterns of many groups, matched together."""

    def __init__(self, groups: Iterable[tuple[str, Iterable[str]]]) -> None:
        self._by_form: defaultdict[str, list[tuple[str, tuple[_Item, ...]]]] = defaultdict(list)
        self._by_head: defaultdict[str, list[tuple[str, tuple[_Item, ...]]]] = defaultdict(list)
        self._numbers: list[tuple[str, tuple[_Item, ...]]] = []
        for group, patterns in groups:
            for pattern in patterns:
                self._add(group, tuple(_item(part) for part in pattern.lower().split()))

    def _add(self, group: str, items: tuple[_Item, ...]) -> None:
        if not items or items[0].gap or items[0].optional:
            raise ValueError(f"{group}: a pattern must begin with a word that is not optional")
        entry = (group, items)
        if items[0].number:
            self._numbers.append(entry)
        for form in items[0].forms:
            self._by_form[form].append(entry)
        for prefix in items[0].prefixes:
            self._by_head[prefix[:3]].append(entry)

    def find(self, tokens: list[Word]) -> Iterator[Match]:
        """Every match, in the order of the text; of one pattern at one place the shortest."""
        for place, word in enumerate(tokens):
            for group, items in self._starting(word):
                last = _end(items, 1, tokens, place + 1)
                if last >= 0:
                    yield Match(group, place, last - 1)

    def _starting(self, word: Word) -> Iterator[tuple[str, tuple[_Item, ...]]]:
        for form in word.forms:
            yield from self._by_form.get(form, ())
        for entry in self._by_head.get(word.forms[0][:3], ()):
            if word.forms[0].startswith(entry[1][0].prefixes):
                yield entry
        if self._numbers and (word.text.isdecimal() or not NUMBERS.isdisjoint(word.forms)):
            yield from self._numbers


def _end(items: tuple[_Item, ...], done: int, tokens: list[Word], place: int) -> int:
    """The place after a match of ``items[done:]`` from ``place``, or -1."""
    if done == len(items):
        return place
    item = items[done]
    if item.gap:
        for skip in range(item.gap + 1):
            last = _end(items, done + 1, tokens, place + skip)
            if last >= 0:
                return last
            if place + skip < len(tokens) and tokens[place + skip].text in ".;!?":
                return -1
        return -1
    if place < len(tokens) and item.takes(tokens[place]):
        last = _end(items, done + 1, tokens, place + 1)
        if last >= 0:
            return last
    return _end(items, done + 1, tokens, place) if item.optional else -1
