"""What is found, as it is shown: with its passage, and folded where many carry one text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar

from search.highlight import highlight
from search.index import Document, Hit
from search.query import Node

Alike = Mapping[str, tuple[int, tuple[Document, ...]]]
"""By ``text_id``: how many more carry the text, and the newest of them."""
T = TypeVar("T")


def hit(document: Document, node: Node | None, alike: Alike) -> Hit:
    passage, spans = highlight(document, node)
    number, others = alike.get(document.text_id, (0, ()))
    return Hit(document=document, passage=passage, highlights=spans, alike=number, others=others)


def firsts(items: Iterable[T], text_id: Callable[[T], str]) -> Iterator[T]:
    """The first item of each text."""
    seen: set[str] = set()
    for item in items:
        text = text_id(item)
        if text not in seen:
            seen.add(text)
            yield item
