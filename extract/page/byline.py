"""Bylines as a reader sees them: what stands between the headline and the text, and the
lines of credit below it.

The short lines there are taken apart into pieces, along the edges of elements and the marks
that parted them, and each piece is told by what it says: a label of writers, a label of
other people (editor, photographer), a date or clock, a name. A name counts

1. after a label of writers, up to the next piece that is no name;
2. where its element names itself a byline (``rel=author``, class ``penulis``, an icon of a
   person), unless it stands after a label of other people;
3. beside a date, if it is written like a person's name and stands in no menu, headline or
   text, as sections and places do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from extract.page import dates
from extract.page.block import Block, ends_sentence, is_prose
from extract.page.blocks import heads_together
from extract.page.decode import clean
from extract.page.names import WORDS, any_of, desk, names_in, person

_WRITERS = any_of(WORDS["writer_labels"])
_OTHERS = any_of(WORDS["other_labels"])
_LABEL = re.compile(rf"\W*(?:para\s+)?(?:{_WRITERS})\W*", re.I)
_OTHER = re.compile(rf"\W*(?:{_OTHERS})\W*", re.I)
_LABELLED = re.compile(rf"\W*(?:{_WRITERS})\s*(?:[:：]|\s[-–]\s|\s{{3,}})\s*(?P<names>.+)", re.I)
_OTHER_LABELLED = re.compile(rf"\W*(?:{_OTHERS})\s*[:：]\s*(?P<names>.*)", re.I)
_PLAIN = re.compile(
    rf"\W*(?:{any_of(WORDS['plain_labels'])})\s+[-–:]?\s*(?P<names>[^:|\n]{{2,90}})", re.I
)
_TURN = re.compile(rf"\s+(?=(?:{_WRITERS}|{_OTHERS})\s*[:：])", re.I)
"""Where one label follows another in a line: "Reporter: X Editor: Y"."""
_PARTS = re.compile(
    r"\s*[|•·–—∙›»\u2022\u2600-\u27bf\U0001f300-\U0001faff\ufe0f\uf000-\uf8ff]+\s*|\s+-\s*|\s{3,}"
    r"|,\s*(?=(?:Senin|Selasa|Rabu|Kamis|Jum|Sabtu|Minggu))",
)
_BY_CLASS = re.compile("|".join(WORDS["byline_classes"]), re.I)
_NOT_CLASS = re.compile("|".join(WORDS["other_classes"]), re.I)
_ICON = re.compile("|".join(WORDS["person_icons"]), re.I)
_AGO = re.compile(r"\d\s*\w+\s+(?:yang\s+)?(?:lalu|ago)\b|menit (?:mem)?baca|min read", re.I)
_DAYS = (
    r"Senin|Selasa|Rabu|Kamis|Jum['’`]?at|Sabtu|Minggu|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
)
_TIMELY = re.compile(rf"\W*(?:{_DAYS}|wib|wita|wit|pukul|tayang|terbit)\W*", re.I)
_JOINS = re.compile(r"[\W\d_]*(?:dan|and|serta|pada|on|di|dalam|in)?[\W\d_]*", re.I)
_WEEKDAY = re.compile(rf"[\s,]*\b(?:{_DAYS})\b[\s,(]*$", re.I)
_FIELD = re.compile(
    rf"\W*(?:{any_of(WORDS['field_labels'])})\W*(?:\d[\d.,]*\W*(?:kali|x)?)?|.{{2,30}}:", re.I
)
"""A label of something else than people, with or without its colon."""
_DEGREE = re.compile(rf",\s*(?:{any_of(WORDS['degrees'])})\b\.?", re.I)
_CREDIT = re.compile(r"\W{0,2}[(\[]\s*(?P<name>[^()/\[\]]{3,60}?)\s*(?:/\s*[^()]{2,60})?[)\]]\W*")
_PHOTO_BY = re.compile(
    r"\b(?:foto|photo)\s*[:/]\s*(?:[^/.:]{2,40}/\s*)?(?P<name>[^/.:]{5,50})(?:/\w{2,5})?\.?$", re.I
)
_SIGNED = re.compile(r"\W*(?:diposting|dipublikasikan|ditulis|posted)\s+(?:oleh|by)\b", re.I)
_DATELINE = re.compile(r"\w\s*[-–—]{1,2}\s*$")
_DIGIT = re.compile(r"\d")
_SHARE = 0.33
"""Of an unlabelled piece's characters that its names make up."""
_AHEAD, _BEHIND, _WITHIN, _LONGEST, _APART = 60, 10, 80, 260, 3


