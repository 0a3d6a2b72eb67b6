"""How far a case has come, as headlines tell it (all texts karangan)."""

from __future__ import annotations

import pytest

from extract.mentions import Judge
from extract.mentions.reading import read_article
from extract.mentions.stage import stage_of
from pantau.records import Article


@pytest.mark.parametrize(
    ("title", "stage"),
    [
        ("Ikut Jalan Sehat Paslon, Bawaslu Kota Blitar: Camat Melanggar Netralitas", "proven"),
        ("Kepala Distrik Serahkan Babi untuk Calon, Bawaslu Maybrat Panggil", "under_examination"),
        ("Rapat RT Jadi Rapat Pemenangan, Lurah Dicecar 21 Pertanyaan", "under_examination"),
        ("Lapak Dicat Warna Petahana, LSM Adukan Kepala Dinas", "reported"),
        ("Camat Bagi Kaus Paslon kepada Warga", "alleged"),
    ],
)
def test_a_headline_names_the_step_in_a_word(judge: Judge, title: str, stage: str) -> None:
    reading = read_article(Article(id="t", title=title, text=""), judge._recogniser)
    assert stage_of(reading.frames, judge._models["stage"], stands=True) == stage
