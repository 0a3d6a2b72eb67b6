"""The embedded index: one SQLite file with an FTS5 table. Needs no server.

It holds nothing that the state database does not, so it can always be made again.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from operator import itemgetter
from pathlib import Path

from pantau.errors import IndexUnavailable, StateError
from search.content import (
    COLUMNS,
    NEW_IN_TITLE,
    PARTED,
    day_of,
    from_record,
    labels_of,
    milliseconds,
    to_json,
    to_record,
    words_of,
)
from search.embedded_query import to_match, to_sql
from search.forgive import SAME_START, Offered, Replaced, forgive
from search.hits import Alike, firsts, hit
from search.index import (
    MOST_OTHERS,
    Document,
    Noted,
    Order,
    Results,
    in_parts,
    most_values,
)
from search.query import Node, Words, parse, positive_words, within
from search.synonyms import Groups, with_synonyms
from search.words import version

TABLES = (
    """CREATE TABLE about (version TEXT NOT NULL)""",
    """CREATE TABLE documents (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        date INTEGER NOT NULL,
        score REAL NOT NULL,
        text_id TEXT NOT NULL,
        record TEXT NOT NULL
    )""",
    """CREATE INDEX documents_by_date ON documents (date DESC, id)""",
    """CREATE INDEX documents_by_text ON documents (text_id)""",
    """CREATE TABLE labels (
        number INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
        field TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (field, value, number)
    ) WITHOUT ROWID""",
    """CREATE INDEX labels_by_document ON labels (number)""",
    # The same labels, a line of text for each document: so they are counted fastest.
    """CREATE TABLE facets (
        number INTEGER PRIMARY KEY REFERENCES documents ON DELETE CASCADE,
        told TEXT NOT NULL
    )""",
    # Words come cut up: this tokenizer parts them at the spaces and leaves all else alone.
    f"""CREATE VIRTUAL TABLE words USING fts5({", ".join(COLUMNS)}, tokenize = "ascii")""",
    """CREATE VIRTUAL TABLE vocabulary USING fts5vocab(words, col)""",
)
DROPPED = ("vocabulary", "words", "facets", "labels", "documents", "about")
REFUSED_FOR_GOOD = (UnicodeError, OverflowError, sqlite3.DataError, sqlite3.IntegrityError)
"""The document itself is at fault: half a surrogate pair, a score that is no number ..."""
MANY = 500
WEIGHTS = ", ".join(str(NEW_IN_TITLE if name.startswith("judul") else 1.0) for name in COLUMNS)


class EmbeddedIndex:
    """See ``search.index.Index``. One writer at a time; readers are never kept waiting."""

    def __init__(self, path: Path, synonyms: Groups = ()) -> None:
        self._path = path
        self._synonyms = synonyms
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA busy_timeout = 60000")
            self._db.execute("PRAGMA foreign_keys = ON")
            self._stale = not self._made()
        except (OSError, sqlite3.Error) as error:
            raise StateError(
                f"{path}: the index cannot be opened ({error}). "
                "Remove it and make it again: pantau index rebuild."
            ) from error

    def _made(self) -> bool:
        """Lay out an empty file; false where an older version of Pantau filled it."""
        self._db.execute("BEGIN IMMEDIATE")
        names = {row[0] for row in self._db.execute("SELECT name FROM sqlite_master")}
        if "documents" not in names:
            self._lay_out()
        self._db.execute("COMMIT")
        if names and "about" not in names:
            return False
        return bool(self._db.execute("SELECT version FROM about").fetchone()[0] == version())

    def _lay_out(self) -> None:
        for statement in TABLES:
            self._db.execute(statement)
        self._db.execute("INSERT INTO about VALUES (?)", (version(),))

    def _check(self) -> None:
        if self._stale:
            raise IndexUnavailable(
                f"{self._path}: the index was made by another version of Pantau. "
                "Make it anew: pantau index rebuild"
            )

    def add(self, documents: Iterable[Document], noted: Noted | None = None) -> dict[str, str]:
        """Each part in a transaction of its own."""
        self._check()
        refused: dict[str, str] = {}
        for part in in_parts(documents, MANY):
            unfit = self._write(part)
            refused |= unfit
            if noted is not None:
                noted([document.id for document in part if document.id not in unfit], unfit)
        return refused

    def remove(self, ids: Sequence[str]) -> None:
        self._check()
        try:
            self._db.execute("BEGIN IMMEDIATE")
            for one in ids:
                self._forget(one)
            self._db.execute("COMMIT")
        except sqlite3.OperationalError as error:
            self._roll_back()
            raise IndexUnavailable(f"{self._path}: {error}") from error

    def _forget(self, document_id: str) -> None:
        held = self._db.execute("SELECT number FROM documents WHERE id = ?", (document_id,))
        for (number,) in held.fetchall():
            self._db.execute("DELETE FROM words WHERE rowid = ?", (number,))
            self._db.execute("DELETE FROM documents WHERE number = ?", (number,))

    def rebuild(self, documents: Iterable[Document]) -> dict[str, str]:
        """In one transaction: readers see the old index until the new one is whole."""
        refused = self._write(documents, anew=True)
        self._stale = False
        return refused

    def _write(self, documents: Iterable[Document], *, anew: bool = False) -> dict[str, str]:
        refused: dict[str, str] = {}
        try:
            self._db.execute("BEGIN IMMEDIATE")
            if anew:
                for name in DROPPED:
                    self._db.execute(f"DROP TABLE IF EXISTS {name}")
                self._lay_out()
            for document in documents:
                self._db.execute("SAVEPOINT document")
                try:
                    self._add(document)
                except REFUSED_FOR_GOOD as error:
                    self._db.execute("ROLLBACK TO document")
                    refused[document.id] = str(error)
                self._db.execute("RELEASE document")
            self._db.execute("COMMIT")
        except sqlite3.OperationalError as error:  # locked, disk full, read-only
            self._roll_back()
            raise IndexUnavailable(f"{self._path}: {error}") from error
        except BaseException:
            self._roll_back()
            raise
        return refused

    def _roll_back(self) -> None:
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")

    def _add(self, document: Document) -> None:
        words, labels = words_of(document), labels_of(document)
        record = to_json(to_record(document)).decode()
        self._forget(document.id)
        row = self._db.execute(
            "INSERT INTO documents (id, date, score, text_id, record) VALUES (?, ?, ?, ?, ?)",
            (document.id, milliseconds(document.date), document.score, document.text_id, record),
        )
        number = row.lastrowid
        # S608: the column names are constants.
        self._db.execute(
            f"INSERT INTO words (rowid, {', '.join(COLUMNS)}) "  # noqa: S608
            f"VALUES (?{', ?' * len(COLUMNS)})",
            (number, *(words[name] for name in COLUMNS)),
        )
        self._db.executemany(
            "INSERT OR IGNORE INTO labels (number, field, value) VALUES (?, ?, ?)",
            [(number, field, value) for field, values in labels.items() for value in values],
        )
        labels["hari"] = [day_of(document)]
        told = {f"{field}:{value}": None for field, values in labels.items() for value in values}
        self._db.execute("INSERT INTO facets VALUES (?, ?)", (number, PARTED.join(told)))

    def search(
        self,
        query: str,
        *,
        limit: int = 20,
        offset: int = 0,
        order: Order = "date",
        facets: Sequence[str] = (),
        regions: Sequence[str] = (),
        folded: bool = False,
    ) -> Results:
        self._check()
        node = parse(query)
        wanted = within(regions, with_synonyms(node, self._synonyms))
        numbers = self._numbers(wanted)
        instead: Replaced = ()
        if node is not None and not numbers:
            node, instead = forgive(node, self._known, self._near)
            wanted = within(regions, with_synonyms(node, self._synonyms))
            numbers = self._numbers(wanted) if instead else []
        page = self._ordered(wanted, numbers, order, limit, offset, folded)
        documents = list(self._documents(page))
        alike = self._alike(documents, numbers) if folded else {}
        return Results(
            total=len(numbers),
            hits=tuple(hit(document, wanted, alike) for document in documents),
            facets=self._facets(numbers, facets),
            instead=instead if numbers else (),
        )

    def newest(
        self, query: str, *, limit: int, regions: Sequence[str] = ()
    ) -> tuple[list[str], int]:
        self._check()
        wanted = within(regions, with_synonyms(parse(query), self._synonyms))
        numbers = self._numbers(wanted)
        page = self._ordered(None, numbers, "date", limit, 0)
        rows = self._db.execute(
            "SELECT d.id FROM json_each(?) asked JOIN documents d ON d.number = asked.value "
            "ORDER BY asked.key",
            [json.dumps(page)],
        )
        return [document_id for (document_id,) in rows], len(numbers)

    def scan(self, query: str, *, regions: Sequence[str] = ()) -> Iterator[Document]:
        self._check()
        wanted = within(regions, with_synonyms(parse(query), self._synonyms))
        numbers = self._numbers(wanted)
        yield from self._documents(self._ordered(None, numbers, "date", -1, 0))

    def count(self) -> int:
        self._check()
        number: int = self._db.execute("SELECT count(*) FROM documents").fetchone()[0]
        return number

    def close(self) -> None:
        self._db.close()

    # S608 below: conditions are made of constants; what people typed is bound.

    def _numbers(self, node: Node | None) -> list[int]:
        """All that answers, in no order. Asked once: finding frequent words is what costs."""
        match = to_match(node) if node is not None else ""
        if match:
            found = self._db.execute("SELECT rowid FROM words WHERE words MATCH ?", [match])
        else:
            where, values = to_sql(node) if node is not None else ("1", [])
            found = self._db.execute(f"SELECT number FROM documents d WHERE {where}", values)  # noqa: S608
        return [number for (number,) in found]

    def _ordered(
        self,
        node: Node | None,
        numbers: list[int],
        order: Order,
        limit: int,
        offset: int,
        folded: bool = False,
    ) -> list[int]:
        """A page of what was found."""
        asked_for = positive_words(node) if order == "relevance" else []
        if asked_for:
            # Where a query is words alone, only what it finds has to be weighed.
            every = " OR ".join(f"({to_match(it, weighing=True)})" for it in asked_for)
            weighing = (node and to_match(node, weighing=True)) or every
            ranks = (
                f"LEFT JOIN (SELECT rowid, bm25(words, {WEIGHTS}) AS rank FROM words "  # noqa: S608
                "WHERE words MATCH ?) s ON s.rowid = d.number"
            )
        else:
            weighing, ranks = None, ""
        # Of many, the newest are found sooner along the dates (+ keeps SQLite from the rowids).
        along = "+" if len(numbers) > MANY and not ranks else ""
        found: Iterable[tuple[int, str]] = self._db.execute(
            f"SELECT d.number, d.text_id FROM documents d {ranks} "  # noqa: S608
            f"WHERE {along}d.number IN (SELECT value FROM json_each(?)) "
            f"ORDER BY {'ifnull(s.rank, 0), ' if ranks else ''}d.date DESC, d.id LIMIT ? OFFSET ?",
            [
                *([weighing] if ranks else []),
                json.dumps(numbers),
                -1 if folded else limit,
                0 if folded else offset,
            ],
        )
        if folded:
            found = islice(firsts(found, itemgetter(1)), offset, offset + limit)
        return [number for number, _ in found]

    def _alike(self, shown: Sequence[Document], numbers: Iterable[int]) -> Alike:
        """What else answers that carries the text of one that is shown."""
        heads, answering = {document.id for document in shown}, set(numbers)
        rows = self._db.execute(
            "SELECT text_id, number, id FROM documents "
            "WHERE text_id IN (SELECT value FROM json_each(?)) ORDER BY date DESC, id",
            [json.dumps([document.text_id for document in shown])],
        )
        found: dict[str, list[int]] = defaultdict(list)
        for text_id, number, document_id in rows:
            if number in answering and document_id not in heads:
                found[text_id].append(number)
        return {
            text_id: (len(held), tuple(self._documents(held[:MOST_OTHERS])))
            for text_id, held in found.items()
        }

    def _documents(self, numbers: Iterable[int]) -> Iterator[Document]:
        for number in numbers:
            held = self._db.execute("SELECT record FROM documents WHERE number = ?", [number])
            for (record,) in held:
                yield from_record(json.loads(record))

    def _facets(self, numbers: list[int], names: Sequence[str]) -> dict[str, dict[str, int]]:
        counted: dict[str, dict[str, int]] = {name: {} for name in names}
        # Counted here: SQLite would sort every label of every hit to group them.
        rows = self._db.execute(
            "SELECT told FROM facets WHERE number IN (SELECT value FROM json_each(?))",
            [json.dumps(numbers if names else [])],
        )
        times = Counter(chain.from_iterable(told.split(PARTED) for (told,) in rows))
        split = ((*label.split(":", 1), held) for label, held in times.items() if label)
        for field, value, held in sorted(split, key=lambda one: (-one[2], one[1])):
            if field in counted and len(counted[field]) < most_values(field):
                counted[field][value] = held
        return counted

    def _known(self, words: Words) -> bool:
        return bool(self._numbers(with_synonyms(words, self._synonyms)))

    def _near(self, words: Words, edits: int) -> Offered:
        (word,) = words.words
        start = word[:SAME_START]
        found: list[tuple[str, int]] = self._db.execute(
            "SELECT term, doc FROM vocabulary WHERE term >= ? AND term < ? "
            "AND length(term) BETWEEN ? AND ? AND col = ?",
            [
                start,
                start + "\U0010ffff",
                len(word) - edits,
                len(word) + edits,
                words.field or "isi",
            ],
        ).fetchall()
        return found
