"""The parts of the YouTube Data API (v3) that are asked here; every word is invented."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.servers.local import Answer

KEY = "kunci-uji"


def error(status: int, reason: str) -> Answer:
    body = {"error": {"code": status, "message": reason, "errors": [{"reason": reason}]}}
    return Answer(json.dumps(body).encode(), "application/json", status=status)


@dataclass
class YouTube:
    channel: str = "UCkabarlembah0000000000"
    handle: str = "@kabarlembah"
    videos: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By id, the oldest first."""
    comments: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """Threads by video, the oldest first."""
    closed: set[str] = field(default_factory=set)
    """Videos whose comments are switched off."""
    quota: int = 1_000_000
    asked: list[str] = field(default_factory=list)
    """Methods, in order: each costs one unit."""

    def publish(self, identity: str, title: str, at: str, description: str = "") -> None:
        self.videos[identity] = {
            "publishedAt": at,
            "title": title,
            "description": description,
            "channelId": self.channel,
            "channelTitle": "Kabar Lembah",
        }

    def comment(
        self, video: str, identity: str, text: str, at: str, *replies: tuple[str, str]
    ) -> None:
        def item(one: str, said: str, **more: str) -> dict[str, Any]:
            return {
                "id": one,
                "snippet": {
                    "authorDisplayName": f"@warga-{one}",
                    "authorChannelId": {"value": f"UC{one}"},
                    "textDisplay": said,
                    "textOriginal": said,
                    "likeCount": 2,
                    "publishedAt": at,
                    "updatedAt": at,
                    **more,
                },
            }

        self.comments.setdefault(video, []).append(
            {
                "id": identity,
                "snippet": {
                    "videoId": video,
                    "totalReplyCount": len(replies),
                    "topLevelComment": item(identity, text),
                },
                "replies": {"comments": [item(i, t, parentId=identity) for i, t in replies]},
            }
        )

    def __call__(self, handler: BaseHTTPRequestHandler) -> None:
        self.answer(handler.path, handler.headers.get("X-Goog-Api-Key", ""))(handler)

    def answer(self, path: str, key: str) -> Answer:
        parts = urlsplit(path)
        method = parts.path.rpartition("/")[2]
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if key != KEY:
            return error(400, "keyInvalid")
        self.asked.append(method)
        if len(self.asked) > self.quota:
            return error(403, "quotaExceeded")
        match method:
            case "channels":
                mine = asked.get("id") == self.channel or asked.get("forHandle") == self.handle
                uploads = {"relatedPlaylists": {"uploads": f"UU{self.channel[2:]}"}}
                found = [{"id": self.channel, "contentDetails": uploads}] if mine else []
                return self._page(found, asked)
            case "playlistItems":
                return self._page(
                    [{"contentDetails": {"videoId": one}} for one in reversed(self.videos)], asked
                )
            case "videos":
                ids = [one for one in asked["id"].split(",") if one in self.videos]
                return self._page([self._video(one) for one in ids], asked)
            case "commentThreads":
                video = asked["videoId"]
                if video in self.closed:
                    return error(403, "commentsDisabled")
                told = [
                    {**t, "replies": {"comments": t["replies"]["comments"][:5]}}
                    for t in self.comments.get(video, [])[::-1]
                ]
                return self._page(told, asked)
            case "comments" if "parentId" in asked:
                threads = [t for found in self.comments.values() for t in found]
                [thread] = [t for t in threads if t["id"] == asked["parentId"]]
                return self._page(thread["replies"]["comments"], asked)
            case "comments":
                held = {t["id"] for threads in self.comments.values() for t in threads}
                held |= {
                    reply["id"]
                    for threads in self.comments.values()
                    for t in threads
                    for reply in t["replies"]["comments"]
                }
                return self._page([{"id": i} for i in asked["id"].split(",") if i in held], asked)
        return error(404, "notFound")

    def _video(self, identity: str) -> dict[str, Any]:
        number = sum(
            1 + len(thread["replies"]["comments"]) for thread in self.comments.get(identity, [])
        )
        statistics: dict[str, str] = {"viewCount": "120", "likeCount": "7"}
        if identity not in self.closed:
            statistics["commentCount"] = str(number)
        return {"id": identity, "snippet": self.videos[identity], "statistics": statistics}

    def _page(self, found: list[dict[str, Any]], asked: dict[str, str]) -> Answer:
        size, start = int(asked.get("maxResults", 50)), int(asked.get("pageToken", 0))
        body: dict[str, Any] = {"items": found[start : start + size]}
        if start + size < len(found):
            body["nextPageToken"] = str(start + size)
        return Answer(json.dumps(body).encode(), "application/json")
