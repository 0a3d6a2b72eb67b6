"""Figures of the evaluation: shares with intervals, matching of names, the rule to compare with."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

from extract.mentions.words import written_out

Z95 = 1.959964
"""Two-sided 95 % of the normal distribution."""
SAME = {"kecamatan": "camat", "kab": "kabupaten", "pns": "asn"}
"""Words that say the same of an office."""
EMPTY_WORDS = frozenset(
    {
        "pemerintah",
        "kabupaten",
        "kota",
        "provinsi",
        "di",
        "pada",
        "salah",
        "satu",
        "dan",
        "seorang",
        "pak",
        "bu",
        "ibu",
        "h",
        "hj",
        "drs",
        "dr",
        "negeri",
        "oknum",
    }
)
ENOUGH = 0.5


@dataclass(frozen=True, slots=True)
class Share:
    """``hits`` of ``of``, with the Wilson interval at 95 %."""

    hits: int
    of: int

    @property
    def value(self) -> float:
        return self.hits / self.of if self.of else float("nan")

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson, E. B. (1927), JASA 22:209; also sound for few cases and shares near 0 or 1."""
        if not self.of:
            return (0.0, 1.0)
        n, p, z = self.of, self.value, Z95
        middle = p + z * z / (2 * n)
        half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        scale = 1 + z * z / n
        return (max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale))

    def __str__(self) -> str:
        if not self.of:
            return "–"
        low, high = self.interval
        return f"{self.value:.3f} [{low:.2f}–{high:.2f}] {self.hits}/{self.of}"

    def json(self) -> dict[str, object]:
        low, high = self.interval
        return {
            "value": round(self.value, 4) if self.of else None,
            "low": round(low, 4),
            "high": round(high, 4),
            "hits": self.hits,
            "of": self.of,
        }


def f1(precision: Share, recall: Share) -> float:
    total = precision.of + recall.of
    return (precision.hits + recall.hits) / total if total else float("nan")


def prevalence_precision(recall: float, false_rate: float, prevalence: float = 0.05) -> float:
    """Precision where ``prevalence`` of the texts are violations."""
    hit, wrong = recall * prevalence, false_rate * (1 - prevalence)
    return hit / (hit + wrong) if hit + wrong else float("nan")


def words(text: str) -> frozenset[str]:
    """Content words, abbreviations written out."""
    return frozenset(_written(text)) - EMPTY_WORDS


def alike(one: str, other: str) -> bool:
    """Whether the shorter of two descriptions has most of its words in the longer."""
    a, b = words(one), words(other)
    if not (a and b):
        return False
    return len(a & b) >= ENOUGH * min(len(a), len(b)) or _joined(one) == _joined(other)


def _joined(text: str) -> str:
    """The content words in one, for names of places that some write in two ("Pangkal Pinang")."""
    return "".join(w for w in _written(text) if w not in EMPTY_WORDS)


def _written(text: str) -> list[str]:
    """The words of an office or agency, abbreviations written out."""
    found = re.findall(r"[^\W_]+", text.lower())
    return [SAME.get(w, w) for word in found for w in written_out(word)]


def matched(gold: Iterable[str], found: Iterable[str]) -> tuple[int, int, int]:
    """(pairs that are alike, gold, found); each is used once."""
    wanted, offered = [g for g in gold if g], [f for f in found if f]
    free = list(offered)
    hits = 0
    for one in wanted:
        pair = next((f for f in free if alike(one, f)), None)
        if pair is not None:
            free.remove(pair)
            hits += 1
    return hits, len(wanted), len(offered)


KEYWORD_ASN = re.compile(r"\b(?:asn|pns|pppk|aparatur sipil|camat|lurah|kepala dinas|guru)\b", re.I)
KEYWORD_TOPIC = re.compile(r"\bnetralitas|tidak netral|tak netral\b", re.I)
KEYWORD_ACT = re.compile(
    r"\b(?:langgar|melanggar|pelanggaran|dukung|mendukung|kampanye|foto|unggah|sanksi|diduga)", re.I
)


def keyword_rule(text: str) -> bool:
    """The rule to compare with: neutrality, a civil servant and a word for an act."""
    return all(rule.search(text) for rule in (KEYWORD_TOPIC, KEYWORD_ASN, KEYWORD_ACT))
