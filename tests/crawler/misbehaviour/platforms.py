"""The platforms of public posts, where their answers are none, refuse, or never end."""

from __future__ import annotations

from typing import Any

from tests.crawler.misbehaviour.street import ROBOTS, House, Index, says, told
from tests.servers import Answer, habits
from tests.servers.habits import redirect

CHANGED = b"<html><main class='channel-v2'><article data-id='1'>Camat</article></main></html>"


def status(number: int) -> dict[str, Any]:
    account = {"id": "1", "acct": "lembah", "username": "lembah", "display_name": "Lembah"}
    return {
        "id": str(number),
        "uri": f"https://fedi.example/{number}",
        "url": f"https://fedi.example/@lembah/{number}",
        "content": "<p>Pengumuman",
        "created_at": "2026-11-22T01:00:00Z",
        "account": account,
        "visibility": "public",
    }


def flood_of_statuses(house: House) -> None:
    """Whatever page is asked for, it has another one behind it."""
    house.on(ROBOTS, Answer(status=404))
    house.on("/api/v1/accounts/lookup", told({"id": "1", "acct": "lembah"}))
    link = f'<{house.root}/api/v1/accounts/1/statuses?max_id=1>; rel="next"'
    house.on("/api/v1/accounts/1/statuses", told([status(7)], Link=link))


def flood_of_posts(house: House) -> None:
    """The same cursor for ever."""
    post = {
        "uri": "at://did:plc:a/app.bsky.feed.post/1",
        "cid": "c",
        "author": {"did": "did:plc:a", "handle": "lembah.example", "labels": []},
        "record": {"text": "Pengumuman", "createdAt": "2026-11-22T01:00:00Z"},
        "indexedAt": "2026-11-22T01:00:00Z",
        "labels": [],
    }
    says(told({"cursor": "lagi", "feed": [{"post": post}]}))(house)


def flood_of_videos(house: House) -> None:
    """A list of videos that never ends, and a video that is there no more."""
    house.on(ROBOTS, Answer(status=404))
    uploads = {"relatedPlaylists": {"uploads": "UU1"}}
    house.on("/channels", told({"items": [{"id": "UCkabar", "contentDetails": uploads}]}))
    listed = {"contentDetails": {"videoId": "vidPanen001"}}
    house.on("/playlistItems", told({"items": [listed], "nextPageToken": "lagi"}))
    house.on("/videos", told({"items": []}))


def youtube_error(reason: str, code: int = 403) -> Answer:
    error = {"code": code, "message": "…", "errors": [{"reason": reason}]}
    return told({"error": error}, code)


def nested(depth: int) -> Answer:
    return Answer(b"[" * depth, "application/json")


PLATFORMS: dict[str, Index] = {
    "telegram: another markup": Index(
        "telegram",
        says(Answer(CHANGED)),
        "failed",
        "no preview: the channel is private, a group, or is not there",
    ),
    "telegram: the page of a channel without preview": Index(
        "telegram",
        says(Answer(b"<div class=tgme_page><div class=tgme_page_title>Kabar")),
        "failed",
        "no preview: the channel is private, a group, or is not there",
    ),
    "telegram: messages without their parts": Index(
        "telegram",
        says(
            Answer(
                b"<section class='tgme_channel_history js-message_history'>"
                b"<div class=tgme_widget_message>x"
            )
        ),
        "empty",
        "it lists nothing",
    ),
    "telegram: too many requests": Index(
        "telegram",
        says(Answer(status=429, headers={"Retry-After": "900"})),
        "failed",
        "host paused for … s",
    ),
    "telegram: 500": Index("telegram", says(Answer(status=500)), "failed", "http 500"),
    "telegram: endless": Index("telegram", says(habits.endless), "failed", "too large"),
    "telegram: redirect offsite": Index(
        "telegram",
        says(redirect("http://iklan.example/x")),
        "moved",
        "redirected offsite: iklan.example",
    ),
    "youtube: a key that is none": Index(
        "youtube",
        says(youtube_error("keyInvalid", 400)),
        "failed",
        "the interface refuses: keyInvalid …",
    ),
    "youtube: no such channel": Index(
        "youtube", says(told({"items": []})), "failed", "there is no such channel"
    ),
    "youtube: HTML": Index(
        "youtube", says(Answer(b"<html>Sorry")), "failed", "there is no such channel"
    ),
    "youtube: a list that is none": Index(
        "youtube", says(told({"items": 7})), "failed", "there is no such channel"
    ),
    "youtube: 503": Index("youtube", says(Answer(status=503)), "failed", "http 503"),
    "youtube: pages without end": Index("youtube", flood_of_videos, "unchanged", ""),
    "mastodon: for members only": Index(
        "mastodon",
        says(told({"error": "This method requires an authenticated user"}, 401)),
        "blocked",
        "http 401",
    ),
    "mastodon: no such account": Index(
        "mastodon", says(told({"error": "Record not found"}, 404)), "failed", "http 404"
    ),
    "mastodon: HTML": Index(
        "mastodon", says(Answer(b"<html>Masuk")), "failed", "no account as Mastodon answers it"
    ),
    "mastodon: too many requests": Index(
        "mastodon",
        says(told({"error": "Too many requests"}, 429, **{"Retry-After": "900"})),
        "failed",
        "host paused for … s",
    ),
    "mastodon: pages without end": Index(
        "mastodon",
        flood_of_statuses,
        "ok",
        "",
        found=1,
    ),
    "mastodon: nested without end": Index(
        "mastodon", says(nested(100_000)), "failed", "no account as Mastodon answers it"
    ),
    "mastodon: endless": Index("mastodon", says(habits.endless), "failed", "too large"),
    "bluesky: no such account": Index(
        "bluesky",
        says(told({"error": "InvalidRequest", "message": "Profile not found"}, 400)),
        "failed",
        "the interface answers InvalidRequest: Profile not found",
    ),
    "bluesky: for members only": Index(
        "bluesky",
        says(told({"error": "AuthMissing", "message": "Authentication Required"}, 401)),
        "blocked",
        "http 401",
    ),
    "bluesky: HTML with 403": Index(
        "bluesky", says(Answer(b"<html>Forbidden", status=403)), "blocked", "http 403"
    ),
    "bluesky: an empty object": Index("bluesky", says(told({})), "failed", "no feed"),
    "bluesky: the same cursor for ever": Index(
        "bluesky",
        flood_of_posts,
        "ok",
        "",
        found=1,
    ),
    "bluesky: 502": Index("bluesky", says(Answer(status=502)), "failed", "http 502"),
    "bluesky: too many requests": Index(
        "bluesky",
        says(told({"error": "RateLimitExceeded"}, 429, **{"RateLimit-Reset": "1800000000"})),
        "failed",
        "host paused for … s",
    ),
    "x: a token that is none": Index(
        "x",
        says(told({"title": "Unauthorized", "status": 401}, 401)),
        "blocked",
        "http 401: Unauthorized",
    ),
    "x: not enrolled": Index(
        "x",
        says(told({"title": "Client Forbidden", "reason": "client-not-enrolled"}, 403)),
        "blocked",
        "http 403: Client Forbidden",
    ),
    "x: too many requests": Index(
        "x",
        says(told({"title": "Too Many Requests", "status": 429}, 429)),
        "failed",
        "http 429: Too Many Requests",
    ),
    "x: 503": Index("x", says(Answer(status=503)), "failed", "http 503"),
    "x: HTML": Index("x", says(Answer(b"<html>Masuk")), "failed", "no count of posts"),
    "x: an empty object": Index("x", says(told({})), "failed", "no count of posts"),
}
