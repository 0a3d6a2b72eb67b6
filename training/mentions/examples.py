"""The project's own texts as training examples: labels beside what the judgement reads."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import corpus
from extract.entities import Recogniser
from extract.mentions.reading import Reading, read_article
from pantau.records import Article
from training.mentions.augment import contrasts

OTHERS = ("village_official", "security", "elected_official", "contract_staff")
WHYS = (
    *("act", "appeal", "ban", "pledge", "explainer", "warning", "tally", "vulnerability_ranking"),
    *OTHERS,
    *("rotation_elected", "dismissed", "denial_only", "resigned_asn", "retired_asn"),
    *("family_of_asn", "asn_victim", "asn_speaker", "election_staff", "campaign_at_office", "hoax"),
    *("old_ruling", "name_misused", "fake_account", "old_clip", "namesake", "by_assignment"),
    *("foreign", "other_campaign", "other_support", "question", "hypothetical", "sport", "crime"),
    *("government", "economy", "culture", "everyday"),
)
"""The classes of the corpus."""
OVERLAP = 0.5
FOLDS = 4
PARTS: tuple[corpus.Split, ...] = ("train", "tune")
HEADLINES = Path(__file__).with_name("headlines.jsonl")


@dataclass
class Example:
    id: str
    group: str
    """The event: examples of one group are never parted."""
    label: str
    subject: str
    """``asn`` for a violation, one of the other subjects where such a one's act is told, or
    ``none``."""
    why: str
    """``act``, or the corpus's class of what is none."""
    stage: str
    forms: tuple[int, ...]
    reading: Reading
    told: frozenset[int]
    """Frames that hold the labelled sentence of the act; empty where none is labelled."""
    whole: bool
    """An article, headline or post, not a contrasting passage."""
    made: bool = False
    """Made from another example (``augment.py``)."""

    @property
    def violation(self) -> bool:
        return self.label == "violation"

    @property
    def fold(self) -> int:
        return hashlib.sha256(self.group.encode()).digest()[1] % FOLDS


def article(row: dict[str, Any]) -> Article:
    """A labelled row (corpus format) as the judgement gets it: without its labels."""
    published = row.get("published")
    return Article(
        id=row["id"],
        title=row.get("title") or "",
        text=row["text"],
        kind=row.get("kind") or "news",
        author=row.get("author") or "",
        context=row.get("context") or "",
        platform=row.get("platform") or "",
        published=datetime.fromisoformat(published) if published else None,
        source_region=row.get("source_region") or None,
    )


def examples(recogniser: Recogniser) -> Iterator[Example]:
    """All texts and passages but those of the report part, headlines, and contrasts of them."""
    rows = [row for part in PARTS for row in (*corpus.texts(part), *corpus.passages(part))]
    rows += _headlines()
    found = list(read_rows(rows, recogniser))
    yield from found
    read = [(row, list(e.reading.frames)) for row, e in zip(rows, found, strict=True)]
    for example in read_rows(contrasts(read), recogniser):
        example.made = True
        yield example


def _headlines() -> Iterator[dict[str, Any]]:
    """Headlines written for training alone; none of their events is in the corpus."""
    with HEADLINES.open(encoding="utf-8") as lines:
        next(lines)
        yield from (json.loads(line) for line in lines)


def read_rows(rows: Iterable[dict[str, Any]], recogniser: Recogniser) -> Iterator[Example]:
    for row in rows:
        reading = read_article(article(row), recogniser)
        event = row.get("event") or row["id"]
        violation = row["label"] == "violation"
        subject = row.get("subject") or "none"
        told_act = subject in OTHERS and row.get("class") in {
            "village_official",
            "security",
            "elected_official",
            "contract_staff",
            "rotation_elected",
        }
        yield Example(
            id=row["id"],
            group=event if isinstance(event, str) else event[0],
            label=row["label"],
            subject="asn" if violation else subject if told_act else "none",
            why=row.get("class") or "",
            stage=row.get("stage") or "none",
            forms=tuple(f for f in row.get("skb") or () if isinstance(f, int)),
            reading=reading,
            whole="kind" in row,
            told=_told(reading, row.get("act_sentence") or "") if violation else frozenset(),
        )


def _told(reading: Reading, sentence: str) -> frozenset[int]:
    """The frames that overlap the labelled sentence; of a one-sentence text that sentence."""
    body = [i for i, f in enumerate(reading.frames) if not f.sentence.noise]
    if len(body) == 1:
        return frozenset(body)
    start = reading.text.find(sentence.strip()) if sentence.strip() else -1
    if start < 0:
        return frozenset()
    end = start + len(sentence.strip())
    return frozenset(
        i
        for i in body
        if min(end, reading.frames[i].sentence.end) - max(start, reading.frames[i].sentence.start)
        > OVERLAP
        * min(end - start, reading.frames[i].sentence.end - reading.frames[i].sentence.start)
    )
