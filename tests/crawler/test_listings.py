"""Index pages read into findings."""

from __future__ import annotations

import time

import pytest
from scrapy.http import HtmlResponse, Response

from crawler.listings import Listing, read_listing

URL = "https://www.kabar.example/berita"


def read(
    html: str | bytes, *, links: str = "", pages: str = "", within: str = "", url: str = URL
) -> Listing:
    body = html.encode() if isinstance(html, str) else html
    return read_listing(HtmlResponse(url, body=body), links=links, pages=pages, within=within)


def found(listing: Listing) -> list[str]:
    return [finding.url for finding in listing.findings]


@pytest.mark.parametrize(
    ("href", "address"),
    [
        ("/read/1/bupati-hadiri", "https://www.kabar.example/read/1/bupati-hadiri"),
        ("satu-dua", "https://www.kabar.example/satu-dua"),
        ("//kabar.example/x-y#komentar", "https://kabar.example/x-y"),
        (" https://www.kabar.example/a-b \n", "https://www.kabar.example/a-b"),
        ("?p=123", "https://www.kabar.example/berita?p=123"),
    ],
)
def test_links_of_the_same_host_are_articles(href: str, address: str) -> None:
    assert found(read(f'<a href="{href}">x</a>')) == [address]


@pytest.mark.parametrize(
    "href",
    [
        "/",
        "https://lain.example/satu",
        "https://daerah.kabar.example/satu",
        "/tag/asn",
        "/kategori/politik/",
        "/category/politik",
        "/author/redaksi",
        "/berita/page/2/",
        "/?s=asn",
        "/indeks?page=3",
        "/tentang-kami",
        "/redaksi.html",
        "/pedoman-media-siber/",
        "/wp-login.php",
        "/feed/",
        "/foto.jpg",
        "/dokumen.pdf",
        "#atas",
        "javascript:void(0)",
        "mailto:redaksi@kabar.example",
        "tel:+62",
        "whatsapp://send?text=x",
        "http://[rusak/",
        URL,
    ],
)
def test_what_is_never_an_article_by_default(href: str) -> None:
    assert found(read(f'<a href="{href}">x</a>')) == []


def test_a_pattern_decides_alone_and_may_name_other_hosts() -> None:
    html = (
        '<a href="/tag/berita-1">x</a><a href="https://lain.example/berita-2">x</a>'
        '<a href="/berita-tiga-empat">x</a>'
    )
    assert found(read(html, links=r"/berita-\d+$")) == [
        "https://www.kabar.example/tag/berita-1",
        "https://lain.example/berita-2",
    ]


def test_a_selector_says_where_articles_are_linked() -> None:
    html = (
        "<main><h2><a href='/berita/satu'>Satu</a></h2><a rel=next href='/indeks/2'>2</a></main>"
        "<aside><a href='/berita/iklan'>Iklan</a></aside><a rel=next href='/indeks/3'>3</a>"
    )
    listing = read(html, within="main, .daftar")
    assert found(listing) == ["https://www.kabar.example/berita/satu"]
    assert len(listing.next_pages) == 2
    assert found(read(html, within=".tidak-ada")) == []


def test_the_longest_text_of_a_links_twins_is_the_hint() -> None:
    html = (
        '<a href="/a-b-c"><img src="x.jpg"></a><a href="/a-b-c">Bupati <b>meresmikan</b>\n pasar '
        'baru</a><a href="/a-b-c">Baca</a><a href="/d-e-f">Baca selengkapnya</a>'
    )
    findings = read(html).findings
    assert [dict(finding.hint) for finding in findings] == [
        {"title": "Bupati meresmikan pasar baru"},
        {},
    ]


def test_the_base_of_the_page_counts() -> None:
    html = '<head><base href="https://www.kabar.example/daerah/"></head><a href="a-b-c">x</a>'
    assert found(read(html)) == ["https://www.kabar.example/daerah/a-b-c"]


def test_rel_next_leads_on() -> None:
    html = '<link rel="next" href="/berita?page=2"><a href="/a-b-c" rel="next">x</a>'
    listing = read(html)
    assert listing.next_pages == (
        "https://www.kabar.example/berita?page=2",
        "https://www.kabar.example/a-b-c",
    )
    assert found(listing) == []


def test_a_pattern_for_pages_replaces_rel_next() -> None:
    html = '<a href="/berita?hal=2">2</a><a href="/berita?hal=3">3</a><a rel="next" href="/z">z</a>'
    listing = read(html, pages=r"[?&]hal=\d+", links="/read/")
    assert listing.next_pages == (
        "https://www.kabar.example/berita?hal=2",
        "https://www.kabar.example/berita?hal=3",
    )


@pytest.mark.parametrize(
    "body",
    [b"", b"\xff\xfe\x00", b"<div>" * 10_000 + b'<a href="/a-b-c">x', b"<a href", b"{}"],
    ids=["empty", "no text", "deep nest", "cut off", "json"],
)
def test_broken_pages_are_survived(body: bytes) -> None:
    read(body)


def test_a_page_without_a_content_type_is_read_as_html() -> None:
    response = Response(URL, body=b'<a href="/a-b-c">x</a>')
    assert found(read_listing(response, links="", pages="")) == ["https://www.kabar.example/a-b-c"]


@pytest.mark.parametrize(
    "html",
    [
        "".join(f"<div><a href=/x-{n}><div>" for n in range(120)) + "kata " * 400_000,
        f"<base href='http://kabar.example/{'a/' * 100_000}'>" + "<a href=../x>x</a>" * 1000,
        f"<a href='{'../' * 300_000}x'>x</a>" * 3,
    ],
    ids=["links in links", "a base without end", "a link without end"],
)
def test_a_hostile_page_is_read_soon(html: str) -> None:
    begun = time.process_time()
    read(html)
    assert time.process_time() - begun < 2


def test_the_links_of_one_page_are_bounded() -> None:
    html = "".join(f'<a href="/berita-nomor-{n}">x</a>' for n in range(5000))
    assert len(read(html).findings) == 1000
