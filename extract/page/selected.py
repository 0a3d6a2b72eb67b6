"""Where a site's pages hold what, as an operator says it: for a site whose pages are read wrongly
by the rules that hold for all.

A page on which its text is found is read as if nothing else stood there but its head and headline;
the general rules then go over what is left.
A selector that finds nothing says nothing: the page is read as any other, as after a change of its
layout.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import Any

from lxml import etree, html

from extract.page import dates, view
from extract.page.decode import clean
from pantau.records import Article, Page

_LONGEST = 500
"""Characters of a headline, a date or a byline."""
_TIMES = ("datetime", "content")
"""Attributes in which an element tells its time to machines."""


@dataclass(frozen=True, slots=True)
class Selected:
    """A page as it is to be read, and what was selected of it."""

    page: Page
    title: str = ""
    published: datetime | None = None
    author: str = ""

    def told(self, article: Article) -> Article:
        """The article with what was selected in place of what was found."""
        return replace(
            article,
            title=self.title or article.title,
            published=self.published or article.published,
            author=self.author or article.author,
        )


def select(page: Page, selectors: Mapping[str, str], *, language: str, zone: tzinfo) -> Selected:
    """What the CSS selectors ``title, text, published, author`` find on a page; each may be
    missing or empty.

    ``language`` stands in place of the one that the page declares; ``zone`` holds for times that
    name none.
    """
    if not language and not any(selectors.values()):
        return Selected(page)
    try:
        root = view.View(page).root
    except (view.TooLarge, view.Unreadable):
        return Selected(page)
    found = {name: _found(root, css) for name, css in selectors.items() if css}
    title, published, author = (found.get(key, []) for key in ("title", "published", "author"))
    if text := found.get("text", []):
        _keep_only(root, _text(title), text)
    if language:
        root.set("lang", language)
    for meta in list(root.iter("meta")):  # what is written below is UTF-8, whatever it was
        if meta.get("charset") or meta.get("http-equiv", "").lower() == "content-type":
            meta.drop_tree()
    body = etree.tostring(root, encoding="utf-8", method="html")
    headers = {**page.headers, "content-type": "text/html; charset=utf-8"}
    return Selected(
        replace(page, body=body, headers=headers),
        title=_text(title),
        published=_time(published, zone),
        author=_text(author),
    )


def _found(root: html.HtmlElement, css: str) -> list[Any]:
    """The elements that a selector names; of those in one another the outer."""
    found = root.cssselect(css)
    several = set(found)
    return [one for one in found if several.isdisjoint(one.iterancestors())]


def _keep_only(root: html.HtmlElement, title: str, text: list[Any]) -> None:
    """A body of this text alone, below its title, or where that is empty below the page's own."""
    own = html.Element("h1")
    own.text = title
    kept = [deepcopy(one) for one in (*([own] if title else root.iter("h1")), *text)]
    for body in list(root.iter("body")):
        body.getparent().remove(body)
    body = html.Element("body")
    for one in kept:
        one.tail = None
        body.append(one)
    root.append(body)


def _text(elements: list[Any]) -> str:
    return clean(elements[0].text_content())[:_LONGEST] if elements else ""


def _time(elements: list[Any], zone: tzinfo) -> datetime | None:
    """The first time that is told; what machines are told goes before what is shown."""
    for element in elements:
        when: datetime | None
        told = [element.get(name, "") for name in _TIMES]
        for raw in (*told, _text([element])):
            try:
                when = datetime.fromisoformat(raw.strip())
            except ValueError:
                stamp = dates.parse(raw)
                when = stamp.at(zone) if stamp else None
            if when is not None:
                return when if when.tzinfo else when.replace(tzinfo=zone)
    return None
