"""The telling words of a report: those that set one act apart from the others.

Indonesian builds words with affixes (membagikan, dibagikan, pembagian); they are taken off
roughly, the same way everywhere, which is enough to see that two texts speak of one thing.
"""

from __future__ import annotations

import re
from functools import lru_cache

from alerts.data import words as word_list

_SUFFIXES = ("nya", "lah", "kah", "pun", "kan", "an", "i")
_PREFIXES = (
    *("memper", "diper", "menge", "meng", "meny", "mem", "men", "me", "ber", "ter", "per"),
    *("peng", "peny", "pem", "pen", "di", "se", "ke"),
)
_STEM = 4
"""A stem is left at least so long."""


@lru_cache(maxsize=4096)
def telling_words(text: str) -> frozenset[str]:
    """Stems of a text's words without the common ones; numbers of two digits and less fall."""
    tokens = re.findall(r"[^\W\d_]{3,}|\d{3,}", text.lower())
    return frozenset(map(_stem, tokens)) - _common()


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    listed = word_list("common_words.txt")
    return listed | frozenset(map(_stem, listed))


@lru_cache(maxsize=65536)
def _stem(word: str) -> str:
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= _STEM:
            word = word.removesuffix(suffix)
    for prefix in _PREFIXES:
        if word.startswith(prefix) and len(word) - len(prefix) >= _STEM:
            return word.removeprefix(prefix)
    return word
