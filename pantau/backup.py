"""Packs a home into one file, and unpacks it into an empty one.

The state is copied first, while work goes on, by SQLite's own online copy; then the archive.
Bodies in the archive are never changed, so whatever the copied state names is packed too. The
index is left out: it is made anew from the state.
"""

from __future__ import annotations

import shutil
import sqlite3
import tarfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select

from crawler.archive import Archive
from pantau.errors import StateError
from pantau.home import Home
from pantau.state import bodies, open_state
from pantau.state.tables import RevisionRow

STATE = "state.sqlite"
_PACKED = ("config", "archive", "mail", "secret")


@dataclass(frozen=True, slots=True)
class Restored:
    """What came out of a backup."""

    articles: int
    bodies: int
    missing: tuple[str, ...]
    """SHA-256 of bodies that the state needs and the archive does not have."""


def backup(home: Home, target: Path) -> int:
    """Pack a home; how many bytes the file has.

    Written whole or not at all. Raises StateError where the state stands on a database server
    (which has its own tools for that), or where something cannot be read or written.
    """
    config = home.load_config()
    if config.settings.database:
        raise StateError(
            "the state stands on a database server: back it up with pg_dump, and keep the "
            f"folders {home.archive} and {home.config} beside it."
        )
    state = home.root / STATE
    if not state.is_file():
        raise StateError(f"{state}: there is no state here yet.")
    part = target.with_name(f"{target.name}.part")
    try:
        with TemporaryDirectory(dir=target.parent) as folder:
            copied = Path(folder) / STATE
            with closing(sqlite3.connect(state)) as source, closing(sqlite3.connect(copied)) as to:
                source.backup(to)
            with tarfile.open(part, "w") as packed:
                packed.add(copied, STATE)
                for name in _PACKED:
                    if (home.root / name).exists():
                        packed.add(home.root / name, name, filter=_whole)
        part.replace(target)
    except (OSError, sqlite3.Error, tarfile.TarError) as error:
        part.unlink(missing_ok=True)
        raise StateError(f"{target}: the backup could not be written ({error}).") from error
    return target.stat().st_size


def restore(home: Home, source: Path) -> Restored:
    """Unpack a backup into a home that has no state yet, and check it.

    Raises StateError where there is a state already, or the file is no backup; nothing is
    left behind then.
    """
    if (home.root / STATE).exists():
        raise StateError(f"{home.root}: there is a state here already. Restore into an empty home.")
    home.make()
    with home.sole_worker(), TemporaryDirectory(dir=home.root) as folder:
        try:
            with tarfile.open(source) as packed:
                packed.extractall(folder, filter="data")
        except (OSError, tarfile.TarError) as error:
            raise StateError(f"{source}: this backup cannot be read ({error}).") from error
        if not (Path(folder) / STATE).is_file():
            raise StateError(f"{source}: this is no backup of Pantau: it holds no {STATE}.")
        for name in (*_PACKED, STATE):
            unpacked, target = Path(folder) / name, home.root / name
            if unpacked.is_dir():
                shutil.copytree(unpacked, target, dirs_exist_ok=True)
            elif unpacked.exists():
                unpacked.replace(target)
    return _checked(home)


def _whole(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
    """Leaves out what is being written at the moment."""
    return None if member.name.endswith(".part") else member


def _checked(home: Home) -> Restored:
    state = open_state(home.database_url(home.load_config()))
    archive = Archive(home.archive)
    try:
        with state.read() as session:
            articles = len(session.scalars(select(RevisionRow.article_id).distinct()).all())
            named = bodies.held(session)
    finally:
        state.close()
    missing = sorted(sha256 for sha256 in named if not archive.path(sha256).is_file())
    return Restored(articles, len(named), tuple(missing))
