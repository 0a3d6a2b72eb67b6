"""Which role may do what, and where. The table stands in ``rights.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Literal

from fastapi import Depends, HTTPException, Request
from fastapi.params import Depends as Needed

from pantau.web.viewer import Viewer, viewer_of

Right = Literal[
    "read",
    "cases",
    "persons",
    "casework",
    "correct",
    "give",
    "export",
    "unmask",
    "subscribe",
    "sources",
    "audit",
]


@cache
def _table() -> dict[str, frozenset[str]]:
    text = Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
    return {right: frozenset(roles) for right, roles in tomllib.loads(text).items()}


def may(viewer: Viewer, right: Right) -> bool:
    """Whether the viewer's role has a right."""
    return viewer.role in _table()[right]


def sees(viewer: Viewer, codes: Iterable[str | None]) -> bool:
    """Whether something at these places lies where the viewer works.

    What has no place is seen by all: somebody has to find out where it was.
    """
    known = [code for code in codes if code]
    if not viewer.regions or not known:
        return True
    return any(
        code == region or code.startswith(f"{region}.")
        for code in known
        for region in viewer.regions
    )


def needs(right: Right) -> Needed:
    """A dependency of a route: 403 for whoever has not the right."""

    def check(request: Request) -> Viewer:
        viewer = viewer_of(request)
        if not may(viewer, right):
            raise HTTPException(403)
        return viewer

    return _dependency(check)


def _dependency(check: Callable[[Request], Viewer]) -> Needed:
    made = Depends(check)
    assert isinstance(made, Needed)
    return made


def must_see(viewer: Viewer, codes: Iterable[str | None]) -> None:
    """404 for what lies elsewhere: that it is there at all is not told."""
    if not sees(viewer, codes):
        raise HTTPException(404)
