"""Whose acts an article tells, and in which sentence each: the actors of its mentions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from extract.mentions.authors import described, signed
from extract.mentions.frames import ACTING, Frame, Party
from extract.mentions.initials import initials_in
from extract.mentions.naming import SPEECH, is_many, listed_with, only_other
from extract.mentions.offices import settled
from extract.mentions.patterns import NUMBERS
from extract.mentions.reading import Reading
from extract.mentions.service import HANDLERS
from extract.mentions.who import (
    SUBJECTS,
    Named,
    accused,
    bearer,
    completed,
    of_party,
    office_of,
    position,
    referred,
    same_office,
)
from extract.mentions.words import word_set
from pantau.records import NO_NAME, Actor

MIN_FRAME = 0.25
"""A frame weaker than this is no mention beside the text's best one."""
TITLE_GIVES_WAY = 0.4
ORDINALS = word_set("ordinals")
COUNTED = word_set("counted_cases")
SPEAKS = word_set("speech_openers")
REACH = 45
"""Characters beside a name within which a verb of speech belongs to it."""
JOINED = re.compile(
    r"\s*(?:,\s*(?:(?:dan|serta|hingga|maupun)\s+)?|(?:dan|serta|hingga|maupun|&)\s+)"
    r"(?:(?:seorang|para|sejumlah|beberapa|oknum|dua|tiga|empat|lima|enam|tujuh|\d+)\s+)?",
    re.IGNORECASE,
)
"""Between two offices of one list."""
HEAD = 4
"""Sentences in which a text says that it tells several cases."""
COUNTED_WITHIN = 4
"""Words behind a number within which the cases counted are named."""


@dataclass(frozen=True, slots=True)
class Doer:
    """Who acts in the frame at ``index``; ``party`` is where the office or name stands."""

    index: int
    actor: Actor
    party: Party | None
    item: bool = False
    """Whether the text tells several cases, of which this is one, with a place of its own."""
    beside: int = 0
    """Of an unnamed office told in one breath with another: which of them, from 1."""


def doers(reading: Reading, scores: Sequence[float]) -> list[Doer]:
    """The actors of an article, the strongest frame first; one at least where it has sentences."""
    if _recap(reading.frames):
        told = list(_items(reading, scores))
        if len(told) > 1:
            return told
    found = [_made_out(reading, doer) for doer in _strongest(reading, scores)]
    if len(found) == 1:
        found = [_called(reading, _settled(reading, found[0]))]
    several = _several(reading.frames)
    named = [other for doer in found for other in _together(reading, doer, several=several)]
    if several:
        named += _others(reading, named)
    named = [doer for doer in named if not _place_of_other(doer, named)]
    named += [other for doer in named for other in _offices_beside(reading, doer)]
    return list({_key(doer): doer for doer in reversed(named)}.values())[::-1]


def _key(doer: Doer) -> str:
    """By what two doers are told apart: the name, or where there is none the place of the office
    among others that are named with it."""
    who = doer.actor
    return who.name.rstrip(".") if who.name != NO_NAME else f"{NO_NAME} {doer.beside}"


def _offices_beside(reading: Reading, doer: Doer) -> Iterator[Doer]:
    """Unnamed civil servants told in one breath with ``doer``: "Kepala Dinkes dan tiga kepala
    puskesmas"."""
    if doer.party is None or doer.item or doer.party.group not in ACTING:
        return
    for number, party in enumerate(_breath(reading, doer.party), start=1):
        who = of_party(party, reading.persons, reading.text)
        if party is not doer.party and who.name == NO_NAME and not _official(who):
            yield replace(doer, actor=who, party=party, beside=number)


def _breath(reading: Reading, party: Party) -> Sequence[Party]:
    """The offices of one list with that of ``party``, in order, its own among them."""
    parties = next(
        (f.parties for f in reading.frames if f.sentence.start <= party.start < f.sentence.end), ()
    )
    run: list[Party] = []
    for other in parties:
        if other.group != "asn_office":
            continue
        if run:
            last = run[-1]
            end = max(last.start + len(position(last, reading.text)), last.end)
            if not JOINED.fullmatch(reading.text[end : other.start]):
                if party in run:
                    break
                run = []
        run.append(other)
    return run if party in run else ()


def _place_of_other(doer: Doer, found: Sequence[Doer]) -> bool:
    """Whether what looks like a name closes another's office: "Lurah Pasir [Ginting]"."""
    name = f" {doer.actor.name}"
    return any(
        other.actor.position.endswith(name) and other.actor.name != doer.actor.name
        for other in found
    )


def doer_at(reading: Reading, index: int) -> Doer:
    """The actor of the frame at ``index``, made out from the sentences around."""
    party = reading.frames[index].actor
    who = Actor() if party is None else of_party(party, reading.persons, reading.text)
    return _called(reading, _made_out(reading, Doer(index, who, party)))


def outward(index: int, count: int) -> tuple[int, ...]:
    """All places, nearest to ``index`` first."""
    return _outward(index, count)


