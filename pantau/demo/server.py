"""Serves one small site on loopback, with the habits of a real one."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self


@dataclass(frozen=True, slots=True)
class Answer:
    body: bytes
    content_type: str = "text/html; charset=utf-8"


@dataclass
class SiteServer:
    """A site's answers by path (with its query). Runs in a thread of its own while entered."""

    answers: dict[str, Answer] = field(default_factory=dict)
    delay: float = 0.0
    """Seconds before each answer."""
    fails_first: bool = False
    """Whether each path answers 503 once before it answers well."""
    requested: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.answer(self)

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing: the demo's own table tells what was fetched."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._server.server_address[1]}"

    @property
    def root(self) -> str:
        return f"http://{self.address}"

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        time.sleep(self.delay)
        path = handler.path
        failing = self.fails_first and path != "/robots.txt" and path not in self.requested
        self.requested.append(path)
        if failing:
            self._send(handler, 503, Answer(b"<h1>503 Service Unavailable</h1>"))
        elif path in self.answers:
            self._send(handler, 200, self.answers[path])
        else:
            self._send(handler, 404, Answer(b"<h1>404 Halaman tidak ditemukan</h1>"))

    @staticmethod
    def _send(handler: BaseHTTPRequestHandler, status: int, answer: Answer) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", answer.content_type)
        handler.send_header("Content-Length", str(len(answer.body)))
        handler.end_headers()
        handler.wfile.write(answer.body)

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
