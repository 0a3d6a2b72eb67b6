"""Candidates of an election, from files a person can edit.

A folder holds, for each election, ``<id>.toml`` (name, date, source) and ``<id>.csv`` with one pair
a line: ``region_code`` (Kepmendagri), ``number``, ``head``, ``deputy``, ``aliases`` (nicknames or
fused names of the pair, parted by ``;``). Between elections there is no such folder.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from .regions import covers, table
from .tokens import fold, lexicon

_PARENS = re.compile(r"\(.*?\)")


class CandidateError(ValueError):
    """A file of candidates cannot be used; the text names the file, the line and the mend."""


@dataclass(frozen=True, slots=True)
class Candidate:
    id: str
    """``<election>/<region>/<number>/head`` or ``.../deputy``."""
    name: str
    region: str
    number: int
    words: tuple[str, ...]
    """The name's words as they are compared."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Head and deputy who run together."""

    id: str
    """``<election>/<region>/<number>``."""
    region: str
    number: int
    head: Candidate
    deputy: Candidate | None
    aliases: tuple[str, ...]
    """Nicknames and fused names, in small letters."""

    def joins(self, one: str, two: str) -> bool:
        """Whether "Dedi-Erwan" can be this pair: a name of the head's, then of the deputy's."""
        return self.deputy is not None and one in self.head.words and two in self.deputy.words

    def blends(self, name: str) -> bool:
        """Whether ``name`` is fused of the openings of both names: "RIDO" of Ridwan and Suswono."""
        if self.deputy is None:
            return False
        return any(
            name == head[:cut] + deputy[start : start + len(name) - cut]
            for head in self.head.words
            for deputy in self.deputy.words
            for cut in range(2, len(name) - 1)
            for start in range(max(1, len(deputy) - 2))
            if len(head) > cut
        )


def kepmendagri_code(kpu: str) -> str:
    """The Kepmendagri code of a KPU code: "3205" is "32.05", a province's stays as it is.

    Raises KeyError for a code that the table of regions does not know.
    """
    code = kpu if len(kpu) == 2 else f"{kpu[:2]}.{kpu[2:]}"
    return table()[code].code


def name_words(name: str) -> tuple[str, ...]:
    """A name's words without honorifics, degrees and what stands in brackets."""
    bare = _PARENS.sub(" ", name).split(",")[0]
    honorifics = {fold(h) for h in lexicon("names")["honorifics"]}
    words = [fold(w) for w in re.split(r"[\s.]+", bare) if w]
    while len(words) > 1 and words[0] in honorifics:
        words.pop(0)
    return tuple(words)


class Candidates:
    """The candidates of all elections in a folder, found by the words of a name."""

    def __init__(self, pairs: Iterable[Pair]) -> None:
        self._by_word: dict[str, list[Candidate]] = {}
        self._by_region: dict[str, list[Pair]] = {}
        self._by_id: dict[str, Pair] = {}
        for pair in pairs:
            self._by_id[pair.id] = pair
            self._by_region.setdefault(pair.region, []).append(pair)
            for candidate in filter(None, (pair.head, pair.deputy)):
                for word in set(candidate.words):
                    self._by_word.setdefault(word, []).append(candidate)

    @classmethod
    def load(cls, folder: Path | None) -> Candidates:
        """Read every election of ``folder``; none is no candidates.

        Raises CandidateError where a file cannot be used.
        """
        found: list[Pair] = []
        for path in sorted(folder.glob("*.csv")) if folder is not None else ():
            about = path.with_suffix(".toml")
            if not about.exists():
                raise CandidateError(f"{path}: {about.name} is missing beside it; write one")
            election = tomllib.loads(about.read_text(encoding="utf-8"))["id"]
            with path.open(encoding="utf-8", newline="") as file:
                for line, row in enumerate(csv.DictReader(file), start=2):
                    found.append(_pair(path, line, election, row))
        return cls(found)

    def pair(self, key: str) -> Pair | None:
        """The pair whose id, or whose head's or deputy's id, is ``key``."""
        return self._by_id.get("/".join(key.split("/")[:3]))

    def numbered(self, region: str, number: int) -> Pair | None:
        """The pair of a number in a region's own election."""
        return next((p for p in self._by_region.get(region, ()) if p.number == number), None)

    def nicknamed(self, name: str, regions: Sequence[str]) -> Pair | None:
        """The pair of ``regions`` (or of their provinces) that the file gives an alias."""
        return self._only(p for p in self._at_home(regions) if name.casefold() in p.aliases)

    def fused(self, name: str, regions: Sequence[str]) -> Pair | None:
        """The one pair of ``regions`` whose names "Dedi-Erwan" or "RIDO" are made of."""
        one, _, two = name.casefold().partition("-")
        if two:
            return self._only(p for p in self._at_home(regions) if p.joins(one, two))
        if len(one) < 4:
            return None
        return self._only(p for p in self._at_home(regions) if p.blends(one))

    def _at_home(self, regions: Sequence[str]) -> Iterator[Pair]:
        codes = dict.fromkeys([*regions, *(code[:2] for code in regions)])
        for code in codes:
            yield from self._by_region.get(code, ())

    def _only(self, pairs: Iterable[Pair]) -> Pair | None:
        found = list(pairs)
        return found[0] if len(found) == 1 else None

    def match(self, name: Sequence[str], regions: Sequence[str]) -> Candidate | None:
        """The candidate a name of ``regions`` (the article's codes) belongs to.

        Two words of a name must agree; one word is enough only for a name of one word, in its
        own region.
        """
        words = [fold(word) for word in name]
        options = {c.id: c for word in words for c in self._by_word.get(word, ())}
        best: tuple[float, Candidate] | None = None
        for candidate in options.values():
            shared = len(set(words) & set(candidate.words))
            at_home = any(
                covers(candidate.region, r) or covers(r, candidate.region) for r in regions
            )
            if not at_home:
                continue
            if shared < 2 and not (len(words) == len(candidate.words) == 1):
                continue
            if shared < min(len(words), len(candidate.words)):
                continue
            score = shared / max(len(words), len(candidate.words))
            if best is None or score > best[0]:
                best = (score, candidate)
        return best[1] if best else None


def _pair(path: Path, line: int, election: str, row: dict[str, str]) -> Pair:
    try:
        region, number = row["region_code"], int(row["number"])
        head, deputy = row["head"], row["deputy"]
    except (KeyError, TypeError, ValueError) as error:
        raise CandidateError(
            f"{path}:{line}: {error}; needs region_code, number, head, deputy"
        ) from None
    if region not in table():
        raise CandidateError(f"{path}:{line}: {region!r} is no Kepmendagri code; look it up")
    key = f"{election}/{region}/{number}"

    def one(part: str, name: str) -> Candidate:
        return Candidate(f"{key}/{part}", name, region, number, name_words(name))

    aliases = (alias.strip().casefold() for alias in (row.get("aliases") or "").split(";"))
    return Pair(
        key,
        region,
        number,
        one("head", head),
        one("deputy", deputy) if deputy else None,
        tuple(filter(None, aliases)),
    )
