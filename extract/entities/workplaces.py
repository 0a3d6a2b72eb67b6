"""Which of a text's agencies a word means: "sekolah itu", "puskesmas tersebut", "perawat …".

A school, a clinic or a university is named once; later its staff are told by their profession and
a word for the house. ``data/persons.toml`` lists the words (``workplace``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from .agencies import Organisation
from .tokens import Words, lexicon


@dataclass(frozen=True, slots=True)
class Workplace:
    """One kind of house, all words with small letters."""

    nouns: frozenset[str]
    """What it is called when it is not named: "sekolah"."""
    staff: frozenset[str]
    """Professions that work in no other kind: "guru"."""
    opens: tuple[str, ...]
    """First words of its names: "SDN"."""


@cache
def workplaces() -> tuple[Workplace, ...]:
    """All kinds, as the lexicon lists them."""
    return tuple(
        Workplace(frozenset(w["nouns"]), frozenset(w["staff"]), tuple(w["opens"]))
        for w in lexicon("persons")["workplace"]
    )


def staffed_by(fold: str) -> Workplace | None:
    """The kind of house that a profession works in."""
    return next((w for w in workplaces() if fold in w.staff), None)


def called(fold: str) -> Workplace | None:
    """The kind of house that a noun calls."""
    return next((w for w in workplaces() if fold in w.nouns), None)


def meant(
    words: Words, agencies: Sequence[Organisation], kind: Workplace, i: int
) -> Organisation | None:
    """The agency of a kind that word ``i`` points to: the one named last, in full where it is."""
    fitting = [a for a in agencies if _fits(words, a, kind)]
    before = [a for a in fitting if a.start < i]
    return before[-1] if before else None


def only(words: Words, agencies: Sequence[Organisation], kind: Workplace) -> Organisation | None:
    """The text's only agency of a kind, None where there are several or none."""
    fitting = [a for a in agencies if _fits(words, a, kind)]
    names = {words.slice(a.start, a.end).casefold() for a in fitting}
    return fitting[0] if len(names) == 1 else None


def _fits(words: Words, agency: Organisation, kind: Workplace) -> bool:
    named = agency.end > agency.head or agency.kind.tail == "none"
    house = words.fold[agency.start].startswith(kind.opens)
    return named and house and agency.kind.role == "agency"
