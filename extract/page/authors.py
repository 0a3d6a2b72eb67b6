"""Who wrote it: people and desks, cleaned; editors and photographers apart."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extract.page.blocks import Block
from extract.page.decode import clean
from extract.page.title import site_names
from extract.page.view import View, is_article_node, types_of

_DATA = Path(__file__).with_name("data") / "authors.toml"
_WORDS: dict[str, Any] = tomllib.loads(_DATA.read_text(encoding="utf-8"))


def _any(words: list[str]) -> str:
    return "|".join(sorted((re.escape(w) for w in words), key=len, reverse=True))


_WRITER = re.compile(rf"^\W*(?:{_any(_WORDS['writer_labels'])})\b\s*[:：\-–]?\s*", re.I)
_LABELLED = re.compile(
    rf"(?<!\w)(?:{_any(_WORDS['writer_labels'])})\s*[:：]\s*(?P<name>[^:|•\n]{{2,120}})", re.I
)
_PLAIN = re.compile(
    rf"^\W*(?:{_any(_WORDS['plain_labels'])})\s+[-–:]?\s*(?P<name>[^:|\n]{{2,90}})$", re.I
)
_OTHER_ROLE = re.compile(
    rf"(?:[|•,;/\-–]\s*|\s+|^)(?:{_any(_WORDS['other_labels'])})\s*[:：].*$", re.I
)
_NOISE = re.compile(rf"\s*(?:[|•·\-–,/]\s*)?(?:{'|'.join(_WORDS['noise'])})\s*.*$", re.I)
_DEGREE = rf"(?:{_any(_WORDS['degrees'])})"
_SPLIT = re.compile(
    rf"\s*(?:;|\s&\s|\s/\s|/(?=[A-Z])|\||\bdan\b|\band\b|,(?!\s*{_DEGREE}\b))\s*", re.I
)
_NOT_NAMES = frozenset(_WORDS["not_names"])
_URL = re.compile(r"https?:|www\.|@|\.(?:com|co|id|net|org)(?:\b|/)", re.I)
_DATED = re.compile(r"\d{1,2}[:.]\d{2}|\b20\d\d\b|\d{1,2}/\d{1,2}")
_BYLINE_CLASS = re.compile(
    r"author|penulis|byline|reporter|writer|jurnalis|wartawan|kontributor|createdby|nama-redaksi"
    r"|pewarta|vcard|\bby\b|oleh|read__author|credit",
    re.I,
)
_OTHER_CLASS = re.compile(r"editor|fotografer|photographer|avatar|bio|share|box|comment", re.I)
_LEADS = re.compile(r"^[\W\d_]+|[\s,;:|/\-–—•·.(]+$")


@dataclass(frozen=True, slots=True)
class Byline:
    names: tuple[str, ...]
    evidence: str


def names_in(text: str, sites: set[str]) -> tuple[str, ...]:
    """The people or desks that a byline names, without labels, dates and reading times."""
    text = clean(text)
    text = _OTHER_ROLE.sub("", text)
    for _ in range(2):
        text = _WRITER.sub("", text)
    text = _NOISE.sub("", text)
    found: list[str] = []
    for part in _SPLIT.split(text):
        name = _LEADS.sub("", part or "").strip()
        name = re.sub(r"\s*\([^)]*\)$", "", name).strip()
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


def _stated(view: View, sites: set[str]) -> Iterator[Byline]:
    for node in view.linked_data:
        if is_article_node(node) or types_of(node) & {"VideoObject", "ImageObject"}:
            names: list[str] = []
            for name, _kind in _people(node.get("author") or node.get("creator")):
                names.extend(n for n in names_in(name, sites) if n not in names)
            if names:
                yield Byline(tuple(names), "JSON-LD author")
    for key in _WORDS["meta_names"]:
        names = []
        for value in view.meta.get(key, []):
            names.extend(n for n in names_in(value, sites) if n not in names)
        if names:
            yield Byline(tuple(names), f"meta {key}")


def _visible(
    blocks: list[Block], title_at: int | None, body: tuple[int, int], sites: set[str]
) -> Iterator[Byline]:
    """Bylines between headline and text, and credit lines right after the text."""
    first, last = body
    near = range(
        max(0, (title_at if title_at is not None else first) - 4), min(len(blocks), first + 1)
    )
    after = range(last, min(len(blocks), last + 8))
    for position in [*near, *after]:
        block = blocks[position]
        if "cards" in block.cues or len(block.text) > 260 or position == title_at:
            continue
        if match := _LABELLED.search(block.text):
            if names := names_in(match["name"], sites):
                yield Byline(names, f"“{block.text[:60]}”")
                continue
        if position > first:
            continue
        for element in block.element.iter():
            names_of = (
                f"{element.get('class') or ''} {element.get('id') or ''} {element.get('rel') or ''} {element.get('itemprop') or ''}"
                if isinstance(element.tag, str)
                else ""
            )
            if names_of and _BYLINE_CLASS.search(names_of) and not _OTHER_CLASS.search(names_of):
                if names := names_in(" ".join(element.itertext()), sites):
                    yield Byline(names, f"class “{names_of.strip()[:40]}”")
        own = f"{block.element.get('class') or ''} {block.element.get('itemprop') or ''}"
        if match := _PLAIN.match(block.text):
            if names := names_in(match["name"], sites):
                yield Byline(names, f"“{block.text[:60]}”")
        elif _BYLINE_CLASS.search(own) and not _OTHER_CLASS.search(own):
            if names := names_in(block.text, sites):
                yield Byline(names, f"class “{own.strip()[:40]}”")


def _weak(byline: Byline) -> bool:
    return all(name.casefold() in _WORDS["weak_names"] for name in byline.names)


def find(view: View, blocks: list[Block], title_at: int | None, body: tuple[int, int]) -> Byline:
    """The article's byline; empty names where the page gives none.

    What is printed beside the headline is what readers see; JSON-LD and meta agree with it
    or are a login name. ``body`` is the first and last block of the text.
    """
    sites = site_names(view)
    visible = list(_visible(blocks, title_at, body, sites))
    stated = list(_stated(view, sites))
    for named in (
        [b for b in stated if not _weak(b)],
        [b for b in visible if not _weak(b)],
        visible,
        stated,
    ):
        for byline in named:
            return byline
    return Byline((), "none")
