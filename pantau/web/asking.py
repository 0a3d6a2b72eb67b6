"""What somebody asks of the index: words, and what facets narrowed them to. Pure.

Everything ends in one query of the query language, so that a permalink, a saved search, a
feed and an export ask for the very same hits.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final
from urllib.parse import quote_plus, urlencode

from search.index import Order

FACETS: Final[dict[str, str]] = {
    "putusan": "putusan",
    "wilayah": "wilayah",
    "sumber": "media",
    "bentuk": "bentuk",
    "tahap": "tahap",
    "instansi": "instansi_persis",
    "calon": "calon_persis",
    "jenis": "jenis",
}
"""What a page's parameter is called, and the field of the query that it narrows."""
COUNTED: Final[dict[str, str]] = {
    **{name: name for name in FACETS},
    "sumber": "media",
}
"""Under which name the index counts it."""
ORDERS: Final[dict[str, Order]] = {"tanggal": "date", "relevansi": "relevance"}
MOST = 1000
"""Characters of what is typed; a longer text is no question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question as the page's address tells it."""

    words: str = ""
    chosen: Mapping[str, str] = field(default_factory=dict)
    since: str = ""
    """First day, as ``2024-09-25``; empty for no limit. ``until`` likewise, the last day."""
    until: str = ""
    order: str = "tanggal"
    start: int = 0

    @classmethod
    def of(cls, parameters: Mapping[str, str]) -> Asked:
        """Read a page's parameters; what is not known, or no day or number, is passed over."""
        start = parameters.get("mulai", "0")
        order = parameters.get("urut", "tanggal")
        return cls(
            words=parameters.get("q", "").strip(),
            chosen={name: parameters[name] for name in FACETS if parameters.get(name)},
            since=_day(parameters.get("dari", "")),
            until=_day(parameters.get("sampai", "")),
            order=order if order in ORDERS else "tanggal",
            start=min(int(start), 1_000_000) if re.fullmatch(r"[0-9]{1,9}", start) else 0,
        )

    @property
    def query(self) -> str:
        """All of it in the query language."""
        parts = [f"{FACETS[name]}:{quoted_value(value)}" for name, value in self.chosen.items()]
        if self.since or self.until:
            parts.append(f"tanggal:[{self.since or '*'} TO {self.until or '*'}]")
        if self.words:
            parts.insert(0, f"({self.words})" if parts else self.words)
        return " AND ".join(parts)

    def url(self, path: str = "/cari") -> str:
        """The address that asks the same."""
        parameters = {
            "q": self.words,
            **self.chosen,
            "dari": self.since,
            "sampai": self.until,
            "urut": self.order if self.order != "tanggal" else "",
            "mulai": str(self.start or ""),
        }
        told = urlencode({name: value for name, value in parameters.items() if value})
        return f"{path}?{told}" if told else path

    def narrowing(self, name: str) -> Callable[[str], str]:
        """The addresses that narrow to one value or another of a facet."""
        base = self.widened(name).url()
        lead = f"{base}{'&' if '?' in base else '?'}{name}="
        return lambda value: lead + quote_plus(value)

    def widened(self, name: str) -> Asked:
        kept = {key: value for key, value in self.chosen.items() if key != name}
        return replace(self, chosen=kept, start=0)

    def within(self, since: date, until: date) -> Asked:
        return replace(self, since=since.isoformat(), until=until.isoformat(), start=0)

    def ordered(self, order: str) -> Asked:
        return replace(self, order=order, start=0)

    def at(self, start: int) -> Asked:
        return replace(self, start=start)

    def ever(self) -> Asked:
        """Without limits of time."""
        return replace(self, since="", until="", start=0)


def quoted_value(value: str) -> str:
    """A value as the query language takes it: bare where it can be, else in quotes."""
    if re.fullmatch(r"[\w.]+", value) and value not in ("AND", "OR", "NOT", "TO"):
        return value
    return '"' + re.sub(r'(["\\])', r"\\\1", value) + '"'


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat() if len(text) == 10 else ""
    except ValueError:
        return ""
