"""Which searches find an article, asked without the index: it may be down, or behind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path

from sqlalchemy.orm import Session

from pantau.config import Config
from pantau.documents import region_name, to_document
from pantau.state import articles
from pantau.state.tables import ArticleRow
from search.embedded import EmbeddedIndex
from search.synonyms import groups_of

_IN_MEMORY = Path(":memory:")


def answered(
    session: Session, queries: Iterable[str], article_ids: Sequence[str], config: Config
) -> frozenset[str]:
    """Those of the queries that find at least one of these articles, by the rules of every
    search but without its leniency for typing errors."""
    asked = {query for query in queries if query}
    if not asked:
        return frozenset()
    synonyms = groups_of(config.synonyms) if config.settings.search.synonyms else ()
    with closing(EmbeddedIndex(_IN_MEMORY, synonyms)) as index:
        index.add(
            to_document(
                row,
                articles.mentions_of(session, row.id),
                config.sources[row.source_id].name if row.source_id in config.sources else "",
                region_name,
            )
            for row in (session.get_one(ArticleRow, one) for one in dict.fromkeys(article_ids))
        )
        return frozenset(query for query in asked if next(index.scan(query), None) is not None)
