"""Reads the project's own texts. ``README.md`` beside this file gives the format."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

Split = Literal["train", "tune", "report"]
HERE = Path(__file__).parent


def split(event: str | list[str]) -> Split:
    """The part an event belongs to, from a hash of its id: stable for ever.

    A recap of several events goes with its first.
    """
    first = event if isinstance(event, str) else event[0]
    bucket = hashlib.sha256(first.encode()).digest()[0] % 10
    return "train" if bucket < 6 else "tune" if bucket < 8 else "report"


def texts(part: Split | None = None) -> Iterator[dict[str, Any]]:
    """Articles, headlines and posts, in the order of files and lines."""
    return _rows("texts", part)


def passages(part: Split | None = None) -> Iterator[dict[str, Any]]:
    """Contrasting passages of one to three sentences."""
    return _rows("passages", part)


def _rows(folder: str, part: Split | None) -> Iterator[dict[str, Any]]:
    for path in sorted((HERE / folder).glob("*.jsonl")):
        with path.open(encoding="utf-8") as lines:
            header = json.loads(next(lines))
            if header.get("karangan") is not True:
                raise ValueError(f"{path}: the first line must say that the texts are karangan")
            for line in lines:
                row: dict[str, Any] = json.loads(line)
                if part is None or split(row["event"]) == part:
                    yield row