@lru_cache(maxsize=256)
def _outward(index: int, count: int) -> tuple[int, ...]:
    return tuple(sorted(range(count), key=lambda i: (abs(i - index), i)))


def _strongest(reading: Reading, scores: Sequence[float]) -> list[Doer]:
    """The strongest frame of each actor, strongest first.

    The title gives way to a sentence of the body that tells the act too. Where somebody is named,
    an unnamed actor ("seorang camat") is taken for the same and leaves its frame to the named one.
    Somebody of an office that handles such cases, whoever only speaks and a crowd ("para camat")
    are taken only where nobody else is told of.
    """
    order = sorted(
        (i for i, f in enumerate(reading.frames) if not f.sentence.noise),
        key=lambda i: (-(scores[i] - TITLE_GIVES_WAY * reading.frames[i].sentence.is_title), i),
    )
    chosen: dict[str, Doer] = {}
    unnamed: Doer | None = None
    handling: Doer | None = None
    for index in order:
        frame = reading.frames[index]
        if (chosen or unnamed) and (
            scores[index] < MIN_FRAME or frame.sentence.is_title or not _doing(frame)
        ):
            continue
        party = _of_house(frame, reading.persons)
        who = Actor() if party is None else of_party(party, reading.persons, reading.text)
        doer = Doer(index, who, party)
        beside = party is not None and (party.how == "plural" or _only_speaks(party, reading))
        if _official(who) or beside:
            handling = handling or doer
        elif doer.actor.name == NO_NAME:
            unnamed = unnamed or doer
        elif doer.actor.name not in chosen:
            chosen[doer.actor.name] = doer
    if unnamed and chosen:
        first, doer = next(iter(chosen.items()))
        title = reading.frames[unnamed.index].sentence.is_title
        if scores[unnamed.index] > scores[doer.index] and not title:
            chosen[first] = replace(doer, index=unnamed.index)
    return list(chosen.values()) or [one for one in (unnamed or handling,) if one is not None]


def _made_out(reading: Reading, doer: Doer) -> Doer:
    """``doer`` made out from the sentences around, where its own names nobody, somebody who is no
    civil servant, or a bare name."""
    frames, persons, text = reading.frames, reading.persons, reading.text
    order = outward(doer.index, len(frames))
    party = frames[doer.index].actor
    if party is None or party.group in SUBJECTS:
        who, party = accused(frames, order, persons, text)
        return replace(doer, actor=who, party=party)
    if doer.actor.name == NO_NAME:
        who, party = referred(frames[doer.index], frames[: doer.index], persons, text)
        return doer if who.name == NO_NAME else replace(doer, actor=who, party=party)
    who, party = completed(doer.actor, frames, order, persons, text)
    return replace(doer, actor=who, party=party or doer.party)


def _settled(reading: Reading, doer: Doer) -> Doer:
    """The only actor of a text, with the office that it tells of him elsewhere."""
    who, party = settled(reading, doer.index, doer.actor, doer.party)
    return replace(doer, actor=who, party=party)


def _called(reading: Reading, doer: Doer) -> Doer:
    """The only actor of a text, with the name it gives him elsewhere."""
    if doer.actor.name != NO_NAME:
        return doer
    frame = reading.frames[doer.index]
    if doer.party is not None and is_many(doer.party, frame):
        return doer
    person = office_of(doer.actor.position, reading.persons)
    if person is not None:
        return replace(doer, actor=replace(doer.actor, name=person.name))
    initials = initials_in(reading.text, introduced=reading.kind == "post")
    if len(initials) == 1:
        return replace(doer, actor=replace(doer.actor, name=initials[0]))
    author = _own_account(reading, doer)
    if author is not None:
        return replace(doer, actor=author)
    other = only_other(reading.frames, reading.persons, reading.text, post=reading.kind == "post")
    return replace(doer, actor=replace(doer.actor, name=other or NO_NAME))


def _own_account(reading: Reading, doer: Doer) -> Actor | None:
    """A post's author, where the account names an office and the post speaks of no other one."""
    author = None
    if reading.kind == "post":
        author = signed(reading.author) or described(reading.author, reading.thread)
    if author is None or (doer.party is not None and doer.party.how in {"named", "pointed"}):
        return None
    told = doer.actor.position
    return author if not told or same_office(told, author.position) else None


def _together(reading: Reading, doer: Doer, *, several: bool) -> Iterator[Doer]:
    """``doer`` and those who are named in one breath with him."""
    yield doer
    first = next((p for p in reading.persons if p.name == doer.actor.name), None)
    waiting, seen = [first] if first is not None else [], {doer.actor.name}
    while waiting:
        beside = listed_with(waiting.pop(), reading.persons, reading.text, several=several)
        for other in beside:
            if other.name not in seen:
                waiting.append(other)
                seen.add(other.name)
                office = other.position or doer.actor.position
                agency = "" if other.position else doer.actor.agency
                told = Actor(name=other.name, position=office, agency=other.agency or agency)
                yield replace(doer, actor=told)


def _several(frames: Sequence[Frame]) -> bool:
    """Whether the head of the text says that several acted ("dua camat", "lima ASN")."""
    body = [f for f in frames if not f.sentence.noise][:HEAD]
    return any(p.group in ACTING and is_many(p, f) for f in body for p in f.parties)


