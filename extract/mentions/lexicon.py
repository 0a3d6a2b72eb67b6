"""The cue lexicons of ``data/*.toml`` as one matcher, and what each group means."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from extract.mentions.patterns import Lexicon

DATA = Path(__file__).parent / "data"
FILES = ("actors", "acts", "partisan", "process", "factuality")


@dataclass(frozen=True, slots=True)
class Group:
    """One named group of patterns."""

    name: str
    kind: str
    """The file it stands in: actors, acts, partisan, process or factuality."""
    label: str
    """What a watcher reads, in Indonesian."""
    forms: tuple[int, ...] = ()
    loaded: bool = False
    stage: str = ""
    scope: str = ""
    veto: bool = False
    """At the head of a text it decides against an alarm."""


@lru_cache(maxsize=1)
def groups() -> dict[str, Group]:
    return {name: group for name, (group, _) in _read().items()}


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    return Lexicon((name, patterns) for name, (_, patterns) in _read().items())


@lru_cache(maxsize=1)
def _read() -> dict[str, tuple[Group, list[str]]]:
    read: dict[str, tuple[Group, list[str]]] = {}
    for kind in FILES:
        with (DATA / f"{kind}.toml").open("rb") as file:
            table = tomllib.load(file)
        for name, entry in table.items():
            if name in read:
                raise ValueError(f"{kind}.toml: group {name} is defined twice")
            read[name] = (
                Group(
                    name=name,
                    kind=kind,
                    label=entry["label"],
                    forms=tuple(entry.get("forms", ())),
                    loaded=entry.get("loaded", False),
                    stage=entry.get("stage", ""),
                    scope=entry.get("scope", ""),
                    veto=entry.get("veto", False),
                ),
                [line for line in entry["patterns"].splitlines() if line.strip()],
            )
    return read
