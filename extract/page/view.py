"""One page, parsed once: what every other part of the room reads from.

Parsing is bounded: a page over ``MAX_BYTES`` (embedded pictures taken out) is refused,
and libxml2 cuts a tree at its own depth limit. Nothing of a page is executed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml import etree, html

from extract.page.decode import clean, decode, is_binary, without_embedded_files
from pantau.records import Page

MAX_BYTES = 8 * 1024 * 1024
_PARSER_OPTIONS: dict[str, Any] = {
    "encoding": "utf-8",
    "remove_comments": True,
    "remove_pis": True,
    "huge_tree": False,
    "no_network": True,
    "recover": True,
}
_PLAIN = etree.HTMLParser(**_PARSER_OPTIONS, collect_ids=False)
"""Shared by all pages of a process; lxml lets one thread at a time use it."""
_LONGEST_TITLE = 600
_LONGEST_META = 2_000
_RAW_BREAK = re.compile(r"[\x00-\x1f]")
_TRAILING_COMMA = re.compile(r",(\s*[\]}])")


class TooLarge(ValueError):
    """The page is larger than any article; its text says how large."""


class Unreadable(ValueError):
    """No parser can make anything of the bytes."""


def _tree(source: bytes, parser: Any) -> Any:
    try:
        root = etree.fromstring(source, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError) as error:
        raise Unreadable(str(error)) from error
    if root is None:
        raise Unreadable("no element")
    return root


def parse(text: str) -> html.HtmlElement:
    """An HTML tree of decoded text."""
    return _tree(text.encode("utf-8"), html.HTMLParser(**_PARSER_OPTIONS))


def parse_plain(source: bytes) -> Any:
    """The same tree of bare elements from UTF-8, which costs half as much; for the gate."""
    return _tree(source, _PLAIN)


@dataclass
class View:
    """A page's decoded text, tree and machine-readable statements."""

    page: Page
    source: str = field(init=False)
    root: html.HtmlElement = field(init=False)

    def __post_init__(self) -> None:
        body = without_embedded_files(self.page.body)
        if len(body) > MAX_BYTES:
            raise TooLarge(f"{len(body) / 1e6:.1f} MB, at most {MAX_BYTES / 1e6:.1f}")
        if is_binary(body):
            raise Unreadable("no text")
        self.source = decode(body, self.page.headers.get("content-type", ""))
        if not self.source.strip():
            raise Unreadable("empty page")
        self.root = parse(self.source)

    @cached_property
    def url(self) -> str:
        return self.page.final_url or self.page.url

    @cached_property
    def host(self) -> str:
        try:
            return (urlsplit(self.url).hostname or "").lower()
        except ValueError:
            return ""

    @cached_property
    def base(self) -> str:
        """What relative addresses on the page are relative to."""
        for element in self.root.iter("base"):
            if href := (element.get("href") or "").strip():
                return self.join(self.url, href) or self.url
        return self.url

    @staticmethod
    def join(base: str, address: str) -> str | None:
        """An absolute http(s) address, or None."""
        try:
            joined = str(urljoin(base, address.strip()))
            parts = urlsplit(joined)
        except ValueError:
            return None
        return joined if parts.scheme in ("http", "https") and parts.hostname else None

    def absolute(self, address: str) -> str | None:
        return self.join(self.base, address)

    @cached_property
    def meta(self) -> dict[str, list[str]]:
        """``meta`` contents by lower-case name, property, itemprop or http-equiv."""
        found: dict[str, list[str]] = {}
        for element in self.root.iter("meta"):
            content = element.get("content")
            if not content or not content.strip():
                continue
            for key in ("name", "property", "itemprop", "http-equiv"):
                if name := element.get(key):
                    found.setdefault(name.strip().lower(), []).append(
                        clean(content[:_LONGEST_META])
                    )
        return found

    def first_meta(self, *names: str) -> str:
        return next((self.meta[name][0] for name in names if name in self.meta), "")

    @cached_property
    def canonical(self) -> str | None:
        for element in self.root.iter("link"):
            if (element.get("rel") or "").strip().lower() == "canonical":
                return str(element.get("href") or "") or None
        return None

    @cached_property
    def linked_data(self) -> list[dict[str, Any]]:
        """Every typed object of the page's JSON-LD, ``@graph`` and nesting unfolded; broken
        JSON is mended where its intent is plain."""
        objects: list[dict[str, Any]] = []
        for element in self.root.iter("script"):
            if "ld+json" in (element.get("type") or "").lower() and element.text:
                for value in lenient_json(element.text):
                    objects.extend(_typed(value))
        return objects

    @cached_property
    def declared_language(self) -> str:
        """What the page says its language is, such as ``id-ID``; may be empty or wrong."""
        return self.root.get("lang") or self.root.get("xml:lang") or ""

    @cached_property
    def title_element(self) -> str:
        for element in self.root.iter("title"):
            # An SVG may hold a title of its own.
            if element.getparent() is not None and element.getparent().tag in ("head", "html"):
                return clean(str(element.text_content())[:_LONGEST_TITLE])
        return ""


