"""What the readings of all platforms share: JSON that may be anything, HTML that is to be text."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import lxml.html
from lxml import etree

from pantau.posts import LONGEST_FIELD, LONGEST_TEXT, Post

MOST_POSTS = 1000
"""Of one answer."""
_BLOCKS = frozenset({"p", "div", "li", "blockquote", "pre", "ul", "ol", "h1", "h2", "h3"})
_UNSEEN = frozenset({"script", "style", "template"})


@dataclass(frozen=True, slots=True)
class Answer:
    """The posts of one answer, in its order, and where it goes on."""

    posts: tuple[Post, ...] = ()
    next: str = ""
    """What asks for the further posts: a cursor, an id or an address; empty at the end."""
    problem: str = ""
    """Why it is no such answer."""
    told: Mapping[str, str] = field(default_factory=dict)
    """What else it says, by name."""


def as_json(body: bytes) -> Any:
    """The value of a JSON text; None for anything else."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def at(value: Any, *path: str) -> Any:
    """What stands at a path of keys; None where there is nothing."""
    for key in path:
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value


def items(value: Any, *path: str) -> list[dict[str, Any]]:
    """The objects of a list at a path."""
    found = at(value, *path) if path else value
    if not isinstance(found, list):
        return []
    return [item for item in found[:MOST_POSTS] if isinstance(item, dict)]


def text(value: Any, *path: str) -> str:
    """A text at a path, bounded; a number is written out."""
    found = at(value, *path) if path else value
    if isinstance(found, bool) or not isinstance(found, str | int):
        return ""
    return str(found)[:LONGEST_TEXT]


def name(value: Any, *path: str) -> str:
    return text(value, *path)[:LONGEST_FIELD].strip()


def number(value: Any, *path: str) -> int | None:
    """A count at a path, also where it is written as a text."""
    found = at(value, *path) if path else value
    if isinstance(found, bool):
        return None
    if isinstance(found, str) and found.isdecimal() and len(found) < 19:
        found = int(found)
    if isinstance(found, float) and math.isfinite(found):
        found = int(found)
    return found if isinstance(found, int) and 0 <= found < 10**18 else None


def counts(**found: int | None) -> dict[str, int]:
    """Those that are told."""
    return {key: value for key, value in found.items() if value is not None}


def moment(value: Any, *path: str) -> datetime | None:
    """A time in ISO 8601 at a path; without a zone it is UTC, as all these interfaces write it."""
    raw = text(value, *path)
    try:
        when = datetime.fromisoformat(raw)
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def plain(html: str) -> str:
    """What a reader sees of a piece of HTML; blocks and breaks on lines of their own."""
    if not html.strip():
        return ""
    try:
        root = lxml.html.fragment_fromstring(html[: 4 * LONGEST_TEXT], create_parent="div")
    except (etree.ParserError, ValueError):
        return ""
    return shown(root)


def shown(root: Any) -> str:
    """What a reader sees of an element."""
    parts: list[str] = []
    unseen = 0
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if event in ("comment", "pi"):
            parts.append(element.tail or "")
            continue
        if element.tag in _UNSEEN:
            unseen += 1 if event == "start" else -1
            parts.append((element.tail or "") if event == "end" and not unseen else "")
            continue
        if unseen:
            continue
        block = element.tag in _BLOCKS
        if event == "start":
            parts.append("\n\n" if block else "\n" if element.tag == "br" else "")
            parts.append(element.text or "")
        else:
            parts.append("\n\n" if block else "")
            parts.append((element.tail or "") if element is not root else "")
    lines = [" ".join(line.split()) for line in "".join(parts).split("\n")]
    kept = "\n".join(lines).strip("\n")
    while "\n\n\n" in kept:
        kept = kept.replace("\n\n\n", "\n\n")
    return kept[:LONGEST_TEXT]
