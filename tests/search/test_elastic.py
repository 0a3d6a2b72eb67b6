"""Elasticsearch away, full, busy, or behind TLS: what is lost (nothing) and what is told."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch
from pydantic import ValidationError

from pantau.config.models import Search
from pantau.errors import ConfigError, IndexUnavailable
from search import Index, open_index
from tests.search.conftest import Node
from tests.search.proxy import proxy
from tests.search.world import DOCUMENTS, document
from tests.servers.tls import self_signed

NAMES = itertools.count()
NOWHERE = Path("/nowhere")


@pytest.fixture
def open_elastic(node: Node) -> Iterator[Callable[..., Index]]:
    """Opens an index of its own name on the node, or on other hosts."""
    opened: list[Index] = []

    def open_one(*hosts: str, **settings: object) -> Index:
        chosen = {"hosts": hosts or (node.url,), "index": f"e{next(NAMES)}", "timeout": "5s"}
        opened.append(
            open_index(
                Search.model_validate({**chosen, **settings}),
                NOWHERE,
                environment={"KEY": "secret"},
            )
        )
        return opened[-1]

    yield open_one
    for index in opened:
        index.close()


def test_a_full_disk_takes_nothing_and_loses_nothing(
    node: Node, open_elastic: Callable[..., Index]
) -> None:
    index = open_elastic(index="full")
    index.add(DOCUMENTS[:1])
    blocked = {"index.blocks.read_only_allow_delete": True}
    with Elasticsearch(node.url) as client:
        client.indices.put_settings(index="full", settings=blocked)
        with pytest.raises(IndexUnavailable, match="read-only"):
            index.add(DOCUMENTS)
        assert index.search("").total == 1  # what is there can still be searched
        client.indices.put_settings(index="full", settings=dict.fromkeys(blocked))
    assert index.add(DOCUMENTS) == {}
    assert index.count() == len(DOCUMENTS)


def test_a_busy_node_is_asked_again_item_by_item(
    node: Node, open_elastic: Callable[..., Index], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.elastic_bulk.FIRST_WAIT_S", 0.01)
    with proxy(node.url) as busy:
        index = open_elastic(busy.url)
        busy.busy_items = 3
        assert index.add(DOCUMENTS) == {}
        assert index.count() == len(DOCUMENTS)
        busy.busy_items = 10_000
        with pytest.raises(IndexUnavailable, match="busy"):
            index.add(DOCUMENTS)
        busy.busy_items = 0
        assert index.count() == len(DOCUMENTS)


def test_poison_is_named_even_where_it_spoils_the_whole_request(
    open_elastic: Callable[..., Index],
) -> None:
    index = open_elastic()
    refused = index.add([DOCUMENTS[0], document(9, id="x" * 600), DOCUMENTS[1]])
    assert list(refused) == ["x" * 600]
    assert "512" in refused["x" * 600]
    assert index.count() == 2


def test_an_index_deleted_by_hand_is_told_and_laid_out_again(
    node: Node, open_elastic: Callable[..., Index]
) -> None:
    index = open_elastic(index="deleted")
    index.add(DOCUMENTS)
    with Elasticsearch(node.url) as client:
        client.indices.delete(index="deleted-000001")
        with pytest.raises(IndexUnavailable, match="index_not_found"):
            index.add(DOCUMENTS)
        assert index.add(DOCUMENTS) == {}
        assert list(client.indices.get(index="deleted")) == ["deleted-000001"]
    assert index.search("camat").total == 3


@pytest.mark.slow
def test_a_node_that_is_away_is_told_and_its_return_is_noticed(
    node: Node, tmp_path: Path, open_elastic: Callable[..., Index]
) -> None:
    own = Node(tmp_path / "node")  # beside ``node``, which stays up for the others
    own.start()
    try:
        index = open_elastic(own.url)
        index.add(DOCUMENTS)
        own.stop()
        for ask in (lambda: index.add(DOCUMENTS), lambda: index.search("camat"), index.count):
            with pytest.raises(IndexUnavailable, match="cannot be reached"):
                ask()
        own.start()
        assert index.count() == len(DOCUMENTS)
        assert index.add(DOCUMENTS) == {}
        assert index.search("camat").total == 3
    finally:
        own.stop()


def test_one_dead_host_of_several_does_not_matter(
    node: Node, open_elastic: Callable[..., Index]
) -> None:
    index = open_elastic("http://127.0.0.1:9", node.url)
    for _ in range(3):
        index.add(DOCUMENTS)
    assert index.count() == len(DOCUMENTS)


def test_tls_with_its_own_authority_and_a_key(
    node: Node, tmp_path: Path, open_elastic: Callable[..., Index]
) -> None:
    context = self_signed(tmp_path)
    with proxy(node.url, context=context, authorization="ApiKey secret") as secured:
        index = open_elastic(secured.url, ca_file=tmp_path / "server.pem", api_key_env="KEY")
        index.add(DOCUMENTS)
        assert index.search("camat").total == 3
        assert secured.refused == 0
        keyless = open_elastic(secured.url, ca_file=tmp_path / "server.pem")
        with pytest.raises(IndexUnavailable, match="401"):
            keyless.add(DOCUMENTS)
        asked = secured.refused
        distrusting = open_elastic(secured.url, api_key_env="KEY")
        with pytest.raises(IndexUnavailable, match="certificate verify failed"):
            distrusting.add(DOCUMENTS)
        assert secured.refused == asked


def test_a_password_from_a_file(
    node: Node, tmp_path: Path, open_elastic: Callable[..., Index]
) -> None:
    (tmp_path / "password").write_text("rahasia\n")
    with proxy(node.url, authorization="Basic cGFudGF1OnJhaGFzaWE=") as secured:
        index = open_elastic(secured.url, username="pantau", password_file=tmp_path / "password")
        assert index.add(DOCUMENTS) == {}


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"username": "pantau"}, "needs its password"),
        ({"username": "p", "password_env": "A", "api_key_env": "B"}, "give one secret"),
        ({"api_key_env": "A"}, "in the open. Use https://"),
        ({"verify_certs": False}, "Extra inputs are not permitted"),
        ({"ssl_show_warn": False}, "Extra inputs are not permitted"),
    ],
)
def test_unsafe_or_half_settings_are_refused(settings: dict[str, object], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        Search.model_validate({"hosts": ["http://search.example:9200"], **settings})


def test_a_missing_secret_is_told_by_its_place(tmp_path: Path) -> None:
    from_environment = Search(hosts=("https://search.example:9200",), api_key_env="NOT_THERE")
    with pytest.raises(ConfigError, match="set the environment variable NOT_THERE"):
        open_index(from_environment, NOWHERE, environment={})
    missing = tmp_path / "key"
    from_file = Search(hosts=("https://search.example:9200",), api_key_file=missing)
    with pytest.raises(ConfigError, match=f"search.api_key_file: {missing} cannot be read"):
        open_index(from_file, NOWHERE, environment={})
    with pytest.raises(ConfigError, match="cannot be read as certificates"):
        open_index(Search(hosts=("https://a.example",), ca_file=missing), NOWHERE, environment={})
