"""A page that asks not to be indexed: ``X-Robots-Tag`` or ``<meta name="robots">``.

Only pages are held to it: many blogs send it with their feeds, which are not indexed here.
"""

from __future__ import annotations

import re

from scrapy.http import Response

NOINDEX = "noindex"
"""The reason that such a page ends with."""
SEARCHED = 64 * 1024
"""Bytes from the start of a page in which its ``meta`` stands."""
_META = re.compile(rb"<meta\b[^>]{0,500}>", re.I)
_ATTRIBUTE = re.compile(rb"\b(name|content)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.I)
_FOR_ONE = re.compile(r"\s*([\w-]+)\s*:(.*)", re.S)
_WITH_VALUE = ("unavailable_after", "max-snippet", "max-image-preview", "max-video-preview")


def forbids_index(response: Response, token: str) -> bool:
    """Whether an answer asks all robots, or the one with this product token, not to index it."""
    tags = [value.decode("latin-1") for value in response.headers.getlist("X-Robots-Tag")]
    return any(_forbids(_meant_for(tag, token)) for tag in tags) or any(
        _forbids(content) for content in _metas(response.body[:SEARCHED], token)
    )


def _forbids(directives: str) -> bool:
    return not {"noindex", "none"}.isdisjoint(re.split(r"[\s,]+", directives.lower()))


def _meant_for(tag: str, token: str) -> str:
    """The directives of a header; none where it speaks to another robot."""
    match = _FOR_ONE.match(tag)
    if match is None or match[1].lower() in _WITH_VALUE:
        return tag
    return match[2] if match[1].lower() == token.lower() else ""


def _metas(top: bytes, token: str) -> list[str]:
    if b"noindex" not in top.lower() and b"none" not in top.lower():
        return []
    found = []
    for tag in _META.findall(_without_comments(top)):
        values = {
            name.lower(): (quoted or single or bare).decode("latin-1")
            for name, quoted, single, bare in _ATTRIBUTE.findall(tag)
        }
        if values.get(b"name", "").strip().lower() in ("robots", token.lower()):
            found.append(values.get(b"content", ""))
    return found


def _without_comments(top: bytes) -> bytes:
    """One that does not end hides the rest."""
    shown, position = [], 0
    while (begin := top.find(b"<!--", position)) >= 0:
        shown.append(top[position:begin])
        end = top.find(b"-->", begin + 4)
        position = end + 3 if end >= 0 else len(top)
    return b"".join([*shown, top[position:]])
