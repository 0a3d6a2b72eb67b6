"""Which office and agency a mention carries where the act's own sentence tells neither well (all
texts karangan)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from extract.mentions import Judge
from extract.mentions.judge import ASN
from extract.mentions.measures import alike
from extract.mentions.place import _written
from extract.mentions.reading import read_article
from extract.mentions.words import written_out
from pantau.records import NO_NAME, Actor, Article

PUBLISHED = datetime(2024, 10, 21, 9, 0, tzinfo=UTC)


def who(judge: Judge, title: str, text: str = "", **more: object) -> Actor:
    """The actor of the one mention that a text makes, were it a likely violation."""
    article = replace(Article(id="t", title=title, text=text, published=PUBLISHED), **more)  # type: ignore[arg-type]
    reading = read_article(article, judge._recogniser)
    scores = judge.frame_scores(reading)
    found = judge._mentions(article, reading, scores, {}, 1.0)
    return next(m.actor for m in found if m.subject == ASN)


@pytest.mark.parametrize(
    ("title", "text", "office"),
    [
        (
            "Kepala Pasar di Kebumen Ikut Konvoi Paslon",
            "KEBUMEN – Pria berinisial IKS, PNS di Kabupaten Kebumen, ikut konvoi pasangan calon "
            "bupati nomor urut 2 dan membagikan nasi bungkus kepada warga.",
            "Kepala Pasar",
        ),
        ("Pegang Mandat Saksi Paslon, Pj Lurah yang PNS di Kebumen Diperiksa", "", "Lurah"),
        ("Guru Dipaksa Isi Tautan Dukungan Cabup, Korwil di Kebumen Dilaporkan", "", "Korwil"),
        ("Diduga Arahkan Guru Pilih Paslon, Kepala Dinas di Kebumen Diadukan", "", "Kepala Dinas"),
        ("Kepala Puskesmas di Kebumen Diadukan Bidan karena Dukung Paslon", "", "Kepala Puskesmas"),
        ("Kepala BKPSDM Kebumen Dilaporkan Geser Pegawai Penolak Paslon", "", "Kepala BKPSDM"),
        (
            "Kepala Puskesmas Bantah Berkampanye untuk Paslon, Dua Bidan Serahkan Video",
            "KEBUMEN – Video yang diserahkan dua bidan memperlihatkan ia membagi kaus paslon.",
            "Kepala Puskesmas",
        ),
        ("Camat Hatungara dan Dua Kades Dilaporkan ke Bawaslu, Dukung Petahana", "", "Camat"),
    ],
)
def test_the_office_is_that_of_the_one_who_acted(
    judge: Judge, title: str, text: str, office: str
) -> None:
    assert who(judge, title, text).position.startswith(office)


@pytest.mark.parametrize(
    ("told", "office"),
    [
        ("Petugas memang membagikan kaus paslon nomor 2 kepada warga Kebumen.", "Petugas"),
        ("kadisnya ikut bagi kaus paslon nomor 2, warga Kebumen heran", "kadis"),
        (
            "Seorang perawat PNS Puskesmas Ngrembul Wetan membagikan kaus paslon nomor 2 di "
            "Kebumen.",
            "perawat PNS Puskesmas Ngrembul Wetan",
        ),
    ],
)
def test_the_words_of_an_office_end_where_something_is_told_of_it(
    judge: Judge, told: str, office: str
) -> None:
    assert who(judge, "", told).position == office


def test_the_papers_own_region_alone_makes_no_government_an_agency(judge: Judge) -> None:
    title = "Lurah Bagikan Kaus Paslon kepada Warga"
    assert who(judge, title, source_region="33.05").agency == ""
    named = who(judge, f"{title} di Kebumen", source_region="33.05")
    assert named.agency == "Pemerintah Kabupaten Kebumen"


@pytest.mark.parametrize(
    ("told", "agency"),
    [
        ("Guru SMK, Antar Murid ke Kampanye Paslon di Kebumen", "Pemerintah Provinsi Jawa Tengah"),
        ("Kepala KUA di Kebumen Ajak Jemaah Pilih Paslon Nomor 1", "Kementerian Agama"),
        ("Lurah di Jakarta Barat Ajak Warga Pilih Paslon", "Pemerintah Provinsi DKI Jakarta"),
        (
            "Kepala Bagian Kesra Setda Kebumen Ajak Warga Pilih Paslon",
            "Sekretariat Daerah Kabupaten Kebumen",
        ),
        ("Perawat PNS RSUD Jadi Juru Bicara Paslon di Kebumen", "RSUD Kabupaten Kebumen"),
        ("Bu Kepsek SMPN Ajak Wali Murid Pilih Paslon", ""),
        ("Sekretaris DPRD Kebumen Ikut Kampanye Paslon", "Sekretariat DPRD Kabupaten Kebumen"),
    ],
)
def test_an_agency_follows_from_the_office(judge: Judge, told: str, agency: str) -> None:
    assert who(judge, told).agency == agency


def test_a_sentence_is_no_part_of_an_agencys_name(judge: Judge) -> None:
    text = "tiap golongan setor ke kepala dinas, buat kaus paslon nomor 2. kuitansinya arisan"
    assert who(judge, "", text, kind="post", platform="x").agency == ""


def test_a_profile_beside_a_post_tells_the_authors_office(judge: Judge) -> None:
    author = who(
        judge,
        "",
        "Satu komando, satu pilihan, nomor 2 harga mati! Menangkan paslon 2!",
        kind="post",
        platform="x",
        author="Eko Prasetyo",
        context='Membalas: "Siapa siap menang?" | Bio: Staf Dishub Kota Pekalongan. Pribadi.',
    )
    assert (author.name, author.position) == ("Eko Prasetyo", "Staf Dishub Kota Pekalongan")


def test_what_stands_in_capitals_in_a_post_is_not_a_persons_initials(judge: Judge) -> None:
    text = "SS rapat zoom tim paslon 2, pak camat ikut, tuh liat fotonya"
    assert who(judge, "", text, kind="post", platform="x").name == NO_NAME


def test_a_kota_is_no_kecamatan_of_its_name_elsewhere() -> None:
    assert _written("Bio: Staf Dishub Kota Pekalongan") == "33.75"
    assert _written("relawan Pekalongan") is None


def test_an_account_of_a_kota_is_not_of_lima_puluh_kota() -> None:
    assert _written("@relawankota") is None


def test_short_names_of_offices_and_agencies_are_written_out() -> None:
    assert written_out("kadinsosnya") == ("kepala", "dinas", "sosial")
    assert alike("Dinsos", "Dinas Sosial Kabupaten Kebumen")
    assert not alike("Dinsos", "Puskesmas Sumber")
