"""One piece of a page's text, with what its place says about it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import html

from extract.page.cues import HEADINGS


@dataclass(slots=True, eq=False)
class Block:
    """One paragraph, heading, list item or table row of the page."""

    text: str
    links: int
    """Characters of the text that stand in links."""
    element: html.HtmlElement
    """The nearest block element around it."""
    tag: str
    cues: dict[str, str] = field(default_factory=dict)
    """Cue (``junk``, ``caption``, ``meta``, ``cards``, ``hidden``) → what gave it."""
    path: tuple[html.HtmlElement, ...] = ()
    bold: bool = False
    """Whether all of it is emphasised."""
    slanted: bool = False
    """Whether all of it is set in italics or small, as captions are."""
    after_image: bool = False
    """Whether a picture stands between this block and the one before."""
    pieces: tuple[tuple[str, html.HtmlElement], ...] = ()
    """Of a short block: each text node as it stands, with the element around it."""

    @property
    def link_density(self) -> float:
        return self.links / max(1, len(self.text))

    @property
    def is_heading(self) -> bool:
        return self.tag in HEADINGS


_SENTENCE = re.compile(r"[.!?”\"’')]\s*$")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


def ends_sentence(text: str) -> bool:
    """Whether a text ends as a sentence or quotation does."""
    return bool(_SENTENCE.search(text))


def is_unspaced(text: str) -> bool:
    """Whether a text is in a script that sets no spaces between words (Chinese, Thai …)."""
    return not text.isascii() and 2 * len(_UNSPACED.findall(text[:80])) > len(text[:80])


def is_prose(block: Block) -> bool:
    """Whether a block reads like a sentence of running text."""
    text = block.text
    if block.link_density >= 0.4 or block.is_heading:
        return False
    return (len(text) >= 50 and text.count(" ") >= 6) or (len(text) >= 25 and is_unspaced(text))
