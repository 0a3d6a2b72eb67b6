"""A page as a row of paragraphs, each with what its place says about it.

The tree is walked once. Text between two block boundaries (a block element's edge, or a
line break that ends a paragraph) is one ``Block``; each block carries the cues of its
ancestors: class names that mean related links, shares, comments … (``data/classes.toml``),
captions, cards of link lists, hidden matter.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lxml import html

from extract.page.cut import why_cut
from extract.page.decode import clean

_DATA = Path(__file__).with_name("data") / "classes.toml"
_CLASSES: dict[str, dict[str, list[str]]] = tomllib.loads(_DATA.read_text(encoding="utf-8"))

_SKIPPED = frozenset(
    ["script", "style", "noscript", "template", "iframe", "svg", "math", "head", "select", "option", "button", "textarea", "object", "embed", "video", "audio", "canvas", "map", "input", "progress", "meter", "datalist", "amp-ad", "amp-analytics", "amp-sidebar", "amp-iframe", "amp-video", "amp-embed", "amp-auto-ads", "link", "meta", "base", "source", "track"]
)
_INLINE = frozenset(
    ["a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd", "label", "mark", "nobr", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "img", "picture", "amp-img", "o:p", "st1:place"]
)
_IMAGES = frozenset(("img", "amp-img", "picture"))
_ASIDES = {"nav": "navigation", "footer": "page frame", "aside": "page frame", "dialog": "popup"}
_CAPTIONS = frozenset(("figcaption", "figure", "caption"))
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_WORDS = re.compile(r"[A-Za-z][a-z]*|[A-Z]+(?![a-z])|\d+")
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_HIDDEN_CLASS = re.compile(
    r"(?<![\w-])(?:d-none|hidden|hide|sr-only|visually-hidden|screen-reader-text|screen-reader|"
    r"td-visible-desktop-hidden|display-none|invisible)(?![\w-])"
)
_SHOWN_AGAIN = re.compile(r"[:-](?:block|flex|inline|grid|table|visible)")
_SENTENCE_END = re.compile(r"[.!?…:;”\"'’)\]]\s*$")
_BEGINS = re.compile(r"[A-Z0-9]")
_CLITICS = re.compile(r"(?:nya|lah|kah|pun|ku|mu|an|i)\b")


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
    after_image: bool = False
    """Whether a picture stands between this block and the one before."""

    @property
    def link_density(self) -> float:
        return self.links / max(1, len(self.text))

    @property
    def is_heading(self) -> bool:
        return self.tag in _HEADINGS


@functools.cache
def _lexicon() -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    rows = []
    for cue, groups in _CLASSES.items():
        for group, names in groups.items():
            for name in names:
                rows.append((cue, group, tuple(re.split(r"[-_]+", name))))
    return tuple(rows)


@functools.cache
def _by_first_word() -> dict[str, list[tuple[str, str, tuple[str, ...]]]]:
    index: dict[str, list[tuple[str, str, tuple[str, ...]]]] = {}
    for cue, group, words in _lexicon():
        index.setdefault(words[0], []).append((cue, group, words))
    return index


@functools.lru_cache(maxsize=20_000)
def name_cues(names: str) -> tuple[tuple[str, str], ...]:
    """The cues that an element's ``class`` and ``id`` give, as (cue, "group: name")."""
    found: dict[str, str] = {}
    index = _by_first_word()
    for name in names.split():
        words = [word.lower() for word in _WORDS.findall(name)]
        for position, word in enumerate(words):
            for cue, group, wanted in index.get(word, ()):
                if tuple(words[position : position + len(wanted)]) == wanted:
                    found.setdefault(cue, f"{group}: {name}")
    return tuple(found.items())


def _hidden(element: html.HtmlElement) -> bool:
    style = element.get("style")
    if style and _HIDDEN_STYLE.search(style):
        return True
    if "hidden" in element.attrib and element.get("hidden") != "until-found":
        return True
    names = element.get("class")
    return bool(names and _HIDDEN_CLASS.search(names) and not _SHOWN_AGAIN.search(names))


