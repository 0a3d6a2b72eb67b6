"""The regions of Indonesia by code and by name (Kepmendagri 300.2.2-2138/2025).

A code is read by its length: ``32`` a province, ``32.05`` a kabupaten or kota, ``32.05.11`` a
kecamatan. From ``.71`` on the second part means a kota.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

from .tokens import DATA, Phrases, Words, lexicon

_PREFIX = re.compile(r"^(Kabupaten|Kota)( Administrasi)? ")
_FULL_LEVEL = {"province": "Provinsi", "regency": "Kabupaten", "city": "Kota"}


@dataclass(frozen=True, slots=True)
class Region:
    code: str
    name: str
    """Without its level: "Batang"."""
    level: str
    """province, regency, city or district."""

    @property
    def full(self) -> str:
        """With its level: "Kabupaten Batang", "Provinsi Aceh", "Kecamatan Bandar"."""
        if self.level == "district":
            return f"Kecamatan {self.name}"
        if self.code in _SPECIAL:
            return _SPECIAL[self.code]
        return f"{_FULL_LEVEL[self.level]} {self.name}"


_SPECIAL = {
    "31": "Provinsi DKI Jakarta",
    "34": "Daerah Istimewa Yogyakarta",
    "11": "Provinsi Aceh",
}


def level(code: str) -> str:
    if len(code) == 2:
        return "province"
    if len(code) == 5:
        return "city" if code[3:] >= "71" else "regency"
    return "district"


@cache
def table() -> dict[str, Region]:
    """All regions down to kecamatan, by code."""
    with (DATA / "wilayah" / "regions.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["kode"]: Region(
                row["kode"], _PREFIX.sub("", row["nama"].strip()), level(row["kode"])
            )
            for row in csv.DictReader(file)
        }


def government(code: str) -> str:
    """The full name of the region's government: "Pemerintah Kabupaten Batang"."""
    region = table()[code[:5]]
    return f"Pemerintah {region.full}"


def covers(outer: str, inner: str) -> bool:
    """Whether ``inner`` is ``outer`` or lies in it."""
    return inner == outer or inner.startswith(outer + ".")


class Gazetteer:
    """Finds names of regions in the words of a text."""

    def __init__(self, tokenise: Callable[[str], list[str]]) -> None:
        data = lexicon("places")
        upper: dict[str, list[str]] = {}
        districts: dict[str, list[str]] = {}
        for region in table().values():
            if region.level == "district":
                districts.setdefault(region.name, []).append(region.code)
                continue
            for name in {region.name, region.name.replace(" ", "")}:
                upper.setdefault(name, []).append(region.code)
        for code, names in data["aliases"].items():
            for name in names:
                if code not in upper.setdefault(name, []):
                    upper[name].append(code)
        self._regions = Phrases([(n, tuple(c)) for n, c in upper.items()], tokenise)
        self._districts = Phrases([(n, tuple(c)) for n, c in districts.items()], tokenise)
        self._levels = Phrases(
            [(word, name) for name, words in data["levels"].items() for word in words], tokenise
        )
        capitals: dict[str, list[str]] = {}  # two kabupaten are governed from a Martapura
        rows = (DATA / "capitals.csv").read_text(encoding="utf-8").splitlines()
        for row in csv.DictReader(rows):
            capitals.setdefault(row["capital"], []).append(row["code"])
        self._capitals = Phrases([(n, tuple(c)) for n, c in capitals.items()], tokenise)
        self._common = frozenset(name.casefold() for name in data["ambiguous"]["common"])

    def level_at(self, words: Words, i: int) -> tuple[int, str] | None:
        """A level word ("Kabupaten", "Kec."): the end of it and the level."""
        return self._levels.at(words, i, anycase=words.small)

    def region_at(self, words: Words, i: int) -> tuple[int, tuple[str, ...]] | None:
        """The name of a province, kabupaten or kota without a level word."""
        return self._regions.at(words, i, anycase=words.small)

    def district_at(self, words: Words, i: int) -> tuple[int, tuple[str, ...]] | None:
        return self._districts.at(words, i, anycase=words.small)

    def capital_at(self, words: Words, i: int) -> tuple[int, tuple[str, ...]] | None:
        """The seat of a kabupaten whose name is another ("Jantho")."""
        return self._capitals.at(words, i, anycase=words.small)

    def is_common(self, name: str) -> bool:
        """Whether the region's name is also a common word or a person's name ("Batu", "Batang")."""
        return name.casefold() in self._common

    def named(self, words: Words, i: int) -> tuple[int, tuple[str, ...]] | None:
        """A region with or without a level word: "Kota Batam", "Prov. Aceh", "Mesuji".

        Gives the end and the codes it may mean. A level word before a name that is no known
        region gives none.
        """
        found = self.level_at(words, i)
        if found is None:
            return self.region_at(words, i)
        end, kind = found
        if end >= len(words) or not words.joined(i, end) or not (words.cap[end] or words.small):
            return self.region_at(words, i)  # "Wali Kota Banjar": here no hamlet in Bali
        if kind == "district":
            return self.district_at(words, end)
        if kind in ("regency", "city") and words.fold[end] == "/" and end + 2 < len(words):
            return self.region_at(words, end + 2)  # "Kabupaten/Kota Bekasi"
        name = self.region_at(words, end)
        if name is None:
            return None
        codes = tuple(code for code in name[1] if level(code) == kind)
        return (name[0], codes) if codes else None


def narrow(codes: Iterable[str], to: Iterable[str]) -> tuple[str, ...]:
    """Those ``codes`` that lie in one of the regions ``to`` or hold one; all if none does."""
    codes, to = tuple(codes), tuple(to)
    kept = tuple(c for c in codes if any(covers(t, c) or covers(c, t) for t in to))
    return kept or codes
