"""An earlier version's state: refused, brought up to date with all that is in it, and back."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Column, MetaData, text

from pantau import upgrade as upgrading
from pantau.errors import StateError
from pantau.home import Home
from pantau.state import State, open_state
from pantau.state.engine import MIGRATIONS, schema_of, unopened
from pantau.upgrade import go_back, upgrade

pytestmark = pytest.mark.slow

FIRST = "0001"
WHEN = datetime(2026, 1, 1, tzinfo=UTC)
BLANK: dict[type[Any], Any] = {
    str: "",
    bytes: b"",
    int: 0,
    float: 0.0,
    bool: False,
    object: {},  # JSON
    datetime: WHEN,
}
ROWS: dict[str, dict[str, Any]] = {
    "sources": {"id": "kabar"},
    "articles": {"id": "a1", "source_id": "kabar", "title": "Camat", "revision": 1},
    "cases": {"id": 7, "subject": "asn"},
    "mentions": {"id": 1, "article_id": "a1", "revision": 1, "case_id": 7},
    "alerts": {"id": 3, "case_id": 7, "subscription_id": "grobogan", "kind": "new"},
    "outbox": {"id": 1, "alert_id": 3, "message": b"Subject: x", "status": "sent"},
    "revisions": {"id": 1, "article_id": "a1"},
    "pages": {"id": 1, "key": "k", "source_id": "kabar", "article_id": "a1"},
}


def blank(column: Column[Any]) -> Any:
    """Something that the column takes."""
    return None if column.nullable else BLANK[column.type.python_type]


@pytest.fixture
def old(tmp_path: Path) -> Home:
    """A home as the first version left it, with an article in a case."""
    home = Home(tmp_path)
    state = unopened(f"sqlite:///{tmp_path / 'state.sqlite'}")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with state.write() as session:
        config.attributes["connection"] = session.connection()
        command.upgrade(config, FIRST)
    tables = MetaData()
    tables.reflect(state.engine)
    with state.write() as session:
        for name, row in ROWS.items():
            table = tables.tables[name]
            session.execute(table.insert(), {c.name: blank(c) for c in table.columns} | row)
    state.close()
    return home


def url(home: Home) -> str:
    return f"sqlite:///{home.root / 'state.sqlite'}"


def held(home: Home) -> tuple[str, int]:
    """The article's title and the case of its mention."""
    with closing(sqlite3.connect(home.root / "state.sqlite")) as database:
        asked = "SELECT a.title, m.case_id FROM articles a JOIN mentions m ON m.article_id = a.id"
        found: tuple[str, int] = database.execute(asked).fetchone()
        return found


def test_an_earlier_state_is_not_opened_and_the_command_is_named(old: Home) -> None:
    with pytest.raises(StateError, match="pantau upgrade"):
        open_state(url(old))
    assert schema_of(url(old))[0] == FIRST


def test_everything_in_it_is_there_afterwards(old: Home) -> None:
    done = upgrade(old)
    assert done is not None
    assert done.before == FIRST
    assert held(old) == ("Camat", 7)
    open_state(url(old)).close()
    assert upgrade(old) is None


def test_there_is_a_way_back_and_nothing_is_thrown_away(old: Home) -> None:
    upgrade(old)
    with closing(sqlite3.connect(old.root / "state.sqlite")) as database:
        database.execute("UPDATE articles SET title = 'Sesudah'")
        database.commit()
    _, aside = go_back(old)
    assert schema_of(url(old))[0] == FIRST
    assert held(old) == ("Camat", 7)
    with closing(sqlite3.connect(aside)) as database:
        assert database.execute("SELECT title FROM articles").fetchone() == ("Sesudah",)
    upgrade(old)  # and forward again
    open_state(url(old)).close()


def test_an_upgrade_that_fails_leaves_the_state_as_it_was(
    old: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = dump(old)

    def break_off(state: State) -> None:
        with state.write() as session:
            session.execute(text("ALTER TABLE articles ADD COLUMN half INTEGER"))
            raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(upgrading, "migrate", break_off)
    with pytest.raises(StateError, match="is as it was"):
        upgrade(old)
    assert dump(old) == before
    assert list((old.root / "upgrades").glob("state-before-*.sqlite"))


def dump(home: Home) -> list[str]:
    with closing(sqlite3.connect(home.root / "state.sqlite")) as database:
        return list(database.iterdump())


def test_it_waits_for_who_is_at_work(old: Home) -> None:
    with old.sole_worker(), pytest.raises(StateError, match="another pantau is at work"):
        upgrade(old)


def test_without_a_state_there_is_nothing_to_do(tmp_path: Path) -> None:
    with pytest.raises(StateError, match="there is no state here yet"):
        upgrade(Home(tmp_path / "new"))
    with pytest.raises(StateError, match="no state was kept"):
        go_back(Home(tmp_path / "new"))
