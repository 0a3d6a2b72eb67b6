"""The small word lists of ``data/words.toml``."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data" / "words.toml"


def word_set(name: str) -> frozenset[str]:
    """A list without order."""
    return frozenset(_table()[name].split())


def numbered(name: str, *, start: int) -> dict[str, int]:
    """Each word of an ordered list of synonyms with its number."""
    return {
        word: number
        for number, words in enumerate(_table()[name], start=start)
        for word in words.split()
    }


def days_back() -> dict[str, int]:
    """Words for a day before publication, and how many days that is."""
    return dict(_table()["back"])


def days_ago() -> dict[str, int]:
    """Numbers before "hari lalu"."""
    return dict(_table()["days_ago"])


def colloquial_days() -> dict[str, int]:
    """The same in regional languages, as posts write them."""
    return dict(_table()["back_colloquial"])


def expansions() -> dict[str, str]:
    """Abbreviations of offices in small letters, each with its words."""
    return dict(_table()["expand"])


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    with DATA.open("rb") as file:
        return tomllib.load(file)
