"""Makes words from outside fit to be shown: one line, no steering marks, not endless."""

from __future__ import annotations

import re
import unicodedata

from alerts.masking import mask

_SHOWN = {"Cc": " ", "Zl": " ", "Zp": " ", "Cs": "\ufffd", "Co": "", "Cn": ""}
_STEERING = dict.fromkeys(
    map(
        ord,
        "\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff",
    )
)


def plain(text: str, limit: int = 300) -> str:
    """One line of at most ``limit`` characters, cut at a word where one ends near.

    Control characters, marks that turn the direction of writing, and what cannot be encoded
    are taken out.
    """
    kept = text[: limit * 4].translate(_STEERING)
    kept = "".join(_SHOWN.get(unicodedata.category(c), c) for c in kept)
    kept = re.sub(r"\s+", " ", kept).strip()
    return shorten(kept, limit)


def quoted(text: str, limit: int = 300) -> str:
    """Somebody's words as a mail may show them: plain, and without numbers of persons."""
    return plain(mask(plain(text, limit * 2)), limit)


def shorten(text: str, limit: int) -> str:
    """At most ``limit`` characters, with an ellipsis where something was cut."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    at_word = cut.rpartition(" ")[0]
    return (at_word if len(at_word) > limit // 2 else cut).rstrip(" ,.;:–-") + "…"
