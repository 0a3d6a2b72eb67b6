"""What is asked at every poll and every minute costs no more when years of pages lie there.

Counted in steps of SQLite's machine, which no busy computer changes. SQLite keeps no statistics
here, so it is the shape of a question and the indexes that decide.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from pantau.config.models import Source, WayIn
from pantau.records import Disposition
from pantau.state import State, bodies, cases, open_state, pages, sources
from pantau.state.lately import appeared, articles_lost
from pantau.state.tables import ArticleRow, MentionRow, PageRow

NOW = datetime(2024, 10, 14, 3, 0, tzinfo=UTC)
FEW, MANY = 300, 3000
OURS = Source(
    id="ours",
    name="Kabar Kita",
    every=timedelta(minutes=15),
    ways=(WayIn(kind="feed", url="https://kita.example/feed"),),
)

ASKED: dict[str, Callable[[Session], Any]] = {
    "what a source showed last": lambda s: appeared(s, OURS.id, 50),
    "whether a source's pages are articles": lambda s: articles_lost(s, OURS.id),
    "which sources are due": lambda s: sources.due(s, [OURS], NOW),
    "what is to be fetched": lambda s: pages.to_fetch(s, OURS.id, NOW),
    "what is to be read": lambda s: pages.claim_fetched(s, 10, NOW),
    "whether anything is to be read": lambda s: pages.readable(s, NOW),
    "how much is late to be read": lambda s: pages.late_to_be_read(s, NOW, NOW),
    "which acts wait for a case": lambda s: cases.unclustered(s, 10),
    "which acts are told no longer": lambda s: cases.no_longer_told(s, 10),
    "whose bytes are let go": lambda s: bodies.let_go(s, ["f" * 64]),
}


@pytest.fixture(scope="module")
def grown(empty_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[State]]:
    """A state with few pages and one with many."""
    folder = tmp_path_factory.mktemp("grown")
    states = [_filled(folder / f"{n}.sqlite", empty_sqlite, n) for n in (FEW, MANY)]
    yield states
    for state in states:
        state.close()


@pytest.mark.parametrize("asked", ASKED.values(), ids=list(ASKED))
def test_what_is_asked_all_the_time_does_not_grow(
    asked: Callable[[Session], Any], grown: list[State]
) -> None:
    few, many = (steps(state, asked) for state in grown)
    assert few > 0
    assert many < 1.5 * few


def steps(state: State, asked: Callable[[Session], Any]) -> int:
    """How many steps of SQLite's machine an answer takes."""
    counted = 0

    def count() -> int:
        nonlocal counted
        counted += 1
        return 0

    with state.write() as session:
        connection = session.connection().connection.driver_connection
        assert connection is not None
        connection.set_progress_handler(count, 1)
        asked(session)
        connection.set_progress_handler(None, 0)
    return counted


def _filled(path: Path, empty: Path, number: int) -> State:
    """A state with ``number`` pages and articles of other sources, all of them done with."""
    path.write_bytes(empty.read_bytes())
    state = open_state(f"sqlite:///{path}")
    with state.write() as session:
        session.execute(insert(PageRow), [_page(n, "other") for n in range(number)])
        session.execute(insert(PageRow), [_page(number + n, OURS.id) for n in range(5)])
        session.execute(insert(ArticleRow), [_article(n) for n in range(number)])
        session.execute(
            insert(MentionRow),
            [
                {"article_id": str(n), "revision": 1, "ordinal": 0, "subject": "asn",
                 "likely": False, "clustered": True}
                for n in range(number)
            ],
        )  # fmt: skip
    return state


def _page(number: int, source: str) -> dict[str, Any]:
    return {
        "key": str(number),
        "url": f"https://a.example/{number}",
        "source_id": source,
        "status": "done",
        "disposition": Disposition.INDEXED.value,
        "sha256": f"{number:064d}",
        "found_at": NOW - timedelta(days=1),
    }


def _article(number: int) -> dict[str, Any]:
    return {
        "id": str(number),
        "url": f"https://a.example/{number}",
        "kind": "news",
        "source_id": "other",
        "title": "Judul",
        "text": "Isi.",
        "first_seen": NOW - timedelta(days=1),
        "page_sha256": f"{number:064d}",
        "content_hash": "",
        "decision": "none",
        "score": 0.0,
        "indexed_revision": 1,
    }
