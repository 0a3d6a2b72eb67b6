"""From names to figures: which names of an article mean one person."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Sequence
from dataclasses import dataclass, field

from .agencies import Organisation
from .people import Name
from .positions import Position
from .tokens import Words


@dataclass(slots=True)
class Figure:
    """A person while the article is being read."""

    names: list[Name]
    """In the order of the text."""
    words: set[str]
    """Small-letter words of all its names."""
    offices: list[Position] = field(default_factory=list)
    roles: set[str] = field(default_factory=set)
    agencies: list[Organisation] = field(default_factory=list)
    served: str = ""
    """Name of an agency that is no organisation of the text: "dari Kecamatan Banjarsekar"."""
    status: str = ""
    former: bool = False
    refers: list[tuple[int, int]] = field(default_factory=list)
    """Words of a title alone or "yang bersangkutan" that mean this person."""


def group(words: Words, names: Sequence[Name]) -> list[Figure]:
    """Put the names of one person together, in order of first appearance.

    A shorter name belongs to the longer that holds its words, the one named last before it where
    there are several; initials to the only name they fit.
    """
    figures: list[Figure] = []
    long = [n for n in names if n.end - n.start > 1]
    for name in long:
        tokens = _tokens(words, name)
        for figure in reversed(figures):
            if tokens <= figure.words or figure.words <= tokens:
                figure.names.append(name)
                figure.words |= tokens
                break
        else:
            figures.append(Figure([name], tokens))
    for name in names:
        if name.end - name.start > 1:
            continue
        (token,) = _tokens(words, name)
        fitting = [f for f in figures if token in f.words]
        if not fitting and words.text[name.start].isupper():
            fitting = [f for f in figures if _initials(words, f) == token]
            fitting = fitting if len(fitting) == 1 else []
        if fitting:
            nearest = max(fitting, key=lambda f: last_before(f, name.start))
            insort(nearest.names, name, key=lambda n: n.start)
        else:
            figures.append(Figure([name], {token}))
    figures.sort(key=lambda f: f.names[0].start)
    return figures


def _tokens(words: Words, name: Name) -> set[str]:
    return {words.fold[k] for k in range(name.start, name.end)}


def _initials(words: Words, figure: Figure) -> str:
    longest = max(figure.names, key=lambda n: n.end - n.start)
    return "".join(words.fold[k][0] for k in range(longest.start, longest.end))


def last_before(figure: Figure, i: int) -> int:
    """How late the figure was named before word ``i``; those named only later come last."""
    before = bisect_left(figure.names, i, key=lambda n: n.start)
    return figure.names[before - 1].start if before else -figure.names[0].start
