"""The embedded index: one SQLite file with an FTS5 table. Needs no server.

It holds nothing that the state database does not, so it can always be made again.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pantau.errors import StateError
from search.highlight import highlight
from search.index import Document, Hit, Results
from search.query import Between, Combined, Labelled, Node, Words, parse

SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    date TEXT NOT NULL,
    score REAL NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS documents_by_date ON documents (date DESC, id);
CREATE TABLE IF NOT EXISTS labels (
    number INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
    field TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (field, value, number)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS labels_by_document ON labels (number);
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5(
    judul, isi, wilayah, sumber, instansi, jabatan, nama, calon, partai,
    tokenize="unicode61 remove_diacritics 2"
);
"""


class EmbeddedIndex:
    """See ``search.index.Index``. One writer at a time; readers are never kept waiting."""

    def __init__(self, path: Path) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA busy_timeout = 60000")
            self._db.execute("PRAGMA foreign_keys = ON")
            self._db.executescript(SCHEMA)
        except (OSError, sqlite3.Error) as error:
            raise StateError(
                f"{path}: the index cannot be opened ({error}). "
                "Remove it: it is made again from the state."
            ) from error

    def add(self, documents: Sequence[Document]) -> None:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            for document in documents:
                self._add(document)
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def _add(self, document: Document) -> None:
        old = self._db.execute("SELECT number FROM documents WHERE id = ?", (document.id,))
        for (number,) in old.fetchall():
            self._db.execute("DELETE FROM words WHERE rowid = ?", (number,))
            self._db.execute("DELETE FROM documents WHERE number = ?", (number,))
        row = self._db.execute(
            "INSERT INTO documents (id, date, score, body) VALUES (?, ?, ?, ?)",
            (document.id, _time(document.date), document.score, _to_json(document)),
        )
        number = row.lastrowid
        self._db.execute(
            "INSERT INTO words (rowid, judul, isi, wilayah, sumber, instansi, jabatan, nama, "
            "calon, partai) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                number,
                document.title,
                document.text,
                _joined(document.region_names),
                f"{document.source_id}\n{document.source_name}",
                _joined(document.agencies),
                _joined(document.positions),
                _joined(document.names),
                _joined(document.candidates),
                _joined(document.parties),
            ),
        )
        self._db.executemany(
            "INSERT OR IGNORE INTO labels (number, field, value) VALUES (?, ?, ?)",
            [(number, field, value) for field, value in _labels(document)],
        )

    def search(self, query: str, *, limit: int = 20, offset: int = 0) -> Results:
        node = parse(query)
        where, values = _sql(node) if node else ("1", [])
        # S608: ``where`` is made of constants below; what people typed is bound.
        total = self._db.execute(
            f"SELECT count(*) FROM documents d WHERE {where}",  # noqa: S608
            values,
        ).fetchone()[0]
        rows = self._db.execute(
            f"SELECT body FROM documents d WHERE {where} "  # noqa: S608
            "ORDER BY date DESC, id LIMIT ? OFFSET ?",
            [*values, limit, offset],
        )
        hits = tuple(_hit(_from_json(body), node) for (body,) in rows)
        return Results(total=total, hits=hits)

    def count(self) -> int:
        number: int = self._db.execute("SELECT count(*) FROM documents").fetchone()[0]
        return number

    def close(self) -> None:
        self._db.close()


def _sql(node: Node) -> tuple[str, list[Any]]:
    """A tree as a condition on ``documents d``, with the values to bind."""
    match node:
        case Words(field, words, prefix):
            phrase = " ".join(words).replace('"', '""')
            columns = field or "judul isi"
            match_ = f'{{{columns}}} : "{phrase}"{" *" if prefix else ""}'
            return "d.number IN (SELECT rowid FROM words WHERE words MATCH ?)", [match_]
        case Labelled("wilayah", code):
            return (
                "d.number IN (SELECT number FROM labels WHERE field = 'wilayah' "
                "AND (value = ? OR value GLOB ?))",
                [code, f"{code}.*"],
            )
        case Labelled(field, value):
            return (
                "d.number IN (SELECT number FROM labels WHERE field = ? AND value = ?)",
                [field, value],
            )
        case Between():
            return _range(node)
        case Combined("NOT", parts):
            inner, values = _sql(parts[0])
            return f"NOT ({inner})", values
        case Combined(operator, parts):
            made = [_sql(part) for part in parts]
            condition = f" {operator} ".join(f"({inner})" for inner, _ in made)
            return condition, [value for _, values in made for value in values]
    raise AssertionError(node)


def _range(node: Between) -> tuple[str, list[Any]]:
    column = "d.date" if node.field == "tanggal" else "d.score"
    conditions, values = [], []
    for bound, sign in (
        (node.low, ">=" if node.low_included else ">"),
        (node.high, "<=" if node.high_included else "<"),
    ):
        if bound is not None:
            conditions.append(f"{column} {sign} ?")
            values.append(_time(bound) if isinstance(bound, datetime) else bound)
    return " AND ".join(conditions) or "1", values


def _labels(document: Document) -> list[tuple[str, str]]:
    return [
        ("jenis", document.kind),
        ("putusan", document.decision),
        *(("wilayah", code) for code in document.region_codes),
        *(("peran", role) for role in document.roles),
        *(("bentuk", str(form)) for form in document.forms),
        *(("tahap", stage) for stage in document.stages),
    ]


def _hit(document: Document, node: Node | None) -> Hit:
    passage, spans = highlight(document, node)
    return Hit(document=document, passage=passage, highlights=spans)


def _joined(values: Sequence[str]) -> str:
    """Values on lines of their own; a phrase does not reach from one into the next."""
    return "\n".join(values)


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _to_json(document: Document) -> str:
    return json.dumps(
        asdict(document), default=lambda moment: moment.isoformat(), ensure_ascii=False
    )


def _from_json(body: str) -> Document:
    held: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in json.loads(body).items()
    }
    for name in ("published", "first_seen"):
        held[name] = datetime.fromisoformat(held[name]) if held[name] else None
    return Document(**held)
