"""Which form of SKB 2022 an act is (all texts karangan)."""

from __future__ import annotations

import pytest

from extract.mentions import Judge
from extract.mentions.forms import forms_of, telling
from extract.mentions.reading import read_article
from pantau.records import Article


@pytest.mark.parametrize(
    ("title", "form"),
    [
        ("Guru Ditunjuk Jurkam Paslon, Bawaslu Terima Laporan", 11),
        ("Kabid Kawal Kirab Bendera Paslon", 6),
        ("Kasi Mengunci Lapangan bagi Paslon Lain", 13),
    ],
)
def test_a_word_that_names_a_form_decides(judge: Judge, title: str, form: int) -> None:
    reading = read_article(Article(id="t", title=title, text=""), judge._recogniser)
    assert forms_of(reading.frames, 0, judge._models["form"], beside={})[0] == form


def test_the_act_may_be_told_beside_the_sentence_of_the_decision(judge: Judge) -> None:
    text = (
        "Bawaslu Kebumen memutuskan Camat Sumberjati, Sarwono, tidak netral.\n\n"
        "Keputusan itu bulat.\n\n"
        "Sarwono menyukai dan mengomentari unggahan paslon nomor 2 di Facebook."
    )
    reading = read_article(Article(id="t", title="", text=text), judge._recogniser)
    beside = telling(reading.frames, 0, judge.frame_scores(reading))
    assert forms_of(reading.frames, 0, judge._models["form"], beside={})[0] == 10
    assert forms_of(reading.frames, 0, judge._models["form"], beside=beside)[0] == 4
