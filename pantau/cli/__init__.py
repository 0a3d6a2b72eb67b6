"""The command line. Each command has a file; this one only puts them together."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from importlib import import_module

from rich.console import Console
from typer import Typer

from pantau.cli.app import app
from pantau.errors import PantauError

COMMANDS = (
    *("init", "crawl", "run", "status", "why", "search", "check", "extract"),
    *("alerts", "pause", "resume", "sources", "add", "index", "rejudge", "users", "web"),
    *("doctor", "backup", "restore", "upgrade", "evaluate", "demo"),
)
"""In the order in which help shows them."""


def load_commands(asked: Iterable[str] = ()) -> Typer:
    """The application with the commands that are asked for, or with all.

    Importing a command registers it. Together they bring in Scrapy, spaCy and the
    extractors: seconds that ``pantau search`` need not wait for.
    """
    for name in [name for name in COMMANDS if name in asked] or COMMANDS:
        import_module(f"pantau.cli.{name}")
    return app


def main() -> None:
    """Run ``pantau``; mistakes a person can mend are told without a traceback."""
    try:
        load_commands(set(sys.argv[1:]))()
    except PantauError as error:
        Console(stderr=True, soft_wrap=True).print(
            f"pantau: {error}", markup=False, highlight=False
        )
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # The reader went away (``| head``): not an error of ours.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
