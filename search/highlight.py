"""The passage of a hit that is shown, and where the asked words stand in it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from search.index import Document
from search.query import Node, Words, positive_words
from search.words import spans, stems

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
    if not asked:
        return []
    written = list(spans(text))
    said = [word for word, _, _ in written]
    roots = _roots(said, asked)
    found: list[Span] = []
    for words in asked:
        by_stem = not (words.exact or words.prefix)
        row, wanted = (roots, tuple(stems(words.words))) if by_stem else (said, words.words)
        for at, word in enumerate(row):
            length = len(wanted)
            if word == wanted[0] and tuple(row[at : at + length]) == wanted:
                found.append((written[at][1], written[at + length - 1][2]))
            elif words.prefix and word.startswith(wanted[0]):
                found.append((written[at][1], written[at][2]))
    outer: list[Span] = []
    for span in sorted(found, key=lambda span: (span[0], -span[1])):
        if not outer or span[0] >= outer[-1][1]:
            outer.append(span)
    return outer


def _roots(said: Sequence[str], asked: Sequence[Words]) -> list[str]:
    """The stems of the words that could be asked; prefixes change a root's first letter at
    most (memilih, pilih), so that other words need not be taken apart."""
    cores = {root[1:] for words in asked for root in stems(words.words)}
    like = re.compile("|".join(map(re.escape, cores)))
    root = {word: stems([word])[0] if like.search(word) else word for word in set(said)}
    return [root[word] for word in said]


def _word_start(text: str, near: int) -> int:
    return 0 if near == 0 else text.find(" ", near) + 1
