"""Brings articles into the index: what waits for it, or everything anew.

An article waits as a row until the index has its present revision. When the index is not to
be had, nothing is lost and nothing stops: the rows wait, and it is asked again after a rest.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from pantau.clock import Clock
from pantau.config import Config
from pantau.documents import RegionName, to_document
from pantau.errors import IndexUnavailable
from pantau.state import State, articles
from pantau.state.tables import ArticleRow
from search import Document, Index

log = logging.getLogger(__name__)

BATCH = 64
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
        while not stopping():
            with self.state.read() as session:
                waiting = articles.not_indexed(session, BATCH)
                gone = [row.id for row in waiting if row.gone_at is not None]
                documents = [self._document(session, row) for row in waiting if not row.gone_at]
            if not waiting:
                return
            try:
                self.index.remove(gone)
                refused = self.index.add(documents)
            except IndexUnavailable as error:
                self.rests_until = self.clock() + REST
                log.warning("the index takes nothing now, its articles wait: %s", error)
                return
            self._note({row.id: row.revision for row in waiting}, refused)

    def rebuild(self) -> int:
        """Make the index anew from the state; how many articles it holds then.

        Raises IndexUnavailable; the old index then stands as it was.
        """
        revisions: dict[str, int] = {}
        with self.state.read() as session:
            refused = self.index.rebuild(self._all(session, revisions))
        self._note(revisions, refused)
        return len(revisions) - len(refused)

    def _all(self, session: Session, revisions: dict[str, int]) -> Iterator[Document]:
        for row in articles.all_articles(session):
            revisions[row.id] = row.revision
            yield self._document(session, row)

    def _note(self, revisions: dict[str, int], refused: dict[str, str]) -> None:
        for article_id, reason in refused.items():
            log.error("article %s is set aside, the index refuses it: %s", article_id, reason)
        with self.state.write() as session:
            taken = {
                article_id: revision
                for article_id, revision in revisions.items()
                if article_id not in refused
            }
            articles.indexed(session, taken)
            for article_id, reason in refused.items():
                articles.refused_by_index(session, article_id, revisions[article_id], reason)

    def _document(self, session: Session, row: ArticleRow) -> Document:
        source = self.config.sources.get(row.source_id)
        return to_document(
            row,
            articles.mentions_of(session, row.id),
            source.name if source else row.source_id,
            self.region_name,
        )
