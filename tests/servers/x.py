"""The parts of X's API (v2) that are asked here, with its prices; every word is invented."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.servers.local import Answer

TOKEN = "tanda-uji"


@dataclass
class X:
    posts: dict[int, dict[str, Any]] = field(default_factory=dict)
    users: dict[str, dict[str, str]] = field(default_factory=dict)
    now: datetime | None = None
    bill: float = 0
    """In dollars: 0.005 for a post or a count, 0.010 for an account."""
    seen: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    refusal: Answer | None = None

    def write(self, number: int, text: str, at: datetime, author: str = "1", **told: Any) -> None:
        self.users.setdefault(
            author, {"id": author, "name": f"Warga {author}", "username": f"warga{author}"}
        )
        self.posts[number] = {
            "id": str(number),
            "text": text,
            "author_id": author,
            "created_at": at.isoformat().replace("+00:00", ".000Z"),
            "lang": "in",
            "conversation_id": str(number),
            "public_metrics": {"like_count": 3, "reply_count": 1, "retweet_count": 2},
            **told,
        }

    def __call__(self, handler: BaseHTTPRequestHandler) -> None:
        self.answer(handler.path, handler.headers.get("Authorization", ""))(handler)

    def answer(self, path: str, authorization: str) -> Answer:
        parts = urlsplit(path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.seen.append((parts.path, asked))
        if authorization != f"Bearer {TOKEN}":
            return self._json({"title": "Unauthorized", "status": 401}, 401)
        if self.refusal is not None:
            return self.refusal
        match parts.path:
            case "/2/tweets/counts/recent":
                self.bill += 0.005
                return self._json({"meta": {"total_tweet_count": len(self._found(asked))}}, 200)
            case "/2/tweets/search/recent":
                return self._search(asked)
            case "/2/tweets":
                ids = asked["ids"].split(",")
                found = [self.posts[int(one)] for one in ids if int(one) in self.posts]
                self.bill += 0.005 * len(found)
                errors = [{"resource_id": one, "title": "Not Found Error"} for one in ids]
                return self._json({"data": found, "errors": errors[len(found) :]}, 200)
        return self._json({"title": "Not Found"}, 404)

    def _found(self, asked: dict[str, str]) -> list[int]:
        since = int(asked.get("since_id", 0))
        begin = asked.get("start_time", "")
        return [
            number
            for number in sorted(self.posts, reverse=True)
            if number > since and self.posts[number]["created_at"] > begin
        ]

    def _search(self, asked: dict[str, str]) -> Answer:
        size, start = int(asked["max_results"]), int(asked.get("next_token", "0"))
        assert 10 <= size <= 100
        found = self._found(asked)
        shown = [self.posts[number] for number in found[start : start + size]]
        users = {post["author_id"] for post in shown}
        self.bill += 0.005 * len(shown) + 0.010 * len(users)
        body: dict[str, Any] = {"meta": {"result_count": len(shown)}}
        if shown:
            body["data"] = shown
            body["includes"] = {"users": [self.users[one] for one in sorted(users)]}
            body["meta"] |= {"newest_id": shown[0]["id"], "oldest_id": shown[-1]["id"]}
        if start + size < len(found):
            body["meta"]["next_token"] = str(start + size)
        return self._json(body, 200)

    def _json(self, value: Any, status: int) -> Answer:
        return Answer(json.dumps(value).encode(), "application/json", status)


def minutes(begin: datetime, number: int) -> datetime:
    return begin + timedelta(minutes=number)
