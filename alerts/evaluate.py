"""Measures the grouping of reports into cases (``pantau evaluate cases``).

Each line of a file is a report with ``id, event`` (a list for a recap), ``kind, title, text,
published, stage, skb``, its ``asn`` or ``actors`` (name, position, agency) and ``region`` or
``regions`` (a code, or with ``kode``); ``act_sentence, act_date, beneficiary, subject`` where they
are known. Lines that tell no act are passed over. Mentions are made from these facts, so that
the figure tells of the clustering alone. With
``predictions`` the cases come from the output of ``pantau check --cases --json`` instead,
and the figure tells of the whole way.

Pairwise: two reports are a pair if they share an event; precision and recall count pairs.
"""

from __future__ import annotations

import json
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import combinations
from pathlib import Path
from typing import Any

from alerts.grouping import arrive, group_tellings
from alerts.names import is_initials, name_words
from alerts.telling import Telling, tellings_of
from pantau.records import NO_NAME, Actor, Article, Mention, Stage, Subject


@dataclass(frozen=True, slots=True)
class Score:
    precision: float
    recall: float
    mixed: int
    """Cases that hold two kabupaten or kota."""

    @property
    def f1(self) -> float:
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def report(
    files: Iterable[Path], *, predictions: Path | None = None, orders: int = 20
) -> Iterator[str]:
    """The figures as lines; after those of the clustering alone, each case that is wrong.

    ``orders`` random orders of arrival are tried, and the worst is told.
    """
    rows = [row for path in files for row in _lines(path) if _tells(row)]
    gold = {row["id"]: frozenset(_events(row)) for row in rows}
    if predictions is not None:
        yield _line("whole way", score(gold, *_predicted(_lines(predictions))))
        return
    tellings = [telling for row in rows for telling in gold_tellings(row)]
    yield _line("in order of publication", figures(gold, tellings, group_tellings(tellings)))
    worst = min(
        (
            figures(gold, tellings, arrive(tellings, _shuffled(len(tellings), seed)))
            for seed in range(orders)
        ),
        key=lambda found: found.f1,
    )
    yield _line(f"worst of {orders} random orders", worst)
    yield from _mistakes(gold, tellings, group_tellings(tellings))


def gold_tellings(row: Mapping[str, Any]) -> list[Telling]:
    """The mentions a perfect reading would find: one for each ASN and region of a report."""
    article = Article(
        id=row["id"],
        title=row["title"],
        text=row["text"],
        kind=row["kind"],
        published=datetime.fromisoformat(row["published"]),
    )
    mentions = [_mention(article, row, actor, code) for actor, code in _told(row)]
    return tellings_of(article, mentions)


def _told(row: Mapping[str, Any]) -> list[tuple[Mapping[str, str], str | None]]:
    """Each actor of a report with the region; of a recap those of each region."""
    actors = row.get("asn", row.get("actors")) or [{"name": "", "position": "", "agency": ""}]
    regions = row.get("regions")
    if not regions:
        place = row["region"]
        return [
            (actor, (place if isinstance(place, str | None) else place["kode"]) or None)
            for actor in actors
        ]
    told: list[tuple[Mapping[str, str], str | None]] = []
    left = list(actors)
    for place in regions:
        own = [actor for actor in left if _serves(actor, place["kabupaten_kota"])]
        if not own and len(left) == len(regions) - len(told):
            own = left[:1]  # actors and regions are told in one order
        left = [actor for actor in left if actor not in own]
        told += [(actor, place["kode"]) for actor in own]
        if not own:
            bare = {"name": "", "position": "", "agency": place["kabupaten_kota"]}
            told.append((bare, place["kode"]))
    return told


def score(
    gold: Mapping[str, frozenset[str]],
    predicted: Mapping[str, frozenset[int]],
    regions: Mapping[int, set[str]],
) -> Score:
    """Compare pairs of reports; every report of ``gold`` counts, grouped or not."""
    true = found = right = 0
    for one, other in combinations(gold, 2):
        together = bool(gold[one] & gold[other])
        joined = bool(predicted.get(one, frozenset()) & predicted.get(other, frozenset()))
        true, found, right = true + together, found + joined, right + (together and joined)
    return Score(
        precision=right / found if found else 0.0,
        recall=right / true if true else 0.0,
        mixed=sum(len(codes) > 1 for codes in regions.values()),
    )


