"""Words and stems: names stay whole, and the data files say what they mean."""

from __future__ import annotations

import csv
import tomllib
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

import corpus
from search import words
from search.words import DATA, LONGEST, runs, spans, stems, tokens

ROOT = Path(__file__).parents[2]
GENERIC = {"seribu", "bagian", "pegunungan", "kepulauan", "meriah"}
"""Parts of regions' names that are ordinary words there as well (Kepulauan Seribu)."""


ORDINARY = {"bahasan", "makai", "penarik", "rasis", "sapuan"}
"""Names of candidates that are ordinary words as well."""


def test_no_province_kabupaten_or_kota_is_stemmed() -> None:
    table = ROOT / "extract" / "entities" / "data" / "wilayah" / "regions.csv"
    with table.open(encoding="utf-8") as lines:
        names = [row["nama"] for row in csv.DictReader(lines) if len(row["kode"]) <= len("32.05")]
    words = {word for name in names for word in tokens(name)} - GENERIC
    assert len(words) > 400
    assert {word: found for word in words for found in stems([word]) if found != word} == {}


def test_no_candidate_of_the_election_is_stemmed() -> None:
    table = ROOT / "config" / "candidates" / "pilkada-2024.csv"
    with table.open(encoding="utf-8") as lines:
        people = [f"{row['head']} {row['deputy']}" for row in csv.DictReader(lines)]
    words = {word for person in people for word in tokens(person)} - ORDINARY
    assert len(words) > 3000
    assert {word: found for word in words for found in stems([word]) if found != word} == {}


def test_every_mended_word_comes_to_the_stem_that_is_written_beside_it() -> None:
    mended = tomllib.loads((DATA / "stems.toml").read_text(encoding="utf-8"))
    for word, stem in mended["stems"].items():
        assert stems([word]) == [stem]
    assert stems(mended["roots"]) == mended["roots"]


def test_a_text_is_cut_up_the_same_with_and_without_its_places() -> None:
    text = "Cafe\u0301 “Désa” A_b nge-like İstanbul 3,5 juta ﷺ — ok" + "x" * 300
    cut = tokens(text)
    assert [word for word, _, _ in spans(text)] == cut
    assert cut[:5] == ["cafe", "desa", "a", "b", "nge"]
    assert max(map(len, cut)) == LONGEST
    assert list(spans("Kades, désa")) == [("kades", 0, 5), ("desa", 7, 11)]
    assert [text[start:end] for word, start, end in spans(text) if word == "desa"] == ["Désa"]


TEXTS = st.lists(
    st.sampled_from(["pilih", "memilih", "Pemilihan", "é", "ß", "x_y", "dua", "2024", "x" * 150])
    | st.text("pilhéß_ ‑.", max_size=12)
).map(" ".join)


@given(text=TEXTS, part=st.sampled_from(["ilih", "i", "x", "", "x" * 70, "é", "2"]))
def test_cutting_out_single_words_gives_what_cutting_all_would(text: str, part: str) -> None:
    every = list(spans(text))
    wanted = [every[at : at + 2] for at, (word, *_) in enumerate(every) if part in word]
    found = list(runs(text, part, 2))
    assert [run for run in found if len(run[0][0]) < LONGEST] == [
        run for run in wanted if len(run[0][0]) < LONGEST
    ]


def test_words_that_no_rule_touches_are_passed_by_the_stemmer_unseen() -> None:
    known = {word for row in corpus.texts() for word in tokens(f"{row['title']} {row['text']}")}
    plain = sorted(word for word in known if word.isascii() and word.isalpha())[::4]
    assert len(plain) > 2000
    stemmer = words._stems()._stemmer
    for word in plain:
        if not words.inflected(word):
            assert stemmer.stem_word(word) == word
