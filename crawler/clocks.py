"""How far this machine's clock is from the world's, as the servers that answer tell the time."""

from __future__ import annotations

import email.utils
from collections import OrderedDict
from datetime import UTC, datetime
from statistics import median

MOST_HOSTS = 50
ENOUGH_HOSTS = 3
"""A single server's clock may be the wrong one."""


class Clocks:
    """What each host's last answer said. A clock that is wrong moves every deadline."""

    def __init__(self) -> None:
        self._ahead: OrderedDict[str, float] = OrderedDict()

    def note(self, host: str, date: bytes | None, now: datetime) -> None:
        """Take down the Date header of an answer that came just now."""
        try:
            told = email.utils.parsedate_to_datetime((date or b"").decode("latin-1"))
        except ValueError:
            return
        told = told if told.tzinfo else told.replace(tzinfo=UTC)
        self._ahead[host] = (now - told).total_seconds()
        self._ahead.move_to_end(host)
        while len(self._ahead) > MOST_HOSTS:
            self._ahead.popitem(last=False)

    def ahead(self) -> float | None:
        """By how many seconds this machine is ahead of most of them; None where too few told."""
        if len(self._ahead) < ENOUGH_HOSTS:
            return None
        return median(self._ahead.values())
