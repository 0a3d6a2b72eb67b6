"""A PostgreSQL of our own for the tests that need one: a cluster that is thrown away."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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
def cluster(folder: Path) -> Iterator[str]:
    """A server that is up, on loopback; yields the URL of its database without a name."""
    where = binaries()
    assert where is not None
    data = folder / "data"
    as_user = ["runuser", "-u", USER, "--"] if os.getuid() == 0 else []
    if as_user:
        shutil.chown(folder, USER)
        for parent in folder.parents[:2]:  # pytest keeps its folders to itself
            parent.chmod(0o711)
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
