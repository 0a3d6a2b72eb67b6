"""The passage of a hit that is shown, and where the asked words stand in it."""

from __future__ import annotations

import re

from search.index import Document
from search.query import Node, positive_words

LENGTH = 240
"""Characters of a passage, about three lines on a terminal."""


def highlight(document: Document, node: Node | None) -> tuple[str, tuple[tuple[int, int], ...]]:
    """A passage of the text around the first asked words, and the spans of all of them in it."""
    patterns = [
        r"\W+".join(re.escape(word) for word in words.words) + (r"\w*" if words.prefix else "")
        for words in positive_words(node)
        if not words.field
    ]
    wanted = re.compile(rf"\b(?:{'|'.join(patterns)})\b", re.IGNORECASE) if patterns else None
    text = " ".join(document.text.split())
    first = wanted.search(text) if wanted else None
    start = _word_start(text, max(0, first.start() - LENGTH // 3)) if first else 0
    passage = text[start : start + LENGTH]
    if start + LENGTH < len(text):
        passage = passage[: passage.rfind(" ") + 1 or LENGTH].rstrip() + " …"
    if start > 0:
        passage = "… " + passage
    spans = tuple(match.span() for match in wanted.finditer(passage)) if wanted else ()
    return passage, spans


def _word_start(text: str, near: int) -> int:
    return 0 if near == 0 else text.find(" ", near) + 1
