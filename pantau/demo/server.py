"""Serves one small site on loopback, with the habits of a real one."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl, urlsplit

from w3lib.url import url_query_cleaner


@dataclass(frozen=True, slots=True)
class Answer:
    body: bytes
    content_type: str = "text/html; charset=utf-8"


def without_tracking(path: str) -> str:
    """The path as a site's router sees it: parameters that only count visitors change nothing."""
    parameters = [name for name, _ in parse_qsl(urlsplit(path).query) if name.startswith("utm_")]
    return url_query_cleaner(path, parameters, remove=True, keep_fragments=True)


@dataclass
class SiteServer:
    """A site's answers by path (with its query). Runs in a thread of its own while entered."""

    answers: dict[str, Answer] = field(default_factory=dict)
    delay: float = 0.0
    """Seconds before each answer."""
    failures: int = 0
    """How many requests are answered 503, asking for a second's patience, before it goes well."""

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
        path = without_tracking(handler.path)
        if self.failures and path != "/robots.txt":
            self.failures -= 1
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
        if status == HTTPStatus.SERVICE_UNAVAILABLE:
            handler.send_header("Retry-After", "1")
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
        self.close()

    def close(self) -> None:
        """Give the port back."""
        self._server.server_close()
