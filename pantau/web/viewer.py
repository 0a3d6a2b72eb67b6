"""Who looks at a page. Set on ``request.state.viewer`` before any page is asked for."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request

from pantau.state.accounts import NOBODY, Role, Who


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """An account as the pages know it. ``regions`` are codes; none: everywhere."""

    name: str
    role: Role
    regions: tuple[str, ...] = ()
    account_id: int | None = None
    """None where no accounts are in use: somebody at this very machine."""

    @property
    def who(self) -> Who:
        """As logs name them."""
        return Who(self.name, self.account_id)


LOCAL = Viewer(name=NOBODY, role="admin")
"""Whoever opens the pages on loopback where there are no accounts."""


def viewer_of(request: Request) -> Viewer:
    """Who is asking; as long as nobody else was set, somebody at this machine."""
    found = getattr(request.state, "viewer", LOCAL)
    assert isinstance(found, Viewer)
    return found
