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
        self.opens = {p.start: p for p in positions}
        self.ends = {p.end: p for p in positions}
        self.agency_ends = {a.end: a for a in agencies}
        self.agency_starts = {a.start: a for a in agencies}
        self.name_starts = {n.start: n for n in names}
        self.name_ends = {n.end - 1 for n in names}
        self.name_at = {k: n for n in names for k in range(n.start, n.end)}
        self.position_at = {k: p for p in reversed(positions) for k in range(p.start, p.end)}
        self.linked: dict[int, int] = {}
        """Start word of each position that belongs to a name, with the name's start."""

    def link(self, position: Position, name: Name, figure: Figure, former: bool) -> None:
        """Give a position to the person of ``name``."""
        self.linked[position.start] = name.start
        if former:
            figure.former = True
        else:
            figure.offices.append(position)
