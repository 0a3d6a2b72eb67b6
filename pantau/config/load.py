"""Reads and checks the files of a configuration folder."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from pantau.config.lines import line_of
from pantau.config.models import (
    Settings,
    Source,
    SourcesFile,
    Subscription,
    SubscriptionsFile,
    SynonymsFile,
    WayOut,
)
from pantau.errors import ConfigError

Model = TypeVar("Model", bound=BaseModel)
Named = TypeVar("Named", Subscription, WayOut)
_SHOWN = 60
"""Characters of a wrong value that a message repeats at most."""


@dataclass(frozen=True, slots=True)
class Config:
    """All that a folder of configuration says."""

    folder: Path
    settings: Settings
    sources: dict[str, Source]
    subscriptions: dict[str, Subscription]
    synonyms: tuple[tuple[str, ...], ...] = ()
    """Groups of words that mean the same in a search."""
    ways: dict[str, WayOut] = field(default_factory=dict)
    """Ways out other than mail."""

    @property
    def candidates(self) -> Path | None:
        """Folder of the election's candidates, where there is one."""
        folder = self.folder / "candidates"
        return folder if folder.is_dir() else None

    def source(self, source_id: str) -> Source:
        if source_id in self.sources:
            return self.sources[source_id]
        near = difflib.get_close_matches(source_id, self.sources, n=1)
        hint = f' Did you mean "{near[0]}"?' if near else ""
        raise ConfigError([f'{self.folder / "sources"}: there is no source "{source_id}".{hint}'])


def load_subscriptions(path: Path) -> dict[str, Subscription]:
    """The subscriptions of one file, by id. Raises ConfigError with every mistake of it."""
    if not path.is_file():
        raise ConfigError([f"{path}: there is no such file."])
    problems: list[str] = []
    named, _ = _subscriptions(path, problems)
    if problems:
        raise ConfigError(problems)
    return named


def load_config(folder: Path) -> Config:
    """Read ``settings.toml``, ``subscriptions.toml``, ``synonyms.toml`` and ``sources/*.toml``.

    Raises ConfigError with every mistake of every file, not only the first.
    """
    if not folder.is_dir():
        raise ConfigError([f"{folder}: there is no such folder. Make one with: pantau init"])
    problems: list[str] = []
    settings = _read(folder / "settings.toml", Settings, problems)
    synonyms = _read(folder / "synonyms.toml", SynonymsFile, problems)
    sources: dict[str, Source] = {}
    for path in sorted((folder / "sources").glob("*.toml")):
        for number, source in enumerate(_read(path, SourcesFile, problems).source):
            if source.id in sources:
                where = _place(path, ("source", number, "id"))
                problems.append(f'{where}: the id "{source.id}" is used twice. Give it another.')
            sources[source.id] = source
    named, ways = _subscriptions(folder / "subscriptions.toml", problems)
    if problems:
        raise ConfigError(problems)
    return Config(
        folder=folder,
        settings=settings,
        sources=sources,
        subscriptions=named,
        synonyms=synonyms.group,
        ways=ways,
    )


def _subscriptions(
    path: Path, problems: list[str]
) -> tuple[dict[str, Subscription], dict[str, WayOut]]:
    file = _read(path, SubscriptionsFile, problems)
    named = _by_id(path, "subscription", file.subscription, problems)
    ways = _by_id(path, "way", file.way, problems)
    for number, subscription in enumerate(file.subscription):
        for way in subscription.ways:
            if way not in ways:
                where = _place(path, ("subscription", number, "ways"))
                problems.append(
                    f'{where}: subscription "{subscription.id}" names a way "{way}" that is '
                    "not there. Add a [[way]] with this id."
                )
    return named, ways


def _by_id(
    path: Path, table: str, several: Iterable[Named], problems: list[str]
) -> dict[str, Named]:
    named: dict[str, Named] = {}
    for number, one in enumerate(several):
        if one.id in named:
            where = _place(path, (table, number, "id"))
            problems.append(f'{where}: the id "{one.id}" is used twice. Give one of them another.')
        named[one.id] = one
    return named


def _place(path: Path, loc: tuple[str | int, ...]) -> str:
    """A file that could be read, with the line on which something stands in it."""
    line = line_of(path.read_text(encoding="utf-8"), loc)
    return f"{path}:{line}" if line else str(path)


def _read(path: Path, model: type[Model], problems: list[str]) -> Model:
    """The file's content; a missing file is an empty one, a mistake is added to ``problems``."""
    if not path.exists():
        return model()
    try:
        text = path.read_text(encoding="utf-8")
        return model.model_validate(tomllib.loads(text))
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        problems.append(f"{path}:{line}: this is not UTF-8. Save the file as UTF-8.")
    except OSError as error:
        problems.append(f"{path}: cannot be read ({error.strerror}). Check its permissions.")
    except tomllib.TOMLDecodeError as error:
        problems.append(f"{path}:{_line_in(error)}: this is not TOML: {error}")
    except ValidationError as error:
        problems += [_told(path, text, model, detail) for detail in error.errors()]
    return model.model_construct(**{name: f.default for name, f in model.model_fields.items()})


def _line_in(error: tomllib.TOMLDecodeError) -> str:
    _, _, after = str(error).partition("line ")
    return after.partition(",")[0] or "1"


def _told(path: Path, text: str, model: type[BaseModel], detail: ErrorDetails) -> str:
    """One mistake as a line: where, what, and how to mend it."""
    loc = detail["loc"]
    line = line_of(text, loc)
    where = f"{path}:{line}" if line else str(path)
    key = ".".join(str(part) for part in loc if not isinstance(part, int))
    match detail["type"]:
        case "extra_forbidden":
            near = difflib.get_close_matches(str(loc[-1]), _keys_at(model, loc[:-1]), n=1)
            mend = f'Did you mean "{near[0]}"?' if near else "Remove it."
            return f'{where}: "{key}" is not a known key. {mend}'
        case "missing":
            return f'{where}: "{key}" is missing. Add: {loc[-1]} = …'
        case "value_error":
            return f"{where}: {key}: {detail['ctx']['error']}"
        case _:
            return f"{where}: {key}: {detail['msg']}{_found(detail['input'])}."


def _found(value: object) -> str:
    """What stands there, where it is short and no place for a secret (a whole table, or
    ``https://user:…@host``)."""
    shown = repr(value)
    plain = isinstance(value, str | int | float) and "@" not in shown and len(shown) <= _SHOWN
    return f" (found: {shown})" if plain else ""


def _keys_at(model: type[BaseModel], loc: tuple[int | str, ...]) -> list[str]:
    """The keys that are known at a place, to suggest the nearest."""
    schema: dict[str, Any] = model.model_json_schema()
    node: dict[str, Any] = schema
    for part in loc:
        node = _follow(schema, node)
        step = node.get("items", {}) if isinstance(part, int) else node["properties"].get(part, {})
        node = step
    return list(_follow(schema, node).get("properties", {}))


def _follow(schema: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    for option in node.get("anyOf", []):
        if "$ref" in option:
            node = option
    if "$ref" in node:
        found: dict[str, Any] = schema["$defs"][node["$ref"].rpartition("/")[2]]
        return found
    return node
