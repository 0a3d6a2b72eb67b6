"""What a Mastodon server answers (API v1): accounts, statuses, and how a list goes on."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from crawler.platforms.reading import (
    Answer,
    as_json,
    at,
    counts,
    items,
    moment,
    name,
    number,
    plain,
    text,
)
from pantau.posts import MOST_ITEMS, Post
from pantau.records import Media, MediaType

_LINK = re.compile(r'<([^<>]+)>\s*;[^<]*?\brel="?(\w+)"?')
_TYPES: dict[str, MediaType] = {
    "image": "photo",
    "gifv": "video",
    "video": "video",
    "audio": "audio",
}


def read_account(body: bytes) -> Answer:
    """``told``: ``id``; and ``noindex`` where the account asks not to be found."""
    value = as_json(body)
    identity = text(value, "id")
    if not identity:
        return Answer(problem="no account as Mastodon answers it")
    noindex = {"noindex": "yes"} if at(value, "noindex") is True else {}
    return Answer(told={"id": identity, **noindex})


def read_statuses(body: bytes, *, link: str, official: bool) -> Answer:
    """A list of statuses, newest first; boosts, what is not public and accounts that ask not to be
    indexed are left out. ``next``: the address of older ones; ``told``: ``newer``, that of newer
    ones, and ``newest``, the greatest id shown."""
    value = as_json(body)
    if not isinstance(value, list):
        return Answer(problem="no list of statuses")
    found = items(value)
    read = [read_status(item, official=official) for item in found]
    ways = {rel: url for url, rel in _LINK.findall(link)}
    ids = [int(i) for i in (text(item, "id") for item in found) if i.isdecimal()]
    told = {"newer": ways.get("prev", ""), "newest": str(max(ids)) if ids else ""}
    return Answer(tuple(post for post in read if post), next=ways.get("next", ""), told=told)


def read_status(item: Any, *, official: bool) -> Post | None:
    """None for a boost, for what is not public, and for an account that asks not to be indexed."""
    url = text(item, "url") or text(item, "uri")
    identity = text(item, "uri") or url
    if not identity or at(item, "reblog") or at(item, "account", "noindex") is True:
        return None
    if text(item, "visibility") not in ("public", "unlisted", ""):
        return None
    warning = plain(text(item, "spoiler_text"))
    card = at(item, "card")
    account = name(item, "account", "acct") or name(item, "account", "username")
    return Post(
        platform="mastodon",
        id=identity,
        local=text(item, "id"),
        url=url if urlsplit(url).scheme in ("http", "https") else "",
        text="\n\n".join(filter(None, (warning, plain(text(item, "content"))))),
        author=name(item, "account", "display_name") or account,
        handle=f"@{account}" if account else "",
        author_id=name(item, "account", "url"),
        official=official,
        published=moment(item, "created_at"),
        edited=moment(item, "edited_at"),
        lang=name(item, "language")[:10],
        context="\n".join(filter(None, (name(card, "title"), text(card, "description")[:500]))),
        reply_to=text(item, "in_reply_to_id"),
        links=(link,) if (link := text(card, "url")) else (),
        media=_media(item),
        counts=counts(
            reply=number(item, "replies_count"),
            repost=number(item, "reblogs_count"),
            like=number(item, "favourites_count"),
        ),
        raw=item,
    )


def _media(item: Any) -> tuple[Media, ...]:
    return tuple(
        Media(
            type=_TYPES.get(text(one, "type"), "file"),
            url=text(one, "url"),
            description=text(one, "description"),
        )
        for one in items(item, "media_attachments")[:MOST_ITEMS]
    )
