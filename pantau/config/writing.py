"""A source written as it stands in a file of ``config/sources``: only what differs from the
defaults, in the order in which the model tells it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from pydantic import BaseModel

from pantau.config.models import Source

_UNITS = (("d", 86400), ("h", 3600), ("m", 60), ("s", 1))


def entry(source: Source, comments: Sequence[str] = ()) -> str:
    """The source as TOML, with lines of comment above it."""
    lines = [f"# {line}".rstrip() for line in comments]
    lines += ["[[source]]", *_lines(source, leave_out=("ways",))]
    for way in source.ways:
        lines += ["", "[[source.ways]]", *_lines(way)]
    return "\n".join(lines) + "\n"


def _lines(model: BaseModel, leave_out: Sequence[str] = ()) -> Iterator[str]:
    for name, told in _told(model):
        if name not in leave_out:
            yield f"{name} = {told}"


def _told(model: BaseModel) -> Iterator[tuple[str, str]]:
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        if field.is_required() or value != field.default:
            yield name, _value(value)


def _value(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case timedelta():
            return f'"{duration(value)}"'
        case date():
            return value.isoformat()
        case str():
            return _text(value)
        case BaseModel():
            return "{ " + ", ".join(f"{name} = {told}" for name, told in _told(value)) + " }"
        case tuple() | list():
            return "[" + ", ".join(map(_value, value)) + "]"
        case _:
            return str(value)


def _text(value: str) -> str:
    """A TOML string; a pattern keeps its backslashes as they are."""
    if "\\" in value and "'" not in value and value.isprintable():
        return f"'{value}'"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def duration(value: timedelta) -> str:
    """``15m``, ``2h``: the largest unit that tells it whole."""
    seconds = int(value.total_seconds())
    unit, length = next(one for one in _UNITS if seconds % one[1] == 0)
    return f"{seconds // length}{unit}"
