"""Candidates of an election, from files a person can edit.

A folder holds, for each election, ``<id>.toml`` (name, date, source) and ``<id>.csv`` with one pair
a line: ``region_code`` (Kepmendagri), ``number``, ``head``, ``deputy``, ``aliases`` (nicknames or
fused names of the pair, parted by ``;``). Between elections there is no such folder.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterable, Sequence
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

    def __init__(self, candidates: Iterable[Candidate], pairs: dict[str, tuple[str, ...]]) -> None:
        self._by_word: dict[str, list[Candidate]] = {}
        for candidate in candidates:
            for word in set(candidate.words):
                self._by_word.setdefault(word, []).append(candidate)
        self.pairs = pairs
        """Fused names and nicknames of pairs, in small letters, with the region codes."""

    @classmethod
    def load(cls, folder: Path | None) -> Candidates:
        """Read every election of ``folder``; none is no candidates.

        Raises CandidateError where a file cannot be used.
        """
        found: list[Candidate] = []
        pairs: dict[str, tuple[str, ...]] = {}
        for path in sorted(folder.glob("*.csv")) if folder is not None else ():
            about = path.with_suffix(".toml")
            if not about.exists():
                raise CandidateError(f"{path}: {about.name} is missing beside it; write one")
            election = tomllib.loads(about.read_text(encoding="utf-8"))["id"]
            with path.open(encoding="utf-8", newline="") as file:
                for line, row in enumerate(csv.DictReader(file), start=2):
                    found.extend(_pair(path, line, election, row, pairs))
        return cls(found, pairs)

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


def _pair(
    path: Path, line: int, election: str, row: dict[str, str], pairs: dict[str, tuple[str, ...]]
) -> list[Candidate]:
    try:
        region, number = row["region_code"], int(row["number"])
        people = {"head": row["head"], "deputy": row["deputy"]}
    except (KeyError, TypeError, ValueError) as error:
        raise CandidateError(
            f"{path}:{line}: {error}; needs region_code, number, head, deputy"
        ) from None
    if region not in table():
        raise CandidateError(f"{path}:{line}: {region!r} is no Kepmendagri code; look it up")
    for alias in filter(None, (row.get("aliases") or "").split(";")):
        pairs[alias.strip().casefold()] = (*pairs.get(alias.strip().casefold(), ()), region)
    return [
        Candidate(f"{election}/{region}/{number}/{part}", name, region, number, name_words(name))
        for part, name in people.items()
        if name
    ]
