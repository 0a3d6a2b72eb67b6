"""Scores of entity recognition on labelled texts: by label, role, agency and region."""

from __future__ import annotations

import math
import random
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from corpus.entities import GoldEntity
from pantau.records import Article, Entity

from .labelled import LABELS, NAMED, Case, cases
from .recogniser import Annotated, Recogniser
from .tokens import fold

__all__ = ["Report", "Score", "cases", "evaluate", "measure", "same_agency"]

RESAMPLES = 400
_LISTED = (*LABELS, "LAW", "EVENT")
_LEVELS = frozenset({"kabupaten", "kota", "provinsi", "kab", "prov", "pemerintah"})


@dataclass(slots=True)
class Tally:
    """What one text added to the counts."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(what, "right" | "wrong" | "missed"); for accuracies only right and wrong."""
    errors: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Score:
    """One line of the report; all rates between 0 and 1."""

    what: str
    cases: int
    """Labelled spans, or decisions for an accuracy."""
    precision: float
    recall: float
    f1: float
    """For an accuracy, the share that is right (also in precision and recall)."""
    low: float
    high: float
    """95 % interval of ``f1``: from resampling whole texts for spans, Wilson's for shares."""


@dataclass(frozen=True, slots=True)
class Report:
    name: str
    texts: int
    scores: tuple[Score, ...]
    errors: tuple[str, ...]

    def __str__(self) -> str:
        lines = [f"{self.name}: {self.texts} texts"]
        lines.append(f"  {'':24}{'n':>6}{'P':>8}{'R':>8}{'F1':>8}   95 %")
        for s in self.scores:
            lines.append(
                f"  {s.what:24}{s.cases:>6}{100 * s.precision:>8.1f}{100 * s.recall:>8.1f}"
                f"{100 * s.f1:>8.1f}   {100 * s.low:.1f}-{100 * s.high:.1f}"
            )
        lines.append("  95 %: spans by resampling whole texts, shares by Wilson")
        return "\n".join(lines)


def evaluate(
    sets: Sequence[str | Path] = ("own:report",), candidates: Path | None = None
) -> list[Report]:
    """Measure the shipped pipeline on each set. Raises ValueError for a set it cannot read."""
    recogniser = Recogniser.load(candidates)
    return [measure(str(name), list(cases(name)), recogniser) for name in sets]


def measure(name: str, labelled: list[Case], recogniser: Recogniser) -> Report:
    articles = (
        Article(
            id=case.gold.id,
            title=case.gold.title,
            text=case.gold.text,
            kind=_kind(case),
            source_region=case.source or None,
        )
        for case in labelled
    )
    tallies = [
        tally(case, annotated)
        for case, annotated in zip(labelled, recogniser.pipe(articles), strict=True)
    ]
    return Report(
        name,
        len(labelled),
        tuple(_scores(tallies)),
        tuple(error for one in tallies for error in one.errors),
    )


def tally(case: Case, annotated: Annotated) -> Tally:
    """Compare one text's labels with what was recognised; spans must agree exactly."""
    result = Tally()
    gold = {(e.start, e.end, e.label): e for e in case.gold.entities if e.label in case.labels}
    either = [e for e in case.gold.entities if e.label == "X"]
    found = {
        (*_snapped(case.words, e.start, e.end), e.label): e
        for e in annotated.entities
        if e.label in case.labels
    }
    text = annotated.article.full_text
    for key in sorted(gold.keys() | found.keys()):
        start, end, label = key
        if key in gold and key in found:
            result.counts[label, "right"] += 1
            if case.roles:
                _compare(result, case.gold.id, gold[key], found[key])
        elif key in gold:
            result.counts[label, "missed"] += 1
            result.errors.append(f"{case.gold.id} missed {label} {_near(text, start, end)}")
        elif not any(x.start < end and start < x.end for x in either):
            result.counts[label, "wrong"] += 1
            result.errors.append(f"{case.gold.id} wrong {label} {_near(text, start, end)}")
    if case.regions is not None:
        told = tuple(code[:5] for code in case.regions)
        if told or annotated.region_codes:
            given = tuple(code[:5] for code in annotated.region_codes)
            right = given[:1] == told[:1] or bool(told and given and given[0] in told)
            result.counts["region", "right" if right else "wrong"] += 1
            if not right:
                result.errors.append(f"{case.gold.id} region {given} for {told}")
    if case.act is not None:
        at, told_act = case.act
        given_act = (annotated.region_at(at) or "")[:5]
        result.counts["region of act", "right" if given_act == told_act else "wrong"] += 1
        if given_act != told_act:
            result.errors.append(f"{case.gold.id} region of act {given_act!r} for {told_act!r}")
    return result


