"""From a post that was kept to an article of the kind ``post``."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from pantau.posts import LONGEST_FIELD, LONGEST_TEXT, MOST_ITEMS, Post
from pantau.records import Article, Disposition, NoArticle, Page

_WORDS: dict[str, dict[str, str]] = tomllib.loads(
    Path(__file__).with_name("posts.toml").read_text("utf-8")
)


def extract_post(page: Page, *, source_region: str | None) -> Article | NoArticle:
    """The article of a post. What its author says of its pictures stands under the text, where it
    is searched and judged with it.

    A post that says nothing in words is no article. Raises ValueError where the page is no post.
    """
    post = Post.from_bytes(page.body)
    described = [
        f"{_WORDS['media'][item.type]}: {_plain(item.description)}"
        for item in post.media[:MOST_ITEMS]
        if item.description.strip()
    ]
    text = "\n\n".join([*_paragraphs(post.text), *described])
    if not (text or post.title.strip()):
        return NoArticle(
            disposition=Disposition.NOT_ARTICLE,
            reason="a post without words",
            published=post.published,
        )
    return Article(
        id=post.key,
        title=_plain(post.title)[:LONGEST_FIELD],
        text=text,
        url=post.url,
        kind="post",
        author=_plain(post.author)[:LONGEST_FIELD],
        handle=_plain(post.handle)[:LONGEST_FIELD],
        official=post.official,
        published=post.published,
        modified=post.edited,
        first_seen=page.fetched_at,
        lang=post.lang or "id",
        images=tuple(item.url for item in post.media[:MOST_ITEMS] if item.type == "photo"),
        source_id=page.source_id,
        source_region=source_region,
        platform=post.platform,
        platform_id=post.id,
        reply_to=post.reply_to,
        thread=post.thread,
        context="\n\n".join(_paragraphs(post.context)),
        links=post.links[:MOST_ITEMS],
        media=post.media[:MOST_ITEMS],
        counts=tuple(sorted(post.counts.items())),
        page_sha256=page.sha256,
    )


def _paragraphs(text: str) -> list[str]:
    parts = re.split(r"\n\s*\n|\n", text[:LONGEST_TEXT])
    return [plain for part in parts if (plain := _plain(part))]


def _plain(text: str) -> str:
    """Without what no reader sees, on one line."""
    unseen = re.sub(
        r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]", "", text
    )
    return " ".join(unseen.encode("utf-8", "replace").decode().split())