@dataclass(frozen=True, slots=True)
class Byline:
    names: tuple[str, ...]
    evidence: str


@dataclass(frozen=True, slots=True)
class _Piece:
    kind: str
    """``writer``, ``other`` (labels), ``date``, ``name``, ``join`` or ``words``."""
    text: str
    names: tuple[str, ...]
    block: Block
    at: int
    """Where the block stands."""
    marked: str = ""
    """What on the element says that this is a byline."""
    linked: bool = False
    label: str = ""
    """``writer`` or ``other`` where the piece brings its label with it."""


def _marks(element: Any, block: Block) -> tuple[str, bool]:
    """What an element and those around it in the block say of a byline, and whether it is a
    link; an element that names another role speaks against it."""
    told, linked = "", False
    stop = block.path[-3] if len(block.path) > 2 else None
    while element is not None and element is not stop:
        linked = linked or element.tag == "a"
        says = " ".join(
            v
            for k in ("class", "id", "rel", "itemprop", "href", "data-hook")
            if (v := element.get(k))
        )
        if says:
            if _NOT_CLASS.search(says):
                return "", linked
            if not told and _BY_CLASS.search(says):
                told = says[:40]
        if element.tag in ("article", "main", "body", "section", "header"):
            break
        element = element.getparent()
    return told, linked


def _pieces(block: Block, at: int, sites: set[str]) -> Iterator[_Piece]:
    """The pieces of one short block."""
    iconic = ""
    held = len(block.element.xpath("string()")) if block.pieces else 0
    for raw, element in block.pieces:
        if not raw:
            says = f"{element.get('class') or ''} {element.get('id') or ''}"
            iconic = says[:40] if _ICON.search(says) else ""
            continue
        told, linked = _marks(element, block) if held < _LONGEST else ("", element.tag == "a")
        for line in _PARTS.split(raw.strip("\n\t\r ")):
            for part in _TURN.split(clean(line)):
                if part:
                    piece = _told(part, block, at, sites, told or iconic, linked)
                    if piece.kind != "join":
                        iconic = ""
                    yield piece


def _told(text: str, block: Block, at: int, sites: set[str], marked: str, linked: bool) -> _Piece:
    """One piece, told by what it says."""
    if text.startswith(",") and _LABEL.fullmatch(text):
        return _Piece("join", text, (), block, at)  # "X, Jurnalis"
    if _LABEL.fullmatch(text):
        return _Piece("writer", text, (), block, at)
    if _OTHER.fullmatch(text):
        return _Piece("other", text, (), block, at)
    if match := _OTHER_LABELLED.fullmatch(text):
        return _Piece("other", text, (), block, at)
    if (match := _LABELLED.fullmatch(text)) or (match := _PLAIN.fullmatch(text)):
        if names := names_in(match["names"], sites):
            return _Piece("name", text, names, block, at, marked, linked, "writer")
        return _Piece("writer", text, (), block, at)
    stamps = dates.find(text)
    if stamps or _AGO.search(text) or _TIMELY.fullmatch(text) or dates.clock_alone(text):
        before = _WEEKDAY.sub("", text[: stamps[0].start]) if stamps else ""
        if match := _PLAIN.fullmatch(before):
            return _Piece("name", text, names_in(match["names"], sites), block, at, label="writer")
        names = () if _FIELD.fullmatch(before) else names_in(before, sites)
        if names and all(person(name) or desk(name) for name in names):
            return _Piece("name", before, names, block, at, marked, linked, "date")
        return _Piece("date", text, (), block, at)
    if _FIELD.fullmatch(text):
        return _Piece("other", text, (), block, at)
    if _JOINS.fullmatch(text):
        return _Piece("join", text, (), block, at)
    names = names_in(text, sites)
    shaped = (
        all(person(name) or desk(name) for name in (_DEGREE.sub("", n) for n in names))
        and sum(map(len, names)) >= _SHARE * len(text)
        and (not _DIGIT.search(text) or desk(text))
    )
    if names and (shaped or marked):
        return _Piece("name", text, names, block, at, marked, linked, "" if shaped else "shapeless")
    return _Piece("words", text, names if len(text) <= _WITHIN else (), block, at)


