"""The seam: offsets, streams, strange texts, and no network."""

from __future__ import annotations

import random
import socket
import time

import pytest

from corpus import split
from corpus.entities import read as gold
from extract.entities import Recogniser
from extract.entities.evaluate import cases, evaluate, measure, same_agency
from extract.entities.reading import PIECE, cut
from pantau.records import Article

from .conftest import read

TEXT = (
    "BATANG, Pantura Pos – Bawaslu Kabupaten Batang memeriksa Camat Wanasekar, Sugeng Prihanto, "
    "karena foto bersama calon bupati Wirawan Kusumo."
)


def test_offsets_count_title_newline_and_text(recogniser: Recogniser) -> None:
    annotated = read(recogniser, TEXT, title="Camat Wanasekar Diperiksa 😡 Bawaslu")
    full = annotated.article.full_text
    assert annotated.doc.text == full
    assert annotated.entities
    for entity in annotated.entities:
        assert full[entity.start : entity.end] == entity.text
    assert list(annotated.entities) == sorted(annotated.entities, key=lambda e: (e.start, -e.end))


def test_positions_hold_their_places_and_agencies(recogniser: Recogniser) -> None:
    found = {(e.label, e.text) for e in read(recogniser, TEXT).entities}
    assert ("POSITION", "Camat Wanasekar") in found
    assert ("LOC", "Wanasekar") in found
    assert ("ORG", "Bawaslu Kabupaten Batang") in found
    assert ("ORG", "Pantura Pos") in found


def test_agencies_have_a_full_name_with_their_region(recogniser: Recogniser) -> None:
    text = "Kabid SMP Disdik Kota Medan, Ratna Siregar, diperiksa BKPSDM Medan."
    annotated = read(recogniser, text)
    norms = {e.text: e.norm for e in annotated.entities if e.label == "ORG"}
    assert norms["Disdik Kota Medan"] == "Dinas Pendidikan Kota Medan"
    assert norms["BKPSDM Medan"] == (
        "Badan Kepegawaian dan Pengembangan Sumber Daya Manusia Kota Medan"
    )


@pytest.mark.parametrize(
    ("text", "label", "found"),
    [
        ("Ketua HNSI Kabupaten Serang mengeluh.", "ORG", ["HNSI Kabupaten Serang"]),
        ("Acara di aula Kantor Bupati Kabupaten Batang.", "LOC", ["Kabupaten Batang"]),
        ("Acara di Gedung Kesenian Rumah Dinas Walikota Prabumulih.", "LOC",
         ["Gedung Kesenian", "Prabumulih"]),
        ("Organisasi Perangkat Daerah diminta hadir.", "ORG", []),
        ("Pasien dirawat di RSUD dr. Ben Mboi Ruteng.", "ORG", ["RSUD dr. Ben Mboi Ruteng"]),
        ("Siswa SDN 173 Pangaribuan menyeberang.", "ORG", ["SDN 173 Pangaribuan"]),
        ("Akun resmi Kecamatan Socahmulya memuat poster.", "ORG", ["Kecamatan Socahmulya"]),
        ("Peringatan itu dipusatkan Disporabudpar Kota Tasikmalaya.", "ORG",
         ["Disporabudpar Kota Tasikmalaya"]),
        ("Beras itu dibeli Bulog di Garut.", "ORG", ["Bulog"]),
    ],
)  # fmt: skip
def test_names_end_where_they_end(
    recogniser: Recogniser, text: str, label: str, found: list[str]
) -> None:
    assert [e.text for e in read(recogniser, text).entities if e.label == label] == found


def test_an_official_accounts_headline_is_no_name(recogniser: Recogniser) -> None:
    title = "Akun Resmi Kecamatan Socahmulya Unggah Poster Paslon, Admin Mengaku Lalai"
    annotated = read(recogniser, "Unggahan itu dihapus.", title=title)
    assert [(e.label, e.text) for e in annotated.entities] == [("ORG", "Kecamatan Socahmulya")]


