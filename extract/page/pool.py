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
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Generic, Literal, TypeVar

from pebble import ProcessExpired, ProcessFuture, ProcessPool

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
        self._in_flight = 2 * workers + 2
        self._pool = ProcessPool(
            max_workers=workers,
            initializer=warm,
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
        a time, so ``items`` may be a stream."""
        limited = _Limited(function, self._memory)
        waiting: deque[ProcessFuture[Result | Failure]] = deque()
        source = iter(items)
        try:
            while True:
                while len(waiting) < self._in_flight:
                    try:
                        item = next(source)
                    except StopIteration:
                        break
                    waiting.append(
                        self._pool.schedule(limited, args=(item,), timeout=self._timeout)
                    )
                if not waiting:
                    return
                yield _outcome(waiting.popleft())
        finally:
            for future in waiting:
                future.cancel()  # type: ignore[no-untyped-call]


def _outcome(future: ProcessFuture[Result | Failure]) -> Result | Failure:
    try:
        return future.result()
    except PoolTimeout:
        return Failure("timeout")
    except ProcessExpired as error:
        return Failure("crashed", f"exit code {error.exitcode}")
    except MemoryError:
        return Failure("memory")
