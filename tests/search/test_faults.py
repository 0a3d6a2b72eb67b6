"""Elasticsearch killed, restarted and full while a crawl goes on: nothing lost, nothing stops."""

from __future__ import annotations

import signal
import time
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch
from sqlalchemy import select

from pantau.config.models import Search
from pantau.demo.sites import DemoSite
from pantau.home import Home
from pantau.state import articles, open_state
from pantau.state.tables import ArticleRow
from search import open_index
from tests.search.conftest import Node
from tests.test_kill import prepare, sites, start

__all__ = ["sites"]  # a fixture
BLOCK = "index.blocks.read_only_allow_delete"


def fill_and_free(node: Node, seconds: float) -> None:
    with Elasticsearch(node.url) as client:
        quiet = client.options(ignore_status=404)
        quiet.indices.put_settings(index="pantau", settings={BLOCK: True})
        time.sleep(seconds)
        quiet.indices.put_settings(index="pantau", settings={BLOCK: None})


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.usefixtures("node")
def test_articles_in_the_state_are_those_in_the_index(
    tmp_path: Path, sites: list[DemoSite]
) -> None:
    home, node = Home(tmp_path / "home"), Node(tmp_path / "node")
    prepare(home, sites)
    with (home.root / "config" / "settings.toml").open("a") as settings:
        settings.write(f'\n[search]\nhosts = ["{node.url}"]\ntimeout = "2s"\n')
    node.start()
    try:
        run, outages = start(home), 0
        while run.poll() is None:
            time.sleep(1)
            fill_and_free(node, seconds=1)
            node.stop(signal.SIGKILL)
            outages += run.poll() is None
            time.sleep(2)
            node.start()
        assert run.returncode == 0
        assert outages > 0
        assert start(home).wait(timeout=300) == 0  # whatever still waited
        state = open_state(home.database_url(home.load_config()))
        with state.read() as session:
            held = set(session.scalars(select(ArticleRow.id)))
            assert articles.backlog(session) == articles.set_aside(session) == 0
        state.close()
        index = open_index(Search(hosts=(node.url,)), tmp_path)
        assert {document.id for document in index.scan("")} == held
        assert len(held) > 20
        index.close()
    finally:
        node.stop()
