"""What the tagger is told, what is believed of it, and that long texts take no longer by word."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
import spacy

from extract.entities import Recogniser
from extract.entities.evaluate import cases, measure
from extract.entities.hints import LexiconHints, hint

from .conftest import read

PARAGRAPH = (
    "Bawaslu Kabupaten Batang memeriksa Camat Wanasekar, Sugeng Prihanto, Senin (14/10/2024). "
    "Ia diduga berfoto bersama calon bupati Wirawan Kusumo di rumah warga."
)


def test_hints_say_which_lists_hold_a_word() -> None:
    assert "n" in hint("Sugeng")
    assert hint("menurut") == hint("Menurut")
    assert "c" in hint("Menurut")
    assert "r" in hint("Batang")
    assert "o" in hint("Camat")
    assert hint(",") == hint("2024") == "-"


def test_hints_outlive_the_words_of_a_stream() -> None:
    nlp = spacy.blank("id")
    hints = LexiconHints(nlp, "hints")
    for _ in range(2):
        with nlp.memory_zone():
            doc = hints(nlp.make_doc("Camat Sugeng hadir"))
            assert [token.tag_ for token in doc] == [hint(token.text) for token in doc]


@pytest.mark.parametrize(
    "text",
    [
        "Indeks pembangunan manusia (IPM) naik.",
        "Asas itu dijaga. Kepatuhan pada aturan dinilai.",
        "Organisasi Perangkat Daerah diminta menghemat listrik.",
    ],
)
def test_terms_are_no_names(recogniser: Recogniser, text: str) -> None:
    assert not [e.text for e in read(recogniser, text).entities if e.label in ("PER", "ORG")]


def test_a_partys_centre_is_the_party_and_a_branch_is_not(recogniser: Recogniser) -> None:
    text = "Ketua DPP Partai Golkar menemui Ketua DPC PDI Perjuangan Kabupaten Batang."
    found = [e.text for e in read(recogniser, text).entities if e.label == "ORG"]
    assert found == ["Partai Golkar", "DPC PDI Perjuangan Kabupaten Batang"]


def test_a_set_in_columns_is_measured_by_its_words(recogniser: Recogniser, tmp_path: Path) -> None:
    words = "Presiden|O Susilo|B-PER Bambang|I-PER Yudhoyono|I-PER (SBY)|B-PER tiba|O .|O"
    path = tmp_path / "set.txt"
    path.write_text(words.replace("|", "\t").replace(" ", "\n") + "\n", encoding="utf-8")
    report = measure("set", list(cases(path)), recogniser)
    assert [(s.what, s.cases, s.f1) for s in report.scores if s.what == "PER"] == [("PER", 2, 1.0)]


@pytest.mark.parametrize("name", ["news", "names"])
def test_a_word_of_a_long_text_takes_no_longer(recogniser: Recogniser, name: str) -> None:
    rng = random.Random(3)
    last = ["Prihanto", "Wibowo", "Santoso", "Lestari", "Hakim"]

    def make(size: int) -> str:
        if name == "news":
            return "\n\n".join([PARAGRAPH] * (size // 30))
        return "".join(f"Sugeng {rng.choice(last)}, " for _ in range(size // 3))

    def seconds_a_token(size: int, times: int) -> float:
        texts = [make(size) for _ in range(times)]
        started = time.process_time()
        tokens = sum(len(read(recogniser, text).doc) for text in texts)
        return (time.process_time() - started) / tokens

    seconds_a_token(1000, 1)
    assert seconds_a_token(9000, 1) < 2 * seconds_a_token(1000, 3)


def test_a_person_or_another_agency_behind_is_no_part_of_an_agency(recogniser: Recogniser) -> None:
    text = (
        "Gubernur Bank Sentral Malaysia Zeti Akhtar Aziz mengatakan itu. "
        "Menurut dia, Bank Indonesia dan OJK berapat."
    )
    found = [(e.label, e.text) for e in read(recogniser, text).entities if e.label != "POSITION"]
    assert found == [
        ("ORG", "Bank Sentral Malaysia"),
        ("PER", "Zeti Akhtar Aziz"),
        ("ORG", "Bank Indonesia"),
        ("ORG", "OJK"),
    ]
