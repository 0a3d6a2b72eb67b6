"""What is cut by its wording: related links, marks of advertising, initials, editor lines.

The patterns are data (``data/boilerplate.toml``); every cut names its reason.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_DATA = Path(__file__).with_name("data") / "boilerplate.toml"
_RULES: dict[str, list[dict[str, Any]]] = tomllib.loads(_DATA.read_text(encoding="utf-8"))


_SUMMARY = re.compile(_RULES["summary"][0]["pattern"], re.I)
_BIO = re.compile(_RULES["bio"][0]["pattern"], re.I)
_QUOTES = ('"', "“", "”", "‘", "'", "’", "«")


@dataclass(frozen=True, slots=True)
class _Rule:
    why: str
    pattern: re.Pattern[str]
    longest: int


def _rules(kind: str) -> tuple[_Rule, ...]:
    return tuple(
        _Rule(
            row.get("why", "end of the article"),
            re.compile(row["pattern"], 0 if row.get("cased") or kind == "tail" else re.I),
            row.get("max", 300),
        )
        for row in _RULES[kind]
    )


_LINES, _ENDS, _TAILS, _HEADS, _CREDITS = (
    _rules(kind) for kind in ("line", "end", "tail", "head", "credit")
)


def why_cut(text: str) -> str | None:
    """Why a whole paragraph is no part of an article; None if its wording says nothing. What
    begins with a quotation mark is somebody's words."""
    if text.startswith(_QUOTES):
        return None
    for rule in _LINES:
        if len(text) <= rule.longest and rule.pattern.fullmatch(text):
            return rule.why
    return None


def ends_article(text: str) -> bool:
    """Whether a heading or short line says that other matter follows."""
    return len(text) <= 80 and any(rule.pattern.fullmatch(text) for rule in _ENDS)


def opens_summary(text: str) -> bool:
    """Whether a line heads a box that sums the article up."""
    return len(text) <= 60 and bool(_SUMMARY.fullmatch(text))


def is_credited(text: str) -> bool:
    """Whether a line ends like a caption, with the picture's source."""
    return any(rule.pattern.search(text) for rule in _CREDITS)


def is_bio(text: str, names: Iterable[str]) -> bool:
    """Whether a text tells who one of its authors, ``names``, is."""
    return any(
        text.startswith(name) and _BIO.match(text, len(name)) for name in names if " " in name
    )


def trim(text: str) -> tuple[str, list[str]]:
    """A kept paragraph without marks at its ends, and what was taken off."""
    taken: list[str] = []
    for rule in (*_HEADS, *_TAILS):
        shorter = rule.pattern.sub("", text)
        if shorter != text and shorter.strip():
            taken.append(rule.why)
            text = shorter.strip()
    return text, taken
