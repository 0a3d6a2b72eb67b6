"""Worker processes in which a stranger's page can do no harm.

A function runs for each item in a process of its own pool, under a time limit and a memory
limit (``RLIMIT_AS``, counted over what the worker holds when the item begins). What breaks
a limit or kills its worker comes back as a ``Failure`` in its place; its neighbours and the
run go on. Built on pebble: the standard pool fails every waiting task when one worker dies.
"""

from __future__ import annotations

import multiprocessing
import resource
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import TimeoutError as PoolTimeout
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Generic, Literal, TypeVar

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from pantau.errors import PantauError

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an item has no result."""

    kind: Literal["timeout", "memory", "crashed", "error"]
    detail: str = ""

    @property
    def reason(self) -> str:
        """As it stands in a page's disposition: ``failed: timeout``."""
        return f"failed: {self.kind}" + (f": {self.detail}" if self.detail else "")


def _address_space() -> int:
    """Bytes of address space this process holds now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return pages * resource.getpagesize()


@dataclass(frozen=True, slots=True)
class _Limited(Generic[Item, Result]):
    """The function with its memory limit, as it is sent to a worker."""

    function: Callable[[Item], Result]
    memory: int

    def __call__(self, item: Item) -> Result | Failure:
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        limit = _address_space() + self.memory
        if hard != resource.RLIM_INFINITY:
            limit = min(limit, hard)
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
        try:
            return self.function(item)
        except MemoryError:
            return Failure("memory")
        except Exception as error:
            return Failure("error", f"{type(error).__name__}: {error}"[:300])
        finally:
            resource.setrlimit(resource.RLIMIT_AS, (hard, hard))


RESTARTS = 3
"""How often in a row a pool whose workers died is made anew before that is an error."""


class WorkersLost(PantauError):
    """The workers cannot be kept alive; what they were to do is still to be done."""


@dataclass(slots=True)
class _Begun(Generic[Item, Result]):
    """An item that was handed to the pool."""

    item: Item
    future: ProcessFuture[Result | Failure]


class WorkerPool:
    """``with WorkerPool(2) as pool: for result in pool.map(function, items): …``

    ``timeout`` is in seconds for each item, ``memory_mb`` in MB over the worker's own size.
    ``warm`` runs once in each new worker before its first item and under no limit: load
    models there. ``function`` and ``warm`` must be importable (picklable by name).
    """

    def __init__(
        self,
        workers: int = 1,
        *,
        timeout: float = 10.0,
        memory_mb: int = 500,
        warm: Callable[[], object] | None = None,
    ) -> None:
        self._timeout = timeout
        self._memory = memory_mb * 1024 * 1024
        self._workers = workers
        self._warm = warm
        self._in_flight = 2 * workers + 2
        self._pool = self._start()

    def _start(self) -> ProcessPool:
        return ProcessPool(
            max_workers=self._workers,
            initializer=self._warm,
            context=multiprocessing.get_context("spawn"),
        )

    def __enter__(self) -> WorkerPool:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self.close()
        else:
            self.stop()

    def close(self) -> None:
        """Let what runs end, then let the workers go."""
        self._pool.close()  # type: ignore[no-untyped-call]
        self._pool.join()

    def stop(self) -> None:
        """End the workers now; what they were at is lost."""
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()

    def map(
        self, function: Callable[[Item], Result], items: Iterable[Item]
    ) -> Iterator[Result | Failure]:
        """A result or ``Failure`` for each item, in their order; only a few items are held at
        a time, so ``items`` may be a stream.

        A pool whose workers died between two items is made anew, and its items are begun
        again. Raises WorkersLost where even new workers do not live.
        """
        limited = _Limited(function, self._memory)
        waiting: deque[_Begun[Item, Result]] = deque()
        source = iter(items)
        lost = 0
        try:
            while True:
                while len(waiting) < self._in_flight:
                    try:
                        item = next(source)
                    except StopIteration:
                        break
                    waiting.append(_Begun(item, self._begin(limited, item)))
                if not waiting:
                    return
                try:
                    outcome = _outcome(waiting[0].future)
                except BrokenProcessPool as error:
                    lost += 1
                    if lost > RESTARTS:
                        raise WorkersLost(
                            "the worker processes die as soon as they start. Check the memory "
                            "of this machine, and that the models can be loaded: pantau check -"
                        ) from error
                    self._restart()
                    for begun in waiting:
                        if not _ended_well(begun.future):
                            begun.future = self._begin(limited, begun.item)
                    continue
                lost = 0
                waiting.popleft()
                yield outcome
        finally:
            for begun in waiting:
                begun.future.cancel()  # type: ignore[no-untyped-call]

    def _begin(
        self, limited: _Limited[Item, Result], item: Item
    ) -> ProcessFuture[Result | Failure]:
        try:
            return self._pool.schedule(limited, args=(item,), timeout=self._timeout)
        except RuntimeError:  # what pebble says of a pool that has broken meanwhile
            self._restart()
            return self._pool.schedule(limited, args=(item,), timeout=self._timeout)

    def _restart(self) -> None:
        self.stop()
        self._pool = self._start()


def _ended_well(future: ProcessFuture[Result | Failure]) -> bool:
    return future.done() and not future.cancelled() and future.exception() is None


def _outcome(future: ProcessFuture[Result | Failure]) -> Result | Failure:
    try:
        return future.result()
    except PoolTimeout:
        return Failure("timeout")
    except ProcessExpired as error:
        return Failure("crashed", f"exit code {error.exitcode}")
    except MemoryError:
        return Failure("memory")
