"""What one run of a source writes to the state database: the only place of the crawl that does.

Every write is one short transaction, so a kill leaves either the old row or the new one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from crawler.errors import UnusableAddress
from crawler.sites import check_address
from crawler.verdicts import Next, Verdict
from pantau.clock import Clock
from pantau.records import Disposition, Page
from pantau.state import State, pages


@dataclass(frozen=True, slots=True)
class Finding:
    """An address that a feed or listing named, and what it said of it."""

    url: str
    hint: Mapping[str, Any] = field(default_factory=dict)
    """``title``, ``published`` (ISO 8601 with zone), ``content``; as far as given."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A page to be fetched."""

    id: int
    url: str


@dataclass(slots=True)
class Ledger:
    state: State
    clock: Clock
    source_id: str
    run_id: int | None
    found: int = 0
    """New addresses."""
    fetched: int = 0
    ended: Counter[str] = field(default_factory=Counter)
    """Pages that brought nothing, by reason."""
    dispositions: Counter[Disposition] = field(default_factory=Counter)

    def left_over(self) -> list[Waiting]:
        """Pages found by earlier runs and not fetched yet."""
        with self.state.read() as session:
            rows = pages.to_fetch(session, self.source_id, self.clock())
            return [Waiting(row.id, row.url) for row in rows]

    def note(self, findings: Iterable[Finding]) -> list[Waiting]:
        """Give every new address its row; returns those to be fetched."""
        now = self.clock()
        new: list[Waiting] = []
        with self.state.write() as session:
            for finding in findings:
                row = pages.found(
                    session,
                    url=finding.url,
                    source_id=self.source_id,
                    run_id=self.run_id,
                    now=now,
                    hint=dict(finding.hint),
                )
                if row is None:
                    continue
                self.found += 1
                try:
                    check_address(finding.url)
                    new.append(Waiting(row.id, row.url))
                except UnusableAddress as error:
                    self.count(str(error), Disposition.FAILED)
                    pages.done(session, row.id, Disposition.FAILED, reason=str(error))
        return new

    def keep(self, page_id: int, page: Page) -> None:
        """The page's bytes are in the archive."""
        with self.state.write() as session:
            pages.fetched(session, page_id, page)
        self.fetched += 1

    def settle(self, page_id: int, verdict: Verdict) -> None:
        """The page brought nothing: end it, or leave it to a later run."""
        self.count(verdict.reason, verdict.disposition)
        with self.state.write() as session:
            match verdict.next:
                case Next.END:
                    pages.done(session, page_id, verdict.disposition, reason=verdict.reason)
                case Next.AGAIN:
                    pages.fetch_failed(session, page_id, verdict.reason, self.clock())
                case Next.WAIT:
                    pages.put_off(session, page_id, verdict.reason, self.clock())

    def count(self, reason: str, disposition: Disposition) -> None:
        """One page that brought nothing."""
        self.ended[reason] += 1
        self.dispositions[disposition] += 1