def figures(gold: Mapping[str, frozenset[str]], tellings: list[Telling], ids: list[int]) -> Score:
    predicted: dict[str, set[int]] = defaultdict(set)
    regions: dict[int, set[str]] = defaultdict(set)
    for telling, case_id in zip(tellings, ids, strict=True):
        predicted[telling.article_id].add(case_id)
        if telling.mention.region_code and len(telling.mention.region_code) >= 5:
            regions[case_id].add(telling.mention.region_code[:5])
    return score(gold, {key: frozenset(value) for key, value in predicted.items()}, regions)


def _predicted(
    lines: Iterable[Mapping[str, Any]],
) -> tuple[dict[str, frozenset[int]], dict[int, set[str]]]:
    predicted: dict[str, frozenset[int]] = {}
    regions: dict[int, set[str]] = defaultdict(set)
    for line in lines:
        found = [m for m in line["mentions"] if m.get("case") is not None]
        predicted[line["id"]] = frozenset(m["case"] for m in found)
        for mention in found:
            if len(mention["region_code"] or "") >= 5:
                regions[mention["case"]].add(mention["region_code"][:5])
    return predicted, regions


def _mention(
    article: Article, row: Mapping[str, Any], actor: Mapping[str, str], code: str | None
) -> Mention:
    told = row.get("act_sentence", "")
    start = article.full_text.find(told) if told else -1
    span = (start, start + len(told)) if start >= 0 else _sentence(article.full_text, actor)
    stage: Stage = row["stage"] or "alleged"
    subject: Subject = row.get("subject") or "asn"
    return Mention(
        sentence=article.full_text[slice(*span)],
        start=span[0],
        end=span[1],
        subject=subject,
        actor=Actor(
            name=actor["name"] or NO_NAME, position=actor["position"], agency=actor["agency"]
        ),
        act="",
        act_date=date.fromisoformat(row["act_date"]) if row.get("act_date") else None,
        beneficiary=", ".join(row.get("beneficiary") or ()),
        skb_forms=tuple(row["skb"]) if len(row.get("regions", ())) < 2 else (),
        region_code=code,
        stage=stage,
    )


def _sentence(text: str, actor: Mapping[str, str]) -> tuple[int, int]:
    """The first sentence of the text, after its headline, that names the actor."""
    told = set(name_words(actor["name"]))
    if is_initials(actor["name"]):
        told = {actor["name"].lower()}
    told = told or set(re.findall(r"\w+", (actor["position"] or actor["agency"]).lower()))
    spans = [match.span() for match in re.finditer(r"[^.!?\n]+(?:[.!?]+(?=\s)|\n|$)", text)]
    later = [span for span in spans if span[0] > text.find("\n")] or spans
    return max(
        later,
        key=lambda span: (
            len(told & set(re.findall(r"\w+", text[slice(*span)].lower()))),
            -span[0],
        ),
        default=(0, len(text)),
    )


def _serves(actor: Mapping[str, str], region: str) -> bool:
    """Whether an actor of a recap serves in the region, by its name in office or agency."""
    told = f"{actor['position']} {actor['agency']}"
    bare = region.removeprefix("Kabupaten ").removeprefix("Kota ")
    return region in told or (bare in told and f"Kabupaten {bare}" not in told)


def _tells(row: Mapping[str, Any]) -> bool:
    return bool(row.get("event")) and (row["label"] == "violation" or row["stage"] == "dismissed")


def _events(row: Mapping[str, Any]) -> list[str]:
    return row["event"] if isinstance(row["event"], list) else [row["event"]]


def _mistakes(
    gold: Mapping[str, frozenset[str]], tellings: list[Telling], ids: list[int]
) -> Iterable[str]:
    """Events that fell apart and cases that mix events, to see what to mend."""
    cases: dict[str, set[int]] = defaultdict(set)
    events: dict[int, set[str]] = defaultdict(set)
    for telling, case_id in zip(tellings, ids, strict=True):
        own = gold[telling.article_id]
        if len(own) == 1:
            cases[min(own)].add(case_id)
            events[case_id] |= own
    for event in sorted(cases):
        if len(cases[event]) > 1:
            members = [
                f"{t.article_id}:{i}"
                for t, i in zip(tellings, ids, strict=True)
                if event in gold[t.article_id]
            ]
            yield f"apart {event}: {' '.join(members)}"
    yield from (
        f"mixed {case_id}: {sorted(own)}" for case_id, own in events.items() if len(own) > 1
    )


def _shuffled(length: int, seed: int) -> list[int]:
    """An order of arrival, as when some sources are read late."""
    order = list(range(length))
    random.Random(seed).shuffle(order)
    return order


def _line(what: str, found: Score) -> str:
    return (
        f"{what}: precision {found.precision:.3f}  recall {found.recall:.3f}  "
        f"F1 {found.f1:.3f}  cases that mix regions: {found.mixed}"
    )


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
