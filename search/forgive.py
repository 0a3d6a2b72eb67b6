"""Forgives typing errors, when a query finds nothing at all.

A word that no document holds is replaced by the nearest one that the index knows. The
engines only offer words; which one is taken is decided here, so that both take the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from search.query import Combined, Node, Words

Offered = Iterable[tuple[str, int]]
"""Words the index knows, each with the number of documents that hold it."""
SHORTEST = 4
"""Shorter words have too many neighbours to guess."""
SAME_START = 1
"""Letters at the start that are taken to be right."""

Replaced = tuple[tuple[str, str], ...]


def forgive(
    node: Node, known: Callable[[Words], bool], near: Callable[[Words, int], Offered]
) -> tuple[Node, Replaced]:
    """The tree with unknown words replaced, and what was replaced; the same tree where none was.

    ``known`` tells whether any document answers a word, ``near`` offers the words within so
    many edits of it.
    """
    match node:
        case Words(field, (word,), prefix=False, exact=False) if len(
            word
        ) >= SHORTEST and not known(node):
            edits = edits_allowed(word)
            offered = [
                (distance(word, other, edits), -held, other) for other, held in near(node, edits)
            ]
            best = min((item for item in offered if item[0] <= edits), default=None)
            if best is None:
                return node, ()
            return Words(field, (best[2],)), ((word, best[2]),)
        case Combined(operator, parts):
            made = [forgive(part, known, near) for part in parts]
            return (
                Combined(operator, tuple(part for part, _ in made)),
                tuple(pair for _, pairs in made for pair in pairs),
            )
    return node, ()


def edits_allowed(word: str) -> int:
    return 1 if len(word) < 8 else 2


def distance(one: str, other: str, most: int) -> int:
    """Letters put in, left out, exchanged or swapped with a neighbour (restricted
    Damerau-Levenshtein); ``most + 1`` where there are more than ``most``."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        now = [row]
        for column, beside in enumerate(other, 1):
            cost = min(last[column] + 1, now[column - 1] + 1, last[column - 1] + (letter != beside))
            swapped = row > 1 and column > 1 and letter == other[column - 2]
            if swapped and one[row - 2] == beside:
                cost = min(cost, before[column - 2] + 1)
            now.append(cost)
        if min(now) > most:
            return most + 1
        before, last = last, now
    return min(last[-1], most + 1)