def _snapped(words: Sequence[tuple[int, int]], start: int, end: int) -> tuple[int, int]:
    """A span as the set itself could write it: widened to the words it touches.

    idner-news-2k has "(SBY)", "Indonesia?" and "Jokowi-JK" for one word each, so that its labels
    cannot tell the name from the mark beside it.
    """
    if not words:
        return start, end
    first = bisect_right(words, start, key=lambda word: word[1])
    last = bisect_left(words, end, key=lambda word: word[0]) - 1
    return words[first][0], words[last][1]


def _compare(result: Tally, name: str, gold: GoldEntity, found: Entity) -> None:
    if gold.role:
        right = gold.role in found.roles
        what = "role of PER" if gold.label == "PER" else "role of ORG"
        if gold.label in ("PER", "ORG"):
            result.counts[what, "right" if right else "wrong"] += 1
            if gold.label == "PER":
                result.counts[f"  {gold.role}", "right" if right else "wrong"] += 1
        if not right:
            result.errors.append(f"{name} role of {gold.text!r}: {found.roles} for {gold.role}")
    if gold.agency:
        right = same_agency(gold.agency, found.agency)
        result.counts["agency", "right" if right else "wrong"] += 1
        if not right:
            result.errors.append(
                f"{name} agency of {gold.text!r}: {found.agency!r} for {gold.agency!r}"
            )


def same_agency(one: str, other: str) -> bool:
    """Whether two names mean one agency: the words agree but for the region's level."""
    return _agency_words(one) == _agency_words(other)


def _agency_words(name: str) -> list[str]:
    words = [fold(word) for word in name.split()]
    government = words[:1] == ["pemerintah"]
    return [w for w in words if w not in _LEVELS or (government and w == "pemerintah")]


def _kind(case: Case) -> Any:
    return "post" if case.gold.kind == "post" else "news"


def _near(text: str, start: int, end: int) -> str:
    before = text[max(0, start - 25) : start].replace("\n", " ")
    return f"{before}[{text[start:end]}]"


def _scores(tallies: list[Tally]) -> Iterator[Score]:
    whole = _sum(tallies)
    kinds = [kind for kind in _LISTED if any(k[0] == kind for k in whole)]
    rng = random.Random(20241127)
    samples = [
        _sum(rng.choices(tallies, k=len(tallies))) for _ in range(RESAMPLES if tallies else 0)
    ]
    rows: list[tuple[str, Sequence[str]]] = [(kind, (kind,)) for kind in kinds]
    if sum(kind in NAMED for kind in kinds) > 1:
        rows.append(("PER ORG LOC", NAMED))
    accuracies = ["role of PER", "role of ORG", "agency", "region", "region of act"]
    roles = sorted(k for k in {key[0] for key in whole} if k.startswith("  "))
    for what in accuracies[:1] + roles + accuracies[1:]:
        if any(key[0] == what for key in whole):
            rows.append((what, (what,)))
    for what, parts in rows:
        precision, recall, f1, cases_ = _rates(whole, parts)
        if parts[0] in _LISTED:
            spread = sorted(_rates(sample, parts)[2] for sample in samples)
            low, high = spread[len(spread) // 40], spread[-(len(spread) // 40) - 1]
        else:
            low, high = _wilson(f1, cases_)
        yield Score(what, cases_, precision, recall, f1, low, high)


def _wilson(share: float, n: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share of ``n`` (Wilson 1927)."""
    z = 1.96
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return max(0.0, centre - half), min(1.0, centre + half)


def _sum(tallies: Iterable[Tally]) -> Counter[tuple[str, str]]:
    total: Counter[tuple[str, str]] = Counter()
    for one in tallies:
        total.update(one.counts)
    return total


def _rates(
    counts: Counter[tuple[str, str]], parts: Sequence[str]
) -> tuple[float, float, float, int]:
    right, wrong, missed = (
        sum(counts[part, how] for part in parts) for how in ("right", "wrong", "missed")
    )
    if all(part in _LISTED for part in parts):
        precision = right / (right + wrong) if right + wrong else 0.0
        recall = right / (right + missed) if right + missed else 0.0
        both = 2 * right + wrong + missed
        return precision, recall, 2 * right / both if both else 0.0, right + missed
    share = right / (right + wrong) if right + wrong else 0.0
    return share, share, share, right + wrong
