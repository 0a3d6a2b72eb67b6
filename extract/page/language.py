"""The language of a text, by its commonest words."""

from __future__ import annotations

import tomllib
from pathlib import Path

_DATA = Path(__file__).with_name("data") / "languages.toml"
_WORDS: dict[str, frozenset[str]] = {
    code: frozenset(row["words"])
    for code, row in tomllib.loads(_DATA.read_text(encoding="utf-8")).items()
}
COMMON: frozenset[str] = _WORDS["id"] | _WORDS["en"]
"""Words of running text, which are in no name."""
_SAMPLE = 2_000


def language(text: str, *, declared: str = "") -> str:
    """ISO 639-1 code by the words of the text; where they say nothing, what the page declares,
    else ``id``."""
    words = text.casefold().split()[:_SAMPLE]
    counts = {code: sum(word in common for word in words) for code, common in _WORDS.items()}
    best = max(counts, key=lambda code: counts[code])
    if counts[best] >= max(2, len(words) // 25):
        return best
    return declared.replace("_", "-").partition("-")[0].lower() or "id"
