"""The index and its query language.

One interface (``index.Index``), one query language (``query.parse``), and the embedded
index that needs no server (``embedded``). ``open_index`` gives the one to use.
"""

from pathlib import Path

from search.embedded import EmbeddedIndex
from search.index import Document, Hit, Index, Results

__all__ = ["Document", "EmbeddedIndex", "Hit", "Index", "Results", "open_index"]


def open_index(path: Path) -> Index:
    """The index of one home: a SQLite file that can be made again from the state database."""
    return EmbeddedIndex(path)
