"""How Elasticsearch keeps a document."""

from __future__ import annotations

from typing import Any, get_args

from search.content import COLUMNS, labels_of, milliseconds, to_record, words_of
from search.index import Document, Facet

LABELS = tuple(name for name in get_args(Facet) if name != "hari")
"""Days are counted from ``date``."""
MAPPINGS: dict[str, Any] = {
    "dynamic": "strict",
    "_source": {"includes": ["document"]},
    "properties": {
        "id": {"type": "keyword"},
        "date": {"type": "date", "format": "epoch_millis"},
        "score": {"type": "double"},
        "text_id": {"type": "keyword"},
        "document": {"type": "object", "enabled": False},
        # Words come cut up and stemmed: they only have to be parted at the spaces.
        **{name: {"type": "text", "analyzer": "whitespace"} for name in COLUMNS},
        "label": {"properties": {name: {"type": "keyword"} for name in LABELS}},
    },
}
SETTINGS = {
    "number_of_shards": 1,
    "auto_expand_replicas": "0-1",
}


def to_body(document: Document) -> dict[str, Any]:
    """What is sent of a document."""
    return {
        "id": document.id,
        "date": milliseconds(document.date),
        "score": document.score,
        "text_id": document.text_id,
        "label": labels_of(document),
        "document": to_record(document),
        **words_of(document),
    }
