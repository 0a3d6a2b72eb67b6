"""Cuts a text up at the borders of what is marked in it, so that a template can show it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pantau.records import Entity, Mention

Span = tuple[int, int]


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


def highlighted(text: str, spans: Sequence[Span]) -> list[Part]:
    """A passage with the asked words apart."""
    parts, at = [], 0
    for start, end in sorted(spans):
        parts += [Part(text[at:start], False), Part(text[start:end], True)]
        at = end
    parts.append(Part(text[at:], False))
    return [part for part in parts if part.text]


def paragraphs(
    full_text: str,
    entities: Iterable[Entity],
    mentions: Sequence[Mention],
    shown: Callable[[str], str] = str,
) -> list[list[Piece]]:
    """Title (first) and paragraphs of a text, each cut up by what is marked in it.

    Of entities that overlap the longest is marked. ``shown`` is asked for the words of each
    piece as they may be shown.
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
        cuts = [start, *sorted(border for border in borders if start < border < end), end]
        pieces = []
        for here, there in pairwise(cuts):
            entity = next((e for e in outer if e.start <= here and there <= e.end), None)
            number = next((n for s, e, n in sentences if s <= here and there <= e), 0)
            first = bool(number) and number not in begun
            begun.add(number)
            pieces.append(Piece(shown(full_text[here:there]), entity, number, first))
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
