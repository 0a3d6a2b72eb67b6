"""What all tests share: services that must run in CI, and no way out of this machine."""

from __future__ import annotations

import os
import shutil
import socket
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from pantau.state import open_state
from tests.servers import postgres


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


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of a PostgreSQL server, without the name of a database."""
    require_service(postgres.binaries() is not None, "PostgreSQL (apt-get install postgresql)")
    with postgres.cluster() as url:
        yield url


@pytest.fixture(
    params=[
        "sqlite",
        pytest.param("postgresql", marks=[pytest.mark.slow, pytest.mark.service]),
    ]
)
def state_url(request: pytest.FixtureRequest, tmp_path: Path, empty_sqlite: Path) -> str:
    """The URL of an empty database."""
    if request.param == "sqlite":
        shutil.copy(empty_sqlite, tmp_path / "state.sqlite")
        return f"sqlite:///{tmp_path / 'state.sqlite'}"
    fresh: str = request.getfixturevalue("new_postgresql")
    return fresh


@pytest.fixture
def new_postgresql(postgresql: str) -> str:
    """The URL of an empty PostgreSQL database."""
    name = f"pantau_{uuid.uuid4().hex}"
    engine = create_engine(f"{postgresql}/postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return f"{postgresql}/{name}"


@pytest.fixture
def no_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever opens a socket fails."""

    def refuse(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
