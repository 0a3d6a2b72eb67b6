"""What stands between, above and below an article's paragraphs, in Indonesian and English."""

from __future__ import annotations

import html
import json

import pytest

from extract.page import extract_page, fast_text
from pantau.records import Article
from tests.extract.page.test_article import ONE, THREE, TWO, page_of

ENGLISH = (
    "The council voted on Tuesday night to reopen the old kiln behind the dairy, and the first "
    "mugs are expected in the shop before the end of June.",
    "Residents who live downwind of the chimney asked for two more meters of brick, which the "
    "potter has promised to lay as soon as the rain stops.",
)


def text(make_page, inner: str, **more) -> str:
    result = extract_page(make_page(page_of(inner, **more)), source_region="33")
    assert isinstance(result, Article), result
    return result.text


@pytest.mark.parametrize(
    "foreign",
    [
        "<div class=q7><div>Kabar dari Mitra</div><p>Membaca Arah Angin Pangan</p></div>",
        "<table><tr><td><img src=b.jpg><tr><td><span>Suasana di balai desa.</span></table>",
        "<table><tr><th>Pilihan Redaksi</th></tr><tr><td><ul><li><a href=/x>Kambing Etawa Curi "
        "Perhatian</a></ul></table>",
        '<p>[irp posts="8812"]</p>',
        "<p>*** (arn)</p>",
        "<p>(humas/ed. foto: dok.)</p>",
        "<p>Simak! Video Pilihan Redaksi:</p>",
        "<p>Apa reaksimu untuk artikel ini?</p>",
        "<div class=besar><q>mampu menampung empat puluh ton gabah kering</q></div>",
        "<aside><p>Iklan baris: dijual cepat rumah di dekat pasar desa.</p></aside>",
        "<p>Bagikan artikel ini ke teman:</p>",
        "<p><em>Sarwono Adi berkontribusi dalam penulisan artikel ini.</em></p>",
        "<div class=rk><p>Ringkasan Berita:</p><ul><li>Lumbung dibuka untuk warga desa.</ul></div>",
    ],
)
def test_foreign_matter_in_indonesian_goes(make_page, foreign):
    found = text(make_page, f"<div class=isi><p>{ONE}</p>{foreign}<p>{TWO}</p><p>{THREE}</p></div>")
    assert found == f"{ONE}\n\n{TWO}\n\n{THREE}"


@pytest.mark.parametrize(
    "foreign",
    [
        "<p><em>[Read more: Why the kiln went cold]</em></p>",
        "<p><strong>RELATED:</strong> <a href=/x>The best mugs for boats</a></p>",
        "<p>Sign up for our newsletter and get the morning briefing.</p>",
        "<p>This post may contain affiliate links.</p>",
        "<p>Follow Jo Pruett on Twitter: @jopruett</p>",
        "<p>Advertisement - Continue Reading Below</p>",
        "<p>Reporter Jo Pruett can be reached at 555-0144.</p>",
        "<p>A version of this article appears in print on June 6.</p>",
        "<p>Photo by M. Arlen</p>",
    ],
)
def test_foreign_matter_in_english_goes(make_page, foreign):
    one, two = ENGLISH
    found = text(
        make_page, f"<div class=x><p>{one}</p>{foreign}<p>{two}</p><p>{one} Twice.</p></div>"
    )
    assert found == f"{one}\n\n{two}\n\n{one} Twice."


@pytest.mark.parametrize(
    "ours",
    [
        "Bagikan tugas secara adil, begitu bunyi kalimat terakhir pada papan itu.",
        "Simak cara kerjanya: setiap regu mencatat titik gelap dan pagar yang rusak.",
        "Lihat berita acara itu, kata hakim, sebelum menuduh saksi berbohong di sidang.",
        "Ringkasan putusan dibacakan ketua majelis dalam waktu kurang dari sepuluh menit.",
        "Follow the money, union officials said, and it leads to the fuel surcharge.",
        "Share of the blame, he says, belongs to the wind from the valley.",
        '"More from me when it has stopped raining," he told the council inspector.',
        "Related crafts are drifting back too, and a basket maker rents the dairy.",
        "Photos never work, and every one of mine shows two gray lines.",
        "Email can wait, it turns out, because there is no signal by the breakwater.",
        "Read in full, the agreement runs to just six pages of plain words.",
        "Source material was scarce, so the museum borrowed three letters.",
    ],
)
def test_sentences_like_furniture_stay_in_both_languages(make_page, ours):
    one, two = ENGLISH if ours.isascii() and " the " in ours else (ONE, TWO)
    assert ours in text(make_page, f"<div class=isi><p>{one}</p><p>{ours}</p><p>{two}</p></div>")


def test_a_standfirst_in_the_head_and_a_bio_below_are_no_text(make_page):
    inner = (
        f"<div class=k><p>Warga desa menyambutnya dengan gembira.</p></div><div class=isi><p>{ONE}"
        f"</p><p>{TWO}</p><p>{THREE}</p></div><div class=b><p>Menulis tentang desa sejak 2011 dari "
        "tepi teluk yang tenang.</p></div>"
    )
    page = (
        page_of(inner)
        .replace("<h1>", "<div class=kepala><h1>")
        .replace("</h1><div class=k>", "</h1><div class=k>")
        .replace("</p></div><div class=isi>", "</p></div></div><div class=isi>")
    )
    result = extract_page(make_page(page), source_region="33")
    assert isinstance(result, Article)
    assert result.text == f"{ONE}\n\n{TWO}\n\n{THREE}"


