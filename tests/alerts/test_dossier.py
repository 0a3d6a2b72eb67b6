"""Cases are read together: a page of fifty asks no more of the database than one case does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from alerts.dossier import read_cases
from alerts.routing import held_back
from pantau.config import Config
from pantau.config.models import Alerts
from pantau.state import State, cases
from pantau.state.tables import ArticleRow
from tests.alerts import world
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


@pytest.mark.parametrize(
    ("told", "held"),
    [
        ({"thread": "https://kabartirta.example/a"}, "unverified"),
        ({"thread": "https://kabartirta.example/{}"}, ""),
        ({"thread": "https://kabartirta.example/a", "handle": "@warga{}"}, ""),
    ],
    ids=["comments below one article", "comments below two", "accounts in one thread"],
)
def test_comments_below_one_article_may_all_be_one_persons(
    state: State, config: Config, tell: Told, told: dict[str, str], held: str
) -> None:
    said = ("Camat Tirtawangi berpose dua jari.", "Pak camat memang joget di panggung itu.")
    for number, sentence in enumerate(said):
        tell(f"k{number}", "", world.mention(sentence=sentence), kind="post")
        with state.write() as session:
            row = session.get_one(ArticleRow, f"k{number}")
            row.platform, row.handle = "wordpress", told.get("handle", "").format(number)
            row.post = {**row.post, "thread": told["thread"].format(number)}
    work(state, config)
    with state.read() as session:
        [one] = read_cases(session, cases.stored(session, [1]), config)
    assert len(one.reports) == len(said)
    assert held_back(one.reports, Alerts()) == held
