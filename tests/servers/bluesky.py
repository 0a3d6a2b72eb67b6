"""Bluesky's public AppView and a Jetstream on loopback; every word is invented."""

from __future__ import annotations

import asyncio
import json
import threading
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.http11 import Request, Response

from tests.servers.local import Answer

DID = "did:plc:lembah"


def uri(key: str, did: str = DID) -> str:
    return f"at://{did}/app.bsky.feed.post/{key}"


@dataclass
class AppView:
    views: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By key, the oldest first."""
    reposts: list[dict[str, Any]] = field(default_factory=list)
    labels: list[dict[str, str]] = field(default_factory=list)
    per_page: int = 100

    def write(self, key: str, text: str, at: datetime, **told: Any) -> None:
        self.views[key] = {
            "post": {
                "uri": uri(key),
                "cid": f"cid-{text}",
                "author": {
                    "did": DID,
                    "handle": "lembah.example",
                    "displayName": "Kecamatan Lembah",
                    "labels": self.labels,
                },
                "record": {
                    "text": text,
                    "createdAt": "2031-01-01T00:00:00Z",
                    "langs": ["id"],
                    **told.pop("record", {}),
                },
                "replyCount": 1,
                "repostCount": 2,
                "likeCount": 3,
                "indexedAt": at.isoformat(),
                **told.pop("post", {}),
            },
            **told,
        }

    def __call__(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        asked = parse_qs(parts.query)
        method = parts.path.rpartition(".")[2]
        if parts.path == "/robots.txt":
            answer = Answer(b"User-agent: *\nAllow: /", "text/plain")
        elif method == "getAuthorFeed" and asked["actor"] == ["lembah.example"]:
            answer = self._feed(int(asked.get("cursor", ["0"])[0]))
        elif method == "getAuthorFeed":
            told = {"error": "InvalidRequest", "message": "Profile not found"}
            answer = Answer(json.dumps(told).encode(), "application/json", status=400)
        else:
            found = [v["post"] for v in self.views.values() if v["post"]["uri"] in asked["uris"]]
            answer = Answer(json.dumps({"posts": found}).encode(), "application/json")
        answer(handler)

    def _feed(self, start: int) -> Answer:
        newest = self.reposts + list(self.views.values())[::-1]
        body: dict[str, Any] = {"feed": newest[start : start + self.per_page]}
        if start + self.per_page < len(newest):
            body["cursor"] = str(start + self.per_page)
        return Answer(json.dumps(body).encode(), "application/json")


class Jetstream:
    """Sends its events from the cursor on to whoever subscribes, and then what is new.

    ``cuts``: so many connections are cut off after that many events each.
    """

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.asked: list[int] = []
        """The cursor of each connection."""
        self.cuts: list[int] = []
        self.robots = b"User-agent: *\nAllow: /"
        self.retained_from = 0
        self._port = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ready = threading.Event()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._port}"

    @property
    def url(self) -> str:
        return f"http://{self.address}/subscribe"

    def post(self, at: int, key: str, text: str, *, did: str = DID, **told: Any) -> None:
        operation = told.pop("operation", "create")
        record = {"text": text, "createdAt": "2031-01-01T00:00:00Z", "langs": ["id"], **told}
        self._commit(at, key, did, operation=operation, record=record, cid="x")

    def delete(self, at: int, key: str, *, did: str = DID) -> None:
        self._commit(at, key, did, operation="delete")

    def close_account(self, at: int, did: str = DID) -> None:
        account = {"active": False, "status": "deleted", "did": did}
        self.events.append({"did": did, "time_us": at, "kind": "account", "account": account})

    def _commit(self, at: int, key: str, did: str, **commit: Any) -> None:
        commit |= {"rev": "r", "collection": "app.bsky.feed.post", "rkey": key}
        self.events.append({"did": did, "time_us": at, "kind": "commit", "commit": commit})

    async def _serve(self, connection: ServerConnection) -> None:
        assert connection.request is not None
        query = parse_qs(urlsplit(connection.request.path).query)
        cursor = int(query["cursor"][0])
        self.asked.append(cursor)
        until = self.cuts.pop(0) if self.cuts else None
        sent, position = 0, 0
        while until is None or sent < until:
            while position < len(self.events) and (until is None or sent < until):
                event = self.events[position]
                position += 1
                if event["time_us"] >= max(cursor, self.retained_from):
                    await connection.send(json.dumps(event))
                    sent += 1
            await asyncio.sleep(0.02)
        connection.transport.abort()  # no farewell

    def _plain(self, connection: ServerConnection, request: Request) -> Response | None:
        if request.path == "/robots.txt":
            answer = connection.respond(HTTPStatus.OK, self.robots.decode())
            return answer
        return None

    def __enter__(self) -> Self:
        threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True).start()
        assert self._ready.wait(10)
        return self

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._ended = asyncio.Event()
        server: Server
        async with serve(
            self._serve, "127.0.0.1", 0, process_request=self._plain, close_timeout=0.2
        ) as server:
            self._port = next(iter(server.sockets)).getsockname()[1]
            self._ready.set()
            await self._ended.wait()
            server.close(close_connections=True)

    def __exit__(self, *_: object) -> None:
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self._ended.set)
