"""Brings articles into the index: what waits for it, or everything anew.

An article waits as a row until the index has its present revision. When the index is not to
be had, nothing is lost and nothing stops: the rows wait, and it is asked again after a rest.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from pantau.clock import Clock
from pantau.config import Config
from pantau.documents import RegionName, to_document
from pantau.errors import IndexUnavailable
from pantau.records import Mention
from pantau.source_names import source_name
from pantau.state import State, articles
from pantau.state.tables import ArticleRow
from search import Document, Index

log = logging.getLogger(__name__)

BATCH = 500
"""Rows read and noted at once."""
REST = timedelta(seconds=30)
"""After the index could not be had, before it is asked again."""


@dataclass
class Indexing:
    state: State
    index: Index
    config: Config
    clock: Clock
    region_name: RegionName
    rests_until: datetime | None = field(default=None, init=False)

    def fill(self, stopping: Callable[[], bool] = lambda: False) -> None:
        """Hand over what waits, until nothing does or the index is not to be had."""
        if self.rests_until is not None and self.clock() < self.rests_until:
            return
        self.rests_until = None
        try:
            while self._hand_over(stopping) and not stopping():
                pass
        except IndexUnavailable as error:
            self.rests_until = self.clock() + REST
            log.warning("the index takes nothing now, its articles wait: %s", error)

    def rebuild(self) -> int:
        """Make the index anew from the state; how many articles it holds then.

        Raises IndexUnavailable; the old index then stands as it was.
        """
        revisions: dict[str, int] = {}
        with self.state.read() as session:
            refused = self.index.rebuild(self._all(session, revisions))
        self._note(revisions, refused)
        return len(revisions) - len(refused)

    def _hand_over(self, stopping: Callable[[], bool]) -> int:
        """Everything that waits, once, each part noted as soon as it is in; how much it was."""
        handed: dict[str, int] = {}

        def note(taken: Sequence[str], refused: Mapping[str, str]) -> None:
            self._note({one: handed[one] for one in (*taken, *refused)}, refused)

        self.index.add(self._waiting(handed, stopping), note)
        return len(handed)

    def _waiting(self, handed: dict[str, int], stopping: Callable[[], bool]) -> Iterator[Document]:
        """What waits, oldest first, read as it is needed; deleted posts leave the index."""
        last: ArticleRow | None = None
        while not stopping():
            with self.state.read() as session:
                rows = articles.not_indexed(session, BATCH, after=last)
                documents = self._documents(session, [row for row in rows if not row.gone_at])
            if not rows:
                return
            last = rows[-1]
            handed |= {row.id: row.revision for row in rows}
            gone = {row.id: row.revision for row in rows if row.gone_at}
            if gone:
                self.index.remove(list(gone))
                with self.state.write() as session:
                    articles.indexed(session, gone, gone=True)
            yield from documents

    def _all(self, session: Session, revisions: dict[str, int]) -> Iterator[Document]:
        for rows in articles.all_articles(session, BATCH):
            revisions |= {row.id: row.revision for row in rows}
            yield from self._documents(session, rows)

    def _note(self, revisions: Mapping[str, int], refused: Mapping[str, str]) -> None:
        for article_id, reason in refused.items():
            log.error("article %s is set aside, the index refuses it: %s", article_id, reason)
        taken = {one: revision for one, revision in revisions.items() if one not in refused}
        with self.state.write() as session:
            articles.indexed(session, taken)
            for article_id, reason in refused.items():
                articles.refused_by_index(session, article_id, revisions[article_id], reason)

    def _documents(self, session: Session, rows: Sequence[ArticleRow]) -> list[Document]:
        mentions = articles.mentions_by_article(session, [row.id for row in rows])
        return [self._document(row, mentions[row.id]) for row in rows]

    def _document(self, row: ArticleRow, mentions: Sequence[Mention]) -> Document:
        name = source_name(self.config, row.source_id, url=row.url, platform=row.platform)
        return to_document(row, mentions, name, self.region_name)
