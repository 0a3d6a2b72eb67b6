"""The topical gate: loses no reported act, lets everyday news fall."""

from __future__ import annotations

from dataclasses import replace

import corpus
from extract.gate import Gate
from extract.mentions.labelled import from_row
from pantau.records import Article

EVERYDAY = [
    ("Harga Cabai Naik Lagi", "Pedagang di pasar induk mengeluhkan pasokan yang seret."),
    ("Timnas Menang Tipis", "Gol tunggal dicetak pada menit ke-80 lewat sundulan."),
    ("Resep Bolu Kukus", "Campur tepung, gula, dan santan, lalu kukus dua puluh menit."),
    ("Gempa Guncang Perairan Selatan", "BMKG menyatakan gempa tidak berpotensi tsunami."),
]


def test_every_reported_act_of_the_corpus_passes() -> None:
    gate = Gate.load()
    acts = [
        from_row(row)
        for row in [*corpus.texts(), *corpus.passages()]
        if row["label"] == "violation"
    ]
    lost = [text.article.id for text in acts if not gate.admits(text.article)]
    assert len(lost) <= 0.001 * len(acts), lost


def test_a_post_passes_by_who_writes_it_and_what_it_answers() -> None:
    gate = Gate.load()
    post = Article(
        id="p",
        url="https://example.org/p",
        title="",
        kind="post",
        text="Mantap, rapatkan barisan untuk nomor 3!",
        author="Sutarno (Staf Dinas Koperasi)",
        context="Membalas akun tim pemenangan",
    )
    assert gate.admits(post)
    assert not gate.admits(replace(post, author="Sutarno", context=""))


def test_everyday_news_falls() -> None:
    gate = Gate.load()
    assert not any(gate.passes(title, text) for title, text in EVERYDAY)


def test_a_contest_may_be_named_in_several_words() -> None:
    gate = Gate.load()
    assert gate.of_election("Ada gambar calon bupati di karung beras itu.")
    assert not gate.of_election("Salah satu calon direktur gugur dalam uji kelayakan.")
