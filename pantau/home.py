"""The folder everything lives under (``PANTAU_HOME``, ``--home``, default ``./var``)."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from tempfile import NamedTemporaryFile

from pantau.config import Config, load_config
from pantau.errors import InUse, StateError


@dataclass(frozen=True, slots=True)
class Home:
    """Where the files of one installation stand."""

    root: Path

    @property
    def config(self) -> Path:
        """The operator's own configuration; without one, the defaults that come with Pantau."""
        own = self.root / "config"
        return own if own.is_dir() else default_config()

    @property
    def index(self) -> Path:
        return self.root / "index.sqlite"

    @property
    def archive(self) -> Path:
        return self.root / "archive"

    @property
    def mail(self) -> Path:
        return self.root / "mail"

    def secret(self) -> bytes:
        """What links in mails are signed with: made at the first use, and the home's own.

        Raises StateError where it can be neither read nor made.
        """
        path = self.root / "secret"
        try:
            if not path.exists():
                with NamedTemporaryFile(dir=self.root) as file, suppress(FileExistsError):
                    file.write(secrets.token_hex(32).encode())
                    file.flush()
                    os.link(file.name, path)  # whole or not at all, and never over another's
            return path.read_bytes()
        except OSError as error:
            raise StateError(f"{path}: the secret cannot be used ({error.strerror}).") from error

    def database_url(self, config: Config) -> str:
        return config.settings.database or f"sqlite:///{self.root / 'state.sqlite'}"

    def load_config(self) -> Config:
        return load_config(self.config)

    def make(self) -> None:
        """Make the folder. Raises StateError where that cannot be done."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StateError(
                f"{self.root}: the home folder cannot be made ({error.strerror}). "
                "Give another with --home or PANTAU_HOME."
            ) from error

    def init(self) -> Path:
        """Copy the default configuration into the home folder, for its operator to edit.

        Raises StateError where a configuration is there already: nothing is overwritten.
        """
        self.make()
        target = self.root / "config"
        if target.exists():
            raise StateError(f"{target}: there is a configuration already. Edit it, or move it.")
        shutil.copytree(default_config(), target)
        return target

    @contextmanager
    def sole_worker(self) -> Iterator[None]:
        """Hold the lock that lets one process crawl, judge and mail for this home.

        Raises InUse at once where another process holds it. The lock goes with the
        process, so a killed one leaves nothing behind.
        """
        self.make()
        path = self.root / "worker.lock"
        try:
            lock = path.open("w")
        except OSError as error:
            raise StateError(
                f"{path}: cannot be written ({error.strerror}). Check the folder's permissions."
            ) from error
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise InUse(
                    f"{self.root}: another pantau is at work here. "
                    "Wait for it to end, or stop it first."
                ) from None
            yield


def default_config() -> Path:
    """The configuration that ships with Pantau (in a wheel, or in a source checkout)."""
    package = Path(str(files("pantau")))
    shipped = package / "default_config"
    return shipped if shipped.is_dir() else package.parent / "config"
