"""An HTTP proxy as offices have them: forwards plain requests, opens tunnels for TLS."""

from __future__ import annotations

import socket
import threading
from collections.abc import Mapping
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

_HOP = {"connection", "transfer-encoding", "content-length"}


class ForwardProxy:
    """Knows names that nobody else does: ``names`` leads them to local ports."""

    def __init__(self, names: Mapping[str, int]) -> None:
        self.asked: list[str] = []
        """``METHOD host`` of every request, in order."""
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                proxy.asked.append(f"GET {parts.hostname}")
                onward = HTTPConnection("127.0.0.1", names[parts.hostname or ""], timeout=10)
                path = parts.path + (f"?{parts.query}" if parts.query else "")
                onward.request("GET", path or "/", headers=dict(self.headers))
                answer = onward.getresponse()
                body = answer.read()
                self.send_response(answer.status)
                for name, value in answer.getheaders():
                    if name.lower() not in _HOP:
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_CONNECT(self) -> None:
                host = self.path.rpartition(":")[0]
                proxy.asked.append(f"CONNECT {host}")
                with socket.create_connection(("127.0.0.1", names[host])) as onward:
                    self.send_response(200)
                    self.end_headers()
                    back = threading.Thread(target=_pass_on, args=(onward, self.connection))
                    back.start()
                    _pass_on(self.connection, onward)
                    back.join()
                self.close_connection = True

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

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


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass  # one side hung up
