"""What a platform's oEmbed interface, or a page's OpenGraph tags, tell of a post that a person gave
the address of."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urlsplit

from scrapy.http import Response

from crawler.listings import as_html
from crawler.platforms.reading import as_json, name, plain, text
from pantau.posts import Post

LONGEST_QUOTATION = 20_000
"""Characters of the markup in which an interface quotes a post."""
_QUOTED = re.compile(r"<blockquote\b.*?</blockquote>", re.S | re.I)
_SCRIPT = re.compile(r"<script\b.*?</script>", re.S | re.I)


def from_oembed(body: bytes, post: Post) -> Post | None:
    """The post with what the interface tells (oembed.com, 2.3.4): its words stand in ``html`` as a
    quotation, or in ``title``. None where it tells no words."""
    told = as_json(body)
    quoted = _QUOTED.search(_SCRIPT.sub("", text(told, "html")[:LONGEST_QUOTATION]))
    title = name(told, "title")
    words = _words(quoted[0]) if quoted else ""
    if not (words or title):
        return None
    account = urlsplit(text(told, "author_url")).path.strip("/").rpartition("/")[2].lstrip("@")
    return replace(
        post,
        title=post.title if words else title,
        text=_both(words, post.text),
        author=post.author or name(told, "author_name"),
        handle=post.handle or (f"@{account}" if account else ""),
        raw={**(post.raw or {}), "oembed": told},
    )


def from_opengraph(response: Response, post: Post) -> Post | None:
    """The post with what its page says of itself (ogp.me). None where it says nothing."""
    page = as_html(response)
    found = {
        tag.attrib.get("property") or tag.attrib.get("name", ""): tag.attrib["content"]
        for tag in page.xpath("//meta[@content][@property or @name]")[:200]
    }
    title, words = plain(found.get("og:title", "")), plain(found.get("og:description", ""))
    if not (title or words):
        return None
    kept = {key: value[:2000] for key, value in found.items() if key.startswith("og:")}
    return replace(
        post,
        title=title[:500],
        text=_both(words, post.text),
        author=post.author or plain(found.get("author", ""))[:200],
        raw={**(post.raw or {}), "opengraph": kept},
    )


def _both(told: str, entered: str) -> str:
    """What the platform tells and what people entered; once where one holds the other."""
    if not told or told in entered:
        return entered
    return told if entered in told else f"{told}\n\n{entered}"


def _words(quotation: str) -> str:
    """A quotation without the line in which an embedding names account and date."""
    shown = plain(quotation)
    return re.sub(r"\n*(?:—|&mdash;) .{1,200}$", "", shown).strip()
