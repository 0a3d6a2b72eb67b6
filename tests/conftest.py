"""What all tests share: services that must run in CI, and no way out of this machine."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Any

import pytest

from pantau.state import open_state


def require_service(present: bool, what: str) -> None:
    """Skip without a service; fail where services are required (in CI)."""
    if present:
        return
    if os.environ.get("PANTAU_REQUIRE_SERVICES") == "1":
        pytest.fail(f"{what} is required here and is missing")
    pytest.skip(f"{what} is not on this machine")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What needs a server beside the code is left to .ci/run: it starts in its own time."""
    for item in items:
        chosen = getattr(item, "callspec", None)
        with_elastic = chosen is not None and chosen.params.get("new_index") == "elastic"
        if with_elastic or "node" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.slow)
            item.add_marker(pytest.mark.service)


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state database with its schema, to be copied: the migrations take long."""
    path = tmp_path_factory.mktemp("sqlite") / "empty.sqlite"
    open_state(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def no_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever opens a socket fails."""

    def refuse(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
