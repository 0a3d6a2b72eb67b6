"""Laws and events: names that stand by their form, read off ``data/laws.toml`` and ``events.toml``.

Both are closed kinds of names with a grammar (an opening, a number, a region, a year), so that no
training is needed to find them.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from .agencies import Organisation
from .regions import Gazetteer
from .tokens import Words, lexicon

_GAP = r"[ \t\u00a0]+"
_MAYBE = r"[ \t\u00a0]*"
_OF_YEAR = rf"{_GAP}(?:[Tt]ahun|TAHUN|[Tt]h\.?){_GAP}\d{{4}}"
_NUMBER = (
    rf"(?:[Nn]omor|NOMOR|[Nn]o\.?){_MAYBE}:?{_MAYBE}\d(?:[\w./-]*\w)?(?:{_OF_YEAR})?"
    rf"|\d+{_OF_YEAR}|\d+/[\w./-]*\w"
)
_EDITION = rf"(?:{_GAP}[Kk]e-?{_MAYBE}\d+)"
_PARAGRAPH = r"\(?\d+\)?"
_ARTICLE = (
    rf"[Pp]asal{_GAP}\d+[A-Z]?(?:,{_GAP}\d+)*(?:,?{_GAP}(?:dan|atau){_GAP}\d+(?![\d.]))?"
    rf"(?:{_GAP}\(\d+\))?"
    rf"(?:{_GAP}[Aa]yat{_MAYBE}{_PARAGRAPH}(?:,{_GAP}\(\d+\))*(?:,?{_GAP}(?:dan|atau){_GAP}\(\d+\))?)?"
    rf"(?:{_GAP}[Hh]uruf{_GAP}[a-z]\b)?(?:{_GAP}[Aa]ngka{_GAP}\d+)?"
)
_SHORT = r"\([A-Z][A-Za-z]{1,12}\)"
_ISSUER = r"[A-Z][\w-]*"


@dataclass(frozen=True, slots=True)
class Title:
    """A law or an event; ``start`` and ``end`` count words."""

    start: int
    end: int
    label: Literal["LAW", "EVENT"]
    place: tuple[int, int] | None = None
    """Words of the region an event is held in."""
    codes: tuple[str, ...] = ()


def laws(words: Words) -> list[Title]:
    """The laws and rules a text names, in order."""
    found: list[Title] = []
    for match in _law().finditer(words.whole, *_range(words)):
        start, end = _inside(words, match.start(), match.end())
        if end > start:
            found.append(Title(start, end, "LAW"))
    return found


def events(words: Words, gazetteer: Gazetteer) -> list[Title]:
    """The elections, national days and contests a text names, in order."""
    never = frozenset(lexicon("events")["election"]["never_after"])
    found: list[Title] = []
    for match in _event().finditer(words.whole, *_range(words)):
        start, end = _inside(words, match.start(), match.end())
        if end <= start or (
            start and words.fold[start - 1] in never and words.joined(start - 1, start)
        ):
            continue
        place: tuple[int, int] | None = None
        codes: tuple[str, ...] = ()
        if match.lastgroup == "election":
            named = gazetteer.named(words, end) if end < len(words) and words.cap[end] else None
            if named is not None and words.joined(start, named[0] - 1):
                place, codes, end = (end, named[0]), named[1], named[0]
            end = _year(words, end)
            dated = words.text[end - 1].isdigit()
            if not words.cap[start] and not (dated or place):
                continue
        found.append(Title(start, end, "EVENT", place, codes))
    return found


def outside(titles: Iterable[Title], agencies: Sequence[Organisation]) -> list[Title]:
    """Those that lie neither in a longer one nor in an agency's name ("Komisi Pemilihan Umum")."""
    kept: list[Title] = []
    for title in sorted(titles, key=lambda t: (t.start - t.end, t.start)):
        held = (a for a in agencies if a.start <= title.start and title.end <= a.end)
        if any(a.end - a.start > title.end - title.start for a in held):
            continue
        if not any(k.start < title.end and title.start < k.end for k in kept):
            kept.append(title)
    return sorted(kept, key=lambda t: t.start)


def _range(words: Words) -> tuple[int, int]:
    return (words.start[0], words.end[-1]) if len(words) else (0, 0)


def _inside(words: Words, start: int, end: int) -> tuple[int, int]:
    """The words that lie in a range of code points, () where one only half does."""
    first = bisect_left(words.start, start)
    last = bisect_left(words.start, end)
    if first >= last or words.start[first] != start or words.end[last - 1] > end:
        return 0, 0
    return first, last


def _year(words: Words, end: int) -> int:
    """The end with "2024", "Tahun 2024", "(Pilkada) 2024" behind it."""
    k = end
    if k + 2 < len(words) and words.text[k] == "(" and words.text[k + 2] == ")":
        if words.text[k + 1] not in lexicon("events")["election"]["short"]:
            return end
        k += 3
    if k < len(words) and words.fold[k] in ("serentak", "tahun", "damai"):
        k += 1
    if k < len(words) and words.fold[k] == "tahun":
        k += 1
    if (
        k < len(words)
        and re.fullmatch(r"(?:19|20)\d\d", words.text[k])
        and words.joined(end - 1, k)
    ):
        return k + 1
    return end


@cache
def _law() -> re.Pattern[str]:
    data = lexicon("laws")
    openings, names = _any(data["numbered"]["openings"]), _any(data["named"]["names"])
    numbered = (
        rf"(?:{openings})(?:{_GAP}{_SHORT})?(?:{_GAP}(?!Nomor|No\b|Pasal|Tahun){_ISSUER}){{0,6}}?"
        rf"(?:{_GAP}{_SHORT})?{_GAP}(?:{_NUMBER})"
    )
    law = rf"(?:{numbered}|(?:{names})(?![\w-]))"
    article = rf"{_ARTICLE}(?:{_GAP}(?:[Jj]uncto|[Jj]o\.?){_GAP}{_ARTICLE})*"
    joined = rf"{article}(?:{_GAP}{law})?"
    return re.compile(rf"(?<![\w-])(?:{joined}|{law})")


@cache
def _event() -> re.Pattern[str]:
    data = lexicon("events")
    election = _any(data["election"]["heads"])
    lower = _any(h.casefold() for h in data["election"]["short"])
    days, anniversaries = _any(data["day"]["days"]), _any(data["day"]["anniversaries"])
    contest = _any(data["contest"]["heads"])
    further = rf"(?:{_GAP}(?:[A-Z][\w-]*|dan(?={_GAP}[A-Z])))"
    return re.compile(
        rf"(?<![\w#@-])(?:(?P<election>{election}|(?:{lower})(?={_GAP}(?:[Tt]ahun{_GAP})?20\d\d))(?![\w-])"
        rf"|(?P<day>{days})(?![\w-]){_EDITION}?"
        rf"|(?P<anniversary>{anniversaries}){_EDITION}?{further}{{1,4}}{_EDITION}?"
        rf"|(?P<contest>{contest})(?![\w-])(?:{_GAP}Nasional)?(?:{_GAP}(?:[Kk]e-?{_MAYBE}\d+|[IVXL]+)(?![\w]))?"
        rf"(?:{_GAP}(?:[Tt]ahun{_GAP})?(?:19|20)\d\d)?)"
    )


def _any(names: Iterable[str]) -> str:
    ordered: Sequence[str] = sorted(set(names), key=lambda name: (-len(name), name))
    escape: Callable[[str], str] = re.escape
    return "|".join(escape(name).replace(r"\ ", _GAP) for name in ordered)
