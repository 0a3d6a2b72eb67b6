"""From rows to the index: what waits, what is set aside, and making it anew."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch
from typer.testing import CliRunner

from pantau.cli import load_commands
from pantau.config import Config, Settings
from pantau.config.models import Search
from pantau.documents import region_name
from pantau.home import Home
from pantau.indexing import REST, Indexing
from pantau.records import Article, Judgement
from pantau.state import State, articles, open_state
from pantau.state.tables import ArticleRow
from search import Index, open_index
from tests.search.conftest import Node

app = load_commands()

NOW = datetime(2024, 10, 14, 3, 0, tzinfo=UTC)
NAME = "rows"


class Hands:
    """A clock that is moved by hand."""

    now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    opened = open_state(f"sqlite:///{tmp_path / 'state.sqlite'}")
    yield opened
    opened.close()


@pytest.fixture
def index(node: Node) -> Iterator[Index]:
    opened = open_index(Search(hosts=(node.url,), index=NAME), Path("/nowhere"))
    opened.rebuild([])
    yield opened
    opened.close()


def store(state: State, *ids: str, text: str = "Camat berkampanye.") -> None:
    with state.write() as session:
        for article_id in ids:
            article = Article(id=article_id, title="Berita", text=text, source_id="suara")
            judged = Judgement(id=article_id, decision="none", score=0.1)
            assert articles.store(session, article, judged, NOW)


def waiting(state: State) -> tuple[int, int]:
    with state.read() as session:
        return articles.backlog(session), articles.set_aside(session)


def indexing(state: State, index: Index, clock: Hands) -> Indexing:
    config = Config(folder=Path("/nowhere"), settings=Settings(), sources={}, subscriptions={})
    return Indexing(state, index, config, clock, region_name)


def test_articles_wait_while_the_disk_is_full(
    state: State, index: Index, node: Node, caplog: pytest.LogCaptureFixture
) -> None:
    clock = Hands()
    filling = indexing(state, index, clock)
    store(state, *(f"a{number}" for number in range(130)))
    with Elasticsearch(node.url) as client:
        blocked = {"index.blocks.read_only_allow_delete": True}
        client.indices.put_settings(index=NAME, settings=blocked)
        filling.fill()
        assert waiting(state) == (130, 0)
        assert "its articles wait" in caplog.text
        client.indices.put_settings(index=NAME, settings=dict.fromkeys(blocked))
    filling.fill()
    assert waiting(state) == (130, 0)  # it rests
    clock.now += REST + timedelta(seconds=1)
    filling.fill()
    assert waiting(state) == (0, 0)
    assert index.count() == 130


def test_poison_is_set_aside_until_it_is_edited(state: State, index: Index) -> None:
    filling = indexing(state, index, Hands())
    poison = "x" * 600
    store(state, "a1", poison, "a2")
    filling.fill()
    assert waiting(state) == (0, 1)
    assert index.count() == 2
    with state.read() as session:
        row = session.get(ArticleRow, poison)
        assert row is not None
        assert "too long" in row.refused_reason
    store(state, "a1", poison, text="Disunting.")
    assert waiting(state) == (2, 0)
    filling.fill()
    assert waiting(state) == (0, 1)
    assert index.search("disunting").total == 1


def test_an_article_is_replaced_by_its_revision(state: State, index: Index) -> None:
    filling = indexing(state, index, Hands())
    store(state, "a1")
    filling.fill()
    store(state, "a1", text="Banjir.")
    filling.fill()
    assert index.search("kampanye").total == 0
    assert index.search("banjir").total == 1


def test_the_command_makes_a_lost_index_anew(tmp_path: Path) -> None:
    home = Home(tmp_path)
    state = open_state(home.database_url(home.load_config()))
    store(state, "a1", "a2")
    with state.write() as session:
        articles.indexed(session, {"a1": 1, "a2": 1})  # and then the file was deleted
    state.close()
    told = CliRunner().invoke(app, ["--home", str(tmp_path), "index", "rebuild"])
    assert told.output == "2 articles indexed\n"
    found = CliRunner().invoke(app, ["--home", str(tmp_path), "search", "kampanye"])
    assert found.output.endswith("2 artikel\n")
