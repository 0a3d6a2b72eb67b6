"""Brings the state of an earlier version up to date, with a way back.

Where the state is SQLite's, it is copied beside itself first, by SQLite's own online copy. A
database server has its own tools for that, and the person at it has used them.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from pantau.errors import StateError
from pantau.home import Home
from pantau.state.engine import migrate, open_state, schema_of, unopened

_BESIDE = ("-wal", "-shm")


@dataclass(frozen=True, slots=True)
class Upgraded:
    before: str
    now: str
    kept: Path | None
    """The copy of the state as it was; none of a database server's."""


def upgrade(home: Home, *, dumped: bool = False) -> Upgraded | None:
    """Bring a home's state to this version; None where it is there already.

    ``dumped``: that a database server's data was saved. Raises StateError where Pantau is at
    work, where that was not said, or where it fails; the state is then as it was.
    """
    with home.sole_worker():
        config = home.load_config()
        url = home.database_url(config)
        on_server = bool(config.settings.database)
        if not on_server and not _state(home).is_file():
            raise StateError(f"{_state(home)}: there is no state here yet.")
        present, newest = schema_of(url)
        if present is None or present == newest:
            return None
        if on_server and not dumped:
            raise StateError(
                "the state stands on a database server: save it with pg_dump, then say so: "
                "pantau upgrade --dumped"
            )
        kept = None if on_server else _copy(home, present)
        state = unopened(url)
        try:
            migrate(state)
        except (SQLAlchemyError, sqlite3.Error) as error:
            raise StateError(
                f"the state could not be brought from schema {present} to {newest}, and is as "
                f"it was ({error}). Go on with the earlier version."
            ) from error
        finally:
            state.close()
        open_state(url).close()
        return Upgraded(present, newest, kept)


def go_back(home: Home) -> tuple[Path, Path]:
    """Put the state back as it was before the last upgrade: the copy, and where what was there
    has gone. What was read and done since then is only in the latter.

    Raises StateError where no copy was kept.
    """
    with home.sole_worker():
        copies = sorted(_folder(home).glob("state-before-*.sqlite"))
        if not copies:
            raise StateError(
                f"{_folder(home)}: no state was kept from before an upgrade. Restore a backup."
            )
        copy, state = copies[-1], _state(home)
        aside = _folder(home) / copy.name.replace("before", "after")
        _checkpoint(state)
        state.replace(aside)
        for end in _BESIDE:
            state.with_name(state.name + end).unlink(missing_ok=True)
        copy.replace(state)
        return copy, aside


def _state(home: Home) -> Path:
    return home.root / "state.sqlite"


def _folder(home: Home) -> Path:
    return home.root / "upgrades"


def _copy(home: Home, schema: str) -> Path:
    """The state as it is, whole on disk before anything is changed."""
    target = _folder(home) / f"state-before-{schema}.sqlite"
    part = target.with_suffix(".part")
    try:
        target.parent.mkdir(exist_ok=True)
        with closing(sqlite3.connect(_state(home))) as old, closing(sqlite3.connect(part)) as copy:
            old.backup(copy)
        part.replace(target)
    except (OSError, sqlite3.Error) as error:
        part.unlink(missing_ok=True)
        raise StateError(f"{target}: the state could not be copied ({error}).") from error
    return target


def _checkpoint(state: Path) -> None:
    """Bring what stands in the write-ahead log into the file itself."""
    with closing(sqlite3.connect(state)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
