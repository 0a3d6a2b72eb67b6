"""What is taken out can be opened: every hit, nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from search.export import COLUMNS, Format, export
from tests.search.world import document

HOSTILE = ['=HYPERLINK("http://jahat.example")', "+1", "-1", "@SUM(A1)", " =1", "\t=1", "\r=1"]
S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def whole(into: Format, *titles: str) -> bytes:
    made = [document(at, title=title, forms=(1, 5)) for at, title in enumerate(titles)]
    return b"".join(export(made, into))


def cells(data: bytes, sheet: int = 1) -> list[list[ElementTree.Element]]:
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        tree = ElementTree.fromstring(book.read(f"xl/worksheets/sheet{sheet}.xml"))
    return [list(row) for row in tree.iter(f"{S}row")]


def test_csv_has_every_row_and_runs_none() -> None:
    data = whole("csv", *HOSTILE, "Camat, “dua” jari\nlagi")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert len(rows) == len(HOSTILE) + 1
    for row in rows[:-1]:
        assert row["judul"][0] == "'"
    assert rows[-1]["judul"] == "Camat, “dua” jari lagi"
    assert rows[-1]["bentuk"] == "1; 5"
    assert rows[0]["tanggal"] == "2024-10-01T10:00:00+07:00"


def test_a_spreadsheet_holds_texts_and_numbers_and_no_formula() -> None:
    rows = cells(whole("xlsx", *HOSTILE))
    assert len(rows) == len(HOSTILE) + 1
    assert not [cell for row in rows for cell in row if cell.find(f"{S}f") is not None]
    (score,) = [cell for cell in rows[2] if cell.find(f"{S}v") is not None]
    assert float(score.find(f"{S}v").text or "") == 0.1  # type: ignore[union-attr]


def test_a_spreadsheet_of_nothing_has_its_heading() -> None:
    assert len(cells(whole("xlsx"))) == 1


def test_what_a_sheet_cannot_hold_goes_on_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.export.ROWS_OF_A_SHEET", 2)
    data = whole("xlsx", "a", "b", "c")
    assert [len(cells(data, 1)), len(cells(data, 2))] == [3, 2]


def test_json_lines_are_read_back() -> None:
    rows = [json.loads(line) for line in whole("jsonl", "satu", "dua \ud800").splitlines()]
    assert [row["judul"] for row in rows] == ["satu", "dua \ud800"]
    assert list(rows[0]) == list(COLUMNS)


def test_rows_are_written_as_they_come() -> None:
    """A million hits take no more memory than one piece of the file."""
    taken = 0

    def endless():  # type: ignore[no-untyped-def]
        nonlocal taken
        one = document(1, title="x" * 1000)
        while True:
            taken += 1
            yield replace(one, id=str(taken))

    pieces = export(endless(), "csv")
    next(pieces)
    assert taken < 100
