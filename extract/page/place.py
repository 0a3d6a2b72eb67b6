"""Where a page's blocks stand towards each other: the text's home, and the boxes in it."""

from __future__ import annotations

from collections import Counter

from lxml import html

from extract.page import cut
from extract.page.block import Block, is_prose
from extract.page.cues import IMAGES
from extract.page.verdict import Verdict

_LINES = frozenset(("p", "li", "tr", "blockquote"))
_LISTS = frozenset(("ul", "ol", "dl", "table", "tbody", "blockquote"))


def signature(element: html.HtmlElement | None) -> object:
    """What makes two boxes of one kind: a text may be parted into several of them. A box
    without a name is its own kind."""
    if element is None:
        return None
    names = element.get("class") or ""
    return (element.tag, names) if names else element


class Place:
    """Where a page's blocks stand towards each other."""

    def __init__(self, verdicts: list[Verdict]) -> None:
        self._held: Counter[html.HtmlElement] = Counter()
        for verdict in verdicts:
            self._held.update(verdict.block.path)
        homes: Counter[html.HtmlElement] = Counter()
        share = 1.0
        for verdict in verdicts:
            if verdict.kept and is_prose(verdict.block):
                homes[self.stem(verdict.block)] += share * len(verdict.text)  # type: ignore[assignment]
            elif homes and cut.ends_article(verdict.block.text):
                share = 0.2  # comments may be longer than the article
        self.home: html.HtmlElement | None = homes.most_common(1)[0][0] if homes else None
        """The element that most of the prose stands in, paragraph beside paragraph."""

    def stem(self, block: Block) -> html.HtmlElement:
        """The innermost element around a block that holds more than it."""
        for element in reversed(block.path):
            if self._held[element] > 1 and element.tag not in _LINES:
                return element
        return block.path[0]

    def at_home(self, block: Block) -> bool:
        """Whether a block stands where the paragraphs do, be it in a list among them."""
        stem = self.stem(block)
        if stem.tag in _LISTS:
            stem = stem.getparent() if stem.tag != "tbody" else stem.getparent().getparent()
        return signature(stem) == signature(self.home)

    def of_home_make(self, block: Block) -> bool:
        """Whether a block stands in the home, in a box of the same name, or, where the home
        has no name, in a nameless box beside it."""
        home = self.home
        if home is None:
            return False
        nameless = not home.get("class") and not home.get("id")
        return any(
            signature(element) == signature(home)
            or (
                nameless
                and element.tag == home.tag
                and not element.get("class")
                and not element.get("id")
                and element.getparent() is home.getparent()
            )
            for element in block.path
        )

    def box(self, block: Block) -> html.HtmlElement | None:
        """The child of the home in which a block stands; None for what stands elsewhere."""
        path = block.path
        if self.home not in path[:-1]:
            return None
        return path[path.index(self.home) + 1]

    def picture_box(self, block: Block) -> html.HtmlElement | None:
        """The element that a block shares with a picture and with nothing else."""
        for element in reversed(block.path):
            if self._held[element] > 1 or element is self.home:
                return None
            if element.tag != "p" and next(element.iter(*IMAGES), None) is not None:
                return element
        return None
