"""Looks an installation over: what keeps it from its work, and what will before long.

``pantau status`` tells what became of everything; this asks the machine, the network and the
servers themselves. Nothing is changed, no mail is sent, no article is fetched.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from dns.resolver import Resolver

from pantau.doctor import installation, network
from pantau.doctor.findings import Finding
from pantau.errors import ConfigError, PantauError
from pantau.home import Home

__all__ = ["Finding", "examine"]


def examine(
    home: Home, environment: Mapping[str, str], now: datetime, *, resolver: Resolver | None = None
) -> Iterator[Finding]:
    """Every finding, in the order in which they are to be mended. ``resolver``: for questions
    about domains; without one the system's."""
    try:
        config = home.load_config()
    except ConfigError as error:
        yield from (Finding("configuration", "wrong", problem) for problem in error.problems)
        return
    except PantauError as error:
        yield Finding("configuration", "wrong", str(error))
        return
    yield from installation.configuration(config)
    yield from installation.state(home, config)
    yield from installation.disk(home, config, now)
    yield from network.web(config, now)
    yield from network.smtp(home, config, environment, now)
    yield from network.domain(config, resolver)
    yield from network.index(home, config, now)
    yield from network.pages(config, now)
