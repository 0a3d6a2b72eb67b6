"""Single rules of the reading, each on the smallest page that shows it."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from extract.page import FeedHint, explain_page, extract_page, fast_text
from extract.page.article import counters
from pantau.records import Article, NoArticle

ONE = (
    "Pemerintah Desa Kembang Layu membuka lumbung pangan baru di samping balai desa, dan warga "
    "boleh menitipkan gabah tanpa biaya sampai musim tanam berikutnya."
)
TWO = (
    "Kepala urusan umum, Sarwono Adi, menyebut lumbung itu mampu menampung empat puluh ton gabah "
    "kering yang dijaga bergiliran oleh dua puluh pemuda setempat."
)
THREE = (
    "Warga yang hendak mengambil gabah cukup menunjukkan kartu titipan, lalu petugas menimbang "
    "ulang dan mencatatnya pada buku besar di depan saksi."
)


def page_of(inner: str, head: str = "", title: str = "Desa Buka Lumbung Pangan Baru") -> str:
    return (
        f"<html lang=id><head><title>{title} - Kabar Seruni</title>{head}</head><body>"
        f"<h1>{title}</h1>{inner}</body></html>"
    )


def read(make_page, inner: str, **more) -> Article:
    result = extract_page(make_page(page_of(inner, **more)), source_region="33")
    assert isinstance(result, Article), result
    return result


@pytest.mark.parametrize(
    "foreign",
    [
        "<p>Baca juga: <a href=/x>Kambing Etawa Curi Perhatian</a></p>",
        "<p><strong>BACA JUGA</strong> <a href=/x>Kambing Etawa Curi Perhatian</a></p>",
        "<div class=baca-juga><p>Kambing Etawa Curi Perhatian di Pameran Ternak</p></div>",
        "<p>ADVERTISEMENT</p><p>SCROLL TO CONTINUE WITH CONTENT</p>",
        "<p>[Gambas:Video 20detik]</p>",
        "<figure><img src=a.jpg><figcaption>Lumbung di samping balai.</figcaption></figure>",
        "<p>Ikuti berita terkini kami di Google News dan saluran WhatsApp</p>",
        "<p>(abc/def)</p>",
        "<p>Editor: Ratri Lembayung</p>",
        "<p>Laporan Wartawan Kabar Seruni, Ratri Lembayung</p>",
        "<div style='display:none'>Teks untuk mesin pencari yang tidak pernah tampak.</div>",
        "<p>Halaman selanjutnya</p>",
        "<p>#desa #lumbung</p>",
    ],
)
def test_foreign_matter_between_paragraphs_is_cut(make_page, foreign):
    article = read(
        make_page, f"<div class=isi><p>{ONE}</p>{foreign}<p>{TWO}</p><p>{THREE}</p></div>"
    )
    assert article.text == f"{ONE}\n\n{TWO}\n\n{THREE}"


@pytest.mark.parametrize(
    "ours",
    [
        "Baca tulisan itu keras-keras, kata Sarwono kepada pemuda yang berkumpul di balai desa.",
        "Editor buku desa itu, Mira, mengatakan naskah akan dicetak dua ratus eksemplar pada Juni.",
        "Foto bersama lurah dengan pose dua jari itu, kata saksi, diambil seusai rapat.",
        '"Rekomendasi saya adalah agar dinas menanggapi masalah ini dengan serius," kata Sarwono.',
        "Foto lain menunjukkan camat berdiri di samping bakal calon sambil mengacungkan dua jari.",
        "Untuk memantau kabar terbaru, warga diminta melihat pengumuman di situs resmi kecamatan.",
        "Perubahan terakhir, jadwal dimundurkan sebulan sebelum ada calon yang mendaftar.",
        "Tanah itu berada di bawah kewenangan Badan Pertanahan (ATR/BPN).",
        "Ia meminta warga tidak membagikan ajakan memilih salah satu calon di grup percakapan.",
        "Selain itu, pegawai dilarang memberi tanda suka pada unggahan pasangan calon mana pun.",
    ],
)
def test_sentences_that_only_begin_like_foreign_matter_stay(make_page, ours):
    article = read(make_page, f"<div class=isi><p>{ONE}</p><p>{ours}</p><p>{TWO}</p></div>")
    assert ours in article.text


def test_initials_at_the_end_of_the_last_paragraph_go_and_a_dateline_stays(make_page):
    article = read(make_page, f"<p><b>KEMBANG LAYU, KABAR</b> - {ONE}</p><p>{TWO} (rat/bag)</p>")
    assert article.text.startswith("KEMBANG LAYU, KABAR - Pemerintah")
    assert article.text.endswith("pemuda setempat.")


def test_words_beside_links_are_kept_apart(make_page):
    inner = ONE.replace("lumbung pangan baru", "lumbung<a href=/t>pangan</a>baru")
    article = read(make_page, f"<p>{inner}</p><p>{TWO}</p>")
    assert ONE in article.text


def test_tables_lists_and_subheads_are_text(make_page):
    inner = (
        f"<p>{ONE}</p><h2>Syarat menitip</h2><ol><li>Gabah kering giling.</li>"
        "<li>Karung utuh.</li></ol><table><tr><th>Jenis</th><th>Batas</th></tr>"
        f"<tr><td>Padi</td><td>2 ton</td></tr></table><p>{TWO}</p>"
    )
    text = read(make_page, inner).text
    assert "Syarat menitip\n\nGabah kering giling.\n\nKarung utuh." in text
    assert "Jenis | Batas\n\nPadi | 2 ton" in text


def test_a_repeated_paragraph_stands_once(make_page):
    article = read(make_page, f"<p>{ONE}</p><p>{TWO}</p><p>{ONE}</p><p>{THREE}</p>")
    assert article.text.count(ONE) == 1


def test_what_has_no_date_says_so(make_page):
    article = read(make_page, f"<p>{ONE}</p><p>{TWO} Acara itu berlangsung Rabu (12/6/2024).</p>")
    assert article.published is None


def test_the_zone_of_the_province_counts_where_the_page_names_none(make_page):
    inner = f"<div class=tgl>Rabu, 12 Juni 2024 10.15</div><p>{ONE}</p><p>{TWO}</p>"
    for region, zone in (("33", "+07:00"), ("71.02", "+08:00"), ("91", "+09:00")):
        result = extract_page(make_page(page_of(inner)), source_region=region)
        assert isinstance(result, Article)
        assert result.published is not None
        assert result.published.isoformat() == f"2024-06-12T10:15:00{zone}"


def test_the_zone_configured_for_a_source_counts_before_that_of_its_province(make_page):
    inner = "<div class=tgl>Rabu, 12 Juni 2024 10.15{}</div>" + f"<p>{ONE}</p><p>{TWO}</p>"
    for said, wanted in (("", "+08:00"), (" WIB", "+07:00")):
        page = make_page(page_of(inner.format(said)))
        result = extract_page(page, source_region="33", source_zone="Asia/Makassar")
        assert isinstance(result, Article)
        assert result.published is not None
        assert result.published.isoformat() == f"2024-06-12T10:15:00{wanted}"


def test_a_sidebar_date_is_not_the_articles(make_page):
    inner = (
        f"<p>{ONE}</p><p>{TWO}</p><aside><h3>Terpopuler</h3><ul>"
        + "".join(
            f"<li><a href=/b/{n}>Berita lain nomor {n} yang ramai</a> {n} Mei 2024 10:0{n} WIB"
            for n in range(1, 7)
        )
        + "</ul></aside>"
    )
    assert read(make_page, inner).published is None


def test_editor_and_photographer_are_no_authors(make_page):
    inner = (
        "<div class=by>Penulis: Ratri Lembayung dan Bagus Ananta | Editor: Sinta M | Foto: Yoga"
        f"</div><p>{ONE}</p><p>{TWO}</p>"
    )
    assert read(make_page, inner).author == "Ratri Lembayung, Bagus Ananta"


def test_reading_time_is_no_name(make_page):
    inner = f"<div class=author>Admin | 3 menit baca</div><p>{ONE}</p><p>{TWO}</p>"
    assert read(make_page, inner).author == "Admin"


def test_json_ld_broken_and_in_a_graph(make_page):
    head = (
        '<script type="application/ld+json">{"@graph":[{"@type":"WebSite","name":"Kabar Seruni"},'
        '{"@type":"NewsArticle","headline":"Desa Buka Lumbung Pangan Baru","datePublished":'
        '"2024-06-12T10:15:00+07:00","description":"dua\nbaris",'
        '"author":[{"name":"Ratri Lembayung"},],}]}</script>'
    )
    article = read(make_page, f"<p>{ONE}</p><p>{TWO}</p>", head=head)
    assert article.published == datetime(2024, 6, 12, 3, 15, tzinfo=UTC)
    assert article.author == "Ratri Lembayung"


def test_pictures_are_absolute_and_the_lead_comes_first(make_page):
    head = '<meta property="og:image" content="/img/utama.jpg">'
    inner = (
        f"<div class=isi><p>{ONE}</p><p><img data-src=/img/dua.jpg src='data:image/gif;base64,R0'>"
        f"</p><p>{TWO}</p></div><div class=related><img src=/img/lain.jpg></div>"
    )
    assert read(make_page, inner, head=head).images == (
        "https://www.kabarseruni.example/img/utama.jpg",
        "https://www.kabarseruni.example/img/dua.jpg",
    )


def test_the_feed_helps_where_the_page_says_little(make_page):
    page = make_page(
        "<html><head><title>Desa Buka Lumbung Pangan Baru - Kabar Seruni</title></head>"
        "<body><div id=app>Memuat</div></body></html>"
    )
    assert isinstance(extract_page(page, source_region=None), NoArticle)
    feed = FeedHint(
        title="Desa Buka Lumbung Pangan Baru",
        published=datetime(2024, 6, 12, 3, 15, tzinfo=UTC),
        content=f"<p>{ONE}</p><p>{TWO}</p><p>Baca juga: <a href=/x>yang lain</a></p>",
    )
    result = extract_page(page, source_region=None, feed=feed)
    assert isinstance(result, Article)
    assert result.text == f"{ONE}\n\n{TWO}"
    assert result.published == feed.published


def test_a_photo_page_whose_caption_tells_the_event_is_an_article(make_page):
    inner = f"<figure><img src=a.jpg><figcaption>{ONE}</figcaption></figure>"
    assert read(make_page, inner).text == ONE


def test_english_text_is_told_apart(make_page):
    text = (
        "The village opened a new rice barn next to the hall, and the farmers said that they were "
        "happy to store their harvest in it for the rest of the season."
    )
    assert read(make_page, f"<p>{text}</p><p>{text.replace('rice', 'corn')}</p>").lang == "en"
    assert read(make_page, f"<p>{ONE}</p><p>{TWO}</p>").lang == "id"


def test_explain_names_what_was_cut_and_why(make_page):
    related = "<p>Baca juga: <a href=/x>Kambing Etawa</a></p>"
    inner = f"<div class=isi><p>{ONE}</p>{related}<p>{TWO}</p></div>"
    told = explain_page(make_page(page_of(inner)), source_region=None)
    assert told.kept == (ONE, TWO)
    assert ("Baca juga: Kambing Etawa", "related link") in [(c.text, c.why) for c in told.cut]
    assert told.title.startswith("h1")
    assert "trafilatura" in told.witnesses
    assert any(line.startswith("- [related link]") for line in told.lines())
    empty = explain_page(make_page(b""), source_region=None)
    assert isinstance(empty.result, NoArticle)
    assert empty.lines()


def test_witnesses_are_counted_and_the_dear_one_is_asked_only_in_doubt(make_page):
    counters.clear()
    read(make_page, f"<div class=isi><p>{ONE}</p><p>{TWO}</p><p>{THREE}</p></div>")
    assert counters["pages"] == counters["trafilatura"] == 1
    assert counters["newspaper4k"] == 0
    comments = "".join(f"<li><b>Warga {n}</b> {THREE} {n}</li>" for n in range(9))
    inner = f"<div class=isi><p>{ONE}</p></div><ul class=komentar>{comments}</ul>"
    assert read(make_page, inner).text == ONE
    assert counters["newspaper4k"] == 1


def test_the_gate_reads_text_that_stands_only_in_a_script(make_page):
    script = (
        '<script id="__NEXT_DATA__" type="application/json">{"props":{"article":{"title":"Desa",'
        '"content":"\\u003cp\\u003e' + ONE + " " + TWO + '\\u003c/p\\u003e"}}}</script>'
    )
    title, text = fast_text(make_page(page_of(script)))
    assert title == "Desa Buka Lumbung Pangan Baru - Kabar Seruni"
    assert ONE in text
    assert "<p>" not in text


def test_the_gate_reads_data_in_attributes_and_blocks(make_page):
    blocks = json.dumps({"props": {"isi": [{"text": ONE}, {"text": TWO}]}})
    for inner in (
        f"<div id=app data-page='{blocks}'></div>",
        f"<script>window.__DATA__ = {blocks}</script>",
    ):
        _, text = fast_text(make_page(page_of(inner)))
        assert ONE in text
        assert TWO in text


def test_the_gate_does_not_read_headlines_of_other_articles(make_page):
    other = "Camat Diperiksa Bawaslu soal Netralitas"
    inner = (
        f"<div class=isi><p>{ONE}</p><p>Baca juga: <a href=/x>{other}</a></p><p>{TWO}</p>"
        f"<p>Baca juga: {other}</p></div><div class=terkait><h3>Terkait</h3><p>{other}</p></div>"
        f"<div class=x><a href=/y>{other}</a></div><aside>{other}</aside><footer>{other}</footer>"
    )
    _, text = fast_text(make_page(page_of(inner)))
    assert ONE in text
    assert TWO in text
    assert "Bawaslu" not in text


def test_the_gate_keeps_text_in_a_box_that_names_itself_wrongly(make_page):
    inner = f"<div class='content related-sidebar'><p>{ONE}</p><p>{TWO}</p><p>{THREE}</p></div>"
    _, text = fast_text(make_page(page_of(inner)))
    assert ONE in text
    assert THREE in text


def test_the_dear_witness_is_loaded_only_when_asked():
    code = "import sys, extract.page; sys.exit('newspaper' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_result_does_not_depend_on_the_hash_seed():
    page = Path(__file__).parents[2] / "pages" / "tune" / "simpul_slate-posko.html"
    code = (
        "import sys,datetime,hashlib;from extract.page import extract_page;"
        "from pantau.records import Page;b=open(sys.argv[1],'rb').read();"
        "p=Page(url='https://a.example/b-c-d',final_url='https://a.example/b-c-d',status=200,"
        "headers={},body=b,fetched_at=datetime.datetime(2024,10,1,tzinfo=datetime.UTC),"
        "source_id='x',sha256='');print(repr(extract_page(p,source_region=None)))"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", code, str(page)],
            env={"PYTHONHASHSEED": seed, "PATH": ""},
            cwd=Path(__file__).parents[3],
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(runs) == 1
    assert b"Jumadil Karsa" in runs.pop()


def test_a_file_without_an_address_is_read_and_names_its_own(make_page):
    head = '<link rel="canonical" href="https://kabarseruni.example/berita/desa-buka-lumbung-baru">'
    body = page_of(f"<p>{ONE}</p><p>{TWO}</p>", head=head)
    known = extract_page(make_page(body, url=""), source_region=None)
    assert isinstance(known, Article)
    assert known.url == "https://kabarseruni.example/berita/desa-buka-lumbung-baru"
    first = extract_page(make_page(page_of(f"<p>{ONE}</p>"), url=""), source_region=None)
    second = extract_page(make_page(page_of(f"<p>{TWO}</p>"), url=""), source_region=None)
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert first.url == ""
    assert first.id != second.id


def test_json_ld_of_related_articles_gives_neither_date_nor_author(make_page):
    def node(headline: str, day: int, name: str) -> str:
        return (
            f'{{"@type":"NewsArticle","headline":"{headline}","author":{{"name":"{name}"}},'
            f'"datePublished":"2024-06-{day:02d}T10:15:00+07:00"}}'
        )

    nodes = [node(f"Kabar lain nomor {n} dari pasar", 20, "Orang Lain") for n in range(3)]
    nodes.append(node("Desa Buka Lumbung Pangan Baru", 12, "Ratri Lembayung"))
    head = f'<script type="application/ld+json">[{",".join(nodes)}]</script>'
    article = read(make_page, f"<p>{ONE}</p><p>{TWO}</p>", head=head)
    assert article.published == datetime(2024, 6, 12, 3, 15, tzinfo=UTC)
    assert article.author == "Ratri Lembayung"


@pytest.mark.parametrize(
    "listing",
    [
        "<ol>" + "".join(f"<li>Sarwono Adi {n}</li>" for n in range(1, 9)) + "</ol>",
        "<p>Berikut daftarnya:</p>" + "".join(f"<p>{n}. Sarwono Adi {n}</p>" for n in range(1, 9)),
        "<div>" + "<br>".join(f"{n}. Sarwono Adi {n}" for n in range(1, 9)) + "</div>",
    ],
)
def test_a_list_of_names_is_text_wherever_it_stands(make_page, listing):
    last = read(make_page, f"<div class=isi><p>{ONE}</p><p>{TWO}</p>{listing}</div>").text
    middle = read(make_page, f"<div class=isi><p>{ONE}</p>{listing}<p>{TWO}</p></div>").text
    alone = read(make_page, f"<div class=isi><p>{ONE}</p>{listing}</div>").text
    for text in (last, middle, alone):
        assert all(f"Sarwono Adi {n}" in text for n in range(1, 9))


@pytest.mark.parametrize("lead", ["<p><b>{}</b></p>", "<p><em>{}</em></p>", "<p class=lead>{}</p>"])
def test_a_lead_set_apart_below_the_picture_is_text(make_page, lead):
    inner = f"<div class=isi><img src=a.jpg>{lead.format(ONE)}<p>{TWO}</p><p>{THREE}</p></div>"
    assert read(make_page, inner).text == f"{ONE}\n\n{TWO}\n\n{THREE}"


def test_the_part_of_an_article_that_a_button_unfolds_is_text(make_page):
    inner = (
        f"<div class=isi><p>{ONE}</p><button>Baca selengkapnya</button>"
        f"<div style='display:none'><p>{TWO}</p><p>{THREE}</p></div></div>"
    )
    assert read(make_page, inner).text == f"{ONE}\n\n{TWO}\n\n{THREE}"


def test_a_chat_beside_a_live_page_gives_way_to_what_the_page_says_of_itself(make_page):
    told = (
        "Saksikan siaran langsung debat calon wali kota dari gedung kesenian pada Rabu malam ini."
    )
    chat = "".join(
        f"<li><b>warga{i}</b> Semoga acara ke-{i} lancar dan tidak ada yang saling ejek.</li>"
        for i in range(40)
    )
    aside = "".join(
        f"<div><a href=/b/{i}>Kabar lain nomor {i} hari ini</a></div>" for i in range(9)
    )
    page = make_page(
        f'<html><head><title>LIVE: Debat Calon</title><meta property="og:description" '
        f'content="{told[:70]}"></head><body><div><h1>LIVE: Debat Calon</h1></div>'
        f"<div><div><p>{told}</p></div>{aside}</div><div><ul>{chat}</ul></div></body></html>"
    )
    assert extract_page(page, source_region="33").text == told
