"""Runs ``pantau`` and dies at a named point.

A point is the first time a function is entered, or the first time it has done its work.

Loading the models takes a process longer than all it does between a feed and a mail, so
``python -m tests.endtoend.killed`` loads them once and then forks a process for each run that
``Killer`` asks of it, a JSON line each; the reading processes are forked of that one in turn.
"""

from __future__ import annotations

import ctypes
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from types import TracebackType
from typing import Any, Self

POINTS = {
    "crawl: the feed is read": "crawler.ledger:Ledger.note after",
    "crawl: a page is in the archive": "crawler.archive:Archive.put after",
    "crawl: a page's row says so": "pantau.state.pages:fetched after",
    "read: pages are claimed": "pantau.state.pages:claim_fetched after",
    "read: an article is written, its page not yet": "pantau.state.articles:store after",
    "read: a page is done": "pantau.state.pages:done after",
    "index: articles are handed over": "search.embedded:EmbeddedIndex.add before",
    "index: it has them, no row says so": "search.embedded:EmbeddedIndex.add after",
    "cluster: an article is taken up": "pantau.state.cases:told_by after",
    "cluster: a case is made, its mention not in it": "pantau.state.cases:create after",
    "cluster: an alert is noted": "pantau.state.alerts:add after",
    "mail: an alert counts as told, its mail is not queued": "pantau.state.alerts:settle after",
    "mail: a mail is queued": "pantau.state.outbox:queue after",
    "mail: mails are claimed": "pantau.state.outbox:claim_due after",
    "mail: the server is about to get it": "alerts.delivery:Smtp.send before",
    "mail: the server has it, no row says so": "alerts.delivery:Smtp.send after",
    "mail: a row says so": "alerts.sending:_hand_over after",
}
TOLD_TWICE = "mail: the server has it, no row says so"
"""Where SMTP itself leaves open whether a mail arrived, it comes again."""

SET_CHILD_SUBREAPER = 36
"""Of prctl(2): whoever loses its parent below becomes a child of this process."""


class Killer:
    """Runs ``pantau`` in processes that die where they are told to. Use as ``with Killer()``."""

    def __enter__(self) -> Self:
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.endtoend.killed"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._server.stdin is not None
        self._server.stdin.close()
        self._server.wait()

    def run(self, *arguments: str, point: str = "") -> tuple[int, str]:
        """How the process ended (a signal's number is negative) and what it said."""
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        self._server.stdin.write(json.dumps([point, *arguments]) + "\n")
        self._server.stdin.flush()
        code, said = json.loads(self._server.stdout.readline())
        return code, said


def deadly(work: Callable[..., Any], *, when: str) -> Callable[..., Any]:
    def work_and_die(*arguments: Any, **more: Any) -> Any:
        if when == "after":
            work(*arguments, **more)
        os.kill(os.getpid(), signal.SIGKILL)

    return work_and_die


def make_deadly(point: str) -> None:
    where, _, when = POINTS[point].partition(" ")
    module, _, path = where.partition(":")
    holder: Any = import_module(module)
    *within, name = path.split(".")
    for part in within:
        holder = getattr(holder, part)
    setattr(holder, name, deadly(getattr(holder, name), when=when))


def pantau(point: str, arguments: list[str], said: int) -> None:
    """In the forked process: become ``pantau``, and never return."""
    os.setsid()
    os.dup2(said, 1)
    os.dup2(said, 2)
    code: object = 1
    try:
        forking = multiprocessing.get_context("fork")
        multiprocessing.get_context = lambda method=None: forking  # type: ignore[assignment,misc]
        if point:
            make_deadly(point)
        sys.argv = ["pantau", *arguments]
        import_module("pantau.cli").main()
        code = 0
    except SystemExit as end:
        code = end.code
    except BaseException:
        traceback.print_exc()
    sys.stdout.flush()
    os._exit(code if isinstance(code, int) else 1)


def end_readers(group: int) -> None:
    """End the reading processes of a process that died, and wait until they are gone: forked of
    it, they hold its lock."""
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)
    with suppress(ChildProcessError):
        while True:
            os.waitpid(-group, 0)


def serve() -> None:
    ctypes.CDLL(None).prctl(SET_CHILD_SUBREAPER, 1)
    warm: Callable[..., None] = import_module("pantau.reading").warm
    import_module("pantau.pipeline")
    warm(0.5, None)
    for line in sys.stdin:
        point, *arguments = json.loads(line)
        with tempfile.TemporaryFile() as said:
            child = os.fork()
            if child == 0:
                pantau(point, arguments, said.fileno())
            _, status = os.waitpid(child, 0)
            end_readers(child)
            said.seek(0)
            told = said.read().decode("utf-8", "replace")
        print(json.dumps([os.waitstatus_to_exitcode(status), told]), flush=True)  # noqa: T201


if __name__ == "__main__":
    serve()
