"""What the YouTube Data API (v3) answers, and the Atom feed of a channel."""

from __future__ import annotations

import io
from typing import Any

import feedparser

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
from pantau.posts import Post
from pantau.records import Media

MOST_BYTES = 2 * 1024 * 1024
"""Of an Atom feed, which has fifteen entries."""
_WATCH = "https://www.youtube.com/watch?v="


def problem_of(body: bytes) -> tuple[str, str]:
    """Of an answer that is an error: its reason (``quotaExceeded``, ``commentsDisabled``,
    ``keyInvalid`` …) and its words; both empty where it tells none."""
    value = as_json(body)
    reasons = [name(one, "reason") for one in items(value, "error", "errors")]
    return (reasons[0] if reasons else ""), name(value, "error", "message")


def read_channel(body: bytes) -> Answer:
    """``told``: ``uploads``, the playlist of all that the channel has published, and ``id``."""
    found = items(as_json(body), "items")
    uploads = text(found[0], "contentDetails", "relatedPlaylists", "uploads") if found else ""
    if not uploads:
        return Answer(problem="there is no such channel")
    return Answer(told={"uploads": uploads, "id": text(found[0], "id")})


def read_playlist(body: bytes) -> Answer:
    """``told``: ``ids``, of its videos, newest first, parted by commas."""
    value = as_json(body)
    if not isinstance(at(value, "items"), list):
        return Answer(problem="no list of videos")
    ids = [
        text(item, "contentDetails", "videoId") or text(item, "snippet", "resourceId", "videoId")
        for item in items(value, "items")
    ]
    return Answer(next=text(value, "nextPageToken"), told={"ids": ",".join(filter(None, ids))})


def read_videos(body: bytes, *, official: bool) -> Answer:
    """``told``: by video the number of its comments, where it may have any."""
    value = as_json(body)
    if not isinstance(at(value, "items"), list):
        return Answer(problem="no list of videos")
    posts, told = [], {}
    for item in items(value, "items"):
        identity = text(item, "id")
        if not identity:
            continue
        posts.append(_video(identity, item, official=official))
        comments = number(item, "statistics", "commentCount")
        if comments is not None:
            told[identity] = str(comments)
    return Answer(tuple(posts), told=told)


def read_comments(body: bytes, *, video: str, title: str) -> Answer:
    """The threads below a video, newest first, each with the replies that are told with it."""
    value = as_json(body)
    if not isinstance(at(value, "items"), list):
        return Answer(problem="no list of comments")
    posts = []
    for thread in items(value, "items"):
        top = at(thread, "snippet", "topLevelComment")
        said = text(top, "snippet", "textOriginal") or plain(text(top, "snippet", "textDisplay"))
        identity = text(top, "id")
        if not identity:
            continue
        replies = number(thread, "snippet", "totalReplyCount")
        posts.append(_comment(top, video=video, context=title, thread=identity, replies=replies))
        posts += [
            _comment(reply, video=video, context=f"{title}\n{said[:1000]}", thread=identity)
            for reply in items(thread, "replies", "comments")
            if text(reply, "id")
        ]
    return Answer(tuple(posts), next=text(value, "nextPageToken"))


def unfinished(body: bytes) -> list[str]:
    """Threads of an answer that have more replies than were told with them."""
    return [
        text(thread, "id")
        for thread in items(as_json(body), "items")
        if (number(thread, "snippet", "totalReplyCount") or 0)
        > len(items(thread, "replies", "comments"))
    ]


def read_replies(body: bytes, *, video: str, context: str, thread: str) -> Answer:
    """The replies of one thread."""
    value = as_json(body)
    if not isinstance(at(value, "items"), list):
        return Answer(problem="no list of comments")
    found = [item for item in items(value, "items") if text(item, "id")]
    posts = [_comment(item, video=video, context=context, thread=thread) for item in found]
    return Answer(tuple(posts), next=text(value, "nextPageToken"))


def read_there(body: bytes) -> set[str] | None:
    """Of ``videos`` or ``comments``: the ids of those that are there; None for no such answer."""
    value = as_json(body)
    if not isinstance(at(value, "items"), list):
        return None
    return {text(item, "id") for item in items(value, "items")}


def read_atom(body: bytes, *, official: bool) -> Answer:
    """The Atom feed of a channel: its last fifteen videos, without comments."""
    if len(body) > MOST_BYTES:
        return Answer(problem="too large")
    parsed = feedparser.parse(io.BytesIO(body), sanitize_html=False)
    if not str(parsed.version or "").startswith("atom"):
        return Answer(problem="no Atom feed")
    posts = []
    for entry in parsed.entries[:50]:
        identity = str(entry.get("yt_videoid") or "")
        if not identity:
            continue
        posts.append(
            Post(
                platform="youtube",
                id=identity,
                url=_WATCH + identity,
                title=str(entry.get("title") or ""),
                text=str(entry.get("summary") or ""),
                author=str(entry.get("author") or ""),
                handle=str(entry.get("author") or ""),
                author_id=str(entry.get("yt_channelid") or ""),
                official=official,
                published=moment(str(entry.get("published") or "")),
                media=(Media(type="video", url=_WATCH + identity),),
                counts=counts(view=number((entry.get("media_statistics") or {}).get("views"))),
                raw={key: str(entry.get(key) or "") for key in ("id", "title", "published")},
            )
        )
    return Answer(tuple(posts))


def _video(identity: str, item: Any, *, official: bool) -> Post:
    channel = name(item, "snippet", "channelTitle")
    return Post(
        platform="youtube",
        id=identity,
        url=_WATCH + identity,
        title=name(item, "snippet", "title"),
        text=text(item, "snippet", "description"),
        author=channel,
        handle=channel,
        author_id=name(item, "snippet", "channelId"),
        official=official,
        published=moment(item, "snippet", "publishedAt"),
        lang=name(item, "snippet", "defaultAudioLanguage")[:10],
        media=(Media(type="video", url=_WATCH + identity),),
        counts=counts(
            view=number(item, "statistics", "viewCount"),
            like=number(item, "statistics", "likeCount"),
            reply=number(item, "statistics", "commentCount"),
        ),
        raw=item,
    )


def _comment(
    item: Any, *, video: str, context: str, thread: str, replies: int | None = None
) -> Post:
    snippet = at(item, "snippet")
    identity, author = text(item, "id"), name(snippet, "authorDisplayName")
    published, updated = moment(snippet, "publishedAt"), moment(snippet, "updatedAt")
    return Post(
        platform="youtube",
        id=identity,
        url=f"{_WATCH}{video}&lc={identity}",
        text=text(snippet, "textOriginal") or plain(text(snippet, "textDisplay")),
        author=author,
        handle=author,
        author_id=name(snippet, "authorChannelId", "value"),
        published=published,
        edited=updated if updated != published else None,
        context=context,
        reply_to=text(snippet, "parentId") or video,
        thread=thread,
        counts=counts(like=number(snippet, "likeCount"), reply=replies),
        raw=item,
    )
