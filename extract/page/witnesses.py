"""Other readings of a page's text, each in its own way, as lists of paragraphs.

None of them opens a socket: newspaper4k is told ``fetch_images=False``, and the list of
public suffixes that it looks up hosts in is the bundled one.
"""

from __future__ import annotations

import re
import warnings
from typing import Any

import tldextract.tldextract
from lxml import etree, html

from extract.page import urls
from extract.page.decode import clean
from extract.page.view import View, is_article_node

with warnings.catch_warnings():
    warnings.simplefilter(
        "ignore"
    )  # newspaper warns that it lacks nltk, which only its summaries need
    import newspaper
    import trafilatura

# newspaper4k asks the module's own extractor, which would fetch the suffix list.
tldextract.tldextract.TLD_EXTRACTOR = urls._suffixes

_LINE = re.compile(r"\n+")


def _paragraphs(text: str | None) -> list[str]:
    return [line for raw in _LINE.split(text or "") if (line := clean(raw))]


def from_trafilatura(view: View) -> list[str]:
    """The fast reading of trafilatura, tables included, comments not."""
    try:
        document = trafilatura.bare_extraction(
            view.root, fast=True, include_comments=False, with_metadata=False
        )
    except (ValueError, TypeError, AttributeError, KeyError, IndexError, etree.LxmlError):
        return []  # a library's slip on a stranger's page costs one witness, not the page
    return _paragraphs(getattr(document, "text", None))


def from_newspaper(view: View) -> list[str]:
    """newspaper4k's reading; it gets the decoded page and no leave to fetch pictures."""
    article = newspaper.Article(url=view.url, fetch_images=False, language="id")
    try:
        article.download(input_html=view.source)
        article.parse()
    except (
        ValueError,
        TypeError,
        AttributeError,
        KeyError,
        IndexError,
        etree.LxmlError,
        newspaper.ArticleException,
    ):
        return []
    return _paragraphs(article.text)


def from_markup(markup: str) -> list[str]:
    """The paragraphs of a piece of HTML or plain text, such as a feed's ``content``."""
    if "<" not in markup:
        return _paragraphs(markup)
    try:
        tree: Any = html.fragment_fromstring(markup, create_parent="div")
    except (etree.ParserError, ValueError, AssertionError):
        return []
    from extract.page import blocks

    return [block.text for block in blocks.read(tree)]


def from_linked_data(view: View) -> list[str]:
    """JSON-LD ``articleBody``, where a site gives it."""
    bodies = [
        node["articleBody"]
        for node in view.linked_data
        if is_article_node(node) and isinstance(node.get("articleBody"), str)
    ]
    return from_markup(max(bodies, key=len)) if bodies else []
