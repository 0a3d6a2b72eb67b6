"""Regions: the table, and which one an article is about."""

from __future__ import annotations

import pytest

from extract.entities import Recogniser
from extract.entities.evaluate import cases, measure
from extract.entities.regions import table

from .conftest import read


def test_the_table_holds_all_regions() -> None:
    levels = [region.level for region in table().values()]
    assert levels.count("province") == 38
    assert levels.count("regency") + levels.count("city") == 514
    assert levels.count("district") == 7285


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("BEKASI - Bawaslu Kota Bekasi memanggil seorang lurah.", "32.75"),
        ("CIKARANG - Bawaslu Kabupaten Bekasi memanggil seorang lurah.", "32.16"),
        ("BEKASI - Wali Kota Bekasi menegur seorang lurah.", "32.75"),
        ("MARTAPURA - Bawaslu Kabupaten Banjar di Kalimantan Selatan memanggil camat.", "63.03"),
        ("BANJAR - Pemerintah Kota Banjar di Jawa Barat memanggil camat.", "32.79"),
        ("Bawaslu Kendal memeriksa seorang guru.", "33.24"),
        ("RUMBIA | Wonua Post - Camat di Bombana diperiksa.", "74.06"),
        ("KPU Sulsel menetapkan calon gubernur Sulawesi Selatan.", "73"),
        ("Kapolres Sambas menempatkan 25 anggota.", "61.01"),
    ],
)
def test_the_region_is_told(recogniser: Recogniser, text: str, code: str) -> None:
    assert read(recogniser, text).region_codes[:1] == (code,)


def test_no_evidence_gives_no_region(recogniser: Recogniser) -> None:
    annotated = read(recogniser, "ASN wajib menjaga netralitas menjelang pemilu.")
    assert annotated.region_codes == ()
    assert annotated.region_at(5) is None


def test_a_shared_name_alone_gives_the_common_province_at_most(recogniser: Recogniser) -> None:
    annotated = read(recogniser, "Bawaslu Bekasi memanggil seorang guru.")
    assert annotated.region_codes in ((), ("32",))


def test_the_sources_region_decides_between_regions_of_one_name(recogniser: Recogniser) -> None:
    text = "Bawaslu Bekasi memanggil seorang guru."
    assert read(recogniser, text, source_region="32.75").region_codes == ("32.75",)


def test_the_act_has_the_region_of_its_own_sentence(recogniser: Recogniser) -> None:
    text = (
        "Bawaslu Kabupaten Batang memeriksa seorang camat. Bawaslu Kabupaten Batang menunggu.\n\n"
        "Di tempat lain, Bawaslu Kabupaten Cilacap memeriksa seorang guru. "
        "Bupati Cilacap menyesalkan kejadian di Kabupaten Cilacap."
    )
    annotated = read(recogniser, text)
    assert set(annotated.region_codes) == {"33.25", "33.01"}
    assert annotated.region_at(text.index("camat")) == "33.25"
    assert annotated.region_at(text.index("guru")) == "33.01"


def test_short_texts_from_all_provinces(recogniser: Recogniser) -> None:
    labelled = list(cases("regions"))
    assert len(labelled) >= 95
    assert len({code[:2] for case in labelled for code in case.regions or ()}) == 38
    report = measure("regions", labelled, recogniser)
    rates = {score.what: score.f1 for score in report.scores}
    assert rates["region"] >= 0.97, report.errors
    assert rates["region of act"] >= 0.97, report.errors


def test_a_desks_dateline_gives_way_to_the_place_in_the_title(recogniser: Recogniser) -> None:
    text = "MAKASSAR – Sekcam itu membagikan kartu nama. Bawaslu Sulsel membenarkan."
    annotated = read(recogniser, text, title="Sekcam di Pangkep Terbukti Langgar Netralitas")
    assert annotated.region_codes == ("73.10",)
    assert annotated.region_at(annotated.article.full_text.index("kartu")) == "73.10"


def test_a_province_counts_its_kabupaten_and_stays_the_region(recogniser: Recogniser) -> None:
    text = "Bawaslu NTB memproses 31 ASN. Sisanya di Lombok Timur, Sumbawa, dan Kota Bima."
    assert read(recogniser, text, title="Bawaslu NTB: 31 ASN Diproses").region_codes == ("52",)