def _head(
    blocks: list[Block], title_at: int | None, first: int, sites: set[str]
) -> Iterator[_Piece]:
    """The pieces of the article's head, in the order in which they stand."""
    start = max(0, (title_at if title_at is not None else first) - 4, first - _AHEAD)
    for at in range(start, min(len(blocks), first + 1)):
        block = blocks[at]
        if (at == first and is_prose(block)) or _DATELINE.search(block.text):
            continue
        hidden = "hidden" in block.cues and "attribute" not in block.cues
        caption = "caption" in block.cues or (block.after_image and ends_sentence(block.text))
        if (
            hidden
            or caption
            or "cards" in block.cues
            or at == title_at
            or len(block.text) > _LONGEST
        ):
            continue
        if title_at is not None and at < title_at and not heads_together(blocks, at, title_at):
            continue
        yield from _pieces(block, at, sites)


class _Head:
    """The names of the head's pieces by what speaks for them."""

    def __init__(self) -> None:
        self.labelled: list[_Piece] = []
        self.marked: list[_Piece] = []
        self.beside: list[_Piece] = []
        self.others: set[str] = set()

    def read(
        self, pieces: list[_Piece], known: str, elsewhere: set[str], title_at: int | None
    ) -> None:
        """``known`` is the headline with the text, in which sections and places stand, and
        ``elsewhere`` what stands in menus and cards."""
        role = ""
        last: _Piece | None = None
        for piece in pieces:
            if piece.kind in ("writer", "other"):
                role, last = piece.kind, piece
                continue
            if piece.kind != "name":
                if role == "writer" and piece.names and last and last.kind == "writer":
                    self.labelled.append(piece)  # a desk or login that only its label tells
                role = role if piece.kind == "join" else ""
                continue
            if piece.label == "writer":
                role = "writer"
            elif last is not None and not _goes_on(last, piece):
                role = ""
            if role:
                last = piece
            if role == "other":
                self.others.update(name.casefold() for name in piece.names)
            elif role == "writer" and piece.label != "shapeless":
                self.labelled.append(piece)
            elif piece.marked:
                self.marked.append(piece)
            elif _by_itself(piece, known, elsewhere) and (
                piece.label == "date" or _near_date(pieces, piece, title_at)
            ):
                self.beside.append(piece)


def _goes_on(before: _Piece, piece: _Piece) -> bool:
    """Whether what a label says still holds for a name: in the label's own block and the one
    below it, and for the names that follow in the same block or in boxes beside it."""
    if before.block is piece.block:
        return True
    if before.kind != "name":
        return piece.at - before.at <= _APART
    mine, theirs = piece.block.element, before.block.element
    return mine.tag == theirs.tag and mine.getparent() is theirs.getparent() and mine.tag == "li"


def _by_itself(piece: _Piece, known: str, elsewhere: set[str]) -> bool:
    """Whether an unlabelled piece is a name by its shape, and no section or place."""
    if piece.label == "shapeless" or piece.text.casefold() in elsewhere:
        return False
    names = [name for name in piece.names if " " in name or len(name) >= 4]
    return bool(names) and not any(
        re.search(rf"(?<!\w){re.escape(name.casefold())}(?!\w)", known) for name in names
    )


def _near_date(pieces: list[_Piece], piece: _Piece, title_at: int | None) -> bool:
    """Whether a date stands one or two pieces before or behind, on the same side of the
    headline; a single word must stand in the very line of the date, unless it is a desk."""
    above = title_at is not None and piece.at < title_at
    single = " " not in piece.names[0] and not desk(piece.names[0])
    reach = 0 if single and "attribute" not in piece.block.cues else 1 if above else 2
    telling = [p for p in pieces if p is piece or p.kind not in ("join", "other")]
    place = telling.index(piece)
    for other in telling[max(0, place - 2) : place + 3]:
        same_side = title_at is None or above == (other.at < title_at)
        if other.kind == "date" and same_side and abs(other.at - piece.at) <= reach:
            return True
    return False


def _joined(pieces: list[_Piece]) -> tuple[str, ...]:
    """The names of pieces that belong together: those of one element's make where they are
    links, else of one block."""
    first = pieces[0]
    together = [
        p
        for p in pieces
        if p.linked == first.linked and (p.marked == first.marked or p.at == first.at)
    ]
    if not first.linked:
        together = [p for p in together if p.at == first.at or p.label == ""]
    names: dict[str, None] = {}
    for piece in together:
        names.update(dict.fromkeys(piece.names))
    return tuple(names)


