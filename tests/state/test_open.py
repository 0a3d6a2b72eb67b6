"""A database that cannot be used is told in a sentence, not in a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from pantau.errors import StateError
from pantau.home import Home
from pantau.state import open_state


@pytest.mark.parametrize("url", ["nonsense", "nosuch://host/name", "sqlite:////no/such/folder/x"])
def test_an_unusable_url_is_told(url: str) -> None:
    with pytest.raises(StateError, match="database"):
        open_state(url)


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "state.sqlite").write_text("not a database, but long enough to be read as one" * 9)
    with pytest.raises(StateError, match=r"state\.sqlite"):
        open_state(f"sqlite:///{tmp_path / 'state.sqlite'}")


def test_a_missing_driver_is_told_without_the_password() -> None:
    with pytest.raises(StateError, match="psycopg2") as caught:
        open_state("postgresql+psycopg2://pantau:rahasia@localhost/pantau")
    assert "rahasia" not in str(caught.value)


def test_a_lock_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "worker.lock").mkdir()
    with pytest.raises(StateError, match=r"worker\.lock"), Home(tmp_path).sole_worker():
        pass
