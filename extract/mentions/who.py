"""Who the actor of a frame is: name, position and agency, from the persons the text names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from extract.mentions.frames import ACTING, Frame, Party
from pantau.records import NO_NAME, Actor, Subject

ROLE_GROUPS = (
    ("election_body", "watchdog"),
    ("asn", "asn_office"),
    ("village_official", "village"),
    ("security", "security"),
    ("candidate", "candidate_person"),
    ("elected_official", "elected"),
)
"""The actor group of a person by its roles: the first that applies."""
SUBJECTS: dict[str, Subject] = {
    "village": "village_official",
    "security": "security",
    "elected": "elected_official",
    "contract": "contract_staff",
}
APPOSITION = 60
"""How far a name may stand from the office it belongs to, in characters."""
REFERRING = frozenset({"itu", "tersebut", "ini"})
DEGREE = re.compile(r"\b(?:[A-Z][a-z]{0,3}|dr|drg)\.")
"""Honorifics and degrees before a name, whose stop ends no sentence."""
INITIALS = re.compile(r"(?:berinisial|inisial|\()\s*([A-Z]{1,4})\b")
TAIL = re.compile(
    r"(?:[ ]+(?:(?:pada|di|dan|lingkungan|lingkup|negeri|salah satu|sebuah|kantor)\b"
    r"|(?!(?:Di|Me[mn]|Men[gy]|Ter|Ber|Ng|Ny)[a-z]{3}|(?:Ikut|Kena|Jadi|Langgar|Dukung|Akui|Bagi|Hadir"
    r"|Pakai|Foto|Pose|Ajak|Pasang|Tak|Tidak|Bantah|Resmi|Usai|Viral|Ini|Soal|Dan)\b)[A-Z0-9][\w.&/-]*"
    r")){0,7}"
)
"""Capitalised words after an office that complete it; a headline's verbs end them."""


@dataclass(frozen=True, slots=True)
class Named:
    """A person of the article, as the entities room gives it."""

    name: str
    group: str
    position: str
    agency: str
    spans: tuple[tuple[int, int], ...]


def spans(persons: Sequence[Named]) -> list[tuple[int, int, str, str]]:
    """What ``frames`` wants to know of the persons."""
    return [(a, b, p.group, p.name) for p in persons if p.group for a, b in p.spans]


def actor(frame: Frame, persons: Sequence[Named], text: str) -> Actor:
    """The actor of ``frame``; what the text does not tell stays empty."""
    party = frame.actor
    if party is None:
        return Actor()
    named = _bearer(party, persons, text)
    if named is not None:
        office = "" if _is_name(party, named) else _position(party, text)
        return Actor(
            name=named.name or NO_NAME,
            position=named.position or office,
            agency=named.agency,
        )
    initials = INITIALS.search(text, party.start, party.end + APPOSITION)
    return Actor(
        name=initials[1] if initials else NO_NAME,
        position=_position(party, text),
        agency="",
    )


def accused(
    frames: Sequence[Frame], order: Sequence[int], persons: Sequence[Named], text: str
) -> Actor:
    """The civil servant whom the first frame in ``order`` names as doing something, else the
    first that is unnamed; for a frame whose own party is nobody or somebody else (an audience of
    village heads, say)."""
    unnamed = Actor()
    for index in order:
        party = frames[index].actor
        if party is None or party.group not in ACTING or not party.particular or party.speaks:
            continue
        who = completed(actor(frames[index], persons, text), frames, order, persons, text)
        if who.name != NO_NAME:
            return who
        unnamed = unnamed if unnamed.position else who
    return unnamed


def completed(
    who: Actor,
    frames: Sequence[Frame],
    order: Sequence[int],
    persons: Sequence[Named],
    text: str,
) -> Actor:
    """``who`` with the office that a sentence elsewhere gives a bare name."""
    if who.name == NO_NAME or who.position:
        return who
    for index in order:
        for party in frames[index].parties:
            if party.group not in ACTING:
                continue
            named = _bearer(party, persons, text)
            if named is not None and named.name == who.name and not _is_name(party, named):
                return replace(who, position=_position(party, text))
    return who


def referred(frame: Frame, before: Sequence[Frame], persons: Sequence[Named], text: str) -> Actor:
    """Whom "camat itu", "pegawai tersebut" means: the civil servant named last before it."""
    party = frame.actor
    following = frame.sentence.lower[party.last + 1 : party.last + 4] if party else []
    if REFERRING.isdisjoint(following):
        return Actor()
    for earlier in reversed(before):
        if earlier.sentence.noise or earlier.actor is None or earlier.carried:
            continue
        if earlier.actor.group in ACTING and not earlier.actor.speaks:
            who = actor(earlier, persons, text)
            if who.name != NO_NAME:
                return who
    return Actor()


def _is_name(party: Party, named: Named) -> bool:
    """Whether the party is found by the person's name alone."""
    return any(start <= party.start and party.end <= end for start, end in named.spans)


def _bearer(party: Party, persons: Sequence[Named], text: str) -> Named | None:
    """The person named by the party's own words, or in apposition to them."""
    best: tuple[int, Named] | None = None
    for person in persons:
        for start, end in person.spans:
            if start >= party.start and end <= party.end:
                return person
            gap = start - party.end if start >= party.end else party.start - end
            between = text[min(end, party.end) : max(start, party.start)]
            fits = person.group in ("", party.group) or {person.group, party.group} <= {
                "asn_office",
                "lurah",
                "asn_status",
            }
            between = DEGREE.sub(" ", between)
            near = 0 <= gap <= APPOSITION and not re.search(r"[.;!?\n]\s", between)
            if near and fits and (best is None or gap < best[0]):
                best = (gap, person)
    return best[1] if best else None


def _position(party: Party, text: str) -> str:
    """The office with the capitalised words that complete it (``Camat`` + `` Karangwuni``)."""
    tail = TAIL.match(text, party.end)
    found = text[party.start : tail.end() if tail else party.end].strip()
    return re.sub(r"\s+(?:pada|di|dan|lingkungan|lingkup|salah satu|sebuah)$", "", found)
