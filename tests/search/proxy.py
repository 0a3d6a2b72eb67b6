"""A proxy before Elasticsearch: speaks TLS, checks the API key, and can be told to be busy."""

from __future__ import annotations

import http.client
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit


class Proxy:
    def __init__(self, behind: str, context: ssl.SSLContext | None, authorization: str) -> None:
        self.authorization = authorization
        self.busy_items = 0
        """So many of the next bulk items are answered with 429 and not handed on."""
        self.refused = 0
        """Requests without the right secret."""
        handler = type("Handler", (_Handler,), {"proxy": self, "behind": urlsplit(behind).netloc})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        if context is not None:
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        scheme = "https" if context is not None else "http"
        self.url = f"{scheme}://localhost:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    proxy: Proxy
    behind: str
    protocol_version = "HTTP/1.1"

    def _handle(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.proxy.authorization not in ("", self.headers.get("Authorization")):
            self.proxy.refused += 1
            self._answer(401, b'{"error": "missing authentication credentials"}')
            return
        if self.path.startswith("/_bulk") and self.proxy.busy_items:
            self._answer(200, self._busy(body))
            return
        self._answer(*self._handed_on(body))

    def _busy(self, body: bytes) -> bytes:
        """The items answered one after the other, the first of them with 429."""
        lines = body.splitlines()
        items = []
        for action, source in zip(lines[::2], lines[1::2], strict=True):
            if self.proxy.busy_items:
                self.proxy.busy_items -= 1
                about = json.loads(action)["index"]
                items.append({"index": {**about, "status": 429, "error": {"type": "busy"}}})
            else:
                answer = self._handed_on(action + b"\n" + source + b"\n")[1]
                items += json.loads(answer)["items"]
        return json.dumps({"took": 1, "errors": True, "items": items}).encode()

    def _handed_on(self, body: bytes) -> tuple[int, bytes]:
        kept = ("Content-Type", "Accept")
        headers = {name: self.headers[name] for name in kept if name in self.headers}
        connection = http.client.HTTPConnection(self.behind, timeout=30)
        connection.request(self.command, self.path, body, headers)
        answer = connection.getresponse()
        told = answer.status, answer.read()
        connection.close()
        return told

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("X-Elastic-Product", "Elasticsearch")
        self.send_header("Content-Type", "application/vnd.elasticsearch+json;compatible-with=8")
        self.send_header("Content-Length", str(0 if self.command == "HEAD" else len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _handle

    def log_message(self, *arguments: Any) -> None:
        pass


@contextmanager
def proxy(
    behind: str, *, context: ssl.SSLContext | None = None, authorization: str = ""
) -> Iterator[Proxy]:
    standing = Proxy(behind, context, authorization)
    try:
        yield standing
    finally:
        standing.close()
