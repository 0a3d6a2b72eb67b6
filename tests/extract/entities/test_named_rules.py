"""Laws and events: names that stand by their form."""

from __future__ import annotations

import pytest

from extract.entities import Recogniser

from .conftest import read


def named(recogniser: Recogniser, text: str, label: str) -> list[str]:
    return [e.text for e in read(recogniser, text).entities if e.label == label]


@pytest.mark.parametrize(
    ("text", "laws"),
    [
        (
            "Ia melanggar Pasal 71 ayat (1) juncto Pasal 188 UU Nomor 10 Tahun 2016.",
            ["Pasal 71 ayat (1) juncto Pasal 188 UU Nomor 10 Tahun 2016"],
        ),
        ("PP 94/2021 dan UU ASN berlaku.", ["PP 94/2021", "UU ASN"]),
        (
            "Menurut Surat Edaran Menteri PANRB Nomor 18 Tahun 2023 tentang netralitas, dilarang.",
            ["Surat Edaran Menteri PANRB Nomor 18 Tahun 2023"],
        ),
        (
            "Peraturan Pemerintah (PP) Nomor 42 Tahun 2004 pada Pasal 15 Ayat (1), (2), dan (3).",
            ["Peraturan Pemerintah (PP) Nomor 42 Tahun 2004", "Pasal 15 Ayat (1), (2), dan (3)"],
        ),
        ("Perbawaslu Nomor 9 Tahun 2024 mengatur.", ["Perbawaslu Nomor 9 Tahun 2024"]),
        ("Putusan MK Nomor 136/PUU-XXII/2024 dibaca.", ["Putusan MK Nomor 136/PUU-XXII/2024"]),
        ("SKB lima lembaga mengatur hal itu.", ["SKB"]),
        ("Satpol PP menurunkan 12 baliho.", []),
        ("Pasal karet itu diprotes.", []),
    ],
)
def test_laws(recogniser: Recogniser, text: str, laws: list[str]) -> None:
    assert named(recogniser, text, "LAW") == laws


@pytest.mark.parametrize(
    ("text", "events"),
    [
        ("Menjelang Pilkada Serentak 2024, ASN diawasi.", ["Pilkada Serentak 2024"]),
        (
            "Pemilihan Bupati dan Wakil Bupati Luwu Utara Tahun 2024 diikuti tiga pasangan.",
            ["Pemilihan Bupati dan Wakil Bupati Luwu Utara Tahun 2024"],
        ),
        ("Upacara HUT ke-79 RI berlangsung khidmat.", ["HUT ke-79 RI"]),
        ("Anak itu juara MTQ Nasional XXX di sana.", ["MTQ Nasional XXX"]),
        ("Badan Pengawas Pemilihan Umum memeriksa camat.", []),
        ("Komisi Pemilihan Umum menetapkan calon.", []),
        ("Mereka kapok ikut pemilihan lurah.", []),
    ],
)
def test_events(recogniser: Recogniser, text: str, events: list[str]) -> None:
    assert named(recogniser, text, "EVENT") == events


def test_an_elections_region_tells_where(recogniser: Recogniser) -> None:
    annotated = read(recogniser, "Seorang lurah jadi juru kampanye Pilbup Kulon Progo 2024.")
    assert annotated.region_codes == ("34.01",)
    assert [e.text for e in annotated.entities if e.label == "LOC"] == ["Kulon Progo"]


def test_a_rules_issuer_is_no_office(recogniser: Recogniser) -> None:
    annotated = read(recogniser, "Ia mengutip Surat Edaran Menteri PANRB Nomor 18 Tahun 2023.")
    assert {e.label for e in annotated.entities} == {"LAW"}
