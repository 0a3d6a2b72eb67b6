"""Answers that many people ask for at once, kept for a moment: found once, told to all."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from pantau.clock import Clock

T = TypeVar("T")
MOST = 64
"""Answers held; all are let go of when there are more."""


@dataclass
class Kept(Generic[T]):
    """Answers by what was asked, each for a while. Nobody waits for what another finds."""

    lasting: timedelta
    clock: Clock
    _held: dict[Hashable, tuple[datetime, T]] = field(default_factory=dict, init=False)

    def get(self, asked: Hashable, find: Callable[[], T]) -> T:
        now = self.clock()
        held = self._held.get(asked)
        if held is not None and now - held[0] < self.lasting:
            return held[1]
        answer = find()
        if len(self._held) >= MOST:
            self._held.clear()
        self._held[asked] = (now, answer)
        return answer
