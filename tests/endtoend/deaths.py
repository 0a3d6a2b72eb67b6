"""Readings that kill their worker; run in the pool's processes, so they are importable."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from pantau.reading import Reading, ReadingTask, read_page

MARKS = "PANTAU_TEST_DEATHS"
"""Environment variable with the folder in which each death leaves a file."""


def reading(task: ReadingTask) -> Reading:
    """Read a page; one with ``mati`` in its address dies over it, ``mati-sekali`` but once."""
    if "mati" in task.page.url:
        marks = Path(os.environ[MARKS])
        died_before = any(marks.iterdir())
        if "mati-sekali" not in task.page.url or not died_before:
            (marks / str(os.getpid())).touch()
            os.kill(os.getpid(), signal.SIGKILL)
    return read_page(task)
