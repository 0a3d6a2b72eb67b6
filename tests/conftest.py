"""What all tests share: services that must run in CI, and no way out of this machine."""

from __future__ import annotations

import os
import socket
from typing import Any

import pytest


def require_service(present: bool, what: str) -> None:
    """Skip without a service; fail where services are required (in CI)."""
    if present:
        return
    if os.environ.get("PANTAU_REQUIRE_SERVICES") == "1":
        pytest.fail(f"{what} is required here and is missing")
    pytest.skip(f"{what} is not on this machine")


@pytest.fixture
def no_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever opens a socket fails."""

    def refuse(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
