"""Pages that are broken, huge or hostile end in a disposition, and nothing else is lost."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from extract.page import extract_page, fast_text
from extract.page.article import counters
from pantau.records import Article, Disposition, NoArticle

PARAGRAPH = (
    "<p>Warga Dusun Kembang Layu bergotong royong membersihkan saluran air di depan balai "
    "pertemuan sejak pagi, dan pekerjaan selesai sebelum tengah hari.</p>"
)

DISPUTED = Path(__file__).parents[2] / "pages/report/titik_tengah-seragam.html"
"""A page whose reading trafilatura does not share, so that newspaper4k is asked."""


def story(inside: str) -> str:
    return (
        "<html lang=id><head><title>Warga Bersihkan Saluran Air - Kabar Seruni</title></head>"
        f"<body><h1>Warga Bersihkan Saluran Air</h1><div class=isi>{inside}</div></body></html>"
    )


@pytest.mark.parametrize("body", [b"", b"   \n\t ", b"\x00" * 4096, b"\xef\xbb\xbf"])
def test_an_empty_page_is_unreadable(make_page, body):
    result = extract_page(make_page(body), source_region=None)
    assert isinstance(result, NoArticle)
    assert result.disposition is Disposition.FAILED
    assert result.reason.startswith("failed: unreadable")
    assert fast_text(make_page(body)) == ("", "")


def test_a_page_of_50_mb_is_refused_at_once(make_page):
    page = make_page(story(PARAGRAPH * 10).encode() + b"<p>isi</p>" * 5_000_000)
    assert len(page.body) > 50_000_000
    began = time.process_time()
    result = extract_page(page, source_region=None)
    assert isinstance(result, NoArticle)
    assert result.reason.startswith("failed: too large")
    assert fast_text(page)[0].startswith("Warga Bersihkan Saluran Air")
    assert time.process_time() - began < 2


def test_pictures_written_into_the_page_do_not_make_it_too_large(make_page):
    picture = "<img src='data:image/png;base64," + "QUJD" * 3_000_000 + "'>"
    result = extract_page(make_page(story(picture + PARAGRAPH * 4)), source_region=None)
    assert isinstance(result, Article)
    assert "bergotong royong" in result.text


@pytest.mark.parametrize("tag", ["div", "span", "b", "table", "ul"])
def test_a_nest_10_000_deep_ends_soon(make_page, tag):
    nest = f"<{tag}>" * 10_000 + PARAGRAPH + f"</{tag}>" * 10_000
    began = time.process_time()
    result = extract_page(make_page(story(PARAGRAPH * 3 + nest)), source_region=None)
    assert time.process_time() - began < 5
    assert isinstance(result, Article | NoArticle)
    fast_text(make_page(story(nest)))


@pytest.mark.parametrize(("depth", "asked"), [(20, 1), (150, 0)])
def test_newspaper4k_is_not_asked_for_a_page_nested_deeply(make_page, depth, asked):
    # It reads each element's whole text, so that its time grows with depth times size.
    nest = "<div>" * depth + "<p>Kotak di bawah halaman.</p>" + "</div>" * depth
    page = make_page((DISPUTED.read_text(encoding="utf-8")).replace("</body>", nest + "</body>"))
    before = counters["newspaper4k"]
    result = extract_page(page, source_region="33")
    assert isinstance(result, Article)
    assert "menelusuri foto dua stafnya" in result.text
    assert counters["newspaper4k"] - before == asked


def test_invalid_utf_8_keeps_the_words_around_it(make_page):
    body = story(PARAGRAPH * 3).encode().replace(b"gotong", b"got\xff\xfeong")
    body = body.replace(b"balai", b"\x93balai\x94")
    result = extract_page(make_page(body), source_region=None)
    assert isinstance(result, Article)
    assert "membersihkan saluran air" in result.text
    assert "“balai”" in result.text
    result.text.encode("utf-8")


def test_a_stray_nul_byte_does_not_make_a_page_unreadable(make_page):
    for body in (story(PARAGRAPH * 3), story(PARAGRAPH * 3)[:400]):
        raw = body.encode().replace(b"saluran", b"sal\x00uran", 1)
        result = extract_page(make_page(raw), source_region=None)
        assert isinstance(result, Article), result
        assert "membersihkan saluran air" in result.text


@pytest.mark.parametrize("head", [b"%PDF-1.4\n", b"\x89PNG\r\n", b"\x1f\x8b\x08", b"", b"<html>"])
def test_other_files_are_no_text(make_page, head):
    page = make_page(head + random.Random(3).randbytes(5_000))
    assert fast_text(page) == ("", "")
    result = extract_page(page, source_region=None)
    assert isinstance(result, NoArticle)
    assert result.reason == "failed: unreadable: no text"


def test_a_page_of_links_takes_time_in_proportion(make_page):
    def spent(count: int) -> float:
        links = "".join(f"<a href=/b/{n}>berita nomor {n}</a> " for n in range(count))
        page = make_page(story(PARAGRAPH * 3 + links))
        began = time.process_time()
        assert isinstance(extract_page(page, source_region=None), Article)
        return time.process_time() - began

    spent(1_000)
    assert spent(48_000) < 5 * spent(12_000)


def test_random_bytes_are_no_article(make_page):
    body = bytes((i * 7919 + i // 3) % 256 for i in range(60_000))
    assert isinstance(extract_page(make_page(body), source_region=None), NoArticle)


def test_text_is_bounded_at_a_paragraph(make_page):
    paragraphs = "".join(PARAGRAPH.replace("Warga", f"Warga RT {n}") for n in range(200))
    result = extract_page(make_page(story(paragraphs)), source_region=None, max_text=2_000)
    assert isinstance(result, Article)
    assert 1_500 < len(result.text) <= 2_000
    assert result.text.endswith(".")


def test_the_same_page_gives_the_same_article(make_page):
    page = make_page(story(PARAGRAPH * 5))
    assert extract_page(page, source_region="32") == extract_page(page, source_region="32")
