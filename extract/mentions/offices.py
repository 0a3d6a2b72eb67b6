"""Which office the one who acted holds, where the sentence of the act tells it badly.

A text may tell the act of "seorang PNS", and in its headline that this one is a camat; or the
strongest sentence speaks of the teachers who were made to do something, not of who made them. The
office is then looked for among all that the text tells, by where it stands and by what is told of
it: that somebody was made to, that an authority asks, that it was done by him. The words that tell
this stand in ``data/offices.toml``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from extract.mentions.frames import ACTING, Frame, Party
from extract.mentions.lexicon import DATA, lexicon
from extract.mentions.naming import is_many
from extract.mentions.patterns import words
from extract.mentions.reading import Reading
from extract.mentions.service import HANDLERS
from extract.mentions.who import of_party, position
from pantau.records import NO_NAME, Actor

OFFICES = frozenset({"asn_office", "lurah"})
ENOUGH = 2.0
"""What an office must weigh at least to take the place of another."""
TITLE, SAME, LEAD, TEXT = 2.0, 2.0, 1.0, 0.0
"""What an office weighs by the sentence it stands in."""
ACCUSED, AGENT, SPEAKS = 1.5, 2.0, -2.0
"""And by what is told of it: an authority asks it, it did what is told in the passive, it only
speaks."""
LEADS = 2
"""Sentences behind the title that make the lead."""
BEHIND = 7
"""Words behind an office within which is told what happened to it."""
CLOSE = 3
"""Words before an office within which a verb has it as its object or its doer."""


@dataclass(frozen=True, slots=True)
class Office:
    """An office that a text tells of somebody."""

    index: int
    party: Party
    weight: float


def settled(
    reading: Reading, index: int, who: Actor, party: Party | None
) -> tuple[Actor, Party | None]:
    """``who`` acts in the frame at ``index``, with the office that the text tells of him where
    ``party`` tells none or is the one to whom it was done."""
    frame = next((f for f in reading.frames if party in f.parties), None)
    suffers = frame is not None and party is not None and _suffers(frame, party)
    many = frame is not None and party is not None and is_many(party, frame)
    if not suffers and (many or not is_weak(who, party)):
        return who, party
    found = max(
        _offices(reading, index, party), key=lambda o: (o.weight, -o.party.start), default=None
    )
    if found is None or found.weight < ENOUGH:
        return who, party
    told = of_party(found.party, reading.persons, reading.text)
    if suffers or who.name == NO_NAME:
        return told, found.party
    if told.name not in (NO_NAME, who.name):
        return who, party
    return replace(who, position=told.position, agency=who.agency or told.agency), found.party


def is_weak(who: Actor, party: Party | None) -> bool:
    """Whether the words for somebody tell no office: "seorang PNS", "pegawai itu", a party's
    "bendahara"."""
    return _is_weak(who.position) or (
        party is not None and (_is_weak(party.text) or not _tells_office(who.position))
    )


def _is_weak(office: str) -> bool:
    return set(re.findall(r"[^\W_]+", office.lower())) <= _words("weak")


def _tells_office(told: str) -> bool:
    """Whether there is an office among the words: not where a headline's "Langgar Etik" was taken
    for a name."""
    return any(found.group in ACTING for found in lexicon().find(words(told)))


def _offices(reading: Reading, index: int, own: Party | None) -> Iterator[Office]:
    """The offices of civil servants in the text, each with its weight."""
    body = [i for i, f in enumerate(reading.frames) if not f.sentence.noise]
    leads = [i for i in body if not reading.frames[i].sentence.is_title][:LEADS]
    for place in body:
        frame = reading.frames[place]
        for party in frame.parties:
            if party.group not in OFFICES or party.former or party == own:
                continue
            if _is_weak(party.text) or not _tells_office(party.text):
                continue
            if _suffers(frame, party):
                continue
            told = _told_of(frame, party)
            office = position(party, reading.text).lower()
            if told < ACCUSED and any(word in office for word in HANDLERS):
                continue
            where = TITLE if frame.sentence.is_title else LEAD if place in leads else TEXT
            weight = max(where, SAME if place == index else TEXT)
            yield Office(place, party, weight + told)


def _told_of(frame: Frame, party: Party) -> float:
    """What the words around an office say for its being the one who acted."""
    lower = frame.sentence.lower
    after = lower[party.last + 1 : party.last + 1 + BEHIND]
    before = lower[max(0, party.first - CLOSE) : party.first]
    weight = 0.0
    if not _words("accused").isdisjoint(after) or not _words("asking").isdisjoint(before):
        weight += ACCUSED
    if "oleh" in before or not _words("suffering").isdisjoint(before[-1:]):
        weight += AGENT
    if party.speaks and weight == 0.0:
        weight += SPEAKS
    return weight


def _suffers(frame: Frame, party: Party) -> bool:
    """Whether the office is the one that was made to do something, or that reports it."""
    lower = frame.sentence.lower
    after = lower[party.last + 1 : party.last + 1 + CLOSE + 1]
    before = lower[max(0, party.first - 2) : party.first]
    if not _words("suffering").isdisjoint(after) or not _words("reporting").isdisjoint(after):
        return True
    return not (_words("making") | _words("reported_by")).isdisjoint(before)


@lru_cache(maxsize=1)
def _table() -> dict[str, frozenset[str]]:
    with (DATA / "offices.toml").open("rb") as file:
        return {name: frozenset(words.split()) for name, words in tomllib.load(file).items()}


def _words(name: str) -> frozenset[str]:
    return _table()[name]
