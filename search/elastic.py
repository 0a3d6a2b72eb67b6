"""The index on Elasticsearch: what is written to it, and when it is not to be had.

An alias (``pantau``) stands before a numbered index (``pantau-000001``); a rebuild fills
the next number and moves the alias, so that searches never miss a beat. Documents are
written by article id, so a replay is harmless. Nothing here waits for long: what cannot be
written now raises IndexUnavailable, and the articles wait as rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import islice
from operator import attrgetter
from typing import Any

from elastic_transport import TransportError
from elasticsearch import ApiError, BadRequestError, Elasticsearch, NotFoundError
from elasticsearch.helpers import bulk

from pantau.errors import IndexUnavailable
from search.content import from_record
from search.elastic_bulk import Bulk
from search.elastic_mapping import MAPPINGS, SETTINGS
from search.elastic_query import counting, to_query, to_score
from search.forgive import SAME_START, SHORTEST, Offered, Replaced, forgive
from search.hits import Alike, firsts, hit
from search.index import MOST_OTHERS, Document, Noted, Order, Results
from search.query import Node, Words, parse, positive_words, within
from search.synonyms import Groups, with_synonyms
from search.words import version

WINDOW = 10_000
"""Hits that Elasticsearch skips over to reach an offset; further ones are walked to."""

NOT_THERE = 404
MERGED_IN_S = 3600
"""A rebuilt index of a million articles is made one segment in minutes; nobody waits for it."""
NEWEST_FIRST: list[dict[str, Any]] = [{"date": "desc"}, {"id": "asc"}]


class ElasticIndex:
    """See ``search.index.Index``. Opening it asks nothing of the server."""

    def __init__(self, client: Elasticsearch, name: str, synonyms: Groups = ()) -> None:
        self._client = client
        self._name = name
        self._synonyms = synonyms
        self._ready = False
        self._written = False

    def add(self, documents: Iterable[Document], noted: Noted | None = None) -> dict[str, str]:
        with self._asking():
            self._make_ready()
            self._written = True
            try:
                return Bulk(self._client, self._name, alias=True).write(documents, noted)
            except IndexUnavailable:
                self._ready = False  # look again whether the alias still stands
                raise

    def remove(self, ids: Sequence[str]) -> None:
        if not ids:
            return
        with self._asking():
            self._make_ready()
            self._written = True
            gone = [{"_op_type": "delete", "_index": self._name, "_id": one} for one in ids]
            _, failed = bulk(self._client, gone, raise_on_error=False, refresh=True)
            assert isinstance(failed, list)
            if kept := [one for one in failed if one["delete"]["status"] != NOT_THERE]:
                raise IndexUnavailable(f"Elasticsearch kept what is gone: {kept[0]}")

    def rebuild(self, documents: Iterable[Document]) -> dict[str, str]:
        """Into an index of its own; the alias moves when it is whole."""
        with self._asking():
            before = sorted(self._standing())
            numbers = [int(name.rpartition("-")[2]) for name in self._all()]
            made = f"{self._name}-{max(numbers, default=0) + 1:06}"
            for left_over in set(self._all()) - set(before):  # of a rebuild that was cut off
                self._client.indices.delete(index=left_over)
            self._create(made, refresh_interval="-1")
            refused = Bulk(self._client, made, alias=False).write(documents)
            self._client.indices.put_settings(index=made, settings={"refresh_interval": None})
            # One segment is searched in half the time of the dozens that filling leaves.
            self._client.options(request_timeout=MERGED_IN_S).indices.forcemerge(
                index=made, max_num_segments=1
            )
            self._client.indices.refresh(index=made)
            self._client.indices.update_aliases(
                actions=[
                    *({"remove": {"index": old, "alias": self._name}} for old in before),
                    {"add": {"index": made, "alias": self._name, "is_write_index": True}},
                ]
            )
            for old in before:
                self._client.indices.delete(index=old)
            self._ready = True
            return refused

    def search(
        self,
        query: str,
        *,
        limit: int = 20,
        offset: int = 0,
        order: Order = "date",
        facets: Sequence[str] = (),
        regions: Sequence[str] = (),
        folded: bool = False,
    ) -> Results:
        node = parse(query)
        with self._asking():
            self._make_ready()
            wanted = within(regions, with_synonyms(node, self._synonyms))
            found = self._found(wanted, order, limit, offset, facets, folded)
            instead: Replaced = ()
            if node is not None and not _total(found):
                node, instead = forgive(node, self._known, self._near)
                if instead:
                    wanted = within(regions, with_synonyms(node, self._synonyms))
                    found = self._found(wanted, order, limit, offset, facets, folded)
            documents = [_document(hit) for hit in found["hits"]["hits"]]
            if offset + limit > WINDOW and order == "date":
                documents = self._walked(wanted, offset, limit, folded)
            alike = self._alike(wanted, documents) if folded and documents else {}
        return Results(
            total=_total(found),
            hits=tuple(hit(document, wanted, alike) for document in documents),
            facets={name: _counted(found["aggregations"][name]) for name in facets},
            instead=instead if _total(found) else (),
        )

    def newest(
        self, query: str, *, limit: int, regions: Sequence[str] = ()
    ) -> tuple[list[str], int]:
        node = within(regions, with_synonyms(parse(query), self._synonyms))
        request = {
            "query": to_query(node),
            "sort": NEWEST_FIRST,
            "size": limit,
            "_source": False,
            "track_total_hits": True,
        }
        with self._asking():
            self._make_ready()
            found = self._ask(request)
        return [hit["_id"] for hit in found["hits"]["hits"]], _total(found)

    def scan(self, query: str, *, regions: Sequence[str] = ()) -> Iterator[Document]:
        node = within(regions, with_synonyms(parse(query), self._synonyms))
        with self._asking():
            self._make_ready()
            for hit in self._walk(node):
                yield _document(hit)

    def count(self) -> int:
        with self._asking():
            self._make_ready()
            self._client.indices.refresh(index=self._name)
            number: int = self._client.count(index=self._name)["count"]
            return number

    def close(self) -> None:
        self._client.close()

    # Writing

    def _make_ready(self) -> None:
        """The alias with its first index, once; documents written here are then seen here."""
        if not self._ready:
            standing = self._standing()
            if not standing:
                self._create(f"{self._name}-000001", alias=True)
            elif any(made != version() for made in standing.values()):
                raise IndexUnavailable(
                    f"{self._name}: the index was made by another version of Pantau. "
                    "Make it anew: pantau index rebuild"
                )
            self._ready = True

    def _create(self, index: str, *, alias: bool = False, **settings: Any) -> None:
        try:
            self._client.indices.create(
                index=index,
                mappings={**MAPPINGS, "_meta": {"version": version()}},
                settings={**SETTINGS, **settings},
                aliases={self._name: {"is_write_index": True}} if alias else {},
            )
        except BadRequestError as error:
            if error.error != "resource_already_exists_exception":  # another process was first
                raise

    def _standing(self) -> dict[str, str]:
        """The index behind the alias, with the version of its words."""
        try:
            found = self._client.indices.get(index=self._name)
        except NotFoundError:
            return {}
        return {
            name: about["mappings"].get("_meta", {}).get("version", "")
            for name, about in found.items()
        }

    def _all(self) -> list[str]:
        """Every index of ours, behind the alias or not."""
        names = self._client.indices.get(index=f"{self._name}-*", features="aliases")
        return [name for name in names if re.fullmatch(rf"{re.escape(self._name)}-\d+", name)]

    # Asking

    def _found(
        self,
        wanted: Node | None,
        order: Order,
        limit: int,
        offset: int,
        facets: Sequence[str],
        folded: bool,
    ) -> Mapping[str, Any]:
        scored = positive_words(wanted) if order == "relevance" else []
        beyond = offset + limit > WINDOW
        request: dict[str, Any] = {
            "query": {
                "bool": {"filter": [to_query(wanted)], "should": [to_score(it) for it in scored]}
            },
            "sort": [{"_score": "desc"}, *NEWEST_FIRST] if scored else NEWEST_FIRST,
            "size": 0 if beyond else limit,
            "from": 0 if beyond else offset,
            "track_total_hits": True,
            "aggs": {name: counting(name) for name in facets},
        }
        if folded:
            request["collapse"] = {"field": "text_id"}
        return self._ask(request)

    def _ask(self, request: dict[str, Any]) -> Mapping[str, Any]:
        """Once more where a rebuild moved the alias between looking it up and asking."""
        if self._written:
            self._client.indices.refresh(index=self._name)
            self._written = False
        ask = partial(
            self._client.search, index=self._name, body=request, allow_partial_search_results=False
        )
        try:
            found = ask()
        except ApiError as error:
            if error.status_code not in (404, 503):
                raise
            found = ask()
        body: Mapping[str, Any] = found.body
        return body

    def _walk(self, node: Node | None) -> Iterator[dict[str, Any]]:
        """All hits of one moment, newest first, a page at a time."""
        self._client.indices.refresh(index=self._name)
        moment = self._client.open_point_in_time(index=self._name, keep_alive="2m")["id"]
        after: list[Any] | None = None
        try:
            while True:
                request: dict[str, Any] = {
                    "query": to_query(node),
                    "pit": {"id": moment, "keep_alive": "2m"},
                    "sort": NEWEST_FIRST,
                    "size": 500,
                    "track_total_hits": False,
                }
                if after is not None:
                    request["search_after"] = after
                hits = self._client.search(body=request)["hits"]["hits"]
                if not hits:
                    return
                yield from hits
                after = hits[-1]["sort"]
        finally:
            self._client.close_point_in_time(id=moment)

    def _walked(self, node: Node | None, offset: int, limit: int, folded: bool) -> list[Document]:
        documents: Iterator[Document] = map(_document, self._walk(node))
        if folded:
            documents = firsts(documents, attrgetter("text_id"))
        return list(islice(documents, offset, offset + limit))

    def _alike(self, node: Node | None, shown: Sequence[Document]) -> Alike:
        """What else answers that carries the text of one that is shown."""
        texts = [document.text_id for document in shown]
        among = [
            to_query(node),
            {"terms": {"text_id": texts}},
            {"bool": {"must_not": {"terms": {"id": [document.id for document in shown]}}}},
        ]
        newest = {"top_hits": {"size": MOST_OTHERS, "sort": NEWEST_FIRST}}
        counted = {"terms": {"field": "text_id", "size": len(texts)}, "aggs": {"newest": newest}}
        request = {"query": {"bool": {"filter": among}}, "size": 0, "aggs": {"texts": counted}}
        return {
            text["key"]: (
                text["doc_count"],
                tuple(_document(held) for held in text["newest"]["hits"]["hits"]),
            )
            for text in self._ask(request)["aggregations"]["texts"]["buckets"]
        }

    def _known(self, words: Words) -> bool:
        query = to_query(with_synonyms(words, self._synonyms))
        return bool(self._client.count(index=self._name, query=query)["count"])

    def _near(self, words: Words, edits: int) -> Offered:
        (word,) = words.words
        suggest = {
            "near": {
                "text": word,
                "term": {
                    "field": words.field or "isi",
                    "suggest_mode": "always",
                    "string_distance": "damerau_levenshtein",
                    "max_edits": edits,
                    "prefix_length": SAME_START,
                    "min_word_length": SHORTEST,
                    "size": 100,
                },
            }
        }
        told = self._client.search(index=self._name, size=0, suggest=suggest)["suggest"]
        return [
            (option["text"], option["freq"])
            for entry in told["near"]
            for option in entry["options"]
        ]

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """Whatever the server or the way to it does wrong, as one error with its reason."""
        try:
            yield
        except TransportError as error:
            raise IndexUnavailable(f"Elasticsearch cannot be reached: {error}") from error
        except ApiError as error:
            raise IndexUnavailable(
                f"Elasticsearch refuses ({error.status_code}): {error}"
            ) from error


def _total(found: Mapping[str, Any]) -> int:
    total: int = found["hits"]["total"]["value"]
    return total


def _counted(facet: Mapping[str, Any]) -> dict[str, int]:
    """The most frequent first, ties by value."""
    buckets = [
        (str(bucket.get("key_as_string", bucket["key"])), int(bucket["doc_count"]))
        for bucket in facet["buckets"]
    ]
    return dict(sorted(buckets, key=lambda bucket: (-bucket[1], bucket[0])))


def _document(hit: Mapping[str, Any]) -> Document:
    return from_record(hit["_source"]["document"])