def test_the_end_of_a_text_in_a_nameless_box_of_its_own_stays(make_page):
    inner = f"<div><p>{ONE}</p><p>{TWO}</p><p>{THREE}</p></div><div class=iklan></div>"
    end = "Kotak kecil di pintu balai menampung saran warga sampai akhir bulan depan."
    found = text(make_page, f"<div class=isi>{inner}<div><p>{end}</p></div></div>")
    assert found == f"{ONE}\n\n{TWO}\n\n{THREE}\n\n{end}"


def test_text_goes_on_after_an_inline_box_where_each_paragraph_has_an_unnamed_box(make_page):
    box = "<div class=kotak><b>Baca Juga</b><ul><li><a href=/x>Kambing Etawa Menang</a></ul></div>"
    inner = f"<div class=isi><div>{ONE}</div>{box}<div>{TWO}</div><div>{THREE}</div></div>"
    assert text(make_page, inner) == f"{ONE}\n\n{TWO}\n\n{THREE}"


def test_blank_lines_part_paragraphs_that_are_kept_as_typed(make_page):
    inner = f"<div style='white-space:pre-line'>{ONE}\n\n{TWO}\n\n{THREE}</div>"
    assert text(make_page, inner) == f"{ONE}\n\n{TWO}\n\n{THREE}"


def test_a_bold_line_between_date_and_byline_is_the_headline_of_an_old_page(make_page):
    page = (
        "<html><head><title>POSKOTA TEBING</title></head><body><table><tr><td>Kam 17/10/2024 19.40 "
        "WIT<br><b>Desa Kembang Layu Buka Lumbung Pangan Baru</b><br>Oleh: Ratri Lembayung<br><br>"
        f"{ONE}<br><br>{TWO}<br><br>{THREE}</td></tr></table></body></html>"
    )
    result = extract_page(make_page(page), source_region="81")
    assert isinstance(result, Article)
    assert result.title == "Desa Kembang Layu Buka Lumbung Pangan Baru"
    assert result.author == "Ratri Lembayung"
    assert result.published is not None
    assert result.published.isoformat() == "2024-10-17T19:40:00+09:00"


def test_readers_answers_below_a_heading_of_theirs_are_no_text(make_page):
    answers = "<h4>Tanggapan Pembaca</h4>" + "".join(
        f"<p><b>warga{n}</b> ({n} Mei 2024 10:0{n}): {THREE} Begitu kata tetangga {n}.</p>"
        for n in range(1, 5)
    )
    inner = f"<p class=a>{ONE}</p><p class=a>{TWO}</p><div class=t>{answers}</div>"
    assert text(make_page, f"<div class=pusat>{inner}</div>") == f"{ONE}\n\n{TWO}"


def test_a_story_in_the_properties_of_a_component_is_read(make_page):
    story = {"judul": "Desa Buka Lumbung Pangan Baru", "isi_berita": f"<p>{ONE}</p><p>{TWO}</p>"}
    story["penulis"] = {"nama": "Ratri Lembayung"}
    story["tanggal_terbit"] = "2024-06-12T10:15:00+07:00"
    properties = html.escape(json.dumps(story))
    page = (
        "<html><head><title>Desa Buka Lumbung Pangan Baru</title></head><body><div id=app>"
        f'<article-detail :article="{properties}"></article-detail></div></body></html>'
    )
    result = extract_page(make_page(page), source_region="33")
    assert isinstance(result, Article)
    assert result.text == f"{ONE}\n\n{TWO}"
    assert result.author == "Ratri Lembayung"
    assert result.published is not None
    _, gate = fast_text(make_page(page))
    assert ONE in gate


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("👤 Diskominfo Anjang 📅 Sel, 06 Agu 2024 🕒 15:19 WIB", "Diskominfo Anjang"),
        ("Senin, 25-03-2024 | 12:10 WITA | Syamsul Lamaju", "Syamsul Lamaju"),
        ("Senin, 25-03-2024 | 12:10 WITA | Layanan Publik", ""),
        (
            "Muh. Akbar Fauzan dan Rosdiana - Sabtu, 4 Mei 2024, 18:02 WITA",
            "Muh. Akbar Fauzan, Rosdiana",
        ),
        ("by Helen Ostrander | Jun 14, 2024 | Life", "Helen Ostrander"),
    ],
)
def test_names_in_the_line_of_the_date(make_page, line, author):
    inner = f"<div>{line}</div><div class=isi><p>{ONE}</p><p>{TWO}</p></div>"
    result = extract_page(make_page(page_of(inner)), source_region="33")
    assert isinstance(result, Article)
    assert result.author == author
    assert result.published is not None
    assert result.text == f"{ONE}\n\n{TWO}"


def test_the_day_of_an_event_in_a_caption_is_no_date_of_publication(make_page):
    inner = (
        "<p><img src=a.jpg></p><div>Warga di lumbung, Minggu (4/8/2024).</div>"
        f"<div class=isi><p>{ONE}</p><p>{TWO}</p></div>"
    )
    result = extract_page(make_page(page_of(inner)), source_region="33")
    assert isinstance(result, Article)
    assert result.published is None
