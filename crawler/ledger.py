"""What one run of a source writes to the state database: the only place of the crawl that does.

Every write is one short transaction, so a kill leaves either the old row or the new one.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from crawler.errors import UnusableAddress
from crawler.noindex import NOINDEX
from crawler.parts import MAX_PAGES
from crawler.sites import LONGEST_ADDRESS, check_address
from crawler.verdicts import Next, Verdict, judge_failure
from pantau.clock import Clock
from pantau.posts import Post
from pantau.records import Disposition, Page
from pantau.state import State, pages, parts
from pantau.state import posts as post_rows
from pantau.state.tables import PageRow

KEPT_AT_ONCE = 20
KEPT_SECONDS = 0.25
"""Pages wait so long for others to share a transaction with."""


@dataclass(frozen=True, slots=True)
class Finding:
    """An address that a feed or listing named, and what it said of it."""

    url: str
    hint: Mapping[str, str] = field(default_factory=dict)
    """``title``, ``published`` (ISO 8601 with zone), ``updated`` (in any form: another one means
    that it was edited), ``content``; as far as given."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A page to be fetched."""

    id: int
    url: str
    parent_id: int | None = None
    """Of a further page of an article: its first page's row."""


@dataclass(slots=True)
class Ledger:
    state: State
    clock: Clock
    source_id: str
    run_id: int | None
    found: int = 0
    """New addresses."""
    known: int = 0
    """Addresses that an earlier run had found."""
    fetched: int = 0
    ended: Counter[str] = field(default_factory=Counter)
    """Pages that brought nothing, by reason."""
    dispositions: Counter[Disposition] = field(default_factory=Counter)
    _kept: dict[int, Page] = field(default_factory=dict)
    _writing: asyncio.TimerHandle | None = None

    def left_over(self) -> list[Waiting]:
        """Pages found by earlier runs and not fetched yet."""
        with self.state.read() as session:
            rows = pages.to_fetch(session, self.source_id, self.clock())
            return [Waiting(row.id, row.url, row.parent_id) for row in rows]

    def note(self, findings: Iterable[Finding]) -> list[Waiting]:
        """Give every new address its row; returns those to be fetched, with edited articles."""
        now = self.clock()
        # An address that is too long is told as such, and not compared with others in full.
        said = [
            (_clean(f.url[: LONGEST_ADDRESS + 1]), {k: _clean(v) for k, v in f.hint.items()})
            for f in findings
        ]
        new: list[Waiting] = []
        with self.state.write() as session:
            noted = pages.all_found(
                session, said, source_id=self.source_id, run_id=self.run_id, now=now
            )
            for row in (*noted.new, *noted.edited):
                try:
                    check_address(row.url)
                    new.append(Waiting(row.id, row.url))
                except UnusableAddress as error:
                    verdict = judge_failure(error)
                    self.count(verdict)
                    pages.done(session, row.id, verdict.disposition, reason=verdict.reason)
        self.found += len(noted.new)
        self.known += noted.known
        return new

    def take_posts(self, posts: Sequence[tuple[str, Post]]) -> int:
        """Note posts, each with its SHA-256 in the archive (empty where it says what it said
        before); returns how many are new."""
        with self.state.write() as session:
            taken = post_rows.taken(
                session, posts, source_id=self.source_id, run_id=self.run_id, now=self.clock()
            )
        self.found += taken.new
        self.fetched += taken.new + taken.edited
        self.known += taken.known
        return taken.new

    def keep(self, page_id: int, page: Page) -> None:
        """The page's bytes are in the archive. Its row says so with the next ``write_kept``."""
        self._kept[page_id] = page
        if len(self._kept) >= KEPT_AT_ONCE:
            self.write_kept()
        elif self._writing is None:
            self._writing = asyncio.get_running_loop().call_later(KEPT_SECONDS, self.write_kept)

    def keep_with_more(self, waiting: Waiting, page: Page, further: Iterable[str]) -> list[Waiting]:
        """The page is in the archive and its article goes on on others: it gets its answer and
        they their rows at once, so that it is never taken for the whole. Returns those to be
        fetched."""
        with self.state.write() as session:
            pages.fetched(session, {waiting.id: page})
            new = self._note_parts(session, waiting.parent_id or waiting.id, further)
        self.fetched += 1
        return new

    def without_whole(
        self, page_id: int, verdict: Verdict, parent_id: int, further: Iterable[str]
    ) -> list[Waiting]:
        """The article cannot be had on one page: its parts are fetched in place of that."""
        self.count(verdict)
        with self.state.write() as session:
            pages.done(session, page_id, verdict.disposition, reason=verdict.reason)
            return self._note_parts(session, parent_id, further)

    def _note_parts(
        self, session: Session, parent_id: int, further: Iterable[str]
    ) -> list[Waiting]:
        usable = []
        for url in map(_clean, further):
            with suppress(UnusableAddress):
                check_address(url)
                usable.append(url)
        rows = parts.note(session, parent_id, usable, most=MAX_PAGES, now=self.clock())
        return [Waiting(row.id, row.url, parent_id) for row in rows]

    def first_of(self, parent_id: int) -> PageRow:
        """The row of an article's first page."""
        with self.state.read() as session:
            return session.get_one(PageRow, parent_id)

    def write_kept(self) -> None:
        """Write what was kept, in one transaction. What a kill takes is fetched once more."""
        if self._writing is not None:
            self._writing.cancel()
            self._writing = None
        if not self._kept:
            return
        with self.state.write() as session:
            pages.fetched(session, self._kept)
        self.fetched += len(self._kept)
        self._kept = {}

    def settle(self, page_id: int, verdict: Verdict) -> None:
        """The page brought nothing: end it, or leave it to a later run."""
        self.count(verdict)
        with self.state.write() as session:
            match verdict.next:
                case Next.END if verdict.reason != NOINDEX:
                    pages.came_to_nothing(
                        session, page_id, verdict.disposition, verdict.reason, self.clock()
                    )
                case Next.END:
                    pages.closed(session, page_id, verdict.disposition, verdict.reason)
                case Next.AGAIN:
                    pages.fetch_failed(session, page_id, verdict.reason, self.clock())
                case Next.WAIT:
                    pages.put_off(session, page_id, verdict.reason, self.clock())

    def count(self, verdict: Verdict) -> None:
        """One page that brought nothing."""
        self.ended[verdict.reason] += 1
        self.dispositions[verdict.disposition] += 1


def _clean(text: str) -> str:
    """Without what no database takes: NUL, and halves of surrogate pairs."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
