"""The whole way through, by the real command line against real servers on loopback."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import pytest
from sqlalchemy import select

from pantau.cli import main
from pantau.home import Home
from pantau.state import open_state
from pantau.state.tables import PageRow
from tests.endtoend.paper import Paper
from tests.servers import LocalServer


@dataclass(frozen=True, slots=True)
class Done:
    """What a command came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def pantau(home: Home, *arguments: str) -> Done:
    """Run the command line in this process, as ``pantau --home HOME …``."""
    out, err = io.StringIO(), io.StringIO()
    command = ["pantau", "--home", str(home.root), *arguments]
    with (
        patch.object(sys, "argv", command),
        patch.dict(os.environ, {"COLUMNS": "300"}),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            main()
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
    return Done(code, out.getvalue(), err.getvalue())


def pages(home: Home) -> dict[str, PageRow]:
    """The rows of a home's pages by the path of their address."""
    state = open_state(home.database_url(home.load_config()))
    with state.read() as session:
        rows = session.scalars(select(PageRow)).all()
    state.close()
    return {"/" + row.url.split("/", 3)[3]: row for row in rows}


@contextmanager
def serving(paper_id: str, region: str = "32") -> Iterator[Paper]:
    with LocalServer() as site:
        yield Paper(paper_id, site, region)


@pytest.fixture
def open_paper() -> Iterator[Callable[..., Paper]]:
    """Opens papers that are served until the test ends."""
    from contextlib import ExitStack

    with ExitStack() as stack:
        yield lambda paper_id, region="32": stack.enter_context(serving(paper_id, region))
