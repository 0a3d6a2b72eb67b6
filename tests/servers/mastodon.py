"""A Mastodon server's public interface (API v1); every word is invented."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.servers.local import Answer

BEGIN = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)


@dataclass
class Mastodon:
    root: str
    statuses: dict[int, dict[str, Any]] = field(default_factory=dict)
    noindex: bool = False
    closed: bool = False
    """Whether the lists are for members only."""
    left: int = 300
    """Of the rate limit."""
    reset: str = ""

    def write(self, number: int, html: str, **told: Any) -> None:
        at = (BEGIN + timedelta(minutes=number)).isoformat()
        self.statuses[number] = {
            "id": str(number),
            "uri": f"{self.root}/users/lembah/statuses/{number}",
            "url": f"{self.root}/@lembah/{number}",
            "created_at": at,
            "edited_at": None,
            "visibility": "public",
            "language": "id",
            "content": html,
            "spoiler_text": "",
            "reblog": None,
            "in_reply_to_id": None,
            "replies_count": 1,
            "reblogs_count": 2,
            "favourites_count": 3,
            "account": self.account(),
            "media_attachments": [],
            "card": None,
            **told,
        }

    def account(self) -> dict[str, Any]:
        return {
            "id": "77",
            "acct": "lembah",
            "display_name": "Kecamatan Lembah",
            "url": f"{self.root}/@lembah",
            "noindex": self.noindex,
        }

    def __call__(self, handler: BaseHTTPRequestHandler) -> None:
        self.answer(handler.path)(handler)

    def answer(self, path: str) -> Answer:
        parts = urlsplit(path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/robots.txt":
            return Answer(b"User-agent: *\nDisallow: /media_proxy/", "text/plain")
        if parts.path == "/api/v1/accounts/lookup":
            return self._json(self.account() if asked["acct"] == "lembah" else {}, 200)
        if parts.path in ("/api/v1/accounts/77/statuses", "/api/v1/timelines/tag/netralitas"):
            if self.closed:
                return self._json({"error": "This method requires an authenticated user"}, 401)
            return self._list(parts.path, asked)
        if parts.path.startswith("/api/v1/statuses/"):
            number = int(parts.path.rpartition("/")[2])
            if number not in self.statuses:
                return self._json({"error": "Record not found"}, 404)
            return self._json(self.statuses[number], 200)
        return Answer(status=404)

    def _list(self, path: str, asked: dict[str, str]) -> Answer:
        size = int(asked.get("limit", 20))
        numbers = sorted(self.statuses, reverse=True)
        if "max_id" in asked:
            numbers = [n for n in numbers if n < int(asked["max_id"])]
        if "min_id" in asked:
            numbers = [n for n in numbers if n > int(asked["min_id"])][-size:]
        numbers = numbers[:size]
        links = []
        if numbers:
            base = f"{self.root}{path}?limit={size}"
            links = [
                f'<{base}&max_id={numbers[-1]}>; rel="next"',
                f'<{base}&min_id={numbers[0]}>; rel="prev"',
            ]
        return self._json([self.statuses[n] for n in numbers], 200, Link=", ".join(links))

    def _json(self, value: Any, status: int, **headers: str) -> Answer:
        self.left -= 1
        limits = {"X-RateLimit-Limit": "300", "X-RateLimit-Remaining": str(max(0, self.left))}
        if self.reset:
            limits["X-RateLimit-Reset"] = self.reset
        return Answer(json.dumps(value).encode(), "application/json", status, {**limits, **headers})
