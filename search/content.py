"""What both indices hold of a document, and where they look for words that are asked.

Texts arrive at the engines cut up already: words joined by one space, in lower case, once
as written and once as stems, so that an engine only has to part them at the spaces.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields as fields_of
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from search.index import Document
from search.query import NOWHERE, ZONE, Words, fields
from search.words import stems, tokens

BORDER = " ¶ "
"""Between the values of a field: no word, so that a phrase does not reach across."""
COLUMNS = (
    "judul",
    "isi",
    "judul_akar",
    "isi_akar",
    "wilayah",
    "sumber",
    "instansi",
    "jabatan",
    "nama",
    "calon",
    "partai",
)
NEW_IN_TITLE = 2.0
"""What a word counts more in the title than in the text, where it counts one: ``isi`` holds
the title too, so that a word without a field is looked for in one place, not in two."""
LONGEST_LABEL = 200
PARTED = "\x1f"
"""Between labels where an engine keeps them in a line; no label holds it."""
FIELDS = tuple(field.name for field in fields_of(Document))
TIMES = ("published", "first_seen")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def words_of(document: Document) -> dict[str, str]:
    """The words of a document by column; stems stand in the columns that end in ``_akar``."""
    title, text = tokens(document.title), tokens(document.text)
    written, roots = " ".join(title), " ".join(stems(title))
    return {
        "judul": written,
        "isi": f"{written}{BORDER}{' '.join(text)}",
        "judul_akar": roots,
        "isi_akar": f"{roots}{BORDER}{' '.join(stems(text))}",
        "wilayah": _joined(document.region_names),
        "sumber": _joined((document.source_id, document.source_name)),
        "instansi": _joined(document.agencies),
        "jabatan": _joined(document.positions),
        "nama": _joined(document.names),
        "calon": _joined(document.candidates),
        "partai": _joined(document.parties),
    }


def labels_of(document: Document) -> dict[str, list[str]]:
    """Values by which a document is chosen and counted; a region stands with those above it."""
    return {
        "jenis": [document.kind],
        "putusan": [document.decision],
        "platform": [document.platform] if document.platform else [],
        "media": [document.source_id],
        "wilayah": sorted({above for code in document.region_codes for above in _up(code)})
        or [NOWHERE],
        "peran": list(document.roles),
        "bentuk": [str(form) for form in document.forms],
        "tahap": list(document.stages),
        "instansi": [_label(name) for name in document.agencies],
        "calon": [_label(name) for name in document.candidates],
    }


def day_of(document: Document) -> str:
    """The ISO day of a document, in WIB."""
    return document.date.astimezone(ZONE).date().isoformat()


def asked(words: Words) -> tuple[str, tuple[str, ...]]:
    """The column in which to look, and the words that must stand there in a row."""
    stemmed = not words.field or bool(fields()[words.field].get("stems"))
    column = words.field or "isi"
    if not stemmed or words.exact or words.prefix:
        return column, words.words
    return f"{column}_akar", tuple(stems(words.words))


def weighed(words: Words) -> dict[str, float]:
    """The columns that make words relevant, each with what a word counts there."""
    column, _ = asked(words)
    if words.field:
        return {column: 1.0}
    return {column.replace("isi", "judul"): NEW_IN_TITLE, column: 1.0}


def milliseconds(moment: datetime) -> int:
    """Since 1970, the grain at which both indices order and compare times."""
    return (moment - EPOCH) // timedelta(milliseconds=1)


def to_record(document: Document) -> dict[str, Any]:
    """A document as JSON holds it."""
    record = {name: getattr(document, name) for name in FIELDS}
    for name in TIMES:
        record[name] = record[name].isoformat() if record[name] else None
    return record


def from_record(record: dict[str, Any]) -> Document:
    held: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in record.items()
    }
    for name in TIMES:
        held[name] = datetime.fromisoformat(held[name]) if held[name] else None
    return Document(**held)


def to_json(record: dict[str, Any]) -> bytes:
    """Raises UnicodeError for half a surrogate pair, which no engine can keep."""
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()


def _joined(values: Sequence[str]) -> str:
    return BORDER.join(map(_words_of_label, values))


@lru_cache(20_000)
def _words_of_label(value: str) -> str:
    """The same regions, agencies and papers are named over and over."""
    return " ".join(tokens(value))


def _label(name: str) -> str:
    return name.replace(PARTED, " ")[:LONGEST_LABEL]


def _up(code: str) -> list[str]:
    parts = code.split(".")
    return [".".join(parts[:end]) for end in range(1, len(parts) + 1)]
