"""The query language: how it is read, and how it tells a mistake."""

from __future__ import annotations

import pytest

from pantau.errors import QueryError
from search.query import Combined, Words, parse


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("tahp:dilaporkan", "kolom 1: bidang “tahp” tidak dikenal. Maksud Anda “tahap:”?"),
        ("camat tahap:dilaporkn", "kolom 13: “dilaporkn” bukan nilai dari tahap. Maksud Anda"),
        ("(camat OR kades", "tanda kurung tidak berpasangan"),
        ('camat "dua jari', "kolom 7: tanda kutip tidak ditutup"),
        ("camat AND", "sesudah AND harus ada kata"),
        ("tanggal:kemarin", "kolom 9: “kemarin” bukan tanggal. Tulis seperti 2024-11-27"),
        ("skor:>tinggi", "bukan skor"),
        ("judul:[a TO b]", "rentang hanya untuk tanggal: dan skor:"),
        ("camat~", "tidak dapat dicari"),
        ("camat~.", "tidak dapat dibaca"),
        ('"dua ja*"', "tanda * hanya berlaku"),
        ("(" * 25 + "NOT camat" + " NOT camat)" * 25, "terlalu panjang"),
        ("camat " * 201, "terlalu panjang"),
    ],
)
def test_a_mistake_is_told_with_its_column(query: str, says: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(query)
    assert says in str(caught.value)


def test_quotes_make_words_exact() -> None:
    assert parse('memilih "memilih"') == Combined(
        "AND", (Words("", ("memilih",)), Words("", ("memilih",), exact=True))
    )
