"""An opened home for the pages, and browsers that ask them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from pantau.config import Config, Settings, Source
from pantau.config.models import WayIn
from pantau.home import Home
from pantau.state import accounts
from pantau.state.accounts import Role
from pantau.web.app import create_app
from pantau.web.context import WebContext, open_context
from pantau.web.security import passwords
from tests.web.world import NOW, Clock

Account = Callable[..., int]
Browser = Callable[..., TestClient]
PASSWORD = "melati di teras rumah"


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
def context(tmp_path: Path, clock: Clock, empty_sqlite: Path) -> Iterator[WebContext]:
    shutil.copy(empty_sqlite, tmp_path / "state.sqlite")
    source = Source(
        id="kabar-tirta",
        name="Kabar Tirta",
        every=timedelta(minutes=15),
        ways=(WayIn(kind="feed", url="https://kabartirta.example/feed"),),
    )
    config = Config(
        folder=tmp_path / "config",
        settings=Settings(),
        sources={source.id: source},
        subscriptions={},
    )
    with open_context(Home(tmp_path), config, clock) as opened:
        yield opened


@pytest.fixture(scope="session")
def password_hash() -> str:
    """Hashing takes its time on purpose: once is enough."""
    return passwords.hashed(PASSWORD)


@pytest.fixture
def account(context: WebContext, password_hash: str) -> Account:
    """Make an account; its id is returned."""

    def make(name: str, role: Role = "watcher", regions: Sequence[str] = ()) -> int:
        with context.state.write() as session:
            return accounts.add(
                session,
                name=name,
                full_name=name.title(),
                role=role,
                regions=regions,
                password_hash=password_hash,
                now=context.clock(),
            ).id

    return make


@pytest.fixture
def browser(context: WebContext) -> Iterator[Browser]:
    """A browser of its own cookies; with a name it is logged in."""
    app = create_app(context)
    opened: list[TestClient] = []

    def open_one(name: str = "", address: str = "127.0.0.1") -> TestClient:
        client = TestClient(
            app,
            base_url="http://127.0.0.1:8000",
            client=(address, 50000),
            follow_redirects=False,
        )
        opened.append(client)
        if name:
            entered = client.post("/masuk", data={"nama": name, "sandi": PASSWORD})
            assert entered.status_code == 303, entered.text
        return client

    yield open_one
    for client in opened:
        client.close()
