"""Who wrote it: people and desks, cleaned; editors and photographers apart.

The page's own data (scripts, JSON-LD, ``meta``) and what a reader sees (``byline``) each
name authors; which of them stands is decided here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from extract.page import byline, embedded
from extract.page.block import Block
from extract.page.byline import Byline
from extract.page.decode import clean
from extract.page.names import WORDS, all_names
from extract.page.title import Title, site_names, statements
from extract.page.view import View, is_article_node, types_of

_AHEAD = 60
"""Blocks looked at before the text: a broken page has thousands."""
_OF_AN_ORGANISATION = "JSON-LD author, an organisation"
_WEAK = frozenset(WORDS["weak_names"])
_LOGIN = re.compile(r"[a-z][a-z0-9_.\-]*|[A-Za-z]+[\d_]+\w*")


def _people(value: Any) -> Iterator[tuple[str, str]]:
    """(name, @type) of a JSON-LD ``author``."""
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str):
            yield item, "Person"
        elif isinstance(item, dict):
            name = item.get("name")
            for each in name if isinstance(name, list) else [name]:
                if isinstance(each, str):
                    yield each, next(iter(types_of(item)), "Person")


def _linked(nodes: list[dict[str, Any]], sites: set[str]) -> Iterator[Byline]:
    for node in nodes:
        if is_article_node(node) or types_of(node) & {"VideoObject", "ImageObject"}:
            people = list(_people(node.get("author") or node.get("creator")))
            if names := all_names((name for name, _ in people), sites):
                persons = any(kind == "Person" for _, kind in people)
                yield Byline(names, "JSON-LD author" if persons else _OF_AN_ORGANISATION)


def _meta(view: View, sites: set[str]) -> Iterator[Byline]:
    for key in WORDS["meta_names"]:
        if names := all_names(view.meta.get(key, []), sites):
            yield Byline(names, f"meta {key}")


def _own_name(
    view: View, blocks: list[Block], title_at: int | None, first: int, nodes: list[dict[str, Any]]
) -> Byline | None:
    """The site's own name, where the page states it as author and shows it as byline."""
    stated = {clean(value).casefold() for value in view.meta.get("author", [])}
    for node in nodes:
        if is_article_node(node):
            stated.update(clean(name).casefold() for name, _ in _people(node.get("author")))
    start = 0 if title_at is None else title_at + 1
    for block in blocks[max(start, first - _AHEAD) : first]:
        if 2 < len(block.text) <= 60 and block.text.casefold() in stated:
            return Byline((block.text,), "the site's own name as byline")
    return None


def _weakness(found: Byline, others: set[str]) -> int:
    """Login names last, and whom the page names as editor or photographer; organisations that
    JSON-LD gives for want of a person before them."""
    names = [name.casefold() for name in found.names]
    if all(
        name in _WEAK or _LOGIN.fullmatch(own) for name, own in zip(names, found.names, strict=True)
    ):
        return 2
    if others.issuperset(names):
        return 2
    return int(found.evidence == _OF_AN_ORGANISATION)


def find(
    view: View,
    blocks: list[Block],
    headline: Title,
    body: tuple[int, int],
    *,
    stated: Iterable[str] = (),
    paragraphs: list[str],
) -> Byline:
    """The article's byline; no names where the page gives none.

    ``body`` is the first and last block of the text, ``stated`` are the names that the data
    in the page's scripts gives, ``paragraphs`` is the text. A login name ("admin") gives way
    to any other byline.
    """
    sites = site_names(view)
    found = [Byline(names, "script data")] if (names := all_names(stated, sites)) else []
    nodes = statements(view, headline.text)
    found += _linked(nodes, sites)
    shown, others = byline.visible(blocks, headline.block, body, headline.text, sites)
    found += shown
    found += _meta(view, sites)
    if names := all_names(embedded.variables(view)["author"], sites):
        found.append(Byline(names, "data for counters"))
    found.sort(key=lambda each: _weakness(each, others))
    if not found:
        own = _own_name(view, blocks, headline.block, body[0], nodes)
        return own or byline.photographer(paragraphs, sites) or Byline((), "none")
    best = found[0]
    for other in found[1:]:
        # A second place may name one more author, never one less.
        if {n.casefold() for n in best.names} < {n.casefold() for n in other.names}:
            best = other
    return best
