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
        ("Bawaslu Natuna: Kepala Dinas dan Sekmat Sedanau Melanggar UU ASN", "proven"),
        ("Pleno Bawaslu Putuskan Sekretaris Dinkes Langgar Netralitas", "proven"),
        ("Bawaslu: Dugaan Pelanggaran Netralitas Kadis Diteruskan ke BKN", "under_examination"),
        (
            "Pj Lurah Dilaporkan Kumpulkan RT di Rumah Calon, Bawaslu Ambil Alih",
            "under_examination",
        ),
    ],
)
def test_a_headline_names_the_step_in_a_word(judge: Judge, title: str, stage: str) -> None:
    reading = read_article(Article(id="t", title=title, text=""), judge._recogniser)
    assert stage_of(reading.frames, judge._models["stage"], stands=True) == stage


@pytest.mark.parametrize(
    ("last", "stage"),
    [
        ("Bawaslu Kebumen sudah memanggil Sarwono dan tiga saksi, Senin.", "under_examination"),
        ("Bawaslu Kebumen akan memanggil Sarwono dan tiga saksi.", "alleged"),
        ("Pemeriksaan sudah dua kali berjalan, kata Bawaslu Kebumen.", "under_examination"),
        ("Dalam klarifikasi, Sarwono mengakui menerima honor itu.", "under_examination"),
        ("Bawaslu Kebumen belum menerima laporan tertulis.", "alleged"),
    ],
)
def test_a_step_counts_once_it_is_taken(judge: Judge, last: str, stage: str) -> None:
    text = (
        "KEBUMEN – Sebuah video membuat warga ramai.\n\n"
        "Camat Sumberjati, Sarwono, membagikan kaus pasangan calon bupati nomor urut 2.\n\n"
        "Warga menerima kaus itu sambil tertawa.\n\n"
        "Pasar hari itu ramai sejak pagi.\n\n" + last
    )
    article = Article(id="t", title="Kaus di Pasar Sumberjati", text=text)
    reading = read_article(article, judge._recogniser)
    assert stage_of(reading.frames, judge._models["stage"], stands=True) == stage


def test_proven_in_somebodys_mouth_or_as_a_threat_proves_nothing(judge: Judge) -> None:
    text = (
        "KEBUMEN – Kepala Puskesmas Sumberjati, Sarwono, membagikan wajan kepada kader.\n\n"
        '"Calon nomor dua ini sudah terbukti sayang posyandu," kata Sarwono menurut tiga kader.\n\n'
        "Inspektorat ikut memeriksa Sarwono dua hari kemudian.\n\n"
        "Hasil pemeriksaan itu diteruskan kepada penjabat bupati.\n\n"
        "Jika terbukti melanggar netralitas, ia terancam sanksi disiplin."
    )
    reading = read_article(Article(id="t", title="Wajan bagi Kader", text=text), judge._recogniser)
    assert stage_of(reading.frames, judge._models["stage"], stands=True) == "under_examination"
