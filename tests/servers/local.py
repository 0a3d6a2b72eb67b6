"""One site on loopback."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self


@dataclass(frozen=True, slots=True)
class Answer:
    """What a path answers."""

    body: bytes = b""
    content_type: str = "text/html; charset=utf-8"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(self.status)
        if self.content_type:
            handler.send_header("Content-Type", self.content_type)
        handler.send_header("Content-Length", str(len(self.body)))
        for name, value in self.headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(self.body)


Habit = Callable[[BaseHTTPRequestHandler], None]
"""Answers one request, as badly as it likes."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A request that arrived."""

    path: str
    at: float
    """``time.monotonic()``."""
    headers: Mapping[str, str]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def verify_request(self, request: object, client_address: tuple[str, int]) -> bool:
        """Only this machine is answered."""
        return client_address[0].startswith("127.")

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is part of the test."""


class LocalServer:
    """Answers by path (with its query); 404 where nothing was said. Serves while entered."""

    def __init__(self, *, tls: ssl.SSLContext | None = None, everywhere: bool = False) -> None:
        """``everywhere``: on every loopback address (127.0.0.1, 127.0.0.2 …), for many sites."""
        self.seen: list[Seen] = []
        self._answers: dict[str, Habit] = {}
        self._otherwise: Habit = Answer(b"<h1>Halaman tidak ditemukan</h1>", status=404)
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                site.seen.append(Seen(self.path, time.monotonic(), dict(self.headers)))
                site._answers.get(self.path, site._otherwise)(self)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = _Server(("0.0.0.0" if everywhere else "127.0.0.1", 0), Handler)
        self._scheme = "http"
        if tls is not None:
            self._scheme = "https"
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._server.server_address[1]}"

    @property
    def root(self) -> str:
        return f"{self._scheme}://{self.address}"

    def on(self, path: str, answer: Habit | bytes | str) -> None:
        """Say what a path answers; a string or bytes is an HTML page."""
        if isinstance(answer, str):
            answer = answer.encode()
        self._answers[path] = Answer(answer) if isinstance(answer, bytes) else answer

    def otherwise(self, answer: Habit) -> None:
        """Say what every other path answers."""
        self._otherwise = answer

    def asked(self, path: str) -> int:
        return sum(seen.path == path for seen in self.seen)

    def paths(self) -> list[str]:
        return [seen.path for seen in self.seen]

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
