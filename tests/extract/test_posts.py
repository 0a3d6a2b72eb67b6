"""A kept post becomes an article of the kind post."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from extract.posts import extract_post
from pantau.posts import Post
from pantau.records import Article, Disposition, Media, NoArticle, Page

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def page(body: bytes) -> Page:
    return Page(
        url="https://platform.example/lembah/1",
        final_url="https://platform.example/lembah/1",
        status=200,
        headers={},
        body=body,
        fetched_at=NOW,
        source_id="lembah",
        sha256="a" * 64,
    )


def post(**told: Any) -> Post:
    given = {"platform": "telegram", "id": "lembah/1", "url": "https://platform.example/lembah/1"}
    return Post(**{**given, "text": "Panen raya", **told})


def extracted(**told: Any) -> Article | NoArticle:
    return extract_post(page(post(**told).to_bytes()), source_region="32.05")


def test_all_of_a_post_is_in_its_article() -> None:
    article = extracted(
        text="Panen raya\u200b\n\ndi  lembah",
        author="Kabar Lembah",
        handle="@lembah",
        official=True,
        published=NOW,
        edited=NOW,
        context="Kapan panen?",
        reply_to="lembah/0",
        thread="lembah/0",
        links=("https://kabar.example",),
        media=(
            Media(type="photo", url="https://cdn.example/1.jpg", description="Camat memegang padi"),
            Media(type="video"),
        ),
        counts={"view": 12},
    )
    assert isinstance(article, Article)
    assert article.text == "Panen raya\n\ndi lembah\n\nGambar: Camat memegang padi"
    assert (article.kind, article.platform, article.citizen) == ("post", "telegram", False)
    assert (article.author, article.handle) == ("Kabar Lembah", "@lembah")
    assert (article.context, article.reply_to, article.thread) == (
        "Kapan panen?",
        "lembah/0",
        "lembah/0",
    )
    assert (article.published, article.modified, article.first_seen) == (NOW, NOW, NOW)
    assert article.images == ("https://cdn.example/1.jpg",)
    assert article.counts == (("view", 12),)
    assert article.source_region == "32.05"
    assert article.id == post().key


def test_a_post_without_words_is_no_article() -> None:
    result = extracted(text=" \u200b\n ", media=(Media(type="photo"),))
    assert isinstance(result, NoArticle)
    assert result.disposition is Disposition.NOT_ARTICLE


def test_only_what_its_author_changes_is_another_saying() -> None:
    picture = Media(type="photo", url="https://cdn.example/1", description="Padi")
    before = post(counts={"view": 1}, media=(picture,))
    seen_later = Media(type="photo", url="https://cdn.example/2", description="Padi")
    assert post(counts={"view": 9}, media=(seen_later,), raw={"x": 1}).said == before.said
    assert post(text="Panen gagal", media=(picture,)).said != before.said
    assert post(media=(Media(type="photo", description="Jagung"),)).said != before.said


def test_a_post_is_kept_whole() -> None:
    kept = post(media=(Media(type="photo"),), links=("https://a.example",), published=NOW, raw=[1])
    assert Post.from_bytes(kept.to_bytes()) == kept


@pytest.mark.parametrize("body", [b"", b"[]", b"7", b"{}", b'{"platform": "x"}', b"<html>"])
def test_what_is_no_kept_post_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError, match="no post as the crawl keeps it"):
        extract_post(page(body), source_region=None)
