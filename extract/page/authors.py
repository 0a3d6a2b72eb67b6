"""Who wrote it: people and desks, cleaned; editors and photographers apart."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from extract.page import dates
from extract.page.blocks import Block, heads_together
from extract.page.decode import clean
from extract.page.title import Title, site_names, statements
from extract.page.view import View, is_article_node, types_of

_DATA = Path(__file__).with_name("data") / "authors.toml"
_WORDS: dict[str, Any] = tomllib.loads(_DATA.read_text(encoding="utf-8"))


def _any(words: list[str]) -> str:
    return "|".join(sorted((re.escape(w) for w in words), key=len, reverse=True))


_WRITER = re.compile(rf"^\W*(?:{_any(_WORDS['writer_labels'])})\b\s*[:：\-–]?\s*", re.I)
_LABELLED = re.compile(
    rf"(?<!\w)(?:{_any(_WORDS['writer_labels'])})\s*[:：]\s*(?P<name>[^:|•\n]{{2,120}})", re.I
)
_LABEL_ALONE = re.compile(rf"\W*(?:{_any(_WORDS['writer_labels'])})\W*", re.I)
_PLAIN = re.compile(
    rf"^\W*(?:{_any(_WORDS['plain_labels'])})\s+[-–:]?\s*(?P<name>[^:|\n]{{2,90}})$", re.I
)
_OTHER_ROLE = re.compile(
    rf"(?:[|•,;/\-–]\s*|\s+|^)(?:{_any(_WORDS['other_labels'])})\s*[:：].*$", re.I
)
_OTHER_LABEL = re.compile(rf"\s*[/|,;•]\s*(?:{_any(_WORDS['other_labels'])})\s*$", re.I)
_CONTRIBUTOR = re.compile(r"\bkontributor\s+[\w.]+(?:\s[\w.]+)?\s*,\s*(?=[A-Z])", re.I)
_NOISE = re.compile(rf"\s*(?:[|•·\-–,/]\s*)?(?:{'|'.join(_WORDS['noise'])})\s*.*$", re.I)
_DEGREE = rf"(?:{_any(_WORDS['degrees'])})"
_SPLIT = re.compile(
    rf"\s*(?:;|\s&\s|\s/\s|/(?=[A-Z])|\||\bdan\b|\band\b|,(?!\s*{_DEGREE}\b))\s*", re.I
)
_NOT_NAMES = frozenset(_WORDS["not_names"])
_URL = re.compile(r"https?:|www\.|@|\.(?:com|co|id|net|org)(?:\b|/)", re.I)
_DATED = re.compile(r"\d{1,2}[:.]\d{2}|\b20\d\d\b|\d{1,2}/\d{1,2}")
_BYLINE_CLASS = re.compile("|".join(_WORDS["byline_classes"]), re.I)
_OTHER_CLASS = re.compile("|".join(_WORDS["other_classes"]), re.I)
_LONGEST = 300
_WITHIN = 80
_AHEAD = 60
"""Elements looked at in a block, and blocks before the text: a broken page has thousands."""
_OF_AN_ORGANISATION = "JSON-LD author, an organisation"
_COLON = re.compile(r"[:：]|\boleh\b|\bby\b", re.I)
_ON_DAY = re.compile(
    r"[\s,|]+(?:pada|di|on|at|hari)(?:\s+(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?)?\s*$", re.I
)
_AFTER_DATE = re.compile(r"[|•·–—,\s]\s*(?:oleh|by|penulis)\s*:?\s+([^|•·]{3,80})$", re.I)
_DESK = re.compile(rf"(?:{_any(_WORDS['desks'])})(?:\s+[\w.]+){{0,5}}", re.I)
_FOOT = re.compile(r"\W*(?:diposting|dipublikasikan|ditulis|posted)\s+(?:oleh|by)\b", re.I)
_AGO = re.compile(r"\blalu\b|\bago\b|menit (?:mem)?baca|min read", re.I)
_PARTS = re.compile(
    r"\s*[|•·–—\u2600-\u27bf\U0001f300-\U0001faff\ufe0f]+\s*|\s+-\s+|\s{2,}|,\s*(?=(?:Senin|Selasa|Rabu|Kamis|Jum|Sabtu|Minggu))"
)
_ROLE_AFTER = re.compile(
    r",?\s*\(?\b(?:jurnalis|wartawan|kontributor|reporter|penulis)\b\)?\s*$"
    r"|,\s*(?:[\w.]+\s){0,3}(?:staff(?: writer| reporter)?|correspondent|columnist)\s*$",
    re.I,
)
_WEEKDAY = re.compile(r"[\s,]*\b(?:Senin|Selasa|Rabu|Kamis|Jum['’]?at|Sabtu|Minggu)\b[\s,]*$", re.I)
_ONE = r"(?:[A-Z][\w'’.]*\s+){1,4}[A-Z][\w'’.]+"
_PERSON = re.compile(rf"{_ONE}(?:(?:\s*,\s*|\s*&\s*|\s+dan\s+)(?:{_ONE}|[A-Z][\w'’.]+)){{0,3}}")
_ICON = re.compile("|".join(_WORDS["person_icons"]), re.I)
_SECTIONS = frozenset(_WORDS["section_words"])
_WEAK = frozenset(_WORDS["weak_names"])
_LEADS = re.compile(r"^[\W\d_]+|[\s,;:|/\-–—•·.(]+$")


@dataclass(frozen=True, slots=True)
class Byline:
    names: tuple[str, ...]
    evidence: str


def names_in(text: str, sites: set[str]) -> tuple[str, ...]:
    """The people or desks that a byline names, without labels, dates and reading times."""
    text = clean(text[:_LONGEST])
    text = _CONTRIBUTOR.sub("", _OTHER_LABEL.sub("", _OTHER_ROLE.sub("", text)))
    for _ in range(2):
        shorter = _WRITER.sub("", text)
        if _COLON.search(text) or shorter.count(" "):  # "Reporter Magang" is a desk
            text = shorter
    text = _ON_DAY.sub("", _ROLE_AFTER.sub("", _NOISE.sub("", text)))
    found: list[str] = []
    for part in _SPLIT.split(text):
        name = _LEADS.sub("", part or "").strip()
        name = re.sub(r"\s*\([^)]*\)$|\s+[-–—]\s+\S+$", "", name).strip()
        if _is_name(name, sites) and name.casefold() not in {f.casefold() for f in found}:
            found.append(name)
    return tuple(found[:8])


def _is_name(name: str, sites: set[str]) -> bool:
    letters = "".join(c for c in name.casefold() if c.isalnum())
    return (
        2 < len(name) <= 70
        and len(name.split()) <= 8
        and not _URL.search(name)
        and not _DATED.search(name)
        and name.casefold() not in _NOT_NAMES
        and letters not in sites
        and sum(c.isalpha() for c in name) >= 0.7 * len(name.replace(" ", ""))
    )


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
            if names := _all((name for name, _ in people), sites):
                persons = any(kind == "Person" for _, kind in people)
                yield Byline(names, "JSON-LD author" if persons else _OF_AN_ORGANISATION)


def _meta(view: View, sites: set[str]) -> Iterator[Byline]:
    for key in _WORDS["meta_names"]:
        if names := _all(view.meta.get(key, []), sites):
            yield Byline(names, f"meta {key}")


def _names_of(element: Any) -> str:
    keys = ("class", "id", "rel", "itemprop", "href")
    return " ".join(value for key in keys if (value := element.get(key)))


def _says_byline(names: str) -> bool:
    return bool(_BYLINE_CLASS.search(names) and not _OTHER_CLASS.search(names))


def _in_block(block: Block, sites: set[str]) -> Byline | None:
    """The byline that one block near the headline holds."""
    if (match := _PLAIN.match(_NOISE.sub("", block.text))) and (
        names := names_in(match["name"], sites)
    ):
        return Byline(names, f"“{block.text[:60]}”")
    found: Byline | None = None
    for element in islice(block.element.iter(), _WITHIN):
        if not isinstance(element.tag, str):
            continue
        marks = _names_of(element)
        if not marks:
            continue
        words = " ".join(element.itertext()).strip()
        if not words and _ICON.search(marks) and (names := names_in(_beside(element), sites)):
            return Byline(names, f"beside “{marks[:40]}”")
        if words and _says_byline(marks) and (names := names_in(words, sites)):
            found = Byline(names, f"“{marks[:40]}”")  # an inner one says it more closely
        elif found is not None:
            break
    if found is not None:
        return found
    for element in block.path[-2:]:
        if (
            len(element.xpath("string()")) < 120
            and _says_byline(_names_of(element))
            and (names := names_in(block.text, sites))
        ):
            return Byline(names, f"“{_names_of(element)[:40]}”")
    return None


def _at_foot(block: Block, sites: set[str]) -> Byline | None:
    """A byline below the text, as Blogger sets it ("Diposting oleh X di 07.55")."""
    if not _FOOT.match(block.text):
        return None
    for element in islice(block.element.iter(), _WITHIN):
        if (
            isinstance(element.tag, str)
            and element.get("itemprop") in ("name", "author")
            and (names := names_in(" ".join(element.itertext()), sites))
        ):
            return Byline(names, f"foot “{block.text[:50]}”")
    name = re.split(r"\s(?:di|pada|at|on)\s", block.text)[0]
    return Byline(names, f"foot “{name}”") if (names := names_in(name, sites)) else None


def _beside_date(text: str, sites: set[str], elsewhere: set[str]) -> Byline | None:
    """A person named in the line of the date, without any label ("X • 3 jam lalu"); what
    stands ``elsewhere`` as a line of its own is a section."""
    stamps = dates.find(text)
    if len(text) > 140 or not (stamps or _AGO.search(text)):
        return None
    for piece in _PARTS.split(text[: stamps[0].start] if stamps else text):
        part = _WEEKDAY.sub("", _ROLE_AFTER.sub("", _WRITER.sub("", piece.strip()))).strip(" ,.")
        if not (_PERSON.fullmatch(part) or _DESK.fullmatch(part)):
            continue
        if names := names_in(part, sites):
            return Byline(names, f"beside the date “{text[:50]}”")
    behind = _PARTS.split(text[stamps[-1].end :])[-1].strip(" ,.|") if stamps else ""
    if (
        _PERSON.fullmatch(behind)
        and behind.casefold() not in elsewhere
        and _SECTIONS.isdisjoint(behind.casefold().split())
        and (names := names_in(behind, sites))
    ):
        return Byline(names, f"beside the date “{text[:50]}”")
    if (match := _AFTER_DATE.search(text)) and (names := names_in(match[1], sites)):
        return Byline(names, f"beside the date “{text[:50]}”")
    return None


def _beside(icon: Any) -> str:
    """The words that follow an icon of a person or pen."""
    if icon.tail and icon.tail.strip():
        return str(icon.tail)
    after = icon.getnext()
    return " ".join(after.itertext()) if after is not None else ""


def _visible(
    blocks: list[Block], title_at: int | None, body: tuple[int, int], sites: set[str]
) -> Iterator[Byline]:
    """Bylines between headline and text, and credit lines in and right after the text."""
    first, last = body
    start = max(0, (title_at if title_at is not None else first) - 4, first - _AHEAD)
    for position in range(start, min(len(blocks), last + 10)):
        block = blocks[position]
        if "cards" in block.cues or "hidden" in block.cues or position == title_at:
            continue
        if len(block.text) > 260:
            continue
        if _LABEL_ALONE.fullmatch(block.text) and position + 1 < len(blocks):
            if names := names_in(blocks[position + 1].text[:_WITHIN], sites):
                yield Byline(names, f"below “{block.text}”")
            continue
        if (match := _LABELLED.search(block.text)) and (names := names_in(match["name"], sites)):
            yield Byline(names, f"“{block.text[:60]}”")
        elif (
            title_at is not None
            and position < title_at
            and not heads_together(blocks, position, title_at)
        ):
            continue
        elif (position < first and (byline := _in_block(block, sites))) or (
            position > last and (byline := _at_foot(block, sites))
        ):
            yield byline
    lines = {block.text.casefold() for block in blocks if len(block.text) < _WITHIN}
    for position in range(start, min(len(blocks), first + 1)):
        if position == title_at or "cards" in blocks[position].cues:
            continue
        if byline := _beside_date(blocks[position].text, sites, lines):
            yield byline


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


def _weakness(byline: Byline) -> int:
    """Login names last, organisations that JSON-LD gives for want of a person before them."""
    if all(name.casefold() in _WEAK for name in byline.names):
        return 2
    return int(byline.evidence == _OF_AN_ORGANISATION)


def find(
    view: View,
    blocks: list[Block],
    headline: Title,
    body: tuple[int, int],
    stated: Iterable[str] = (),
) -> Byline:
    """The article's byline; no names where the page gives none.

    ``body`` is the first and last block of the text, ``stated`` are the names that the data
    in the page's scripts gives. A login name ("admin") gives way to any other byline.
    """
    sites = site_names(view)
    found = [Byline(names, "script data")] if (names := _all(stated, sites)) else []
    nodes = statements(view, headline.text)
    found += _linked(nodes, sites)
    found += _visible(blocks, headline.block, body, sites)
    found += _meta(view, sites)
    found.sort(key=_weakness)
    if not found:
        own = _own_name(view, blocks, headline.block, body[0], nodes)
        return own or Byline((), "none")
    best = found[0]
    for other in found[1:]:
        # A second place may name one more author, never one less.
        if {n.casefold() for n in best.names} < {n.casefold() for n in other.names}:
            best = other
    return best


def _all(values: Iterable[str], sites: set[str]) -> tuple[str, ...]:
    names: dict[str, None] = {}
    for value in values:
        names.update(dict.fromkeys(names_in(value, sites)))
    return tuple(names)
