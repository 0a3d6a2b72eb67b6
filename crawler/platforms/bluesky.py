"""What Bluesky's public AppView answers (XRPC), and what its Jetstream sends."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

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
from pantau.records import Media

_URI = re.compile(r"at://(did:[a-z]+:[\w.:%-]{1,200})/app\.bsky\.feed\.post/([\w.~:-]{1,100})")
_HIDDEN = "!no-unauthenticated"
"""The label by which an account asks not to be shown to whoever is not logged in."""


def read_feed(body: bytes, *, official: bool) -> Answer:
    """An author's feed, newest first; what the author only reposted is left out."""
    value = as_json(body)
    if not isinstance(at(value, "feed"), list):
        return Answer(problem=_problem(value))
    posts = []
    for item in items(value, "feed"):
        if at(item, "reason") is not None:
            continue
        post = _view(at(item, "post"), reply=at(item, "reply"), official=official)
        if post is not None:
            posts.append(post)
    return Answer(tuple(posts), next=text(value, "cursor"))


def read_there(body: bytes) -> set[str] | None:
    """Of ``getPosts``: the ids of those that are there; None where it is no such answer."""
    value = as_json(body)
    if not isinstance(at(value, "posts"), list):
        return None
    return {text(item, "uri") for item in items(value, "posts")}


def _problem(value: Any) -> str:
    error = name(value, "error")
    return f"the interface answers {error}: {name(value, 'message')}" if error else "no feed"


def _view(view: Any, *, reply: Any, official: bool) -> Post | None:
    match = _URI.fullmatch(text(view, "uri"))
    if match is None or _asks_to_be_hidden(at(view, "author")):
        return None
    handle = name(view, "author", "handle")
    parent = text(reply, "parent", "record", "text")
    shown_at = moment(view, "indexedAt")
    return _post(
        match,
        at(view, "record"),
        author=name(view, "author", "displayName") or handle,
        handle=f"@{handle}" if handle else "",
        official=official,
        published=shown_at or moment(view, "record", "createdAt"),
        context=parent,
        media=_media(view),
        counts=counts(
            reply=number(view, "replyCount"),
            repost=number(view, "repostCount"),
            like=number(view, "likeCount"),
        ),
        raw=view,
    )


def _asks_to_be_hidden(author: Any) -> bool:
    return any(text(label, "val") == _HIDDEN for label in items(author, "labels"))


def _post(match: re.Match[str], record: Any, *, handle: str, **told: Any) -> Post:
    did, rkey = match[1], match[2]
    account = handle.removeprefix("@")
    if not account or account == "handle.invalid":
        account = did
    langs = at(record, "langs")
    return Post(
        platform="bluesky",
        id=match[0],
        url=f"https://bsky.app/profile/{account}/post/{rkey}",
        text=text(record, "text"),
        handle=handle or did,
        author_id=did,
        lang=name(langs[0])[:10] if isinstance(langs, list) and langs else "",
        reply_to=text(record, "reply", "parent", "uri"),
        thread=text(record, "reply", "root", "uri"),
        links=_links(record),
        **told,
    )


def _links(record: Any) -> tuple[str, ...]:
    found = [text(record, "embed", "external", "uri")]
    for facet in items(record, "facets"):
        found += [text(feature, "uri") for feature in items(facet, "features")]
    web = (link for link in found if link.startswith(("http://", "https://")))
    return tuple(dict.fromkeys(web))[:MOST_ITEMS]


def _media(view: Any) -> tuple[Media, ...]:
    embed = at(view, "embed")
    if at(embed, "media") is not None:  # a quotation with pictures
        embed = at(embed, "media")
    found = [
        Media(type="photo", url=text(one, "fullsize"), description=text(one, "alt"))
        for one in items(embed, "images")
    ]
    if text(embed, "playlist"):
        found.append(
            Media(type="video", url=text(embed, "playlist"), description=text(embed, "alt"))
        )
    return tuple(found[:MOST_ITEMS])


@dataclass(frozen=True, slots=True)
class Event:
    """Something that a Jetstream tells."""

    at: int
    """Its cursor: microseconds since 1970."""
    kind: Literal["written", "deleted", "account gone", "other"]
    did: str = ""
    id: str = ""
    """Of a post."""
    record: Any = None


def read_event(line: str | bytes) -> Event | None:
    """One message of a Jetstream; None for what is none."""
    value = as_json(line.encode("utf-8", "replace") if isinstance(line, str) else line)
    when, did = number(value, "time_us"), text(value, "did")
    if when is None or not did:
        return None
    if text(value, "kind") == "account":
        gone = at(value, "account", "active") is False
        return Event(when, "account gone" if gone else "other", did)
    commit = at(value, "commit")
    identity = f"at://{did}/{text(commit, 'collection')}/{text(commit, 'rkey')}"
    if text(value, "kind") != "commit" or not _URI.fullmatch(identity):
        return Event(when, "other", did)
    match text(commit, "operation"):
        case "create" | "update" if isinstance(at(commit, "record"), dict):
            return Event(when, "written", did, identity, at(commit, "record"))
        case "delete":
            return Event(when, "deleted", did, identity)
    return Event(when, "other", did)


def streamed(event: Event) -> Post:
    """The post of a ``written`` event. A stream tells no names, only who by an id that stays."""
    match = _URI.fullmatch(event.id)
    assert match is not None
    record = event.record
    images = [
        Media(type="photo", description=text(one, "alt"))
        for one in items(record, "embed", "images") or items(record, "embed", "media", "images")
    ]
    return _post(
        match,
        record,
        handle="",
        published=datetime.fromtimestamp(event.at / 1_000_000, UTC),
        media=tuple(images[:MOST_ITEMS]),
        raw=record,
    )


def languages(record: Any) -> list[str]:
    """The languages a post says to be in, without their regions."""
    found = at(record, "langs")
    return [text(one).partition("-")[0].lower() for one in found] if isinstance(found, list) else []
