"""The telling words of a report: those that set one act apart from the others.

Indonesian builds words with affixes (membagikan, dibagikan, pembagian); they are taken off
roughly, the same way everywhere, which is enough to see that two texts speak of one thing.

``python -m alerts.words corpus/texts/*.jsonl > alerts/data/frequent_words.txt`` lists the
stems that many of the project's own texts have in common.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from alerts.data import words as word_list

_SUFFIXES = ("nya", "lah", "kah", "pun", "kan", "an", "i")
_PREFIXES = (
    *("memper", "diper", "menge", "meng", "meny", "mem", "men", "me", "ber", "ter", "per"),
    *("peng", "peny", "pem", "pen", "di", "se", "ke"),
)
_STEM = 4
"""A stem is left at least so long."""
_FREQUENT = 0.04
"""Share of the texts from which a stem says nothing any more."""


@lru_cache(maxsize=4096)
def telling_words(text: str) -> frozenset[str]:
    """Stems of a text's words without the common ones; years and shorter numbers fall."""
    return stems(text) - _common()


def stems(text: str) -> frozenset[str]:
    tokens = re.findall(r"[^\W\d_]{3,}|(?<!\d)(?!(?:19|20)\d\d(?!\d))\d{3,}", text.lower())
    return frozenset(map(_stem, tokens))


def frequent(texts: Iterable[str]) -> list[str]:
    """The stems that at least a ``_FREQUENT`` share of the texts have, in order."""
    found = [stems(text) for text in texts]
    counts = Counter(stem for one in found for stem in one)
    return sorted(stem for stem, count in counts.items() if count >= _FREQUENT * len(found))


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    listed = word_list("common_words.txt") | word_list("region_words.txt")
    return listed | frozenset(map(_stem, listed)) | word_list("frequent_words.txt")


@lru_cache(maxsize=65536)
def _stem(word: str) -> str:
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= _STEM:
            word = word.removesuffix(suffix)
    for prefix in _PREFIXES:
        if word.startswith(prefix) and len(word) - len(prefix) >= _STEM:
            return word.removeprefix(prefix)
    return word


def _texts(paths: Iterable[str]) -> Iterable[str]:
    for path in paths:
        for line in Path(path).read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if "text" in row:
                yield f"{row.get('title', '')}\n{row['text']}"


if __name__ == "__main__":
    sys.stdout.write(
        f"# Stems that at least {_FREQUENT:.0%} of the texts in corpus/texts have; made by\n"
        "# python -m alerts.words corpus/texts/*.jsonl\n"
    )
    for stem in frequent(_texts(sys.argv[1:])):
        sys.stdout.write(f"{stem}\n")
