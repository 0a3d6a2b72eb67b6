"""Says in Indonesian why something could not be read: what is noted, is noted in English."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path


def in_indonesian(reason: str) -> str:
    """The reason with every phrase of ``reasons.toml`` in Indonesian; what else it tells (an
    address, the words of a server) stays as it is."""
    return _pattern().sub(lambda match: _phrase(match[0]), reason)


@cache
def _phrases() -> list[tuple[re.Pattern[str], str]]:
    told = tomllib.loads(Path(__file__).with_name("reasons.toml").read_text(encoding="utf-8"))
    phrases: dict[str, str] = told["phrases"]
    longest_first = sorted(phrases, key=lambda phrase: -len(phrase))
    return [(re.compile(_plain(phrase)), phrases[phrase]) for phrase in longest_first]


@cache
def _pattern() -> re.Pattern[str]:
    every = "|".join(phrase.pattern for phrase, _ in _phrases())
    return re.compile(rf"(?<![\w./?&=-])(?:{every})(?![\w/-])")


def _plain(phrase: str) -> str:
    """Words as they stand; {} is a number or name, which holds no space."""
    return re.escape(phrase).replace(r"\{\}", r"([^\s:;,()]+)")


def _phrase(said: str) -> str:
    for pattern, told in _phrases():
        if match := pattern.fullmatch(said):
            return told.format(*match.groups())
    return said
