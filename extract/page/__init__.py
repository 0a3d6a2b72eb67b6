"""The article half of the room: a page's bytes in, an ``Article`` or ``NoArticle`` out.

Opens no socket and executes nothing of a page. ``extract_page`` reads one page;
``fast_text`` is the cheap reading for the topical gate; ``pool.WorkerPool`` runs either in
processes with limits of time and memory.
"""

from extract.page.article import FeedHint, extract_page
from extract.page.fast import fast_text
from extract.page.urls import article_id, canonical_url, url_key

__all__ = [
    "FeedHint",
    "article_id",
    "canonical_url",
    "extract_page",
    "fast_text",
    "url_key",
]
