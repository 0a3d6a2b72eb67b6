"""The command line. Each command has a file; this one only puts them together."""

from __future__ import annotations

import os
import sys

from rich.console import Console

from pantau.cli import (  # noqa: F401 - importing a command registers it
    check,
    crawl,
    demo,
    evaluate,
    extract,
    index,
    init,
    run,
    search,
    sources,
    status,
    why,
)
from pantau.cli.app import app
from pantau.errors import PantauError


def main() -> None:
    """Run ``pantau``; mistakes a person can mend are told without a traceback."""
    try:
        app()
    except PantauError as error:
        Console(stderr=True, soft_wrap=True).print(
            f"pantau: {error}", markup=False, highlight=False
        )
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # The reader went away (``| head``): not an error of ours.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
