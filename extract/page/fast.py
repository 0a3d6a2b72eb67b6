"""Title and plain text in about a millisecond: what the topical gate reads.

Recall is what counts here: an article's text that stands only in a script (Next.js, Nuxt,
JSON-LD) must not be lost. Headlines of other articles are left out where their box names
itself or the line begins with "Baca juga", for they would let every page pass.
"""

from __future__ import annotations

import contextlib
import functools
import re
from typing import Any

from lxml import etree

from extract.page.cues import name_cues
from extract.page.decode import clean, is_binary, utf8, without_embedded_files
from extract.page.view import MAX_BYTES, Unreadable, parse_plain
from pantau.records import Page

_DROPPED = ("style", "noscript", "svg", "nav", "template", "select", "button", "aside", "footer")
_BOXES = ("div", "section", "ul", "ol", "table", "p", "li")
_OTHERS = re.compile(r"^\W{0,3}(?:baca|simak|lihat|read)\s+(?:juga|pula|also)\b.*$", re.I | re.M)
_HEADLINE = 25
_PROSE = 300
"""Characters of paragraphs that no box of other articles' headlines holds."""
_TEXT_IN_SCRIPT = re.compile(
    r"\"(?:articleBody|content|body|text|isi|konten|description|contentHtml|detail)\""
    r"\s*:\s*\"((?:[^\"\\]|\\.){200,})\""
)
_LITERAL = re.compile(r"\"((?:[^\"\\\n]++|\\.)*+)\"")
_SHORTEST = 30
_WORDS = 4
_SHOWN = 700
"""Characters of a page that shows an article itself."""
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))")
_BREAK = re.compile(r"</(?:p|div|li|h\d)>|<br\s*/?>", re.I)
_ESCAPED = re.compile(r"&(?:#\d|[a-z]{2,8};)")
_TAG = re.compile(r"<[^<>]{0,2000}>")
_BLANK = re.compile(r"[^\S\n]+")
_LINES = re.compile(r"\s*\n\s*")
_ENDS_LINE = ("p", "br", "li", "h1", "h2", "h3", "h4", "td", "div")
_HEAD_ONLY = 20_000


def _unescaped(match: re.Match[str]) -> str:
    if match[1]:
        return chr(int(match[1], 16))
    return {"n": "\n", "r": "", "t": " "}.get(match[2], match[2])


def _plain(literal: str) -> str:
    return _TAG.sub(" ", _BREAK.sub("\n", _ESCAPE.sub(_unescaped, literal)))


def _from_scripts(scripts: list[str]) -> list[str]:
    """The texts that stand in scripts under the usual names."""
    return [_plain(match[1]) for text in scripts for match in _TEXT_IN_SCRIPT.finditer(text)]


def _from_data(scripts: list[str], root: Any) -> list[str]:
    """Whatever reads like sentences in scripts and in the attributes that hold data, for pages
    that show nothing themselves."""
    attributes = (
        value
        for element in root.iter()
        for value in element.values()
        if len(value) > _PROSE and value.lstrip()[:1] in ("{", "[")
    )
    found = []
    for text in (*scripts, *attributes):
        text = text.replace("&q;", '"').replace("&l;", "<").replace("&g;", ">")
        for match in _LITERAL.finditer(text):
            if match.end() - match.start() < _SHORTEST:
                continue
            # JSON within JSON is escaped twice.
            plain = _plain(_ESCAPE.sub(_unescaped, match[1]) if "\\\\" in match[1] else match[1])
            if plain.count(" ") >= _WORDS:
                found.append(plain)
    return found


def _title(root: Any) -> str:
    for element in root.iter("meta"):
        if element.get("property") == "og:title" and element.get("content"):
            return clean(str(element.get("content")))
    title = next(root.iter("title"), None)
    return clean(title.text or "") if title is not None else ""


@functools.lru_cache(maxsize=4_096)
def _names_junk(names: str) -> bool:
    return any(cue == "junk" for cue, _ in name_cues(names))


def _without_others(root: Any) -> None:
    """Take out the boxes that by their names hold other articles, comments or menus, and
    headlines that are all link."""
    for box in list(root.iter(*_BOXES)):
        names = box.get("class") or box.get("id")
        if (
            names
            and _names_junk(names)
            and box.getparent() is not None
            and next(box.iter("h1"), None) is None
            and sum(len(p.text or "") for p in box.iter("p")) <= _PROSE
        ):
            _remove(box)
    for link in list(root.iter("a")):
        if len(link.text or "") < _HEADLINE and not len(link):
            continue
        parent = link.getparent()
        if parent is None or (link.tail and link.tail.strip()):
            continue
        if not (parent.text and parent.text.strip()) and len("".join(link.itertext())) >= _HEADLINE:
            _remove(link)


def _remove(element: Any) -> None:
    """Take an element out of its tree and leave the text behind it."""
    parent, before = element.getparent(), element.getprevious()
    with contextlib.suppress(ValueError):
        if before is not None:
            before.tail = f"{before.tail or ''} {element.tail or ''}"
        else:
            parent.text = f"{parent.text or ''} {element.tail or ''}"
    parent.remove(element)


def fast_text(page: Page) -> tuple[str, str]:
    """(title, plain text, one line for each piece) of a page, for the gate.

    Never raises on what a page holds; a page over the size limit gives only its beginning,
    an empty one two empty strings.
    """
    body = without_embedded_files(page.body)
    if is_binary(body):
        return "", ""
    if len(body) > MAX_BYTES:
        body = body[:_HEAD_ONLY]
    try:
        root = parse_plain(utf8(body, page.headers.get("content-type", "")))
    except Unreadable:
        return "", ""
    title = _title(root)
    scripts = [script.text for script in root.iter("script") if script.text]
    etree.strip_elements(root, "script", "head", *_DROPPED, with_tail=False)
    _without_others(root)
    for element in root.iter(*_ENDS_LINE):
        # A character reference may have brought in a character that lxml gives but not takes.
        try:  # noqa: SIM105 (a context manager takes longer than what it holds)
            element.tail = f"\n{element.tail or ''}"
        except ValueError:
            pass
    shown = "".join(root.itertext())
    told = _from_scripts(scripts)
    if len(shown.strip()) < _SHOWN:
        told += _from_data(scripts, root)
    text = "\n".join((shown, *told))
    if "\u00ad" in text or _ESCAPED.search(text):
        text = "\n".join(map(clean, text.split("\n")))
    text = _LINES.sub("\n", _BLANK.sub(" ", text)).strip()
    return title, _OTHERS.sub("", text)
