"""Which authority decided a stage: whoever takes the step, not whoever is only named."""

from __future__ import annotations

import re

import pytest

from extract.mentions.deciders import names_authority, same_authority, stage_by
from extract.mentions.frames import Frame, frames
from extract.mentions.sentences import read


def told(text: str) -> list[Frame]:
    spans = [match.span() for match in re.finditer(r"[^.\n]+\.?", text)]
    return frames(read(text, spans, 0))


@pytest.mark.parametrize(
    ("stage", "text", "authority"),
    [
        ("under_examination", "Bawaslu Kendal memeriksa Camat Karangwuni.", "Bawaslu Kendal"),
        ("under_examination", "Camat Karangwuni diperiksa Bawaslu, Senin.", "Bawaslu"),
        (
            "under_examination",
            "Bawaslu Kota Palu meneruskan berkas lurah itu ke BKN.",
            "Bawaslu Kota Palu",
        ),
        ("under_examination", "Penyidik Gakkumdu menetapkan kabid itu tersangka.", "Gakkumdu"),
        ("under_examination", "LURAH ITU DIPANGGIL BAWASLU.", "BAWASLU"),
        ("proven", "Kadis divonis dua bulan penjara oleh Pengadilan Negeri.", "Pengadilan Negeri"),
        ("proven", "BKN menyatakan camat itu melanggar netralitas.", "BKN"),
        ("proven", "Bupati Garut mencopot lurah itu setelah rekomendasi BKN.", "Bupati Garut"),
        ("proven", "KASN nyatakan guru itu melanggar, Bupati diminta jatuhkan sanksi.", "KASN"),
        ("dismissed", "Bawaslu menghentikan laporan itu karena tak memenuhi unsur.", "Bawaslu"),
    ],
)
def test_whoever_takes_the_step(stage: str, text: str, authority: str) -> None:
    assert stage_by(stage, told(text), 0) == authority


@pytest.mark.parametrize(
    ("stage", "text"),
    [
        ("reported", "Camat Karangwuni dilaporkan ke Bawaslu Kebumen."),
        ("alleged", "Camat Karangwuni diduga mengampanyekan calon bupati, kata Bawaslu."),
        ("proven", "Seorang lurah dicopot karena mendukung calon bupati."),
        ("proven", "Pegawai Pemkab Garut dijatuhi sanksi disiplin."),
    ],
)
def test_nobody_where_nobody_decided_or_is_named(stage: str, text: str) -> None:
    assert stage_by(stage, told(text), 0) == ""


def test_authorities_are_compared_by_kind() -> None:
    assert same_authority("Bawaslu", "Panwaslih Aceh Jaya")
    assert same_authority("PPK", "Wali Kota Metro")
    assert not same_authority("BKN", "KASN")
    assert names_authority("Wali Kota Metro mencopot dua lurah", "PPK")
    assert not names_authority("Dua lurah dicopot", "PPK")
