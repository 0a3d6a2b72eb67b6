"""Cuts a text up at the borders of what is marked in it, so that a template can show it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pantau.records import Entity, Mention

Span = tuple[int, int]
Hidden = tuple[int, int, str]
"""Start, end, and what is shown instead: a number of a person, a home address, a handle."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that are marked alike. ``mention`` counts from 1; 0 is none."""

    text: str
    entity: Entity | None = None
    mention: int = 0
    first: bool = False
    """The first piece of its mention."""


@dataclass(frozen=True, slots=True)
class Part:
    text: str
    marked: bool


def highlighted(text: str, spans: Sequence[Span], hidden: Sequence[Hidden] = ()) -> list[Part]:
    """A passage with the asked words apart; what is hidden is neither marked nor cut up."""
    cut = {at for span in spans for at in span}
    return [
        Part(shown, any(s <= start and end <= e for s, e in spans))
        for start, end, shown in _cut(text, 0, len(text), cut, hidden)
    ]


def _cut(
    text: str, start: int, end: int, borders: set[int], hidden: Sequence[Hidden]
) -> Iterator[tuple[int, int, str]]:
    """The text from start to end, cut at borders, with what is shown of each piece."""
    instead = {}
    for first, last, shown in hidden:
        borders = {at for at in borders if not first < at < last} | {first, last}
        # Of what reaches over the end of a paragraph the first part says it all.
        instead[max(first, start)] = shown if first >= start else ""
    cuts = [start, *sorted(at for at in borders if start < at < end), end]
    covered = [(first, last) for first, last, _ in hidden]
    for here, there in pairwise(cuts):
        is_hidden = any(first <= here < last for first, last in covered)
        shown = instead[here] if is_hidden else text[here:there]
        if shown:
            yield here, there, shown


def paragraphs(
    full_text: str,
    entities: Iterable[Entity],
    mentions: Sequence[Mention],
    hidden: Sequence[Hidden] = (),
) -> list[list[Piece]]:
    """Title (first) and paragraphs of a text, each cut up by what is marked in it.

    Of entities that overlap the longest is marked; what is hidden is never cut.
    """
    outer = _outer(entities, len(full_text))
    sentences = [
        (max(0, mention.start), min(mention.end, len(full_text)), number)
        for number, mention in enumerate(mentions, start=1)
    ]
    borders = {border for entity in outer for border in (entity.start, entity.end)}
    borders |= {border for start, end, _ in sentences for border in (start, end)}
    begun: set[int] = set()
    made = []
    for start, end in _paragraph_spans(full_text):
        pieces = []
        for here, there, shown in _cut(full_text, start, end, borders, hidden):
            entity = next((e for e in outer if e.start <= here and there <= e.end), None)
            number = next((n for s, e, n in sentences if s <= here and there <= e), 0)
            first = bool(number) and number not in begun
            begun.add(number)
            pieces.append(Piece(shown, entity, number, first))
        made.append(pieces)
    return made


def _paragraph_spans(full_text: str) -> list[Span]:
    spans: list[Span] = []
    at = 0
    for line in full_text.split("\n"):
        if line.strip() or not spans:
            spans.append((at, at + len(line)))
        at += len(line) + 1
    return spans


def _outer(entities: Iterable[Entity], length: int) -> list[Entity]:
    kept: list[Entity] = []
    inside = [e for e in entities if 0 <= e.start < e.end <= length]
    for entity in sorted(inside, key=lambda e: (e.start - e.end, e.start)):
        if all(entity.end <= other.start or other.end <= entity.start for other in kept):
            kept.append(entity)
    return sorted(kept, key=lambda e: e.start)
