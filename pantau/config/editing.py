"""Changes a person's files of ``config/sources`` by command, and leaves all else in them as it is.

A change is written only when the whole configuration reads without a mistake with it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile

from pantau.config.load import load_config
from pantau.errors import ConfigError


def append(folder: Path, file: str, text: str) -> Path:
    """Add entries at the end of ``sources/FILE.toml``; returns its path.

    Raises ConfigError, and changes nothing, where the configuration would then have a mistake.
    """
    path = folder / "sources" / f"{file}.toml"
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    _replace(folder, path, f"{before.rstrip()}\n\n{text}".lstrip())
    return path


def change(folder: Path, source_id: str, values: Mapping[str, str]) -> Path:
    """Set keys of one source to values written as TOML; returns the file they stand in.

    Raises ConfigError, and changes nothing, where the entry cannot be found or changed by line.
    """
    for path in sorted((folder / "sources").glob("*.toml")):
        text = path.read_text(encoding="utf-8")
        entries = tomllib.loads(text).get("source", [])
        if any(entry.get("id") == source_id for entry in entries):
            _replace(folder, path, _changed(path, text, source_id, values))
            return path
    raise ConfigError([f'{folder / "sources"}: no file holds the source "{source_id}".'])


def _changed(path: Path, text: str, source_id: str, values: Mapping[str, str]) -> str:
    lines = text.splitlines()
    here = re.compile(rf"""^\s*id\s*=\s*["']{re.escape(source_id)}["']""")
    at = next((number for number, line in enumerate(lines) if here.match(line)), None)
    if at is None:
        raise ConfigError([f'{path}: the line of "{source_id}" cannot be found. Edit it by hand.'])
    end = at + 1
    while end < len(lines) and not lines[end].lstrip().startswith("["):
        end += 1
    for key, value in values.items():
        told = f"{key} = {value}"
        own = re.compile(rf"^\s*{key}\s*=")
        old = next((n for n in range(at, end) if own.match(lines[n])), None)
        if old is None:
            lines.insert(at + 1, told)
            end += 1
        else:
            lines[old] = told
    changed = "\n".join(lines) + "\n"
    expected = tomllib.loads(text)
    for entry in expected["source"]:
        if entry.get("id") == source_id:
            entry.update(tomllib.loads("\n".join(f"{k} = {v}" for k, v in values.items())))
    try:
        if tomllib.loads(changed) == expected:
            return changed
    except tomllib.TOMLDecodeError:
        pass
    raise ConfigError([f"{path}:{at + 1}: this entry cannot be changed by line. Edit it by hand."])


def _replace(folder: Path, path: Path, text: str) -> None:
    """Write the file whole or not at all, and take it back where it brings a mistake."""
    before = path.read_bytes() if path.exists() else None
    path.parent.mkdir(parents=True, exist_ok=True)
    _write(path, text.encode())
    try:
        load_config(folder)
    except ConfigError:
        if before is None:
            path.unlink()
        else:
            _write(path, before)
        raise


def _write(path: Path, body: bytes) -> None:
    with NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
        file.write(body)
    Path(file.name).chmod(0o644)
    Path(file.name).replace(path)
