"""What an index promises, whichever engine stands behind it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Literal, Protocol

from pantau.records import Kind

Order = Literal["date", "relevance"]
Facet = Literal[
    "jenis",
    "putusan",
    "hari",
    "media",
    "wilayah",
    "peran",
    "bentuk",
    "tahap",
    "instansi",
    "calon",
    "platform",
]
Noted = Callable[[Sequence[str], Mapping[str, str]], None]
"""Told of a part of the documents: ids that the index has from now on, and those that it will
never take, each with the reason."""
MOST_OTHERS = 10


def most_values(facet: str) -> int:
    """How many values of a facet are told, the most frequent; what lies in a region is never
    told without the region, which counts at least as many. Days are all told."""
    return {"wilayah": 1000, "hari": sys.maxsize}.get(facet, 200)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """An article as it is searched: its words, and what was found in it."""

    id: str
    url: str
    title: str
    text: str
    kind: Kind
    source_id: str
    source_name: str
    published: datetime | None
    first_seen: datetime
    decision: str
    score: float
    region_codes: tuple[str, ...] = ()
    region_names: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    positions: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    forms: tuple[int, ...] = ()
    stages: tuple[str, ...] = ()
    platform: str = ""
    """Of a post: where it stands."""
    official: bool = False
    """Of a post: whether an institution wrote it on its own account."""
    copy_of: str = ""
    """Id of the article whose text this one repeats; empty where it is the first or only one."""

    @property
    def text_id(self) -> str:
        """The same for all that carry one text."""
        return self.copy_of or self.id

    @property
    def citizen(self) -> bool:
        """Whether a person wrote it on an own account, which is not spread."""
        return self.kind == "post" and not self.official

    @property
    def date(self) -> datetime:
        """When it was published, or first read where no date is told."""
        return self.published or self.first_seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A document that answers a query, with the passage to show."""

    document: Document
    passage: str
    highlights: tuple[tuple[int, int], ...]
    """Spans of the words that were asked for, in ``passage``."""
    alike: int = 0
    """Of a folded search: how many more answer it that carry the same text."""
    others: tuple[Document, ...] = ()
    """The newest ``MOST_OTHERS`` of these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    total: int
    hits: tuple[Hit, ...]
    facets: dict[str, dict[str, int]] = field(default_factory=dict)
    """By field: how many hits have each value, the most frequent first."""
    instead: tuple[tuple[str, str], ...] = ()
    """Nothing was found as asked: words of the query, and the known ones searched instead."""


class Index(Protocol):
    """Articles by id: adding one again replaces it, so a replay is harmless.

    The same query gives the same set of articles whichever index answers, and the same
    order by date; the order by relevance is each engine's own. What cannot be reached or
    does not take anything now raises IndexUnavailable: try again later, nothing was lost.
    """

    def add(self, documents: Iterable[Document], noted: Noted | None = None) -> dict[str, str]:
        """Returns those the index will never take, by id, each with the reason.

        They go in by parts, read as they are needed; ``noted`` is told of each once it is in.
        """
        ...

    def remove(self, ids: Sequence[str]) -> None:
        """Articles that are not to be found any more; one that is not there is no error."""
        ...

    def rebuild(self, documents: Iterable[Document]) -> dict[str, str]:
        """Make the index anew from these documents, while searches go on in the old one."""
        ...

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
        """By date newest first, by relevance best first; ties by id.

        With ``regions``, codes, only articles of these are found, and those of no known region.
        ``facets`` are fields whose values are counted over all hits (``most_values``): jenis,
        putusan, hari (ISO day in WIB), media (source id), wilayah (``00``: none is known),
        peran, bentuk, tahap, instansi, calon.
        ``folded``: of those that carry one text only the first is a hit, ``limit`` and
        ``offset`` count these; ``total`` counts all.
        Raises QueryError for a mistake in the query.
        """
        ...

    def newest(
        self, query: str, *, limit: int, regions: Sequence[str] = ()
    ) -> tuple[list[str], int]:
        """The ids of the newest that answer, at most 10,000, and how many do."""
        ...

    def scan(self, query: str, *, regions: Sequence[str] = ()) -> Iterator[Document]:
        """All that answers, however much it is, newest first, ties by id."""
        ...

    def count(self) -> int: ...

    def close(self) -> None: ...


def in_parts(documents: Iterable[Document], size: int) -> Iterator[list[Document]]:
    """The documents in lists of that many; the last may hold fewer."""
    left = iter(documents)
    while part := list(islice(left, size)):
        yield part
