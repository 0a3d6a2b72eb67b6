"""The index and its query language.

One interface (``index.Index``), one query language (``query.parse``), and two indices that
answer it alike: the embedded one, which needs no server, and the one on Elasticsearch.
``open_index`` gives the one that the settings ask for.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from pantau.config.models import Search
from search.connect import connect
from search.elastic import ElasticIndex
from search.embedded import EmbeddedIndex
from search.index import Document, Hit, Index, Results
from search.synonyms import groups_of

__all__ = [
    "Document",
    "ElasticIndex",
    "EmbeddedIndex",
    "Hit",
    "Index",
    "Results",
    "open_index",
]


def open_index(
    settings: Search,
    path: Path,
    *,
    synonyms: Sequence[Sequence[str]] = (),
    environment: Mapping[str, str] = os.environ,
) -> Index:
    """The index of one home: on the hosts that the settings name, or in the file ``path``.

    ``synonyms`` are used where the settings have them switched on. Raises ConfigError and
    StateError; a server that does not answer is told by the first question, not here.
    """
    groups = groups_of(synonyms) if settings.synonyms else ()
    if settings.hosts:
        return ElasticIndex(connect(settings, environment), settings.index, groups)
    return EmbeddedIndex(path, groups)
