"""Bad habits of real servers, each as an answer for ``LocalServer.on``."""

from __future__ import annotations

import gzip
import itertools
import socket
import struct
import time
from collections.abc import Callable
from functools import cache
from http.server import BaseHTTPRequestHandler

import brotli  # type: ignore[import-untyped, unused-ignore]
from backports import zstd

from tests.servers.local import Answer, Habit


def redirect(target: str, status: int = 302) -> Habit:
    return Answer(status=status, headers={"Location": target})


def slow(seconds: float, then: Habit) -> Habit:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(seconds)
        then(handler)

    return answer


def in_turn(*answers: Habit) -> Habit:
    """One after another, the last for good."""
    turns = itertools.chain(answers[:-1], itertools.repeat(answers[-1]))

    def answer(handler: BaseHTTPRequestHandler) -> None:
        next(turns)(handler)

    return answer


def reset(handler: BaseHTTPRequestHandler) -> None:
    """Hang up with a TCP reset before a byte is sent."""
    linger = struct.pack("ii", 1, 0)
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    handler.connection.close()
    handler.close_connection = True
    raise ConnectionAbortedError


def hang_up(handler: BaseHTTPRequestHandler) -> None:
    """Close without a word."""
    handler.close_connection = True


def truncated(handler: BaseHTTPRequestHandler) -> None:
    """Promise more than is sent."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    handler.wfile.write(b"<p>setengah halaman")
    handler.close_connection = True


def large(size: int) -> Habit:
    """A body of ``size`` bytes, its length told beforehand."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.send_header("Content-Length", str(size))
        handler.end_headers()
        _pour(handler, size)

    return answer


def endless(handler: BaseHTTPRequestHandler) -> None:
    """A body without a length that never ends."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.send_header("Connection", "close")
    handler.end_headers()
    _pour(handler, 1 << 40)


def trickle(handler: BaseHTTPRequestHandler) -> None:
    """A byte every tenth of a second, for ever."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.send_header("Connection", "close")
    handler.end_headers()
    try:
        while True:
            handler.wfile.write(b"a")
            time.sleep(0.1)
    except OSError:
        handler.close_connection = True


CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "br": lambda body: bytes(brotli.compress(body, quality=1)),
    "zstd": zstd.compress,
}
"""By the name of a Content-Encoding."""


def bomb(size: int, coding: str = "gzip") -> Habit:
    """A small packed answer that unfolds to ``size`` bytes of zeros."""
    return Answer(packed_zeros(size, coding), headers={"Content-Encoding": coding})


@cache
def packed_zeros(size: int, coding: str = "gzip") -> bytes:
    return CODINGS[coding](bytes(size))


def broken_gzip(handler: BaseHTTPRequestHandler) -> None:
    """Says gzip and sends something else."""
    Answer(b"<p>bukan gzip</p>", headers={"Content-Encoding": "gzip"})(handler)


def no_http(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"220 ftp.example ESMTP ready\r\n\r\n")
    handler.close_connection = True


def bad_header_line(then: bytes) -> Habit:
    """A header line without a colon, as some hosting panels send it."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Powered by panel\r\n"
            b"Content-Length: %d\r\n\r\n%s" % (len(then), then)
        )

    return answer


def raw(*pieces: bytes, pause: float = 0.0) -> Habit:
    """These bytes as they stand, whatever HTTP says of them, with a pause between; then close."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        try:
            for piece in pieces:
                handler.wfile.write(piece)
                time.sleep(pause)
        except OSError:
            pass

    return answer


def _pour(handler: BaseHTTPRequestHandler, size: int) -> None:
    block = b"<p>halaman</p>\n" * 4096
    try:
        while size > 0:
            handler.wfile.write(block[:size])
            size -= len(block)
    except OSError:
        handler.close_connection = True
