"""Bytes as they come: charsets declared wrongly, double encoding, invisible marks."""

from __future__ import annotations

import pytest

from extract.page.decode import charset, clean, decode, undouble

TEXT = "“Jum’at – pagi,” ujar Ibu Désirée"


@pytest.mark.parametrize(
    ("body", "header"),
    [
        (TEXT.encode("utf-8"), "text/html; charset=utf-8"),
        (TEXT.encode("utf-8"), "text/html; charset=windows-1252"),
        (TEXT.encode("utf-8"), ""),
        (TEXT.encode("cp1252"), "text/html; charset=utf-8"),
        (TEXT.encode("cp1252"), "text/html; charset=iso-8859-1"),
        (TEXT.encode("cp1252"), ""),
        (TEXT.encode("utf-8-sig"), "text/html; charset=iso-8859-1"),
        (TEXT.encode("utf-16"), ""),
        (b"<meta charset=iso-8859-1>" + TEXT.encode("utf-8"), ""),
    ],
)
def test_the_words_come_out_whatever_is_declared(body, header):
    assert decode(body, header).endswith(TEXT)


def test_a_broken_byte_in_utf_8_does_not_change_the_rest():
    body = (TEXT * 5).encode("utf-8") + b"\x93kutip\x94 \xff"
    assert charset(body) == "utf-8"
    assert "“kutip”" in decode(body)


def test_double_encoding_is_undone_piece_by_piece():
    doubled = "".join(bytes([b]).decode("cp1252", "ignore") or chr(b) for b in TEXT.encode("utf-8"))
    assert undouble(doubled) == TEXT
    assert undouble(f"{TEXT} dan {doubled}") == f"{TEXT} dan {TEXT}"
    assert undouble("São Paulo, Âge d’or, naïve") == "São Paulo, Âge d’or, naïve"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("Pasar &amp;quot;Lentera&amp;quot;", 'Pasar "Lentera"'),
        ("AT&amp;T &nbsp; maju", "AT&T maju"),
        ("peme\u00adrintah\u200b daerah\ufeff", "pemerintah daerah"),
        ("cafe\u0301", "café"),
        ("dua\r\n  baris", "dua baris"),
        ("R&D tetap", "R&D tetap"),
        ("\x93kutip\x94", "“kutip”"),
    ],
)
def test_clean(raw, text):
    assert clean(raw) == text


@pytest.mark.parametrize("name", ["hex", "zlib", "rot13", "utf-7", "tidak-ada", "x" * 100])
def test_codecs_that_are_no_charsets_are_not_run(name):
    assert decode(b"<p>caf\xe9", f"text/html; charset={name}") == "<p>café"
