"""Articles that look like something else: none of them may be lost."""

from __future__ import annotations

import pytest

from extract.page import extract_page
from pantau.records import Article, NoArticle

DATE = "<div class=tgl>Rabu, 12 Juni 2024 10:15 WIB</div>"


def page_of(title: str, paragraphs: list[str], rest: str = "", date: str = DATE) -> str:
    text = "".join(f"<p>{p}</p>" for p in paragraphs)
    return (
        f"<html><head><title>{title} - Kabar Seruni</title></head><body><h1>{title}</h1>{date}"
        f"<div class=isi>{text}</div>{rest}</body></html>"
    )


CASES = {
    "a short piece about repairs": page_of(
        "Jembatan Dalam Perbaikan, Warga Diminta Memutar",
        [
            "Jembatan di Dusun Kembang Layu ditutup selama dua pekan karena sedang dalam "
            "perbaikan, kata kepala dusun setempat pada Rabu pagi."
        ],
    ),
    "access denied to reporters": page_of(
        "Akses Ditolak, Wartawan Meliput Rapat dari Halaman",
        [
            "Sejumlah wartawan meliput rapat pleno dari halaman gedung setelah "
            "akses mereka ditolak "
            "petugas, meskipun undangan sudah dikirim sehari sebelumnya."
        ],
    ),
    "a raid on a gambling ring": page_of(
        "Polisi Tangkap Bandar Togel, Situs Slot Gacor Ikut Diblokir",
        [
            "Polisi menangkap seorang bandar togel di Kembang Layu dan meminta "
            "kementerian memblokir "
            "situs slot yang dikelolanya, Rabu (12/6/2024).",
            "Menurut penyidik, pelaku menawarkan bonus new member dan deposit "
            "pulsa kepada pelajar, "
            "lalu mengirim link alternatif setiap kali situsnya ditutup oleh pemerintah.",
            "Kepala kepolisian setempat mengatakan uang sitaan mencapai dua ratus juta rupiah, dan "
            "tiga telepon genggam dibawa ke laboratorium untuk diperiksa lebih jauh.",
            "Tokoh masyarakat meminta orang tua mengawasi telepon anak. Sekolah akan menggelar "
            "penyuluhan pada awal tahun ajaran dengan menghadirkan bekas pemain.",
        ],
    ),
    "a newsletter box below a short piece": page_of(
        "Camat Tinjau Gudang Logistik Pemilu",
        [
            "Camat Wanasuling meninjau gudang logistik pemilu dan meminta petugas memasang terpal "
            "tambahan, sebab atap di sudut timur bocor sejak pekan lalu.",
            "Ketua panitia, Jumadil Karsa, menyatakan seluruh kotak suara tetap "
            "kering. Pemeriksaan "
            "dilakukan setiap pagi dan sore oleh dua petugas secara bergantian.",
            "Kunjungan itu berlangsung tiga puluh menit dan diakhiri dengan doa "
            "bersama di halaman.",
        ],
        rest="<div class=kotak><h4>Kabar Mingguan</h4><p>Berlangganan sekarang</p></div>",
    ),
    "two sentences without a date": page_of(
        "Warga Temukan Sumber Air Baru",
        [
            "Warga Dusun Kembang Layu menemukan sumber air baru di lereng timur bukit setelah "
            "menggali selama sebelas hari. Air itu akan dialirkan ke tiga puluh rumah."
        ],
        date="",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_an_article_that_looks_like_something_else_stays_one(make_page, name):
    result = extract_page(make_page(CASES[name]), source_region=None)
    assert isinstance(result, Article), result


def test_an_article_below_a_section_or_topic_is_no_list(make_page):
    body = page_of(
        "Camat Tinjau Gudang Logistik",
        [
            "Camat meninjau gudang pemilu dan meminta "
            "petugas memasang terpal tambahan, sebab atap di sudut timur bocor sejak pekan lalu."
        ],
    )
    body = body.replace(
        "</body>",
        "<ul>"
        + "".join(
            f"<li><a href=/b/{n}>Berita lain nomor {n} di kabupaten</a></li>" for n in range(12)
        )
        + "</ul></body>",
    )
    url = "https://www.kabarseruni.example/kategori/politik/camat-tinjau-gudang-logistik-pemilu"
    assert isinstance(extract_page(make_page(body, url=url), source_region=None), Article)


def test_a_list_whose_json_ld_describes_each_article_stays_a_list(make_page):
    items = ",".join(
        f'{{"@type":"ListItem","position":{n},"item":{{"@type":"NewsArticle","headline":"Berita '
        f'nomor {n} dari kecamatan","datePublished":"2024-06-0{n}T10:00:00+07:00"}}}}'
        for n in range(1, 8)
    )
    head = f'<script type="application/ld+json">{{"@type":"ItemList","itemListElement":[{items}]}}'
    cards = "".join(
        f"<div class=kartu><a href=/b/{n}>Berita nomor {n} dari kecamatan</a>"
        "<p>Petikan pendek dari isi berita yang dapat dibaca selengkapnya di dalam ...</p></div>"
        for n in range(1, 8)
    )
    body = (
        f"<html><head><title>Kategori: Politik - Kabar Seruni</title>{head}</script></head>"
        f"<body><h1>Politik</h1>{cards}</body></html>"
    )
    page = make_page(body, url="https://www.kabarseruni.example/kategori/politik")
    result = extract_page(page, source_region=None)
    assert isinstance(result, NoArticle)
    assert result.reason == "listing"


def test_text_without_a_list_beside_it_is_no_list_whatever_its_address(make_page):
    text = "".join(
        f"<p>Bengkel perahu nomor {n} di tepi muara menerima perbaikan layar dan cat lambung "
        "setiap hari kerja, dan pemiliknya mengajari anak-anak membuat simpul.</p>"
        for n in range(4)
    )
    page = make_page(
        f"<html><head><title>Bengkel Perahu</title></head><body class='category'><h1>Bengkel "
        f"Perahu di Tepi Muara Buka Kelas Simpul</h1><div>{text}</div></body></html>",
        url="https://muara.example/kategori/kabar/bengkel-perahu-di-tepi-muara-buka-kelas",
    )
    assert isinstance(extract_page(page, source_region=None), Article)
