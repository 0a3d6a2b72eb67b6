"""``pantau run`` as a process, and what it and its readers use."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psutil

from pantau.home import Home

LOOK_S = 5.0
"""How often their memory is looked at."""


class Watched:
    """The processes of a service, while it runs."""

    def __init__(self, pid: int) -> None:
        self._main = psutil.Process(pid)
        self._over = threading.Event()
        self.peak_mb = 0.0
        """Held by all of them together; what they share is counted once."""
        threading.Thread(target=self._watch, daemon=True).start()

    @property
    def cpu(self) -> float:
        """Seconds of the processor so far, of those that have ended too."""
        total = 0.0
        for process in self._all():
            with suppress(psutil.NoSuchProcess):
                used = process.cpu_times()
                total += used.user + used.system + used.children_user + used.children_system
        return total

    def end(self) -> None:
        self._over.set()

    def _watch(self) -> None:
        while not self._over.wait(LOOK_S):
            held = 0
            for process in self._all():
                with suppress(psutil.NoSuchProcess):
                    held += process.memory_full_info().pss
            self.peak_mb = max(self.peak_mb, held / 1e6)

    def _all(self) -> list[psutil.Process]:
        with suppress(psutil.NoSuchProcess):
            return [self._main, *self._main.children(recursive=True)]
        return []


@contextmanager
def service(home: Home) -> Iterator[Watched]:
    """The service at work on a home. Raises SystemExit where it fails or does not stop cleanly."""
    log = home.root / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "pantau", "--home", str(home.root), "run"],
            stdout=out,
            stderr=subprocess.STDOUT,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
        )
    watched = Watched(process.pid)
    try:
        yield watched
        watched.end()
        process.send_signal(signal.SIGTERM)
        if process.wait(timeout=60) or "Traceback" in log.read_text():
            raise SystemExit(f"the service failed:\n{log.read_text()[-4000:]}")
    finally:
        process.kill()
        process.wait()
