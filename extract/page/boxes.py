"""Boxes of blocks: lists of links to other articles, and frames that name themselves wrongly."""

from __future__ import annotations

import re
from collections import Counter

from lxml import html

from extract.page.block import Block, is_prose
from extract.page.cues import own_cues

_TEXT = 500
"""Characters of sentences that no card has."""
_DATED = re.compile(r"\b(?:19|20)\d\d\b")


def mark_captions(blocks: list[Block], alts: set[str]) -> None:
    """A line that says the very words of a picture's ``alt`` is that picture's caption."""
    for block in blocks:
        says_alt = 25 <= len(block.text) <= 400 and block.text.casefold() in alts
        if says_alt and not block.is_heading and not block.links:
            block.cues = {**block.cues, "caption": "says what a picture's alt says"}


def _signature(element: html.HtmlElement) -> tuple[str, str]:
    names = (element.get("class") or "").split()
    return str(element.tag), names[0] if names else ""


def mark_cards(blocks: list[Block]) -> None:
    """Three or more siblings of one make, most of them led by a link, are a list of links to
    other articles with dates and excerpts, whatever they are called."""
    led_by_link: dict[html.HtmlElement, bool] = {}
    told: Counter[html.HtmlElement] = Counter()
    total = sum(len(block.text) for block in blocks if is_prose(block))
    for block in blocks:
        if is_prose(block):
            told.update(dict.fromkeys(block.path, len(block.text)))
        if len(block.text) < 12 or (len(block.text) < 40 and _DATED.search(block.text)):
            continue  # a label or date above the headline
        for element in block.path:
            # The first block with some length inside an element leads it.
            led_by_link.setdefault(element, block.link_density > 0.6)
    families: dict[tuple[html.HtmlElement, tuple[str, str]], list[html.HtmlElement]] = {}
    for element in led_by_link:
        parent = element.getparent()
        if parent is not None and element.tag not in ("p", "tr", "td", "tbody"):
            families.setdefault((parent, _signature(element)), []).append(element)
    cards: set[html.HtmlElement] = set()
    for family in families.values():
        led = sum(led_by_link[element] for element in family)
        if led >= 3 and led >= 0.7 * len(family):
            # Beside them, in a box without a name, may stand the text itself.
            cards.update(
                e for e in family if told[e] < _TEXT or (led_by_link[e] and told[e] <= total / 2)
            )
    if cards:
        for block in blocks:
            if any(element in cards for element in block.path):
                block.cues = {**block.cues, "cards": "list of links"}


def forgive_frames(blocks: list[Block]) -> None:
    """A name on an element that holds most of the page's prose says nothing of that prose
    ("single-with-sidebar", "post-share-wrapper")."""
    prose = [block for block in blocks if is_prose(block)]
    total = sum(len(block.text) for block in prose)
    if not total:
        return
    held: Counter[html.HtmlElement] = Counter()
    for block in prose:
        for element in block.path:
            held[element] += len(block.text)
    frames = {
        element
        for element, size in held.items()
        if size > 0.5 * total and not own_cues(element, "").get("junk", "").startswith("comments")
    }
    speaking = {element for element in frames if own_cues(element, str(element.tag))}
    for block in blocks:
        if not any(element in speaking for element in block.path):
            continue
        cues: dict[str, str] = {}
        for element in block.path:
            if element not in frames:
                cues.update(own_cues(element, str(element.tag)))
        if "cards" in block.cues:
            cues["cards"] = block.cues["cards"]
        block.cues = cues
