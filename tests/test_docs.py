"""The documentation names what the code has, and nothing it has not."""

from __future__ import annotations

import re
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from typer.main import get_command

from pantau.cli import load_commands
from pantau.cli.app import Exit
from pantau.config.models import Settings, Smtp
from pantau.records import Disposition
from pantau.state.tables import Base

app = load_commands()

ROOT = Path(__file__).parents[1]


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def commands(group: Any, prefix: str = "") -> dict[str, Any]:
    found = {}
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            found |= commands(command, f"{prefix}{name} ")
        else:
            found[f"{prefix}{name}"] = command
    return found


@pytest.mark.parametrize("name", commands(get_command(app)))
def test_every_command_is_documented_and_helps(name: str) -> None:
    group, _, own = name.rpartition(" ")
    rows = [line for line in read("docs/commands.md").splitlines() if line.startswith("| `pantau ")]
    assert any(f"pantau {group or own}" in row and (own in row or "…" in row) for row in rows)
    command = commands(get_command(app))[name]
    assert command.help
    assert re.match(r"[A-Z].*\.", command.help.split("\n\n")[0], re.DOTALL)
    for parameter in command.params:
        assert parameter.name == "help" or getattr(parameter, "help", None), parameter.name


@pytest.mark.parametrize("code", list(Exit))
def test_every_exit_code_is_documented(code: Exit) -> None:
    assert re.search(rf"^\| {int(code)} \|", read("docs/commands.md"), re.MULTILINE)
    assert f"{int(code)} " in str(app.info.epilog)


@pytest.mark.parametrize("disposition", list(Disposition))
def test_every_disposition_is_documented(disposition: Disposition) -> None:
    assert f"| {disposition.value} |" in read("docs/commands.md")


def test_choices_names_every_dependency_and_no_other() -> None:
    project = tomllib.loads(read("pyproject.toml"))["project"]
    needed = {re.split(r"[<>=\[ ]", line)[0] for line in project["dependencies"]}
    table = read("docs/choices.md").split("|---|---|", 1)[1].split("\n\n", 1)[0]
    named = {
        name.split()[0]
        for row in table.strip().splitlines()
        for name in row.split("|")[1].split(",")
    }
    assert named == needed


@pytest.mark.parametrize("table", Base.metadata.sorted_tables, ids=lambda table: table.name)
def test_state_names_every_column_and_no_other(table: Any) -> None:
    sections = re.split(r"^## ", read("docs/state.md"), flags=re.MULTILINE)
    (section,) = [part for part in sections if part.startswith(f"{table.name}:")]
    cells = [row.split("|")[1] for row in section.splitlines() if row.startswith("| `")]
    named = [name for cell in cells for name in re.findall(r"`(\w+)`", cell)]
    assert sorted(named) == sorted(column.name for column in table.columns)


def test_state_names_no_other_table() -> None:
    named = set(re.findall(r"^## (\w+):", read("docs/state.md"), re.MULTILINE))
    assert named == set(Base.metadata.tables)


def keys(model: type[BaseModel], prefix: tuple[str, ...] = ()) -> dict[tuple[str, ...], Any]:
    found: dict[tuple[str, ...], Any] = {}
    for name, field in model.model_fields.items():
        if isinstance(field.default, BaseModel):
            found |= keys(type(field.default), (*prefix, name))
        elif name == "smtp":
            found |= keys(Smtp, (*prefix, name))
        else:
            found[(*prefix, name)] = field.default
    return found


TEST_ONLY = {("crawl", "allow_private")}
"""Opens the guard against private addresses; it is not to be found by browsing."""


def test_the_shipped_settings_name_every_key_with_its_default() -> None:
    text = read("config/settings.toml")
    given = tomllib.loads(text)
    for path, default in keys(Settings).items():
        if path in TEST_ONLY:
            continue
        value: Any = given
        for part in path:
            value = value.get(part) if isinstance(value, dict) else None
        if value is None:
            assert re.search(rf"^#.*\b{path[-1]} = ", text, re.MULTILINE), path
        elif isinstance(default, timedelta):
            assert seconds(value) == default.total_seconds(), path
        else:
            assert value == default, path


def seconds(duration: str) -> int:
    return int(duration[:-1]) * {"s": 1, "m": 60, "h": 3600, "d": 86400}[duration[-1]]
