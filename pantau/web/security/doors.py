"""On which addresses the pages may be served, and who is let in there without an account."""

from __future__ import annotations

import ipaddress

from starlette.requests import Request

from pantau.errors import StateError
from pantau.state import State, accounts

WITHOUT_ACCOUNTS = (
    "no accounts yet: whoever uses this machine sees and does everything. "
    "Make one with: pantau users add NAME --role admin"
)
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")


def check(state: State, host: str) -> str:
    """What to tell whoever serves the pages on an address; empty where there are accounts.

    Raises StateError for an address that others reach, as long as nobody can log in.
    """
    with state.read() as session:
        if accounts.any_works(session):
            return ""
    if is_loopback(host):
        return WITHOUT_ACCOUNTS
    raise StateError(
        f"{host}: others can reach this address, and there is no account yet. Make one first: "
        "pantau users add NAME --role admin. Or serve on 127.0.0.1."
    )


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def from_this_machine(request: Request) -> bool:
    """Whether a request was made on this machine, to this machine's own name, by no proxy.

    A page elsewhere whose name somebody lets point here (DNS rebinding) names itself in Host.
    """
    if any(name in request.headers for name in _FORWARDED):
        return False
    caller = request.client.host if request.client else ""
    return is_loopback(caller) and is_loopback(request.url.hostname or "")
