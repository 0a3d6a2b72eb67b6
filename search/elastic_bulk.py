"""Hands documents to Elasticsearch in bulk: what it takes, what it never will, what must wait.

While one part is on its way the next is made ready: waiting for a server costs no processor.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from elasticsearch import Elasticsearch
from elasticsearch.helpers import streaming_bulk

from pantau.errors import IndexUnavailable
from search.content import to_json
from search.elastic_mapping import to_body
from search.index import Document, Noted, in_parts

CHUNK, CHUNK_BYTES = 250, 10 * 1024 * 1024
"""Documents and bytes of one bulk request: few, as nothing is on its way while the first are
made ready."""
TOLD = ["errors", "items.*._id", "items.*.status", "items.*.error"]
"""What is to be told of each document; most of the answer is not read."""
RETRIES, FIRST_WAIT_S, LONGEST_WAIT_S = 3, 0.5, 8
"""Of documents answered with 429, before they are left for later."""
REFUSED_FOR_GOOD = (400, 413)
"""The document itself is at fault; anything else may be otherwise in a minute."""


@dataclass(frozen=True, slots=True)
class Bulk:
    """The way of documents to one index.

    ``alias``: the target is an alias, and must be. Without it a lost index would come back
    under the alias' name, with no mapping.
    """

    client: Elasticsearch
    target: str
    alias: bool

    def write(self, documents: Iterable[Document], noted: Noted | None = None) -> dict[str, str]:
        """Returns what is refused for good, by id, each with the reason.

        Raises IndexUnavailable where a part cannot be had now; what ``noted`` was told of
        before stands.
        """
        refused: dict[str, str] = {}
        before: _Part | None = None
        with ThreadPoolExecutor(1, thread_name_prefix="bulk") as sender:
            on_its_way: Future[_Part] | None = None
            for some in chain(in_parts(documents, CHUNK), [None]):
                part = None if some is None else _made_ready(some, self.target)
                if on_its_way is not None:
                    before = on_its_way.result()
                    if before.trouble:
                        raise IndexUnavailable(f"{self.target}: {before.told}")
                on_its_way = sender.submit(self._send, part) if part is not None else None
                if before is not None:
                    refused |= before.refused
                    if noted is not None:
                        noted(before.taken, before.refused)
        return refused

    def _send(self, part: _Part) -> _Part:
        """With back-off, and item by item where a request was refused as a whole."""
        again = []
        for outcome in self._outcomes(part.actions, CHUNK):
            if "exception" in outcome and outcome["status"] in REFUSED_FOR_GOOD:
                # Which document was it?
                data = outcome["data"]
                again.append({"_index": self.target, "_id": outcome["_id"], "_source": data})
            else:
                part.sort_out(outcome)
        for outcome in self._outcomes(again, 1):
            part.sort_out(outcome)
        return part

    def _outcomes(self, actions: Iterable[dict[str, Any]], chunk: int) -> Iterator[dict[str, Any]]:
        """Of each document that was not taken."""
        for _, item in streaming_bulk(
            self.client,
            actions,
            chunk_size=chunk,
            max_chunk_bytes=CHUNK_BYTES,
            max_retries=RETRIES,
            initial_backoff=FIRST_WAIT_S,
            max_backoff=LONGEST_WAIT_S,
            raise_on_error=False,
            raise_on_exception=False,
            yield_ok=False,
            require_alias=self.alias,
            filter_path=TOLD,
        ):
            yield item["index"]


@dataclass(frozen=True, slots=True)
class _Part:
    """Some documents on their way, and what became of them."""

    ids: list[str] = field(default_factory=list)
    actions: list[dict[str, Any]] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    trouble: list[str] = field(default_factory=list)

    @property
    def taken(self) -> list[str]:
        return [one for one in self.ids if one not in self.refused]

    @property
    def told(self) -> str:
        """The trouble in words."""
        return f"{self.trouble[0]} ({len(self.trouble)} documents)"

    def sort_out(self, outcome: dict[str, Any]) -> None:
        """One document that was not taken: for good, or for now."""
        reason = _reason(outcome.get("error"))
        if outcome.get("status") in REFUSED_FOR_GOOD:
            self.refused[outcome["_id"]] = reason
        else:
            self.trouble.append(reason)


def _made_ready(documents: Iterable[Document], target: str) -> _Part:
    part = _Part()
    for document in documents:
        part.ids.append(document.id)
        try:
            body = to_json(to_body(document))
        except UnicodeError as error:
            part.refused[document.id] = str(error)
        else:
            part.actions.append({"_index": target, "_id": document.id, "_source": body})
    return part


def _reason(error: Any) -> str:
    """What the server says of an item, without the values it quotes at length."""
    if isinstance(error, Mapping):
        cause = error.get("caused_by") or {}
        told = [error.get("type", ""), error.get("reason", ""), cause.get("reason", "")]
        error = ": ".join(str(part) for part in told if part)
    return re.sub(r"\S{100,}", "…", str(error))[:500]
