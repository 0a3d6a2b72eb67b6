"""What the readers of an article's persons look at: its words and all that was found in them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from .agencies import Organisation
from .figures import Figure
from .people import Name, People
from .positions import Position
from .tokens import Words, lexicon


@cache
def listed(*keys: str) -> frozenset[str]:
    """A list of words in ``data/persons.toml``."""
    data = lexicon("persons")
    for key in keys:
        data = data[key]
    return frozenset(data)


class Scene:
    """One article's words, names, offices and agencies, by where they begin and end."""

    def __init__(
        self,
        words: Words,
        people: People,
        positions: Sequence[Position],
        agencies: Sequence[Organisation],
        names: Sequence[Name],
    ) -> None:
        self.words = words
        self.people = people
        self.positions = positions
        self.agencies = agencies
        self.names = names
        self.opens = {p.start: p for p in positions if not self.building(p)}
        self.ends = {p.end: p for p in positions}
        self.agency_ends = {a.end: a for a in agencies}
        self.agency_starts = {a.start: a for a in agencies}
        self.name_starts = {n.start: n for n in names}
        self.name_ends = {n.end - 1 for n in names}
        self.name_at = {k: n for n in names for k in range(n.start, n.end)}
        self.position_at = {k: p for p in reversed(positions) for k in range(p.start, p.end)}
        self.linked: dict[int, int] = {}
        """Start word of each position that belongs to a name, with the name's start."""

    def building(self, position: Position) -> bool:
        """Whether a position only names a building: "staf Kantor [Camat Selakuraya]"."""
        i = position.start
        return i > 0 and self.words.fold[i - 1] == "kantor" and self.words.joined(i - 1, i)

    def district_office(self, i: int) -> str:
        """Name of the kecamatan's or kelurahan's office at word ``i``, "" for none.

        "Kecamatan Banjarsekar", "Kantor Camat Selakuraya".
        """
        words = self.words
        position = self.position_at.get(i + 1) if words.fold[i] == "kantor" else None
        if position is not None and position.place is not None:
            house = lexicon("persons")["district_office"].get(words.fold[position.start], "")
            return f"{house} {words.slice(*position.place)}" if house else ""
        houses = lexicon("persons")["district_office"].values()
        if words.fold[i] not in {house.casefold() for house in houses}:
            return ""
        end = i + 1
        while end < len(words) and end - i < 4 and words.cap[end] and words.joined(i, end):
            end += 1
        return words.slice(i, end) if end > i + 1 and words.cap[i] else ""

    def link(self, position: Position, name: Name, figure: Figure, former: bool) -> None:
        """Give a position to the person of ``name``."""
        self.linked[position.start] = name.start
        if former:
            figure.former = True
        else:
            figure.offices.append(position)
