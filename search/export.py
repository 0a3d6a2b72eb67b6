"""Hits as files: CSV, spreadsheet, JSON lines. Rows are written as they come, however many.

A cell that begins as a formula would be run by the spreadsheet that opens it: in CSV it gets an
apostrophe in front, in the spreadsheet it is written as text (OWASP, CSV injection).
"""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal

import xlsxwriter

from search.index import Document
from search.query import ZONE

Format = Literal["csv", "xlsx", "jsonl"]
MEDIA_TYPES: dict[Format, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jsonl": "application/x-ndjson",
}
COLUMNS = (
    "id",
    "tanggal",
    "judul",
    "sumber",
    "alamat",
    "jenis",
    "putusan",
    "skor",
    "bentuk",
    "tahap",
    "wilayah",
    "nama_wilayah",
    "instansi",
    "jabatan",
    "nama",
    "calon",
    "partai",
)
ROWS_OF_A_SHEET = 1_048_575
"""What a spreadsheet holds below its heading; more go on a further sheet."""
LONGEST_CELL = 32_767
CHUNK = 64 * 1024
_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_BREAKS = str.maketrans(dict.fromkeys("\r\n\t\v\f\x00", " "))


def row_of(document: Document) -> dict[str, Any]:
    """What is taken out of a document; times in WIB."""
    return {
        "id": document.id,
        "tanggal": document.date.astimezone(ZONE).isoformat(timespec="seconds"),
        "judul": document.title,
        "sumber": document.source_name,
        "alamat": document.url,
        "jenis": document.kind,
        "putusan": document.decision,
        "skor": document.score,
        "bentuk": list(document.forms),
        "tahap": list(document.stages),
        "wilayah": list(document.region_codes),
        "nama_wilayah": list(document.region_names),
        "instansi": list(document.agencies),
        "jabatan": list(document.positions),
        "nama": list(document.names),
        "calon": list(document.candidates),
        "partai": list(document.parties),
    }


def export(documents: Iterable[Document], into: Format) -> Iterator[bytes]:
    """The documents as a file of that format, in pieces."""
    writers: dict[Format, Callable[[Iterable[dict[str, Any]]], Iterator[bytes]]] = {
        "csv": _csv,
        "xlsx": _xlsx,
        "jsonl": _jsonl,
    }
    return writers[into](row_of(document) for document in documents)


def _csv(rows: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """With a byte order mark, without which spreadsheets do not see that it is UTF-8."""
    held = io.StringIO()
    writer = csv.writer(held)
    held.write("\ufeff")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([_safe(_cell(row[name])) for name in COLUMNS])
        if held.tell() >= CHUNK:
            yield held.getvalue().encode("utf-8", "replace")
            held.seek(0)
            held.truncate()
    yield held.getvalue().encode("utf-8", "replace")


def _jsonl(rows: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    for row in rows:
        yield (json.dumps(row) + "\n").encode()


def _xlsx(rows: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """Rows go to disk as they come; a spreadsheet is a whole only when it is closed."""
    with tempfile.TemporaryFile() as file:
        book = xlsxwriter.Workbook(
            file,
            {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
        )
        bold = book.add_format({"bold": True})
        sheet, at = None, 0
        for row in rows:
            if sheet is None or at > ROWS_OF_A_SHEET:
                sheet, at = book.add_worksheet(), 1
                sheet.write_row(0, 0, COLUMNS, bold)
                sheet.freeze_panes(1, 0)
            for column, name in enumerate(COLUMNS):
                value = _cell(row[name])
                if isinstance(value, str):
                    sheet.write_string(at, column, value[:LONGEST_CELL])
                else:
                    sheet.write_number(at, column, value)
            at += 1
        if sheet is None:
            book.add_worksheet().write_row(0, 0, COLUMNS, bold)
        book.close()
        file.seek(0)
        while chunk := file.read(CHUNK):
            yield chunk


def _cell(value: Any) -> str | float:
    """A value in one cell: lists joined, on one line."""
    if isinstance(value, int | float):
        return value
    joined = "; ".join(map(str, value)) if isinstance(value, list) else str(value)
    # Half a surrogate pair can be kept by no file.
    return joined.translate(_BREAKS).encode("utf-8", "replace").decode()


def _safe(value: str | float) -> str | float:
    if isinstance(value, str) and value.lstrip().startswith(_STARTS_FORMULA):
        return f"'{value}"
    return value