def test_a_stream_gives_what_single_articles_give(recogniser: Recogniser) -> None:
    articles = [Article(id=str(i), title=f"Judul {i}", text=TEXT) for i in range(70)]
    alone = recogniser.recognise(articles[3])
    streamed = [(a.entities, a.persons, a.region_codes) for a in recogniser.pipe(iter(articles))]
    assert len(streamed) == 70
    assert streamed[3] == (alone.entities, alone.persons, alone.region_codes)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\n\t ",
        "😡✌️😡✌️" * 200,
        "السلام عليكم ورحمة الله وبركاته " * 50,
        "\x00\x01\x02\ufffd\udc80" * 300,
        "!" * 5000,
        "x" * 20000,
        "a,b;" * 5000,
        "(((((" * 2000 + "Bawaslu Batang",
        "Pj. " * 3000,
        "Kecamatan " * 3000,
        "Dinas Pendidikan, " * 2000,
        "Sugeng " * 3000,
    ],
    ids=range(13),
)
def test_strange_texts_neither_fail_nor_take_long(recogniser: Recogniser, text: str) -> None:
    started = time.process_time()
    annotated = read(recogniser, text)
    taken = time.process_time() - started
    assert len(annotated.doc.text) == len(text) + 1
    assert taken < 3 + 4 * len(annotated.doc) / 10_000


@pytest.mark.slow
def test_a_megabyte_and_fifty_thousand_words_without_a_stop(recogniser: Recogniser) -> None:
    rng = random.Random(1)
    words = [*TEXT.replace(".", "").split(), "di", "dan", "warga", "Sukses", "Rahman"]
    for text in (
        " ".join(rng.choice(words) for _ in range(50_000)),
        "\n\n".join(TEXT for _ in range(1_000_000 // len(TEXT))),
    ):
        started = time.process_time()
        annotated = read(recogniser, text)
        assert time.process_time() - started < 4 * len(annotated.doc) / 10_000


def test_long_texts_are_cut_where_sentences_end(recogniser: Recogniser) -> None:
    doc = read(recogniser, "Camat hadir di sana. " * 2000).doc
    pieces = list(cut(doc))
    assert pieces[0][0] == 0
    assert pieces[-1][1] == len(doc)
    assert all(end - start <= PIECE for start, end in pieces)
    assert all(doc[start].is_sent_start for start, _ in pieces)


def test_no_socket_is_opened(recogniser: Recogniser, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    assert Recogniser.load().recognise(Article(id="t", title="", text=TEXT)).persons


def test_the_gold_scores_hold(recogniser: Recogniser) -> None:
    report = measure("own", list(cases("own")), recogniser)
    assert report.texts >= 100
    rates = {score.what: score.f1 for score in report.scores}
    assert rates["PER ORG LOC"] >= 0.95
    assert rates["POSITION"] >= 0.90
    assert rates["role of PER"] >= 0.90
    assert rates["agency"] >= 0.85
    assert rates["region"] >= 0.93
    assert "PER ORG LOC" in str(report)


def test_texts_of_one_event_stand_in_one_split() -> None:
    texts = {text.id: text for text in gold()}
    assert len(texts) >= 160
    assert sum(split(text.event) == "report" for text in texts.values()) >= 80
    told_twice = [text for text in texts.values() if text.event != text.id]
    assert len(told_twice) >= 25
    assert all(text.event in texts for text in told_twice)
    parts = {case.gold.id for case in cases("own:report")}
    assert all((text.id in parts) == (text.event in parts) for text in told_twice)


def test_an_unknown_set_is_an_error() -> None:
    with pytest.raises(ValueError, match="is no set"):
        evaluate(["nirgendwo"])


def test_agencies_compare_without_the_level_of_their_region() -> None:
    assert same_agency("Disdukcapil Kabupaten Mesuji", "Disdukcapil Mesuji")
    assert not same_agency("Disdukcapil Mesuji", "Disdik Mesuji")
    assert not same_agency("Pemerintah Kabupaten Mesuji", "Mesuji")
