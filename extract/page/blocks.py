"""A page as a row of paragraphs, each with what its place says about it.

The tree is walked once. Text between two block boundaries (a block element's edge, or a
line break that ends a paragraph) is one ``Block``; each block carries the cues of its
ancestors: class names that mean related links, shares, comments … (``data/classes.toml``),
captions, cards of link lists, hidden matter.
"""

from __future__ import annotations

import re

from lxml import html

from extract.page.block import Block, is_prose
from extract.page.boxes import forgive_frames, mark_captions, mark_cards
from extract.page.cues import IMAGES, INLINE, SKIPPED, UNSHOWN, is_hidden, name_cues, own_cues
from extract.page.cut import why_cut
from extract.page.decode import clean

_SENTENCE_END = re.compile(r"[.!?…:;”\"'’)\]]\s*$")
_BEGINS = re.compile(r"[A-Z0-9]")
_BLANK_LINE = re.compile(r"(?<=[.!?”\"’')\]:])[ \t\r]*\n[ \t\r]*\n\s*")
_LONG_NODE = 200
_SHORT_BLOCK = 300
_LONGEST_ATTRIBUTE = 80
_BOLD_LINE = 25
_CLITICS = re.compile(r"(?:nya|lah|kah|pun|ku|mu|an|i)\b")


