"""The passage of a hit that is shown, and where the asked words stand in it."""

from __future__ import annotations

from collections.abc import Sequence

from search.index import Document
from search.query import Node, Words, positive_words
from search.words import runs, stems

LENGTH = 240
"""Characters of a passage, about three lines on a terminal."""

Span = tuple[int, int]


def highlight(document: Document, node: Node | None) -> tuple[str, tuple[Span, ...]]:
    """A passage of the text around the first asked words, and the spans of all of them in it."""
    text = " ".join(document.text.split())
    found = _found(text, [words for words in positive_words(node) if not words.field])
    start = _word_start(text, max(0, found[0][0] - LENGTH // 3)) if found else 0
    end = len(text)
    if start + LENGTH < end:
        end = text.rfind(" ", start, start + LENGTH)
        end = end if end > start else start + LENGTH
    before = "… " if start else ""
    passage = f"{before}{text[start:end]}{' …' if end < len(text) else ''}"
    shift = len(before) - start
    return passage, tuple(
        (first + shift, last + shift) for first, last in found if first >= start and last <= end
    )


def _found(text: str, asked: Sequence[Words]) -> list[Span]:
    """Where any of the asked words stand, in order, none inside another."""
    found: list[Span] = []
    for words in asked:
        by_stem = not (words.exact or words.prefix)
        wanted = stems(words.words) if by_stem else list(words.words)
        # Prefixes change a root's first letter at most (memilih, pilih).
        for run in runs(text, wanted[0][1:] if by_stem else wanted[0], len(wanted)):
            said = [word for word, _, _ in run]
            if by_stem:
                said = stems(said)
            if said == wanted or (words.prefix and said[0].startswith(wanted[0])):
                found.append((run[0][1], run[-1][2]))
    outer: list[Span] = []
    for span in sorted(found, key=lambda span: (span[0], -span[1])):
        if not outer or span[0] >= outer[-1][1]:
            outer.append(span)
    return outer


def _word_start(text: str, near: int) -> int:
    return 0 if near == 0 else text.find(" ", near) + 1