def _after_label(pieces: list[_Piece], marked: list[_Piece]) -> tuple[str, ...]:
    """The names after the first label, up to the next one, and those whose links are marked
    like the first."""
    first = pieces[0]
    names = dict.fromkeys(first.names)
    for piece in pieces[1:]:
        if piece.label == "writer" or piece.at - first.at > _BEHIND:
            break
        names.update(dict.fromkeys(piece.names))
    for piece in marked:
        if first.linked and piece.linked and piece.marked == first.marked:
            names.update(dict.fromkeys(piece.names))
    return tuple(names)


def visible(
    blocks: list[Block], title_at: int | None, body: tuple[int, int], headline: str, sites: set[str]
) -> tuple[list[Byline], set[str]]:
    """Bylines near the headline and below the text, best first, and the names (case folded)
    that the page gives to editors and photographers. ``body`` is the text's first and last
    block."""
    first, last = body
    found: list[Byline] = []
    text = "\n".join(block.text for block in blocks[first : last + 1] if len(block.text) > 80)
    known = f"{headline}\n{text}".casefold()
    elsewhere = _sections(blocks)
    head = _Head()
    pieces = list(_head(blocks, title_at, first, sites))
    head.read(pieces, known, elsewhere, title_at)
    if head.labelled:
        names = _after_label(head.labelled, head.marked)
        found.append(Byline(names, f"“{head.labelled[0].text[:60]}”"))
    if marked := [p for p in head.marked if p.label != "shapeless"] or head.marked:
        found.append(Byline(_joined(marked), f"“{marked[0].marked}”"))
    found += _below(blocks, body, sites)
    if head.beside:
        best = next((p for p in head.beside if p.label == "date"), head.beside[0])
        together = [p for p in head.beside if p.at == best.at and p.linked and best.linked]
        named = dict.fromkeys(name for p in together or [best] for name in p.names)
        found.append(Byline(tuple(named), f"beside the date “{best.text[:50]}”"))
    return found, head.others


def _sections(blocks: list[Block]) -> set[str]:
    """What stands in menus, breadcrumbs and cards of other articles: names of sections."""
    return {
        block.text.casefold()
        for block in blocks
        if len(block.text) < _WITHIN
        and ("cards" in block.cues or block.cues.get("junk", "").startswith("navigation"))
    }


def _below(blocks: list[Block], body: tuple[int, int], sites: set[str]) -> Iterator[Byline]:
    """Lines of credit in the text and right after it."""
    first, last = body
    for at in range(max(0, first), min(len(blocks), last + _BEHIND)):
        block = blocks[at]
        if {"cards", "hidden"} & set(block.cues) or len(block.text) > _LONGEST:
            continue
        label = False
        for part in _TURN.split(block.text):
            for piece in _PARTS.split(part):
                match = _LABELLED.fullmatch(piece)
                if match and (names := names_in(match["names"], sites)):
                    yield Byline(names, f"“{block.text[:60]}”")
                label = bool(_LABEL.fullmatch(piece))
        if label and at + 1 < len(blocks):
            names = names_in(blocks[at + 1].text[:_WITHIN], sites)
            if names and (":" in block.text or all(person(n) or desk(n) for n in names)):
                yield Byline(names, f"below “{block.text}”")
        if at > last:
            yield from _at_foot(block, sites)
        if at >= last and (match := _CREDIT.fullmatch(block.text)):
            names = names_in(match["name"], sites)
            shaped = [n for n in names if (person(n) and not n.isupper() and len(n) > 3) or desk(n)]
            if names and len(shaped) == len(names) and (" " in names[0] or "/" in block.text):
                yield Byline(names, f"credit “{block.text[:50]}”")


def _at_foot(block: Block, sites: set[str]) -> Iterator[Byline]:
    """A byline below the text, as Blogger sets it ("Diposting oleh X di 07.55")."""
    if not _SIGNED.match(block.text):
        return
    for element in islice(block.element.iter(), _WITHIN):
        if (
            isinstance(element.tag, str)
            and element.get("itemprop") in ("name", "author")
            and (names := names_in(" ".join(element.itertext()), sites))
        ):
            yield Byline(names, f"foot “{block.text[:50]}”")
            return
    name = re.split(r"\s(?:di|pada|at|on)\s", block.text)[0]
    if names := names_in(name, sites):
        yield Byline(names, f"foot “{name}”")


def photographer(paragraphs: list[str], sites: set[str]) -> Byline | None:
    """Whom a photo page, whose text is a caption, credits at the caption's end."""
    if not 1 <= len(paragraphs) <= 2 or not (match := _PHOTO_BY.search(paragraphs[-1])):
        return None
    names = tuple(n for n in names_in(match["name"], sites) if person(n) and " " in n)
    return Byline(names, "the caption's credit") if names else None
