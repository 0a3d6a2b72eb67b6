"""Abbreviations and their long forms, and words that mean the same to an analyst.

Applied to the question, so that switching them off or changing the list
(``config/synonyms.toml``) needs no new index. Words in quotes are taken as written.
"""

from __future__ import annotations

from collections.abc import Sequence

from search.query import Combined, Node, Words
from search.words import tokens

Groups = Sequence[Sequence[tuple[str, ...]]]


def groups_of(lists: Sequence[Sequence[str]]) -> Groups:
    """The groups with each member cut into words."""
    return [[tuple(tokens(member)) for member in members] for members in lists]


def with_synonyms(node: Node | None, groups: Groups) -> Node | None:
    """The tree that also finds what means the same."""
    return _expanded(node, groups) if node is not None and groups else node


def _expanded(node: Node, groups: Groups) -> Node:
    match node:
        case Words(field, words, prefix=False, exact=False):
            others = [Words(field, other) for other in _others(words, groups)]
            return Combined("OR", (node, *others)) if others else node
        case Combined("AND", parts):
            return Combined("AND", tuple(_runs(parts, groups)))
        case Combined(operator, parts):
            return Combined(operator, tuple(_expanded(part, groups) for part in parts))
    return node


def _runs(parts: tuple[Node, ...], groups: Groups) -> list[Node]:
    """The parts, those expanded together that make up a long form (kepala dinas)."""
    made: list[Node] = []
    at = 0
    while at < len(parts):
        run, others = _long_form(parts[at:], groups)
        if run:
            made.append(Combined("OR", (Combined("AND", tuple(run)), *others)))
        else:
            made.append(_expanded(parts[at], groups))
        at += len(run) or 1
    return made


def _long_form(parts: tuple[Node, ...], groups: Groups) -> tuple[list[Words], list[Words]]:
    """The words at the start of ``parts`` that are a long form, and what means the same."""
    plain: list[Words] = []
    for part in parts:
        if not isinstance(part, Words) or part.prefix or part.exact or len(part.words) > 1:
            break
        if plain and part.field != plain[0].field:
            break
        plain.append(part)
    for length in range(len(plain), 1, -1):
        said = tuple(part.words[0] for part in plain[:length])
        if others := _others(said, groups):
            return plain[:length], [Words(plain[0].field, other) for other in others]
    return [], []


def _others(words: tuple[str, ...], groups: Groups) -> list[tuple[str, ...]]:
    return [other for members in groups if words in members for other in members if other != words]
