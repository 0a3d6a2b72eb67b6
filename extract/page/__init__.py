"""The article half of the room: a page's bytes in, an ``Article`` or ``NoArticle`` out.

Opens no socket and executes nothing of a page. ``extract_page`` reads one page,
``extract_pages`` joins the parts that ``next_pages`` named, ``explain_page`` tells why a page
reads as it does; ``fast_text`` is the cheap reading for the topical gate;
``pool.WorkerPool`` runs any of them in processes with limits of time and memory.
"""

from extract.page.article import FeedHint, extract_page
from extract.page.explain import Explanation, explain_page
from extract.page.fast import fast_text
from extract.page.multipage import extract_pages, next_pages
from extract.page.urls import article_id, canonical_url, url_key

__all__ = [
    "Explanation",
    "FeedHint",
    "article_id",
    "canonical_url",
    "explain_page",
    "extract_page",
    "extract_pages",
    "fast_text",
    "next_pages",
    "url_key",
]
