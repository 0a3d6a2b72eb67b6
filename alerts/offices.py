"""Compares two tellings of an office: "Kadishub", "Kepala Dinas Perhubungan Kota Cirebon".

An office is brought to a title, how many people hold it (one in each region, one in each
unit, many, or anyone), and the words that name its unit. The lists stand in
``data/offices.toml``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from functools import cache

from alerts.data import load, words

_DATA = load("offices.toml")
_EXPAND: dict[str, str] = _DATA["expand"]
_REWRITE: dict[str, str] = _DATA["rewrite"]
_HOLDERS = {
    tuple(title.split()): holders
    for holders, titles in _DATA["holders"].items()
    for title in titles
}
_LONGEST = max(map(len, _HOLDERS))
_IDLE = frozenset(_DATA["idle"]["words"])
_ABOVE = frozenset(_DATA["above"]["words"])
_PLACE = re.compile(
    r"\b(?:kabupaten|kab\.?|kota|provinsi|prov\.?|pemkab|pemkot|pemprov)\s+((?:[A-Z][\w'-]+\s?)+)"
)


# A headline goes on after the office: "Camat Tirtawangi Diperiksa".
_VERB = re.compile(
    r"(?<=\w)\s+(?:(?:[Dd]i(?![snrv])|[Bb]er|[Tt]er|[Mm]e(?!nteri)[mn]?)[a-z]{4,}\b|\n).*",
    re.DOTALL,
)


@cache
def office_words() -> frozenset[str]:
    """All words that make an office: none of them begins a name."""
    titles = [word for title in _HOLDERS for word in title]
    return frozenset([*_EXPAND, *titles, *_IDLE]) - {"umum", "tua"}


class Fit(IntEnum):
    """How far two offices can be one."""

    DIFFERENT = -2  # an office of its own, elsewhere
    OTHER = -1  # another title, or one of many elsewhere
    UNKNOWN = 0
    TITLE = 1  # the same title, and no unit to compare
    UNIT = 2  # the same title in the same unit, where many hold it
    SAME = 3  # an office only one person holds


@dataclass(frozen=True, slots=True)
class Office:
    title: str
    """Empty where none is told or known."""
    holders: str
    """``region``, ``unit``, ``many`` or ``anyone``."""
    unit: frozenset[str]
    """Words that name the unit, taken from the position."""
    agency: frozenset[str]
    """Words that name the unit, taken from the agency."""


def fit(a: Office, b: Office) -> Fit:
    """Compare two offices that were told of one region; symmetric."""
    if "anyone" in (a.holders, b.holders):
        return _fit_of_agencies(a, b)
    if a.title != b.title:
        return Fit.OTHER
    if a.holders == "region":
        return Fit.SAME
    elsewhere = Fit.OTHER if a.holders == "many" else Fit.DIFFERENT
    if a.unit and b.unit and not _one_within_other(a.unit, b.unit):
        return elsewhere
    one, other = a.unit | a.agency, b.unit | b.agency
    if not one or not other:
        return Fit.TITLE
    if not one & other:
        # "Kabid Pasar" and "Kabid, Dinas Perdagangan": what is told does not overlap.
        return Fit.TITLE if bool(a.unit) != bool(b.unit) else elsewhere
    return Fit.UNIT if a.holders == "many" else Fit.SAME


def _fit_of_agencies(a: Office, b: Office) -> Fit:
    """Fits an office that has no title we know: by its words, then by those of the agency."""
    if a.unit and b.unit and _one_within_other(a.unit, b.unit):
        return Fit.UNIT
    one, other = a.unit | a.agency, b.unit | b.agency
    return Fit.UNIT if one and other and _one_within_other(one, other) else Fit.UNKNOWN


def _one_within_other(a: frozenset[str], b: frozenset[str]) -> bool:
    return a <= b or b <= a


@cache
def office(position: str, agency: str) -> Office:
    """Read an office from the words of a position and an agency."""
    region = _region_words(position) | _region_words(agency)
    told = _plain(_VERB.sub("", position))
    title, holders, rest = "", "anyone", told
    for start, length in ((s, n) for s in range(len(told)) for n in range(_LONGEST, 0, -1)):
        found = _HOLDERS.get(tuple(told[start : start + length]))
        if found is not None and start + length <= len(told):
            title, holders = " ".join(told[start : start + length]), found
            rest = told[:start] + told[start + length :]
            break
    unit, above = _part(rest) if title else (rest, [])
    return Office(
        title=title,
        holders=holders,
        unit=frozenset(unit) - _IDLE - region,
        agency=frozenset([*above, *_plain(agency)]) - _IDLE - region - words("region_words.txt"),
    )


def _part(words: list[str]) -> tuple[list[str], list[str]]:
    """ "smp dinas pendidikan": the unit, and the agency it belongs to."""
    cut = next((i for i, word in enumerate(words) if word in _ABOVE), len(words))
    return words[:cut], words[cut:]


def _plain(text: str) -> list[str]:
    words = re.findall(r"[^\W_]+", text.lower())
    words = [word.removesuffix("nya") if word.endswith("snya") else word for word in words]
    joined = " ".join(_EXPAND.get(word, word) for word in words)
    for written, plain in _REWRITE.items():
        joined = re.sub(rf"\b{written}\b", plain, joined)
    return joined.split()


def _region_words(text: str) -> frozenset[str]:
    """Names of the kabupaten, kota or province inside an agency's name: they name no unit."""
    return frozenset(
        word for match in _PLACE.finditer(_cased(text)) for word in match[1].lower().split()
    )


def _cased(text: str) -> str:
    """The words that mark a region in lower case, the rest as written."""
    return re.sub(
        r"\b(?:Kabupaten|Kab|Kota|Provinsi|Prov|Pemkab|Pemkot|Pemprov)\b",
        lambda m: m[0].lower(),
        text,
    )
