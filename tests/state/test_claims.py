"""No two processes are handed the same row, on SQLite as it is set up here and on PostgreSQL."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, create_engine, insert, select, update
from sqlalchemy.exc import OperationalError

from pantau.errors import StateError
from pantau.state import State, cases, open_state, outbox, pages
from pantau.state.outbox import Mail
from pantau.state.tables import AlertRow, PageRow

pytestmark = pytest.mark.slow

ROWS = 3000
MAILS = 300
WORKERS = 3
NOW = datetime(2024, 10, 14, 3, 0, tzinfo=UTC)


def claim_all(
    url: str, start: multiprocessing.synchronize.Barrier, sink: multiprocessing.Queue[list[int]]
) -> None:
    state = open_state(url)
    start.wait()
    mine: list[int] = []
    while True:
        with state.write() as session:
            taken = [row.id for row in pages.claim_fetched(session, 7, NOW)]
        if not taken:
            break
        mine += taken
    sink.put(mine)


def test_three_processes_share_the_rows_without_taking_one_twice(
    state: State, state_url: str
) -> None:
    with state.write() as session:
        session.add_all(
            PageRow(
                key=str(n),
                url=f"https://a.example/{n}",
                source_id="a",
                status="fetched",
                found_at=NOW,
            )
            for n in range(ROWS)
        )
    taken = _in_processes(claim_all, state_url)
    assert len(taken) == ROWS
    assert not [row for row, times in Counter(taken).items() if times > 1]


def claim_mails(
    url: str, start: multiprocessing.synchronize.Barrier, sink: multiprocessing.Queue[list[int]]
) -> None:
    state = open_state(url)
    start.wait()
    mine: list[int] = []
    while True:
        with state.write() as session:
            taken = [row.id for row in outbox.claim_due(session, 7, NOW)]
        if not taken:
            break
        mine += taken
    sink.put(mine)


def test_no_mail_is_handed_to_two_processes(state: State, state_url: str) -> None:
    with state.write() as session:
        case = cases.create(session, "asn", NOW)
        alert = AlertRow(case_id=case, subscription_id="a", kind="new", created_at=NOW)
        session.add(alert)
        session.flush()
        for n in range(MAILS):
            mail = Mail("a@a.example", f"<{n}@a>", b"")
            outbox.queue(session, mail, NOW, alert_id=alert.id)
    taken = _in_processes(claim_mails, state_url)
    assert sorted(taken) == list(range(1, MAILS + 1))


def claim_as_sqlalchemy_does(
    url: str, start: multiprocessing.synchronize.Barrier, sink: multiprocessing.Queue[list[int]]
) -> None:
    """Read the next free rows, then mark them: the way that SQLAlchemy's defaults invite."""
    engine = create_engine(url, connect_args={"timeout": 60})
    table = Table(
        "rows", MetaData(), Column("id", Integer, primary_key=True), Column("taken", Integer)
    )
    start.wait()
    mine: list[int] = []
    while True:
        try:
            with engine.begin() as connection:
                free = select(table.c.id).where(table.c.taken == 0).limit(7)
                chosen = list(connection.scalars(free))
                connection.execute(update(table).where(table.c.id.in_(chosen)).values(taken=1))
        except OperationalError:
            continue
        if not chosen:
            break
        mine += chosen
    sink.put(mine)


@pytest.mark.slow
def test_sqlalchemys_own_way_does_take_rows_twice(tmp_path: Path) -> None:
    """Why this project begins immediate: without it the test above fails."""
    url = f"sqlite:///{tmp_path / 'naive.sqlite'}"
    engine = create_engine(url)
    table = Table(
        "rows", MetaData(), Column("id", Integer, primary_key=True), Column("taken", Integer)
    )
    table.create(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode = WAL")
        connection.execute(insert(table), [{"id": n, "taken": 0} for n in range(ROWS)])
    taken = _in_processes(claim_as_sqlalchemy_does, url)
    assert [row for row, times in Counter(taken).items() if times > 1]


def _in_processes(claim, url: str) -> list[int]:  # type: ignore[no-untyped-def]
    context = multiprocessing.get_context("spawn")
    start, sink = context.Barrier(WORKERS), context.Queue()
    workers = [context.Process(target=claim, args=(url, start, sink)) for _ in range(WORKERS)]
    for worker in workers:
        worker.start()
    taken = [row for _ in workers for row in sink.get(timeout=120)]
    for worker in workers:
        worker.join()
    return taken


def test_only_one_works_on_a_database_and_the_next_as_soon_as_it_is_gone(
    state: State, state_url: str
) -> None:
    """On SQLite the lock of the home does that (``tests/endtoend/test_service.py``)."""
    if state.engine.dialect.name != "postgresql":
        return
    other = open_state(state_url)
    with state.sole_worker():
        with pytest.raises(StateError, match="another pantau is at work"), other.sole_worker():
            pass
        state.engine.raw_connection().close()  # another connection changes nothing
    with other.sole_worker():
        pass
    other.close()
