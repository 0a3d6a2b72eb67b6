"""Other readings of a page's text, each in its own way, as lists of paragraphs.

None of them opens a socket: newspaper4k is told ``fetch_images=False``, and the list of
public suffixes that it looks up hosts in is the bundled one.
"""

from __future__ import annotations

import copy
import functools
import importlib
import logging
import re
import warnings
from html import escape, unescape
from types import ModuleType
from typing import Any

import tldextract.tldextract
import trafilatura
from lxml import etree, html
from trafilatura.readability_lxml import Document

from extract.page import blocks, urls
from extract.page.blocks import Block
from extract.page.decode import clean
from extract.page.view import View, is_article_node

# A page they can make nothing of is our disposition, not a line in the operator's log.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
logging.getLogger("newspaper").setLevel(logging.CRITICAL)

_LINE = re.compile(r"\n+")


def _paragraphs(text: str | None) -> list[str]:
    return [line for raw in _LINE.split(text or "") if (line := clean(raw))]


def from_trafilatura(view: View, *, fast: bool = True) -> list[str]:
    """trafilatura's reading, tables included, comments not; if not ``fast`` with its own second
    opinions, which take three times as long."""
    try:
        document = trafilatura.bare_extraction(
            view.root if fast else copy.deepcopy(view.root),
            fast=fast,
            include_comments=False,
            with_metadata=False,
        )
    except (ValueError, TypeError, AttributeError, KeyError, IndexError, etree.LxmlError):
        return []  # a library's slip on a stranger's page costs one witness, not the page
    return _paragraphs(getattr(document, "text", None))


@functools.cache
def load_newspaper() -> ModuleType:
    """newspaper4k, loaded when first asked: half of what this room takes to load, and most
    pages do without."""
    with warnings.catch_warnings():
        # It warns that it lacks nltk, which only its summaries need.
        warnings.simplefilter("ignore")
        module = importlib.import_module("newspaper")
    # It asks the module's own extractor, which would fetch the suffix list.
    tldextract.tldextract.TLD_EXTRACTOR = urls._suffixes
    return module


def from_newspaper(view: View, language: str) -> list[str]:
    """newspaper4k's reading; it gets the decoded page and no leave to fetch pictures."""
    newspaper = load_newspaper()
    article = newspaper.Article(url=view.url, fetch_images=False, language=language)
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


def from_readability(view: View) -> list[str]:
    """The reading of readability, in the form that trafilatura brings along."""
    try:
        markup = Document(copy.deepcopy(view.root)).summary()
    except (ValueError, TypeError, AttributeError, KeyError, IndexError, etree.LxmlError):
        return []
    return [block.text for block in markup_blocks(str(markup))]


def markup_blocks(markup: str) -> list[Block]:
    """A piece of HTML or plain text, such as a feed's ``content``, as blocks."""
    if "<" not in markup and "&lt;" in markup:
        markup = unescape(markup)
    if "<" not in markup:
        lines = (escape(line) for line in _LINE.split(markup) if line.strip())
        markup = "".join(f"<p>{line}</p>" for line in lines)
    try:
        tree: Any = html.fragment_fromstring(
            f"<div>{markup.replace(chr(0), '')}</div>", parser=html.HTMLParser(huge_tree=False)
        )
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
        return []
    return blocks.read(tree)


def article_body(view: View) -> str:
    """JSON-LD ``articleBody``, where a site gives one; a page with several lists articles."""
    bodies = {
        str(node["articleBody"])
        for node in view.linked_data
        if is_article_node(node) and isinstance(node.get("articleBody"), str)
    }
    return bodies.pop() if len(bodies) == 1 else ""
