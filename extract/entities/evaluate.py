"""Scores of entity recognition on labelled texts: by label, role, agency and region.

A set is the project's own gold (the name ``own``, or ``own:tune`` and ``own:report``), a JSON-lines
file of whole texts with ``entities`` (offsets into title, newline and text), or a file in columns
(word first, IOB tag last) as the public NER sets are written.
"""

from __future__ import annotations

import json
import random
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from corpus import split
from corpus.entities import GoldEntity, GoldText, read
from pantau.records import Article, Entity

from .recogniser import Annotated, Recogniser
from .regions import table
from .tokens import fold

LABELS = ("PER", "ORG", "LOC", "POSITION")
NAMED = ("PER", "ORG", "LOC")
RESAMPLES = 400
_LEVELS = frozenset({"kabupaten", "kota", "provinsi", "kab", "prov", "pemerintah"})
_TAGS = {
    "PERSON": "PER",
    "NAME": "PER",
    "ORGANISATION": "ORG",
    "ORGANIZATION": "ORG",
    "PLACE": "LOC",
    "LOCATION": "LOC",
}


@dataclass(frozen=True, slots=True)
class Case:
    """One labelled text of a set."""

    gold: GoldText
    regions: tuple[str, ...] | None
    """Codes it tells, () for none, None where the set says nothing about regions."""
    roles: bool
    """Whether roles and agencies are labelled."""
    labels: tuple[str, ...] = LABELS
    words: tuple[tuple[int, int], ...] = ()
    """The words of a set in columns, which can mark nothing less than a word; () for others."""


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
    """95 % interval of ``f1``, from resampling whole texts."""


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
        return "\n".join(lines)


def evaluate(
    sets: Sequence[str | Path] = ("own:report",), candidates: Path | None = None
) -> list[Report]:
    """Measure the shipped pipeline on each set. Raises ValueError for a set it cannot read."""
    recogniser = Recogniser.load(candidates)
    return [measure(str(name), list(cases(name)), recogniser) for name in sets]


def cases(name: str | Path) -> Iterator[Case]:
    """The labelled texts of a set."""
    text = str(name)
    if text == "own" or text.startswith("own:"):
        yield from _own(text.partition(":")[2])
        return
    path = Path(text)
    if path.suffix == ".jsonl":
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if isinstance(row, dict) and "entities" in row:
                yield _row(row)
    elif path.is_file():
        yield from _columns(path)
    else:
        raise ValueError(f"{name} is no set: name own, own:tune, own:report or a file")


def measure(name: str, labelled: list[Case], recogniser: Recogniser) -> Report:
    articles = (
        Article(id=case.gold.id, title=case.gold.title, text=case.gold.text, kind=_kind(case))
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
            right = given[:1] == told[:1]
            result.counts["region", "right" if right else "wrong"] += 1
            if not right:
                result.errors.append(f"{case.gold.id} region {given} for {told}")
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


def _own(part: str) -> Iterator[Case]:
    codes = {region.full: code for code, region in table().items()}
    for gold in read():
        chosen = "report" if split(gold.id) == "report" else "tune"
        if not part or part == chosen:
            yield Case(gold, (codes[gold.region],) if gold.region else (), roles=True)


def _row(row: dict[str, Any]) -> Case:
    entities = tuple(
        GoldEntity(
            e["start"], e["end"], e["text"], e["label"], e.get("role", ""), e.get("agency", "")
        )
        for e in row["entities"]
    )
    gold = GoldText(row["id"], row.get("kind", "news"), row["title"], row["text"], "", entities)
    regions = row.get("region_codes")
    labels = tuple(row["labels"]) if "labels" in row else LABELS
    return Case(
        gold,
        tuple(regions) if regions is not None else None,
        roles=any(e.role for e in entities),
        labels=labels,
    )


def _columns(path: Path) -> Iterator[Case]:
    """Sentences of a file in columns, each as a text without a title."""
    words: list[str] = []
    tags: list[str] = []
    number = 0
    for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        columns = line.split()
        if columns:
            words.append(columns[0])
            tags.append(columns[-1])
        elif words:
            number += 1
            text, entities, places = _joined(words, tags)
            gold = GoldText(f"{path.stem}-{number}", "news", "", text, "", tuple(entities))
            yield Case(gold, None, roles=False, labels=NAMED, words=tuple(places))
            words, tags = [], []


def _joined(
    words: list[str], tags: list[str]
) -> tuple[str, list[GoldEntity], list[tuple[int, int]]]:
    """The sentence as print joins its words, its labels, and where each word stands."""
    text = ""
    places: list[tuple[int, int]] = []
    spans: list[tuple[int, int, str]] = []
    for word, tag in zip(words, tags, strict=True):
        if text and word[0] not in ".,;:!?)]%”’" and text[-1] not in "([“‘":
            text += " "
        start = len(text)
        text += word
        places.append((start + 1, len(text) + 1))
        label = _TAGS.get(tag[2:], tag[2:])
        if label not in NAMED:
            continue
        if tag[0] == "I" and spans and spans[-1][2] == label:
            spans[-1] = (spans[-1][0], len(text), label)
        else:
            spans.append((start, len(text), label))
    # the newline after the empty title counts
    entities = [GoldEntity(s + 1, e + 1, text[s:e], label) for s, e, label in spans]
    return text, entities, places


def _kind(case: Case) -> Any:
    return "post" if case.gold.kind == "post" else "news"


def _near(text: str, start: int, end: int) -> str:
    before = text[max(0, start - 25) : start].replace("\n", " ")
    return f"{before}[{text[start:end]}]"


def _scores(tallies: list[Tally]) -> Iterator[Score]:
    whole = _sum(tallies)
    kinds = [kind for kind in LABELS if any(k[0] == kind for k in whole)]
    rng = random.Random(20241127)
    samples = [
        _sum(rng.choices(tallies, k=len(tallies))) for _ in range(RESAMPLES if tallies else 0)
    ]
    rows: list[tuple[str, Sequence[str]]] = [(kind, (kind,)) for kind in kinds]
    if len(kinds) > 1:
        rows.append(("PER ORG LOC", NAMED))
    accuracies = ["role of PER", "role of ORG", "agency", "region"]
    roles = sorted(k for k in {key[0] for key in whole} if k.startswith("  "))
    for what in accuracies[:1] + roles + accuracies[1:]:
        if any(key[0] == what for key in whole):
            rows.append((what, (what,)))
    for what, parts in rows:
        precision, recall, f1, cases_ = _rates(whole, parts)
        spread = sorted(_rates(sample, parts)[2] for sample in samples)
        low, high = spread[len(spread) // 40], spread[-(len(spread) // 40) - 1]
        yield Score(what, cases_, precision, recall, f1, low, high)


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
    if all(part in LABELS for part in parts):
        precision = right / (right + wrong) if right + wrong else 0.0
        recall = right / (right + missed) if right + missed else 0.0
        both = 2 * right + wrong + missed
        return precision, recall, 2 * right / both if both else 0.0, right + missed
    share = right / (right + wrong) if right + wrong else 0.0
    return share, share, share, right + wrong