class _Walker:
    """Gathers text into blocks; knows nothing of what they are worth."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.path: list[html.HtmlElement] = []
        self.cues: list[dict[str, str]] = [{}]
        self._text: list[str] = []
        self._around: list[html.HtmlElement] = []
        """The element around each piece of the text."""
        self._inside: list[html.HtmlElement] = []
        self._unshown: list[Block] = []
        self._links = 0
        self._plain = 0
        self._upright = 0
        self._breaks = 0
        self._link_depth = 0
        self._bold_depth = 0
        self._slant_depth = 0
        self._captions = 0
        self._caption_depth = 0
        self._line = (0, 0, 0, 0, 0)
        """Where the present line begins, and the counts up to there."""
        self._after_link = False
        self._edge = False
        self._image = False
        self.alts: set[str] = set()
        """What pictures say they show."""

    def _note_attribute(self, element: html.HtmlElement) -> None:
        """What an empty element holds only in an attribute, for a style sheet or script to
        show: kept as a hidden block, after the block in which it stands."""
        value = next((v for name in UNSHOWN if (v := element.get(name))), "")
        if 1 < len(value) <= _LONGEST_ATTRIBUTE and value[0] not in "{[":
            self._unshown.append(
                Block(
                    clean(value),
                    0,
                    element,
                    str(element.tag),
                    {
                        **self.cues[-1],
                        "hidden": "in an attribute",
                        "attribute": "not shown as text",
                    },
                    tuple(self.path),
                    pieces=((value, element),),
                )
            )

    def _last(self) -> str:
        return next((text for text in reversed(self._text) if text), "")

    def _put(self, text: str) -> None:
        self._text.append(text)
        self._around.append(self._inside[-1])

    def add(self, text: str | None) -> None:
        if not text or not self.path:
            return
        if not text.strip():
            if (last := self._last()) and not last[-1].isspace():
                self._put(" ")
            return
        if len(text) > _LONG_NODE and _BLANK_LINE.search(text.strip()):
            # Text kept as typed ("white-space: pre-line"): blank lines part paragraphs.
            for paragraph in _BLANK_LINE.split(text):
                self.add(paragraph)
                self.flush()
            return
        if self._breaks:
            self._line_break()
        last = self._last()
        if self._after_link and last and last[-1].isalnum() and text[0].isalpha():
            # Sites that set links by machine swallow the space beside them.
            if not _CLITICS.match(text):
                self._put(" ")
        elif self._edge and len(last) > 1 and last[-1].isalnum() and _BEGINS.match(text):
            self._put(" ")  # two boxes side by side, no drop cap
        self._after_link = self._edge = False
        self._put(text)
        size = len(text.strip())
        if self._link_depth:
            self._links += size
        if not (self._bold_depth or self._link_depth):
            self._plain += size
        if not self._slant_depth:
            self._upright += size
        if self._caption_depth:
            self._captions += size

    def _line_break(self) -> None:
        """One break inside a sentence is a space; two part paragraphs, and so does one after
        a sentence's end, after a line that is all link or bold, or after "Baca juga: …"."""
        breaks, self._breaks = self._breaks, 0
        self._part_bold_line()
        so_far = clean("".join(self._text))
        set_apart = not self._plain and (self._links or len(so_far) >= 25)
        if breaks > 1 or _SENTENCE_END.search(so_far) or set_apart or why_cut(so_far):
            self.flush()
        else:
            self._put(" ")
            self._line = (
                *(len(self._text), self._links, self._plain, self._upright, self._captions),
            )

    def _part_bold_line(self) -> None:
        """A line that is all bold below lines that are not, as old sites set a headline
        between date and byline, is a block of its own."""
        start, links, plain, upright, captions = self._line
        if not start or self._plain > plain:
            return
        line = self._text[start:]
        if len(clean("".join(line))) < _BOLD_LINE:
            return
        rest = self._links - links, self._upright - upright, self._captions - captions
        around = self._around[start:]
        self._text, self._around = self._text[:start], self._around[:start]
        self._links, self._plain, self._upright, self._captions = links, plain, upright, captions
        self.flush()
        self._text, self._around = line, around
        self._links, self._upright, self._captions = rest
        self.flush()

    def flush(self) -> None:
        self._breaks = 0
        self._line = (0, 0, 0, 0, 0)
        self._after_link = self._edge = False
        unshown, self._unshown = self._unshown, []
        if not self._text:
            self.blocks += unshown
            return
        text = clean("".join(self._text))
        pieces: tuple[tuple[str, html.HtmlElement], ...] = ()
        if len(text) <= _SHORT_BLOCK:
            both = zip(self._text, self._around, strict=True)
            pieces = tuple(pair for pair in both if pair[0].strip() or not pair[0])
        self._text.clear()
        self._around.clear()
        links, self._links = self._links, 0
        plain, self._plain = self._plain, 0
        upright, self._upright = self._upright, 0
        captions, self._captions = self._captions, 0
        if not text or not self.path:
            self.blocks += unshown
            return
        element = self.path[-1]
        cues = self.cues[-1]
        if captions > 0.6 * len(text):
            cues = {**cues, "caption": "set as a caption"}
        self.blocks.append(
            Block(
                text,
                min(links, len(text)),
                element,
                str(element.tag),
                cues,
                tuple(self.path),
                bold=plain == 0,
                slanted=upright == 0,
                after_image=self._image,
                pieces=pieces,
            )
        )
        self.blocks += unshown
        self._image = False

    def walk(self, element: html.HtmlElement) -> None:
        tag = element.tag
        if not isinstance(tag, str) or tag in SKIPPED:
            return
        if tag == "br":
            self._breaks += 1
            return
        if tag in IMAGES:
            self._image = True
            if alt := element.get("alt"):
                self.alts.add(clean(alt).casefold())
        if not len(element) and not element.text and len(element.attrib) and self.path:
            self._note_attribute(element)
        if tag in INLINE:
            self._inline(element, tag)
            return
        self.flush()
        if tag == "hr":
            return
        self.path.append(element)
        self._inside.append(element)
        cues = own_cues(element, tag)
        self.cues.append({**self.cues[-1], **cues} if cues else self.cues[-1])
        if tag == "tr":
            self._row(element)
        else:
            self.add(element.text)
            for child in element:
                self.walk(child)
                self.add(child.tail)
        self.flush()
        self._inside.pop()
        self.path.pop()
        self.cues.pop()

    def _inline(self, element: html.HtmlElement, tag: str) -> None:
        if is_hidden(element):
            return
        link = tag == "a" and element.get("href") is not None
        slanted = tag in ("em", "i", "small")
        bold = slanted or tag in ("b", "strong")
        if link:
            first = (element.text or "").lstrip()[:1]
            last = self._last()
            if last and last[-1].isalnum() and first.isalnum() and not self._breaks:
                self._put(" ")
        self._edge = True
        self._inside.append(element)
        if tag == "i" and not element.text and not len(element):
            self._put("")  # an icon may say what stands beside it
        self._link_depth += link
        self._bold_depth += bold
        self._slant_depth += slanted
        cues = dict(name_cues(element.get("class") or ""))
        caption = "caption" in cues or ("credit" in cues and self._image)
        self._caption_depth += caption
        self.add(element.text)
        for child in element:
            self.walk(child)
            self.add(child.tail)
        self._inside.pop()
        self._link_depth -= link
        self._bold_depth -= bold
        self._slant_depth -= slanted
        self._caption_depth -= caption
        self._after_link, self._edge = link, True

    def _row(self, element: html.HtmlElement) -> None:
        """A table row is one block, its cells parted by bars."""
        held = [cell for cell in element if cell.tag in ("td", "th")]
        if len(held) == 1 or any(map(_is_layout, held)):
            for cell in element:
                self.walk(cell)
            return
        cells = [clean(" ".join(cell.itertext())) for cell in held]
        links = sum(len("".join(a.itertext())) for a in element.iter("a"))
        self._image = self._image or next(element.iter(*IMAGES), None) is not None
        self.add(" | ".join(cell for cell in cells if cell))
        self._links = min(links, sum(map(len, cells)))


def _is_layout(cell: html.HtmlElement) -> bool:
    """Whether a table cell holds page matter (old sites lay pages out in tables)."""
    return (
        next(cell.iter("p", "div", "table", "ul", "h1", "h2", "h3", "br"), None) is not None
        and len("".join(cell.itertext()).strip()) > 150
    )


def read(root: html.HtmlElement) -> list[Block]:
    """The page's blocks in reading order, cues of link cards included."""
    body = root.find("body")
    walker = _Walker()
    walker.walk(body if body is not None else root)
    blocks = walker.blocks
    mark_captions(blocks, walker.alts)
    mark_cards(blocks)
    forgive_frames(blocks)
    return blocks


def heads_together(blocks: list[Block], position: int, title_at: int) -> bool:
    """Whether a block above the headline belongs to it: the smallest element around both
    begins with only a few blocks, so that it is the article's head and not the page's."""
    title = set(blocks[title_at].path)
    common = [element for element in blocks[position].path if element in title]
    if not common or common[-1].tag == "body":
        return False
    ahead = sum(1 for block in blocks[:title_at] if common[-1] in block.path)
    return ahead <= 6


__all__ = ["Block", "heads_together", "is_prose", "read"]
