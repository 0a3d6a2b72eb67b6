"""Cases are read together: a page of fifty asks no more of the database than one case does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from alerts.dossier import read_cases
from pantau.config import Config
from pantau.state import State, cases
from tests.alerts.conftest import Told
from tests.alerts.test_news import acts, place, work


@contextmanager
def counted(state: State) -> Iterator[list[str]]:
    """What the database is asked meanwhile."""
    asked: list[str] = []

    def note(_c: object, _k: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(state.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(state.engine, "before_cursor_execute", note)


def test_what_is_asked_does_not_grow_with_the_cases(
    state: State, config: Config, tell: Told
) -> None:
    acts(tell, 6)
    work(state, config)
    with state.read() as session:
        stored = cases.stored(session, range(1, 7))
        with counted(state) as for_one:
            [alone] = read_cases(session, stored[:1], config)
        with counted(state) as for_all:
            dossiers = read_cases(session, stored, config)
    assert len(for_all) == len(for_one)
    assert dossiers[0] == alone
    assert [one.case.actor.position for one in dossiers] == [f"Camat {place(n)}" for n in range(6)]
