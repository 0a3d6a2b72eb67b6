"""Title and plain text in about a millisecond: what the topical gate reads.

Recall is what counts here: sidebars may stay in, an article's text that stands only in a
script (Next.js, Nuxt, JSON-LD) must not be lost.
"""

from __future__ import annotations

import contextlib
import re
from typing import Any

from lxml import etree

from extract.page.decode import clean, decode, without_embedded_files
from extract.page.view import MAX_BYTES, Unreadable, parse_plain
from pantau.records import Page

_DROPPED = ("style", "noscript", "svg", "nav", "template", "select", "button")
_TEXT_IN_SCRIPT = re.compile(
    r"\"(?:articleBody|content|body|text|isi|konten|description|contentHtml|detail)\""
    r"\s*:\s*\"((?:[^\"\\]|\\.){200,})\""
)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))")
_TAG = re.compile(r"<[^<>]{0,2000}>")
_BLANK = re.compile(r"[^\S\n]+")
_LINES = re.compile(r"\s*\n\s*")
_ENDS_LINE = ("p", "br", "li", "h1", "h2", "h3", "h4", "td", "div")
_HEAD_ONLY = 20_000


def _unescaped(match: re.Match[str]) -> str:
    if match[1]:
        return chr(int(match[1], 16))
    return {"n": "\n", "r": "", "t": " "}.get(match[2], match[2])


def _from_scripts(root: Any) -> list[str]:
    found: list[str] = []
    for script in root.iter("script"):
        for match in _TEXT_IN_SCRIPT.finditer(script.text or ""):
            found.append(_TAG.sub(" ", _ESCAPE.sub(_unescaped, match[1])))
    return found


def _title(root: Any) -> str:
    for element in root.iter("meta"):
        if element.get("property") == "og:title" and element.get("content"):
            return clean(str(element.get("content")))
    title = next(root.iter("title"), None)
    return clean(title.text or "") if title is not None else ""


def fast_text(page: Page) -> tuple[str, str]:
    """(title, plain text, one line for each piece) of a page, for the gate.

    Never raises on what a page holds; a page over the size limit gives only its beginning,
    an empty one two empty strings.
    """
    body = without_embedded_files(page.body)
    if len(body) > MAX_BYTES:
        body = body[:_HEAD_ONLY]
    try:
        root = parse_plain(decode(body, page.headers.get("content-type", "")))
    except Unreadable:
        return "", ""
    title = _title(root)
    scripts = _from_scripts(root)
    etree.strip_elements(root, "script", "head", *_DROPPED, with_tail=False)
    for element in root.iter(*_ENDS_LINE):
        # A character reference may have brought in a character that lxml gives but not takes.
        with contextlib.suppress(ValueError):
            element.tail = f"\n{element.tail or ''}"
    text = "\n".join(("".join(root.itertext()), *scripts))
    return title, _LINES.sub("\n", _BLANK.sub(" ", text)).strip()
