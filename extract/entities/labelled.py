"""Labelled sets of entities, as ``pantau evaluate entities`` reads them.

A set is the project's own gold (``own``, or ``own:tune`` and ``own:report``), its short texts about
regions (``regions``), a JSON-lines file of whole texts with ``entities`` (offsets into title,
newline and text), or a file in columns (word first, IOB tag last) as public NER sets are written.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus import split
from corpus.entities import GoldEntity, GoldText, read
from corpus.entities.regions import read as region_cases

from .regions import table

LABELS = ("PER", "ORG", "LOC", "POSITION")
NAMED = ("PER", "ORG", "LOC")
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
    source: str = ""
    """Code of the source's own region."""
    act: tuple[int, str] | None = None
    """Code point of an act, and the code of its region, "" where the text tells none."""
    words: tuple[tuple[int, int], ...] = ()
    """The words of a set in columns, which can mark nothing less than a word; () for others."""


def cases(name: str | Path) -> Iterator[Case]:
    """The labelled texts of a set."""
    text = str(name)
    if text == "own" or text.startswith("own:"):
        yield from _own(text.partition(":")[2])
        return
    if text == "regions":
        yield from _regions()
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
        raise ValueError(f"{name} is no set: name own, own:tune, own:report, regions or a file")


def _own(part: str) -> Iterator[Case]:
    codes = {region.full: code for code, region in table().items()}
    for gold in read():
        chosen = "report" if split(gold.event) == "report" else "tune"
        if not part or part == chosen:
            regions = (codes[gold.region],) if gold.region else ()
            yield Case(gold, regions, roles=True, labels=gold.labels)


def _regions() -> Iterator[Case]:
    codes = {region.full: code for code, region in table().items() if region.level != "district"}
    for one in region_cases():
        gold = GoldText(one.id, "news", one.title, one.text, "")
        told = tuple(codes[name] for name in one.regions)
        act = codes[one.act_region] if one.act_region else ""
        yield Case(gold, told, False, (), source=one.source, act=(one.act, act))


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
