"""Who the actor of a frame is: name, position and agency, from the persons the text names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from extract.mentions.frames import Frame, Party
from pantau.records import NO_NAME, Actor, Subject

ROLE_GROUPS = (
    ("election_body", "watchdog"),
    ("village_official", "village"),
    ("security", "security"),
    ("asn", "asn_office"),
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
        return Actor(
            name=named.name or NO_NAME,
            position=named.position or _position(party, text),
            agency=named.agency,
        )
    initials = INITIALS.search(text, party.start, party.end + APPOSITION)
    return Actor(
        name=initials[1] if initials else NO_NAME,
        position=_position(party, text),
        agency="",
    )


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
            near = 0 <= gap <= APPOSITION and not re.search(r"[.;!?\n]\s", between)
            if near and fits and (best is None or gap < best[0]):
                best = (gap, person)
    return best[1] if best else None


def _position(party: Party, text: str) -> str:
    """The office with the capitalised words that complete it (``Camat`` + `` Karangwuni``)."""
    tail = TAIL.match(text, party.end)
    found = text[party.start : tail.end() if tail else party.end].strip()
    return re.sub(r"\s+(?:pada|di|dan|lingkungan|lingkup|salah satu|sebuah)$", "", found)
