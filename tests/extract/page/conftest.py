"""Everything in this room works with sockets forbidden."""

from __future__ import annotations

import hashlib
import socket
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from pantau.records import Page

FETCHED = datetime(2024, 10, 30, 3, 0, tzinfo=UTC)


class SocketOpened(AssertionError):
    """Something in the room tried to reach a network."""


@pytest.fixture(autouse=True)
def no_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: socket.socket, address: object, *_: object) -> None:
        raise SocketOpened(f"connection to {address}")

    def refuse_lookup(*arguments: object, **_: object) -> None:
        raise SocketOpened(f"name lookup {arguments[:2]}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse_lookup)
    monkeypatch.setattr(socket, "gethostbyname", refuse_lookup)
    monkeypatch.setattr(socket, "create_connection", refuse_lookup)


MakePage = Callable[..., Page]


@pytest.fixture
def make_page() -> MakePage:
    """``make_page(body, url=…, content_type=…)`` → Page."""

    def make(
        body: bytes | str,
        url: str = "https://www.kabarseruni.example/berita/camat-buka-lomba-kebersihan-desa",
        content_type: str = "text/html; charset=utf-8",
        fetched_at: datetime = FETCHED,
    ) -> Page:
        raw = body.encode() if isinstance(body, str) else body
        return Page(
            url=url,
            final_url=url,
            status=200,
            headers={"content-type": content_type},
            body=raw,
            fetched_at=fetched_at,
            source_id="kabar-seruni",
            sha256=hashlib.sha256(raw).hexdigest(),
        )

    return make
