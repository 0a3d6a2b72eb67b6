"""The topical gate: loses no reported act, lets everyday news fall."""

from __future__ import annotations

import time

import corpus
from extract.gate import Gate

EVERYDAY = [
    ("Harga Cabai Naik Lagi", "Pedagang di pasar induk mengeluhkan pasokan yang seret."),
    ("Timnas Menang Tipis", "Gol tunggal dicetak pada menit ke-80 lewat sundulan."),
    ("Resep Bolu Kukus", "Campur tepung, gula, dan santan, lalu kukus dua puluh menit."),
    ("Gempa Guncang Perairan Selatan", "BMKG menyatakan gempa tidak berpotensi tsunami."),
]


def test_every_reported_act_of_the_corpus_passes() -> None:
    gate = Gate.load()
    lost = [
        row["id"]
        for row in [*corpus.texts(), *corpus.passages()]
        if row["label"] == "violation" and not gate.passes(row.get("title") or "", row["text"])
    ]
    total = sum(row["label"] == "violation" for row in [*corpus.texts(), *corpus.passages()])
    assert len(lost) <= 0.005 * total, lost


def test_everyday_news_falls() -> None:
    gate = Gate.load()
    assert not any(gate.passes(title, text) for title, text in EVERYDAY)


def test_a_contest_may_be_named_in_several_words() -> None:
    gate = Gate.load()
    assert gate.of_election("Ada gambar calon bupati di karung beras itu.")
    assert not gate.of_election("Salah satu calon direktur gugur dalam uji kelayakan.")


def test_a_thousand_pages_a_second() -> None:
    gate = Gate.load()
    body = " ".join(text for _, text in EVERYDAY) * 8
    start = time.process_time()
    for _ in range(500):
        gate.passes("Judul", body)
    assert 500 / (time.process_time() - start) > 1000