def types_of(node: dict[str, Any]) -> set[str]:
    """The ``@type`` of a JSON-LD object, as a set."""
    kind = node.get("@type")
    kinds = kind if isinstance(kind, list) else [kind]
    return {k.rsplit("/", 1)[-1] for k in kinds if isinstance(k, str)}


def _typed(value: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    if depth > 6:
        return
    if isinstance(value, list):
        for item in value[:200]:
            yield from _typed(item, depth + 1)
    elif isinstance(value, dict):
        if "@type" in value:
            yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item"):
            if isinstance(value.get(key), list | dict):
                yield from _typed(value[key], depth + 1)


def lenient_json(text: str) -> list[Any]:
    """The values of a JSON text as sites write it: comments and CDATA around it, raw line
    breaks in strings, commas too many, several values one after the other, a cut end."""
    body = text.strip().removeprefix("<!--").removesuffix("-->").strip()
    body = body.removeprefix("//<![CDATA[").removeprefix("<![CDATA[")
    body = body.removesuffix("//]]>").removesuffix("]]>").strip().rstrip(";")
    for attempt in (body, _TRAILING_COMMA.sub(r"\1", _RAW_BREAK.sub(" ", body))):
        values = _values(attempt)
        if values is not None:
            return values
    partial = _fields(body)
    return [partial] if partial else []


def _values(body: str) -> list[Any] | None:
    decoder = json.JSONDecoder(strict=False)
    values: list[Any] = []
    position = 0
    while position < len(body):
        if body[position] in " \t\r\n,;":
            position += 1
            continue
        try:
            value, position = decoder.raw_decode(body, position)
        except (ValueError, RecursionError):
            return values or None
        values.append(value)
    return values


_FIELD = re.compile(
    r'"(?P<key>@type|headline|datePublished|dateModified|articleBody|description|uploadDate)"\s*:\s*'
    r'"(?P<value>(?:[^"\\]|\\.)*)"(?=\s*[,}\]]|\s*$)'
)
_AUTHOR_FIELD = re.compile(r'"author"\s*:\s*[\[{][^\]}]{0,400}?"name"\s*:\s*"((?:[^"\\]|\\.)*)"')


def _fields(body: str) -> dict[str, Any]:
    """What can still be read of JSON that no decoder takes."""
    found: dict[str, Any] = {}
    for match in _FIELD.finditer(body):
        found.setdefault(match["key"], _unescaped(match["value"]))
    if author := _AUTHOR_FIELD.search(body):
        found["author"] = {"name": _unescaped(author[1])}
    if found and "@type" not in found:
        found["@type"] = "Article" if "headline" in found else "Thing"
    return found


def _unescaped(value: str) -> str:
    try:
        return str(json.loads(f'"{value}"', strict=False))
    except ValueError:
        return value


_ARTICLES = re.compile(
    r"(?:News|Blog|Report|Opinion|Analysis|Satirical|Scholarly|Tech)?"
    r"(?:Article|Posting)|Report|LiveBlogPosting|\w*NewsArticle"
)


def is_article_node(node: dict[str, Any]) -> bool:
    """Whether a JSON-LD object describes an article (``NewsArticle``, ``BlogPosting`` …)."""
    return any(_ARTICLES.fullmatch(kind) for kind in types_of(node))
