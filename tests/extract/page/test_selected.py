"""What an operator says of where a site's pages hold what goes before what is found."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from extract.page import extract_page
from extract.page.dates import WITA
from extract.page.selected import Selected, select
from pantau.records import Article, Page
from tests.extract.page.conftest import MakePage

TEXT = (
    "Pemerintah Desa Kembang Layu membuka lumbung pangan baru di samping balai desa, dan warga "
    "boleh menitipkan gabah tanpa biaya sampai musim tanam berikutnya."
)
ALSO = (
    "Kepala urusan umum menyebut lumbung itu mampu menampung empat puluh ton gabah kering yang "
    "dijaga bergiliran oleh dua puluh pemuda setempat."
)
OTHER = (
    "Panitia lomba perahu naga mengumumkan perubahan jadwal babak penyisihan karena arus sungai "
    "yang deras setelah hujan dua hari berturut-turut di wilayah hulu."
)
PAGE = f"""<html lang="en-US"><head><title>Kabar Seruni</title><meta charset="latin1">
<meta property="og:title" content="Kabar Seruni"></head><body><h1>Kabar Seruni</h1>
<div id="lain"><p>{OTHER}</p><p>{OTHER.upper()}</p><p>{OTHER} Begitu pula pekan lalu.</p></div>
<div class="judul">Desa Buka Lumbung \u2013 Pangan Baru</div>
<span class="tgl">Selasa, 29 Oktober 2024 | 08.30</span><b class="oleh">Ratri Lembayung</b>
<div class="isi"><div class="isi"><p>{TEXT}</p></div><p>{ALSO}</p></div></body></html>"""
SELECTORS = {"title": ".judul", "text": "div.isi", "published": ".tgl", "author": ".oleh"}


def read(page: Page, selectors: dict[str, str], language: str = "") -> Article:
    selected = select(page, selectors, language=language, zone=WITA)
    result = extract_page(selected.page, source_region="72")
    assert isinstance(result, Article), result
    return selected.told(result)


@pytest.mark.parametrize("page", [PAGE, PAGE.encode("cp1252")])
def test_what_is_selected_is_read_and_nothing_else(make_page: MakePage, page: str | bytes) -> None:
    whole = make_page(page)
    general = extract_page(whole, source_region="72")
    assert isinstance(general, Article)
    assert "perahu naga" in general.text  # the rules for all pages take the wrong part
    article = read(whole, SELECTORS)
    assert article.title == "Desa Buka Lumbung \u2013 Pangan Baru"
    assert article.text.split("\n\n") == [TEXT, ALSO]
    assert article.published == datetime(2024, 10, 29, 0, 30, tzinfo=UTC)
    assert article.author == "Ratri Lembayung"
    assert article.page_sha256 == whole.sha256


def test_what_is_found_nowhere_says_nothing(make_page: MakePage) -> None:
    page = make_page(PAGE)
    gone = dict.fromkeys(SELECTORS, ".tata-letak-lama")
    assert read(page, gone) == extract_page(page, source_region="72")
    assert select(page, {"text": "", "title": ""}, language="", zone=WITA) == Selected(page)


@pytest.mark.parametrize(
    ("shown", "when"),
    [
        ("<time class=tgl datetime='2024-10-29T07:00:00+07:00'>kemarin</time>", (0, 0)),
        ("<time class=tgl datetime='kemarin'>29/10/2024 09:15 WIT</time>", (0, 15)),
        ("<i class=tgl></i><i class=tgl>29 Oktober 2024 10:00</i>", (2, 0)),
    ],
)
def test_a_time_is_read_in_any_form(make_page: MakePage, shown: str, when: tuple[int, int]) -> None:
    page = make_page(f"<html><body>{shown}<p>{TEXT}</p></body></html>")
    selected = select(page, {"published": ".tgl"}, language="", zone=timezone(timedelta(hours=8)))
    assert selected.published == datetime(2024, 10, 29, *when, tzinfo=UTC)


def test_the_source_says_its_language_where_words_do_not(make_page: MakePage) -> None:
    page = make_page(
        "<html lang=en><body><h1>Wxyz</h1><p>Qwert zuiop asdfg hjkl.</p></body></html>"
    )
    selected = select(page, {}, language="jv", zone=WITA)
    assert b'lang="jv"' in selected.page.body


def test_a_page_that_cannot_be_parsed_is_left_as_it_is(make_page: MakePage) -> None:
    page = make_page(b"\x89PNG\r\n\x1a\n" + bytes(3000))
    assert select(page, SELECTORS, language="", zone=WITA) == Selected(page)
