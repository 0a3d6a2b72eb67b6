"""Functions for worker processes; they must be importable by name."""

from __future__ import annotations

import os
import signal
import time

_warmed: list[bool] = []


def warm() -> None:
    _warmed.append(True)


def act(item: str) -> str:
    if item == "sleep":
        time.sleep(60)
    if item == "spin":
        while True:
            pass
    if item == "eat":
        held = []
        while True:
            held.append(bytearray(16 * 1024 * 1024))
    if item == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if item == "raise":
        raise ValueError("halaman aneh")
    if item == "warmed":
        return str(bool(_warmed))
    return item.upper()


def pid(_item: object) -> int:
    """Slow enough that every worker of a pool takes a share."""
    time.sleep(0.2)
    return os.getpid()


def die_at_once() -> None:
    """A start that fails, as of a model that cannot be loaded."""
    os._exit(3)
