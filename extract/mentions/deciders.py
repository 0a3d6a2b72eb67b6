"""Which authority decided the stage of a case, as the text names it.

An authority decides by what it does: it stands beside the words of its own step ("Bawaslu
memeriksa", "divonis Pengadilan Negeri"). Where a file goes ("diteruskan ke BKN"), an authority's
name inside somebody's office or a candidate's title decides nothing. The steps of each authority
stand in ``data/deciders.toml``, the names of authorities with the law (``law/routes.toml``).
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from extract.entities.tokens import is_common
from extract.law import load as load_law
from extract.mentions.frames import Frame
from extract.mentions.lexicon import DATA
from extract.mentions.patterns import Lexicon
from extract.mentions.sentences import Sentence

REACH = 90
"""Characters around an authority within which a step counts as its own; the nearer the more."""
OF_TITLE = 1.5
OF_HEAD = 1.25
HEAD = 3
"""Sentences at a text's head, which tell what it is about."""
BESIDE = 2
"""Sentences around the act's own that say more of it than others."""
NAMED_ONLY, GOES_THERE = 0.05, 0.2
"""Shares of an authority that is named without a step of its own, and of one something goes to."""
LEVELS = frozenset({"kabupaten", "kota", "provinsi"})


@dataclass(frozen=True, slots=True)
class Authority:
    """A place where a text names an authority."""

    id: str
    name: str
    """With the place it serves where named."""
    start: int
    end: int
    towards: bool
    """Whether something goes to it, or is asked of it."""


def stage_by(stage: str, frames: Sequence[Frame], index: int) -> str:
    """The authority that decided ``stage`` of the case whose act the frame at ``index`` tells;
    ``""`` where nobody has decided yet, or the text names nobody."""
    steps = _steps().get(stage)
    if steps is None:
        return ""
    votes: defaultdict[str, float] = defaultdict(float)
    names: dict[str, str] = {}
    for place, frame in enumerate(frames):
        sentence = frame.sentence
        if sentence.noise:
            continue
        weight = OF_TITLE if sentence.is_title else OF_HEAD if place <= HEAD else 1.0
        if abs(place - index) <= BESIDE:
            weight *= OF_HEAD
        for authority in authorities(sentence):
            if authority.id not in steps:
                continue
            own, lexicon = steps[authority.id]
            near = _nearest(authority, lexicon, sentence)
            share = own * weight * max(1 - near / REACH, NAMED_ONLY)
            votes[authority.id] += share * (GOES_THERE if authority.towards else 1.0)
            known = names.get(authority.id, "")
            names[authority.id] = max(known, authority.name, key=lambda n: len(n.split()))
    best = max(votes, key=lambda id_: votes[id_], default="")
    return names.get(best, "")


def same_authority(one: str, other: str) -> bool:
    """Whether two names mean the same kind of authority, of whatever place."""
    ours, theirs = kind_of_authority(one), kind_of_authority(other)
    return bool(ours) and ours == theirs


def kind_of_authority(named: str) -> str:
    """The id of the authority that ``named`` is the name of; ``""`` for none."""
    told = named.lower()
    found = [
        (len(alias), one.id)
        for one in load_law().authorities
        for alias in one.aliases
        if re.search(rf"\b{re.escape(alias.lower())}\b", told)
    ]
    return max(found)[1] if found else ""


def names_authority(text: str, named: str) -> bool:
    """Whether ``text`` names an authority of the kind of ``named``."""
    kind = kind_of_authority(named)
    return any(_ids()[match["alias"].lower()] == kind for match in _names().finditer(text))


def authorities(sentence: Sentence) -> Iterator[Authority]:
    """The authorities a sentence names, those that are none (a candidate's title) left out."""
    data = _data()["before"]
    for match in _names().finditer(sentence.text):
        alias = match["alias"]
        before = re.findall(r"\w+", sentence.text[: match.start()].lower())[-2:]
        if before and before[-1] in data["no_authority"].split():
            continue
        if before and before[-1] in data["serving"].split() and alias.startswith("Pem"):
            continue
        after = re.match(r"\W*(\w+)", sentence.text[match.start() + len(alias) :].lower())
        urged = after is not None and after[1] in data["urged"].split()
        yield Authority(
            id=_ids()[alias.lower()],
            name=_with_place(match.group(), alias),
            start=sentence.start + match.start(),
            end=sentence.start + match.start() + len(alias),
            towards=urged or (bool(before) and before[-1] in data["towards"].split()),
        )


def _nearest(authority: Authority, steps: Lexicon, sentence: Sentence) -> float:
    """How far the nearest of ``steps`` stands from the authority, in characters."""
    tokens = sentence.tokens
    apart = [
        max(tokens[m.first].start - authority.end, authority.start - tokens[m.last].end, 0)
        for m in steps.find(tokens)
    ]
    return float(min(apart, default=REACH))


def _with_place(named: str, alias: str) -> str:
    """The authority's name with its place, without what a headline goes on with: "Bawaslu Palu
    [Setop]"."""
    kept = alias.split()
    for word in named.split()[len(kept) :]:
        if is_common(word.lower()) and word.lower() not in LEVELS:
            break
        kept.append(word)
    while len(kept) > len(alias.split()) and kept[-1].lower() in LEVELS:
        kept.pop()
    return " ".join(kept)


@lru_cache(maxsize=1)
def _names() -> re.Pattern[str]:
    aliases = sorted((a for one in load_law().authorities for a in one.aliases), key=len)
    either = "|".join(re.escape(alias) for alias in reversed(aliases))
    upper = "|".join(re.escape(alias.upper()) for alias in reversed(aliases) if len(alias) > 4)
    return re.compile(
        rf"\b(?P<alias>{either}|{upper})\b(?:\s+(?:Kabupaten|Kota|Provinsi))?(?:\s+[A-Z][a-z]+){{0,2}}"
    )


@lru_cache(maxsize=1)
def _ids() -> dict[str, str]:
    return {alias.lower(): one.id for one in load_law().authorities for alias in one.aliases}


@lru_cache(maxsize=1)
def _steps() -> dict[str, dict[str, tuple[float, Lexicon]]]:
    """By stage and authority: how much its step says, and the patterns of the step."""
    return {
        stage: {
            who: (entry["weight"], Lexicon([(who, entry["patterns"].strip().splitlines())]))
            for who, entry in by_authority.items()
        }
        for stage, by_authority in _data().items()
        if stage != "before"
    }


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    with (DATA / "deciders.toml").open("rb") as file:
        return tomllib.load(file)
