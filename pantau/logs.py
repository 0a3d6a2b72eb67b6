"""How ``pantau run`` tells what it does: lines for people, or JSON for a log store."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Literal
from uuid import uuid4

_LINES = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_LOUD = {
    "alembic": logging.WARNING,
    "apscheduler": logging.CRITICAL,
    "httpx": logging.WARNING,  # it tells addresses whole, and some hold a token
    "apprise": logging.CRITICAL,
}
"""Others' logs of which only this much is of use; what failed in a tick the service tells."""


class JsonLines(logging.Formatter):
    """One JSON object a line; ``run`` is the same from the start of a process to its end."""

    def __init__(self) -> None:
        super().__init__()
        self._run = uuid4().hex[:12]

    def format(self, record: logging.LogRecord) -> str:
        told = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "run": self._run,
            "message": record.getMessage(),
        }
        if record.exc_info:
            told["error"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False)


def configure(style: Literal["lines", "json"]) -> None:
    """Send the log to standard error in this style, from INFO on."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if style == "json" else logging.Formatter(_LINES))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name, level in _LOUD.items():
        logging.getLogger(name).setLevel(level)