class _Walker:
    """Gathers text into blocks; knows nothing of what they are worth."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.path: list[html.HtmlElement] = []
        self.cues: list[dict[str, str]] = [{}]
        self._text: list[str] = []
        self._links = 0
        self._plain = 0
        self._breaks = 0
        self._link_depth = 0
        self._bold_depth = 0
        self._after_link = False
        self._edge = False
        self._image = False

    def add(self, text: str | None) -> None:
        if not text:
            return
        if not text.strip():
            if self._text and self._text[-1] and not self._text[-1][-1].isspace():
                self._text.append(" ")
            return
        if self._breaks:
            self._line_break()
        last = self._text[-1] if self._text else ""
        if self._after_link and last and last[-1].isalnum() and text[0].isalpha():
            # Sites that set links by machine swallow the space beside them.
            if not _CLITICS.match(text):
                self._text.append(" ")
        elif self._edge and len(last) > 1 and last[-1].isalnum() and _BEGINS.match(text):
            self._text.append(" ")  # two boxes side by side, no drop cap
        self._after_link = self._edge = False
        self._text.append(text)
        size = len(text.strip())
        if self._link_depth:
            self._links += size
        if not (self._bold_depth or self._link_depth):
            self._plain += size

    def _line_break(self) -> None:
        """One break inside a sentence is a space; two part paragraphs, and so does one after
        a sentence's end, after a line that is all link or bold, or after "Baca juga: …"."""
        breaks, self._breaks = self._breaks, 0
        so_far = clean("".join(self._text))
        set_apart = not self._plain and (self._links or len(so_far) >= 25)
        if breaks > 1 or _SENTENCE_END.search(so_far) or set_apart or why_cut(so_far):
            self.flush()
        else:
            self._text.append(" ")

    def flush(self) -> None:
        self._breaks = 0
        self._after_link = self._edge = False
        if not self._text:
            return
        text = clean("".join(self._text))
        self._text.clear()
        links, self._links = self._links, 0
        plain, self._plain = self._plain, 0
        if not text or not self.path:
            return
        element = self.path[-1]
        self.blocks.append(
            Block(
                text,
                min(links, len(text)),
                element,
                str(element.tag),
                self.cues[-1],
                tuple(self.path),
                bold=plain == 0,
                after_image=self._image,
            )
        )
        self._image = False

    def walk(self, element: html.HtmlElement) -> None:
        tag = element.tag
        if not isinstance(tag, str) or tag in _SKIPPED:
            return
        if tag == "br":
            self._breaks += 1
            return
        if tag in _IMAGES:
            self._image = True
        if tag in _INLINE:
            self._inline(element, tag)
            return
        self.flush()
        if tag == "hr":
            return
        self.path.append(element)
        cues = _own_cues(element, tag)
        self.cues.append({**self.cues[-1], **cues} if cues else self.cues[-1])
        if tag == "tr":
            self._row(element)
        else:
            self.add(element.text)
            for child in element:
                self.walk(child)
                self.add(child.tail)
        self.flush()
        self.path.pop()
        self.cues.pop()

    def _inline(self, element: html.HtmlElement, tag: str) -> None:
        if _hidden(element):
            return
        link, bold = (
            tag == "a" and element.get("href") is not None,
            tag in ("b", "strong", "em", "i", "small"),
        )
        if link:
            first = (element.text or "").lstrip()[:1]
            last = self._text[-1] if self._text else ""
            if last and last[-1].isalnum() and first.isalnum() and not self._breaks:
                self._text.append(" ")
        self._edge = True
        self._link_depth += link
        self._bold_depth += bold
        self.add(element.text)
        for child in element:
            self.walk(child)
            self.add(child.tail)
        self._link_depth -= link
        self._bold_depth -= bold
        self._after_link, self._edge = link, True

    def _row(self, element: html.HtmlElement) -> None:
        """A table row is one block, its cells parted by bars."""
        if any(cell.tag in ("td", "th") and _is_layout(cell) for cell in element):
            for cell in element:
                self.walk(cell)
            return
        cells = [clean(" ".join(cell.itertext())) for cell in element if cell.tag in ("td", "th")]
        links = sum(len("".join(a.itertext())) for a in element.iter("a"))
        self.add(" | ".join(cell for cell in cells if cell))
        self._links = min(links, sum(map(len, cells)))


def _is_layout(cell: html.HtmlElement) -> bool:
    """Whether a table cell holds page matter (old sites lay pages out in tables)."""
    return (
        next(cell.iter("p", "div", "table", "ul", "h1", "h2", "h3", "br"), None) is not None
        and len("".join(cell.itertext()).strip()) > 150
    )


def _own_cues(element: html.HtmlElement, tag: str) -> dict[str, str]:
    cues: dict[str, str] = {}
    if tag in _ASIDES:
        cues["junk"] = f"{_ASIDES[tag]}: <{tag}>"
    if tag in _CAPTIONS:
        cues["caption"] = f"<{tag}>"
    if _hidden(element):
        cues["hidden"] = "not shown"
    names = f"{element.get('class') or ''} {element.get('id') or ''}".strip()
    if names and tag not in ("html", "body"):
        for cue, reason in name_cues(names):
            cues.setdefault(cue, reason)
    return cues


def read(root: html.HtmlElement) -> list[Block]:
    """The page's blocks in reading order, cues of link cards included."""
    body = root.find("body")
    walker = _Walker()
    walker.walk(body if body is not None else root)
    blocks = walker.blocks
    _mark_cards(blocks)
    _forgive_frames(blocks)
    return blocks


def _signature(element: html.HtmlElement) -> tuple[str, str]:
    names = (element.get("class") or "").split()
    return str(element.tag), names[0] if names else ""


def _mark_cards(blocks: list[Block]) -> None:
    """Three or more siblings of one make, most of them led by a link, are a list of links to
    other articles with dates and excerpts, whatever they are called."""
    led_by_link: dict[html.HtmlElement, bool] = {}
    for block in blocks:
        if len(block.text) < 12:
            continue
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
            cards.update(family)
    if cards:
        for block in blocks:
            if any(element in cards for element in block.path):
                block.cues = {**block.cues, "cards": "list of links"}


def is_prose(block: Block) -> bool:
    """Whether a block reads like a sentence of running text."""
    text = block.text
    return (
        len(text) >= 50
        and block.link_density < 0.4
        and text.count(" ") >= 6
        and not block.is_heading
    )


def _forgive_frames(blocks: list[Block]) -> None:
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
        if size > 0.5 * total and not _own_cues(element, "").get("junk", "").startswith("comments")
    }
    speaking = {element for element in frames if _own_cues(element, str(element.tag))}
    for block in blocks:
        if not any(element in speaking for element in block.path):
            continue
        cues: dict[str, str] = {}
        for element in block.path:
            if element not in frames:
                cues.update(_own_cues(element, str(element.tag)))
        if "cards" in block.cues:
            cues["cards"] = block.cues["cards"]
        block.cues = cues


def inside(blocks: list[Block], element: html.HtmlElement) -> Iterator[Block]:
    """The blocks under an element."""
    return (block for block in blocks if element in block.path)


Cues = dict[str, Any]
