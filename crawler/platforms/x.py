"""What X answers (API v2): counts, recent posts with their authors and media."""

from __future__ import annotations

from typing import Any

from crawler.platforms.reading import (
    Answer,
    as_json,
    at,
    counts,
    items,
    moment,
    name,
    number,
    text,
)
from pantau.posts import MOST_ITEMS, Post
from pantau.records import Media, MediaType

_LANGUAGES = {"in": "id"}
"""The platform writes Indonesian by the code it had before 1989 (ISO 639)."""
_TYPES: dict[str, MediaType] = {"photo": "photo", "video": "video", "animated_gif": "video"}


def problem_of(body: bytes) -> str:
    """The reason that an error's answer gives; empty where it gives none."""
    value = as_json(body)
    return name(value, "title") or name(value, "detail") or name(value, "reason")


def read_count(body: bytes) -> int | None:
    """How many posts a search would bring; None where it is no such answer."""
    return number(as_json(body), "meta", "total_tweet_count")


def read_search(body: bytes) -> Answer:
    """Recent posts, newest first. ``told``: ``newest``, an id; ``users``, how many accounts were
    told with them."""
    value = as_json(body)
    if not isinstance(at(value, "meta"), dict):
        return Answer(problem=problem_of(body) or "no list of posts")
    users = {text(one, "id"): one for one in items(value, "includes", "users")}
    media = {text(one, "media_key"): one for one in items(value, "includes", "media")}
    others = {text(one, "id"): text(one, "text") for one in items(value, "includes", "tweets")}
    posts = [_post(item, users, media, others) for item in items(value, "data") if text(item, "id")]
    return Answer(
        tuple(posts),
        next=text(value, "meta", "next_token"),
        told={"newest": text(value, "meta", "newest_id"), "users": str(len(users))},
    )


def read_there(body: bytes) -> set[str] | None:
    """Of a look-up by ids: those that are there; None where it is no such answer."""
    value = as_json(body)
    if not isinstance(value, dict) or not ("data" in value or "errors" in value):
        return None
    return {text(item, "id") for item in items(value, "data")}


def _post(item: Any, users: dict[str, Any], media: dict[str, Any], others: dict[str, str]) -> Post:
    identity, author_id = text(item, "id"), name(item, "author_id")
    user = users.get(author_id)
    handle = name(user, "username")
    referenced = items(item, "referenced_tweets")
    reply_to = next((text(r, "id") for r in referenced if text(r, "type") == "replied_to"), "")
    metrics = at(item, "public_metrics")
    links = [
        text(one, "unwound_url") or text(one, "expanded_url")
        for one in items(item, "entities", "urls")
    ]
    return Post(
        platform="x",
        id=identity,
        url=f"https://x.com/{handle or 'i'}/status/{identity}",
        text=text(item, "note_tweet", "text") or text(item, "text"),
        author=name(user, "name") or handle,
        handle=f"@{handle}" if handle else "",
        author_id=author_id,
        published=moment(item, "created_at"),
        lang=_LANGUAGES.get(lang := name(item, "lang")[:10], lang),
        context="\n".join(filter(None, (others.get(text(r, "id"), "") for r in referenced))),
        reply_to=reply_to,
        thread=name(item, "conversation_id"),
        links=tuple(dict.fromkeys(link for link in links if link.startswith("http")))[:MOST_ITEMS],
        media=_media(item, media),
        counts=counts(
            like=number(metrics, "like_count"),
            reply=number(metrics, "reply_count"),
            repost=number(metrics, "retweet_count"),
            view=number(metrics, "impression_count"),
        ),
        raw=item,
    )


def _media(item: Any, media: dict[str, Any]) -> tuple[Media, ...]:
    keys = at(item, "attachments", "media_keys")
    found = [media[key] for key in keys if key in media] if isinstance(keys, list) else []
    return tuple(
        Media(
            type=_TYPES.get(text(one, "type"), "file"),
            url=text(one, "url") or text(one, "preview_image_url"),
            description=text(one, "alt_text"),
        )
        for one in found[:MOST_ITEMS]
    )
