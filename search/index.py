"""What an index promises, whichever engine stands behind it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from pantau.records import Kind

Order = Literal["date", "relevance"]


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

    def add(self, documents: Iterable[Document]) -> dict[str, str]:
        """Returns those the index will never take, by id, each with the reason."""
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
    ) -> Results:
        """By date newest first, by relevance best first; ties by id.

        With ``regions``, codes, only articles of these are found, and those of no known region.
        ``facets`` are fields whose values are counted over all hits: jenis, putusan, hari
        (ISO day in WIB), media (source id), wilayah (``00``: none is known), peran, bentuk,
        tahap, instansi, calon.
        Raises QueryError for a mistake in the query.
        """
        ...

    def scan(self, query: str, *, regions: Sequence[str] = ()) -> Iterator[Document]:
        """All that answers, however much it is, newest first, ties by id."""
        ...

    def count(self) -> int: ...

    def close(self) -> None: ...
