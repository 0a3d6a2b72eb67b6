"""What an index promises, whichever engine stands behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pantau.records import Kind


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


class Index(Protocol):
    """Articles by id: adding one again replaces it, so a replay is harmless."""

    def add(self, documents: Sequence[Document]) -> None: ...

    def search(self, query: str, *, limit: int = 20, offset: int = 0) -> Results:
        """Newest first, ties by id. Raises QueryError for a mistake in the query."""
        ...

    def count(self) -> int: ...

    def close(self) -> None: ...
