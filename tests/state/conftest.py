"""An empty state database of each kind: the same tests run on both."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from pantau.state import State, open_state
from tests.conftest import require_service
from tests.servers import postgres


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a PostgreSQL server, without the name of a database."""
    require_service(postgres.binaries() is not None, "PostgreSQL (apt-get install postgresql)")
    with postgres.cluster(tmp_path_factory.mktemp("postgresql")) as url:
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
    server: str = request.getfixturevalue("postgresql")
    name = f"pantau_{uuid.uuid4().hex}"
    engine = create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return f"{server}/{name}"


@pytest.fixture
def state(state_url: str) -> Iterator[State]:
    opened = open_state(state_url)
    yield opened
    opened.close()
