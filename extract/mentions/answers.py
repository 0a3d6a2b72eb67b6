"""Whether the accused denies it, and in which words.

A denial counts where the accused utters it: by name, by office, by a pronoun behind a sentence
about him, or through his lawyer. What a candidate, an authority or anybody else denies is not
his, and "tidak membantah" is none; nor is an excuse that admits the deed ("hanya diundang"), which
is his answer all the same. How people deny stands in ``data/answers.toml``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from extract.mentions.frames import ACTING, Frame
from extract.mentions.lexicon import DATA
from extract.mentions.patterns import Lexicon
from extract.mentions.sentences import Sentence
from extract.mentions.words import word_set, written_out
from pantau.records import NO_NAME, Actor

REACH = 6
"""Words before a denial within which whoever utters it is named."""
BEHIND = 4
"""Words behind a word of saying within which whoever says it is named ("kata Camat Sumber")."""
PRONOUN = 3
"""Words before a denial within which a pronoun means whoever utters it."""
SHORTEST = 3
IDLE = word_set("idle_in_office")
ACTIVE = re.compile(r"(?!menurut)(?:me[mn]|ber)")
"""A word of saying whose speaker stands before it ("menyatakan")."""
HEADLINE = re.compile(r"^[^:\"“”]{3,60}: ")
""" "Kabid: Saya Hanya Mengantar Istri"."""


def answer(frames: Sequence[Frame], who: Actor) -> tuple[bool, str]:
    """Whether the accused ``who`` denies it, and the sentence in which he answers, with what he is
    quoted with behind it; an answer that denies nothing ("hanya menemani istri") is told too."""
    called, office = _called(who)
    told: tuple[bool, str] = (False, "")
    for place, frame in enumerate(frames):
        sentence = frame.sentence
        if sentence.noise:
            continue
        denies, answers = _answers(frames, place, called, office)
        if not answers or (told[1] and not denies):
            continue
        text = sentence.text
        following = frames[place + 1].sentence if place + 1 < len(frames) else None
        if not sentence.quoted and following is not None and following.quoted:
            text = f"{text} {following.text}"
        told = denies, text
        if denies:
            break
    return told


def _answers(
    frames: Sequence[Frame], place: int, called: frozenset[str], office: frozenset[str]
) -> tuple[bool, bool]:
    """Whether the accused denies something in the sentence at ``place``, and whether he answers."""
    sentence = frames[place].sentence
    found = _found(sentence)
    if "yields" in found:
        return False, False
    says, excuses = found.get("says", []), found.get("excuses", [])
    denying = found.get("denying", [])
    quoted = [d for d in found.get("quoted", []) if d not in excuses]
    denials = denying + [d for d in found.get("denials", []) if d not in excuses]
    softeners = found.get("softeners", []) + excuses
    if HEADLINE.match(sentence.text) and ":" in sentence.lower:
        colon = sentence.lower.index(":")
        denies = bool(denying) or any(one > colon for one in (*denials, *quoted))
        answers = denies or any(one > colon for one in softeners)
        mine = answers and _is_he(frames, place, called, office, 0, colon)
        return mine and denies, mine
    behind = [one for one in says if not ACTIVE.match(sentence.lower[one])]
    spoken = denials + [d for d in quoted if any(one < d for one in says)]
    denies = any(
        _utters(frames, place, called, office, d, says)
        or (d == 0 and _is_he(frames, place, called, office, 1, len(sentence.lower)))
        for d in spoken
    ) or (
        bool(denials)
        and any(_is_he(frames, place, called, office, one + 1, one + 1 + BEHIND) for one in behind)
    )
    answers = denies or any(
        _is_he(frames, place, called, office, max(0, one - BEHIND), one)
        for one in says
        if softeners
    )
    return denies, answers


def _utters(
    frames: Sequence[Frame],
    place: int,
    called: frozenset[str],
    office: frozenset[str],
    denial: int,
    says: Sequence[int],
) -> bool:
    """Whether the accused utters the denial that begins at the word ``denial``: he stands before
    it, or before the word of saying that brings it ("Ketua tim menyatakan Slamet tidak ...")."""
    said = max((one for one in says if one < denial), default=denial)
    return _is_he(frames, place, called, office, max(0, said - REACH), said)


def _is_he(
    frames: Sequence[Frame],
    place: int,
    called: frozenset[str],
    office: frozenset[str],
    first: int,
    last: int,
) -> bool:
    """Whether the words from ``first`` to ``last`` mean the accused: his name, his office, his
    lawyer, or a pronoun behind a sentence about him."""
    frame = frames[place]
    words = frame.sentence.lower[first:last]
    persons = _persons()
    if not called.isdisjoint(words) or not persons["lawyers"].isdisjoint(words):
        return True
    inside = [p for p in frame.parties if first <= p.first < last]
    if inside:
        party = inside[-1]
        told = _office_words(party.text)
        return party.group in ACTING and bool(told) and (told <= office or office <= told)
    near = words[-PRONOUN:]
    return not persons["pronouns"].isdisjoint(near) and _about_him(frames, place, called)


def _about_him(frames: Sequence[Frame], place: int, called: frozenset[str]) -> bool:
    """Whether the sentence before speaks of the accused, so that "ia" means him."""
    before = frames[place - 1] if place else None
    if before is not None and not called.isdisjoint(before.sentence.lower):
        return True
    if before is not None and any(p.group not in ACTING and p.speaks for p in before.parties):
        return False
    actor = frames[place].actor
    return actor is not None and actor.group in ACTING and not actor.speaks


def _found(sentence: Sentence) -> dict[str, list[int]]:
    """The first words of what is found of each list of patterns."""
    found: dict[str, list[int]] = {}
    for match in _lexicon().find(sentence.tokens):
        found.setdefault(match.group, []).append(match.first)
    return found


def _called(who: Actor) -> tuple[frozenset[str], frozenset[str]]:
    """The parts of the accused's name, and the words of his office, abbreviations written out."""
    name = "" if who.name == NO_NAME else who.name
    found = re.findall(r"[^\W\d_]+", name)
    parts = [part.lower() for part in found if len(part) >= SHORTEST or name.isupper()]
    return frozenset(parts), _office_words(who.position)


def _office_words(office: str) -> frozenset[str]:
    found = re.findall(r"[^\W\d_]+", office.lower())
    return frozenset(w for word in found for w in written_out(word)) - IDLE


@lru_cache(maxsize=1)
def _lexicon() -> Lexicon:
    data = _data()
    names = ("denying", "denials", "quoted", "excuses", "softeners", "says", "yields")
    return Lexicon((name, data[name].strip().splitlines()) for name in names)


@lru_cache(maxsize=1)
def _persons() -> dict[str, frozenset[str]]:
    return {name: frozenset(words.split()) for name, words in _data()["persons"].items()}


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    with (DATA / "answers.toml").open("rb") as file:
        return tomllib.load(file)
