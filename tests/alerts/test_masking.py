"""What nobody needs for supervision is masked, and nothing else. Numbers are invented."""

from __future__ import annotations

import pytest

from alerts.masking import mask
from alerts.plain import plain, quoted, shorten


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("NIK 3315012345678901", "NIK [nomor identitas disamarkan]"),
        ("NIK 33 15 01 234567 8901.", "NIK [nomor identitas disamarkan]."),
        ("NIP 198001012005011001", "NIP [nomor identitas disamarkan]"),
        ("HP 081234567890", "HP [nomor telepon disamarkan]"),
        ("wa +62 812-3456-7890 ya", "wa [nomor telepon disamarkan] ya"),
        ("(0292) 421234", "[nomor telepon disamarkan]"),
        ("rumah di Jalan Melati No. 12", "rumah di [alamat disamarkan]"),
        ("Jl. Raya Kuwu Blok C3/12", "[alamat disamarkan]"),
        ("RT 03/RW 02", "[alamat disamarkan]"),
        ("kata @warga_tirta.", "kata @[akun disamarkan]."),
        ("surel budi.s@contoh.co.id", "surel [alamat surel disamarkan]"),
    ],
)
def test_what_is_masked(text: str, shown: str) -> None:
    assert mask(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "di Jalan Yos Sudarso, Sangatta Utara",
        "Rabu (12/10/2024) pukul 19.14 WIB",
        "08-10-2024",
        "12.10.2024 08.30",
        "senilai Rp48.000.000.000",
        "UU Nomor 10 Tahun 2016 Pasal 71 ayat (1)",
        "pasangan nomor urut 2 dari 1.447 TPS",
        "34 ketua RT dari tiga desa",
        "surat nomor 800-5474/2022",
    ],
)
def test_what_is_left_alone(text: str) -> None:
    assert mask(text) == text


def test_a_number_at_the_cut_is_not_shown_in_part() -> None:
    text = "x" * 290 + " 3315012345678901"
    assert "33150" not in quoted(text, 300)


def test_plain_is_one_line_without_steering_marks() -> None:
    assert plain("a\r\nBcc: b\u202ec\u0000d\ud800") == "a Bcc: bc d\ufffd"
    assert plain("👨‍👩‍👧 Besoá") == "👨‍👩‍👧 Besoá"


def test_shorten_ends_at_a_word() -> None:
    assert shorten("satu dua tiga", 13) == "satu dua tiga"
    assert shorten("satu dua tiga", 10) == "satu dua…"
    assert len(shorten("x" * 100, 10)) == 10
