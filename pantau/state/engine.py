"""Opens the state database and hands out sessions.

SQLite runs in WAL mode. Its driver, left alone, opens a transaction only at the first
write, so two processes can read the same row before either marks it as taken; writers
here therefore say BEGIN IMMEDIATE. PostgreSQL needs none of it: there a claim skips
rows that others hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, func, make_url, select
from sqlalchemy.exc import ArgumentError, DatabaseError, DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from pantau.errors import InUse, StateError

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_TIMEOUT_S = 60
_KEEP_ALIVE = {"tcp_keepalives_idle": 10, "tcp_keepalives_interval": 5, "tcp_keepalives_count": 3}
"""In seconds, and how many go unanswered."""
_WORKER = 0x50414E544155
"""The advisory lock of whoever works on a database ("PANTAU")."""


class State:
    """A state database. ``read()`` and ``write()`` give sessions; a write commits at its end."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._lock: Connection | None = None
        self._writer = engine.execution_options(pantau_write=True)

    @contextmanager
    def read(self) -> Iterator[Session]:
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        with Session(self._writer, expire_on_commit=False) as session, session.begin():
            yield session

    def connect_to_write(self) -> Connection:
        """A connection whose transactions write."""
        return self._writer.connect()

    @contextmanager
    def sole_worker(self) -> Iterator[None]:
        """Be the only one to crawl, judge and mail for a database that several machines reach.

        PostgreSQL lets go of the lock when the connection ends, however the process does. On
        SQLite the lock of the home is enough. Raises InUse at once where another has it.

        A machine that fell off the network ends no connection: the server is told to look
        whether it is still there, and lets go of the lock within half a minute.
        """
        if self.engine.dialect.name != "postgresql":
            yield
            return
        with self.engine.connect() as connection:
            connection.detach()  # closed at the end, not kept in the pool with its lock
            held = connection.scalar(select(func.pg_try_advisory_lock(_WORKER)))
            for setting, value in _KEEP_ALIVE.items():
                connection.exec_driver_sql(f"SET {setting} = {value}")
            connection.commit()  # the lock is the connection's, not the transaction's
            if not held:
                raise InUse(
                    f"{_shown(str(self.engine.url))}: another pantau is at work on this database. "
                    "Wait for it to end, or stop it first."
                )
            self._lock = connection
            try:
                yield
            finally:
                self._lock = None

    def still_alone(self) -> bool:
        """Whether the lock of ``sole_worker`` is still held: the server lets go of it where the
        connection broke, and another may be at work by now."""
        if self._lock is None:
            return True
        try:
            self._lock.exec_driver_sql("SELECT 1")
            self._lock.commit()
        except DBAPIError:
            return False
        return True

    def close(self) -> None:
        self.engine.dispose()


def open_state(url: str) -> State:
    """Open the database at a SQLAlchemy URL; an empty one gets its tables.

    Raises StateError where it cannot be opened, or was made by another version: an older one's
    is brought up to date by ``pantau.upgrade`` only, which keeps a way back.
    """
    with _told(url):
        state = _engine(url)
        present, newest = _schema(state)
        if present is None:
            migrate(state)
        elif present != newest:
            state.close()
            raise StateError(
                f"{_shown(url)}: the state is an earlier version's (schema {present}, this "
                f"one's is {newest}). Bring it up to date: pantau upgrade"
            )
    return state


def schema_of(url: str) -> tuple[str | None, str]:
    """The schema that a database has (None: it is empty), and the one that this version needs.

    Raises StateError where it cannot be opened, or was made by a newer version.
    """
    with _told(url):
        state = _engine(url)
        try:
            return _schema(state)
        finally:
            state.close()


def migrate(state: State) -> None:
    """Bring a database to this version's schema, in one transaction.

    SQLite changes a table by making another in its place, which its references forbid: they are
    looked at before the end instead (https://www.sqlite.org/lang_altertable.html, 7). Raises
    DatabaseError; nothing is changed then.
    """
    config = _migrations()
    with state.connect_to_write() as connection:
        sqlite = connection.dialect.name == "sqlite"
        driver: Any = connection.connection.driver_connection
        if sqlite:
            driver.execute("PRAGMA foreign_keys = OFF")
        try:
            with connection.begin():
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
                if sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                    raise IntegrityError("a reference leads nowhere", None, ValueError())
        finally:
            if sqlite:
                driver.execute("PRAGMA foreign_keys = ON")


def unopened(url: str) -> State:
    """A database as it is, whatever its schema: for who brings it up to date."""
    with _told(url):
        return _engine(url)


def _engine(url: str) -> State:
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine)
    return State(engine)


@contextmanager
def _told(url: str) -> Iterator[None]:
    """What keeps a database from being opened, as a person can mend it."""
    try:
        yield
    except (ArgumentError, ModuleNotFoundError) as error:
        raise StateError(
            f"settings.toml: database is no URL of a database that can be used here ({error})."
        ) from error
    except DatabaseError as error:
        raise StateError(
            f"{_shown(url)}: the state database cannot be opened ({error.orig}). "
            "Check that it is one, that its folder exists and that both may be written to."
        ) from error


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver opens no transaction by itself
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_S * 1000}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = NORMAL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("pantau_write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _migrations() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def _schema(state: State) -> tuple[str | None, str]:
    scripts = ScriptDirectory.from_config(_migrations())
    newest = scripts.get_current_head()
    assert newest is not None
    with state.engine.connect() as connection:
        present = MigrationContext.configure(connection).get_current_revision()
    if present is not None and present not in {one.revision for one in scripts.walk_revisions()}:
        raise StateError(
            f"{_shown(str(state.engine.url))}: the state database was made by a newer Pantau "
            f"(schema {present}). Install that version, or restore a backup."
        )
    return present, newest


def _shown(url: str) -> str:
    """The URL without its password."""
    return make_url(url).render_as_string(hide_password=True)
