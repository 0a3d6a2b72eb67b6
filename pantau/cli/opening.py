"""Opens the state for a command. Apart from ``app``: not every command waits for a database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pantau.config import Config
from pantau.home import Home
from pantau.state import State, open_state


@contextmanager
def state_of(home: Home, config: Config) -> Iterator[State]:
    """The state of a home, made where there is none yet, and closed at the end."""
    home.make()
    state = open_state(home.database_url(config))
    try:
        yield state
    finally:
        state.close()
