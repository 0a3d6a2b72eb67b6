"""The small word lists of ``data/words.toml``."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

from extract.entities.tokens import lexicon

DATA = Path(__file__).parent / "data" / "words.toml"
WORD = re.compile(r"[^\W_]+")
HEAD = "ka"
"""Before an agency's short name: who heads it ("Kadisdukcapil")."""
SHORT = 3
"""Words no longer than this keep what looks like "-nya"."""


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


def written_out(word: str) -> tuple[str, ...]:
    """The words that an abbreviation of an office or an agency stands for, in small letters:
    "kadishub" is kepala dinas perhubungan; any other word alone, without "-nya"."""
    table = _abbreviations()
    for form in (word, word.removesuffix("nya")):
        if form in table:
            return table[form]
        if form.startswith(HEAD) and form.removeprefix(HEAD) in table:
            return ("kepala", *table[form.removeprefix(HEAD)])
    own = word.removesuffix("nya")
    return (own if len(own) > SHORT else word,)


@lru_cache(maxsize=1)
def _abbreviations() -> dict[str, tuple[str, ...]]:
    """Those of ``words.toml`` before those by which the entities know an agency."""
    named = {
        form.lower(): entry["full"]
        for entry in lexicon("agencies")["named"]
        if entry["role"] == "agency"
        for form in entry["forms"]
        if form.isalpha()
    }
    named.update(_table()["expand"])
    return {form: tuple(WORD.findall(full.lower())) for form, full in named.items()}


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    with DATA.open("rb") as file:
        return tomllib.load(file)
