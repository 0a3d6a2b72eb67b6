"""A PostgreSQL of our own for the tests that need one: a cluster that is thrown away."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

USER = "postgres"
"""Whom the server runs as where the tests are run by root, as whom it refuses to."""


def binaries() -> Path | None:
    """Where Debian or the PATH has ``initdb`` and ``pg_ctl``; the newest of several."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parts[-2]))
    if found:
        return found[-1]
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


@contextmanager
def cluster() -> Iterator[str]:
    """A server that is up, on loopback; yields the URL of its databases without a name."""
    # Not among pytest's folders, which only their owner may enter.
    with TemporaryDirectory(prefix="pantau-postgresql-") as folder:
        if os.getuid() == 0:
            shutil.chown(folder, USER)
        with _running(Path(folder) / "data") as url:
            yield url


@contextmanager
def _running(data: Path) -> Iterator[str]:
    where = binaries()
    assert where is not None
    as_user = ["runuser", "-u", USER, "--"] if os.getuid() == 0 else []
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    def run(*command: str | Path) -> None:
        done = subprocess.run(
            [*as_user, *command], cwd="/", capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"

    # Not the machine's zone and no durability: a zone that leaks in shows, and nothing is kept.
    run(where / "initdb", "-D", data, "-U", "pantau", "-A", "trust", "-E", "UTF8", "--no-sync")
    options = f"-p {port} -h 127.0.0.1 -k '' -F -c timezone=Asia/Jayapura"
    run(where / "pg_ctl", "-D", data, "-l", data / "log", "-w", "-o", options, "start")
    try:
        yield f"postgresql+psycopg://pantau@127.0.0.1:{port}"
    finally:
        run(where / "pg_ctl", "-D", data, "-m", "immediate", "stop")