def _others(reading: Reading, found: Sequence[Doer]) -> list[Doer]:
    """Of a text about several: those it names elsewhere, by name or by initials."""
    first = found[0]
    names = {doer.actor.name for doer in found}
    others: list[Doer] = []
    for person in reading.persons:
        party = next((p for p in _parties(reading) if _is(p, person)), None)
        if person.group != "asn_office" or person.name in names or party is None:
            continue
        who = Actor(name=person.name, position=person.position, agency=person.agency)
        if _official(who) or _only_speaks(party, reading) or not person.position:
            continue
        others.append(Doer(_frame_at(reading.frames, party.start), who, party))
    for name in initials_in(reading.text):
        if name not in names and all(name != doer.actor.name for doer in others):
            others.append(replace(first, actor=replace(first.actor, name=name)))
    if others and all(doer.actor.name == NO_NAME for doer in found):
        names_first, *rest = others
        return [names_first, *rest]
    return others


def _parties(reading: Reading) -> Iterator[Party]:
    return (p for f in reading.frames for p in f.parties if not f.sentence.is_title)


def _is(party: Party, person: Named) -> bool:
    return any(start <= party.start and party.end <= end for start, end in person.spans)


def _frame_at(frames: Sequence[Frame], place: int) -> int:
    return next(i for i, f in enumerate(frames) if f.sentence.start <= place < f.sentence.end)


def _of_house(frame: Frame, persons: Sequence[Named]) -> Party | None:
    """The frame's actor; where that is a house or its account, whoever of it is named beside."""
    party = frame.actor
    if party is None or party.group != "institution" or frame.carried:
        return party
    return next(
        (p for p in frame.parties if p.group == "asn_office" and any(_is(p, n) for n in persons)),
        party,
    )


def _only_speaks(party: Party, reading: Reading) -> bool:
    """Whether it is told of the party's bearer only that he says something of others."""
    person = bearer(party, reading.persons, reading.text)
    if person is None:
        return False
    spoken = 0
    for start, end in person.spans:
        before = reading.text[max(0, start - REACH) : start].lower().split()
        after = [w.strip(",.") for w in reading.text[end : end + REACH].lower().split()]
        spoken += bool(SPEAKS.intersection(before[-6:]) or SPEECH.intersection(after[:2]))
    return spoken > len(person.spans) / 2


def _recap(frames: Sequence[Frame]) -> bool:
    """Whether the text says that it tells several cases ("lima kasus", "Pertama, ... Kedua")."""
    body = [f.sentence for f in frames if not f.sentence.noise]
    opened = sum(s.lower[:1] != [] and s.lower[0] in ORDINALS for s in body)
    if opened > 1:
        return True
    for sentence in body[:HEAD]:
        for place, word in enumerate(sentence.lower):
            following = sentence.lower[place + 1 : place + 1 + COUNTED_WITHIN]
            if word in NUMBERS and word != "satu" and not COUNTED.isdisjoint(following):
                return True
    return False


def others_of_recap(reading: Reading, scores: Sequence[float], index: int) -> list[Doer]:
    """Of a text that tells several cases: whose acts it tells besides the one at ``index``."""
    found = _items(reading, scores) if _recap(reading.frames) else ()
    return [doer for doer in found if doer.index != index]


def _items(reading: Reading, scores: Sequence[float]) -> Iterator[Doer]:
    """Of a text that tells several cases: each civil servant whom a sentence accuses."""
    seen: set[str] = set()
    for index, frame in enumerate(reading.frames):
        sentence = frame.sentence
        item = sentence.lower[:1] != [] and sentence.lower[0] in ORDINALS
        if sentence.noise or sentence.is_title or sentence.quoted:
            continue
        if not item and scores[index] < MIN_FRAME:
            continue
        for party in frame.parties:
            if party.group not in ACTING or party.former or is_many(party, frame):
                continue
            who = of_party(party, reading.persons, reading.text, apposed=True)
            key = who.name if who.name != NO_NAME else who.position
            bare = who.name == NO_NAME and (party.how != "named" or len(who.position.split()) < 2)
            if bare or _official(who) or key in seen or _names_other(party, frame, reading.persons):
                continue
            seen |= {key, who.position}
            yield Doer(index, who, party, item=True)


def _names_other(party: Party, frame: Frame, persons: Sequence[Named]) -> bool:
    """Whether the party is the name of one whose office stands in the sentence as well."""
    return any(
        party.start >= start and party.end <= end and person.position
        for person in persons
        for start, end in person.spans
    ) and any(other.group in ACTING and other is not party for other in frame.parties)


def _doing(frame: Frame) -> bool:
    """Whether the frame's actor is a civil servant who does something, not a speaker."""
    who = frame.actor
    return who is not None and who.group in ACTING and not who.speaks and not who.former


def _official(who: Actor) -> bool:
    """Whether the office is one that handles such cases, and so rather speaks of another's."""
    office = who.position.lower()
    return any(word in office for word in HANDLERS)
