"""Articles cut into pages become one, in order and without repeats."""

from __future__ import annotations

import random

import pytest

from extract.page import extract_pages, next_pages
from extract.page.multipage import MAX_PAGES, part_of
from pantau.records import Article, NoArticle

BASE = "https://www.kabarseruni.example/read/8812/panen-raya-di-lembah-sanggar"
SENTENCES = [
    f"Pada bagian {n} petani Lembah Sanggar menceritakan panen, jalan kebun, dan harga gabah yang "
    f"naik {n} kali sejak musim tanam dimulai."
    for n in range(1, 9)
]


def body(paragraphs: list[str], paging: str) -> str:
    inner = "".join(f"<p>{p}</p>" for p in paragraphs)
    return (
        "<html><head><title>Panen Raya di Lembah Sanggar - Kabar Seruni</title></head><body>"
        "<h1>Panen Raya di Lembah Sanggar</h1><div class='tgl'>Senin, 10 Juni 2024 07:55 WITA</div>"
        f"<div class='isi'>{inner}</div><div class='paging'>{paging}</div></body></html>"
    )


def links(form: str, count: int) -> str:
    return "".join(f"<a href='{form.format(n=n)}'>{n}</a>" for n in range(1, count + 1))


@pytest.mark.parametrize(
    ("form", "first", "second"),
    [
        (BASE + "?page={n}", BASE, BASE + "?page=2"),
        ("?halaman={n}", BASE, BASE + "?halaman=2"),
        (BASE + "/{n}", BASE, BASE + "/2"),
        (BASE + "/{n}/", BASE + "/", BASE + "/2/"),
    ],
)
def test_further_parts_are_named_in_order(make_page, form, first, second):
    page = make_page(body(SENTENCES[:3], links(form, 3)), url=first)
    named = next_pages(page)
    assert len(named) == 2
    assert named[0] == second


@pytest.mark.parametrize("whole", ["?page=all", "?showpage=all", "?single=1", "/all"])
def test_the_whole_is_preferred_to_its_parts(make_page, whole):
    paging = links(BASE + "?page={n}", 3) + f"<a href='{BASE}{whole}'>Tampilkan Semua</a>"
    assert next_pages(make_page(body(SENTENCES[:3], paging), url=BASE)) == [BASE + whole]
    assert next_pages(make_page(body(SENTENCES, paging), url=BASE + whole)) == []


def test_pages_of_other_articles_and_lists_do_not_count(make_page):
    paging = (
        "<a href='/read/9000/berita-lain-hari-ini?page=2'>2</a>"
        "<a href='https://lain.example/read/8812/panen-raya-di-lembah-sanggar?page=2'>2</a>"
        "<a href='#halaman'>2</a><a href='http://[rusak'>3</a>"
    )
    assert next_pages(make_page(body(SENTENCES, paging), url=BASE)) == []


def test_no_more_than_a_bounded_number_of_parts(make_page):
    page = make_page(body(SENTENCES[:2], links(BASE + "?page={n}", 99)), url=BASE)
    assert len(next_pages(page)) == MAX_PAGES


def test_parts_are_joined_in_order_without_repeats(make_page):
    parts = [SENTENCES[:3], [SENTENCES[2], *SENTENCES[3:5]], SENTENCES[5:]]
    pages = [
        make_page(body(part, ""), url=BASE if n == 0 else f"{BASE}?page={n + 1}")
        for n, part in enumerate(parts)
    ]
    random.Random(3).shuffle(pages)
    result = extract_pages(pages, source_region="74")
    assert isinstance(result, Article)
    assert result.text.split("\n\n") == SENTENCES
    assert result.url == BASE
    assert result.published is not None
    assert result.published.isoformat() == "2024-06-10T07:55:00+08:00"


def test_the_whole_page_stands_for_its_parts(make_page):
    pages = [
        make_page(body(SENTENCES[:3], ""), url=BASE),
        make_page(body(SENTENCES, ""), url=BASE + "?page=all"),
    ]
    result = extract_pages(pages, source_region=None)
    assert isinstance(result, Article)
    assert result.text.split("\n\n") == SENTENCES


def test_a_part_that_failed_costs_only_itself(make_page):
    pages = [
        make_page(body(SENTENCES[:4], ""), url=BASE),
        make_page(b"", url=BASE + "?page=2"),
        make_page(body(SENTENCES[4:], ""), url=BASE + "?page=3"),
    ]
    result = extract_pages(pages, source_region=None)
    assert isinstance(result, Article)
    assert result.text.split("\n\n") == SENTENCES


def test_no_article_at_all(make_page):
    assert isinstance(extract_pages([make_page(b"")], source_region=None), NoArticle)
    with pytest.raises(ValueError, match="no pages"):
        extract_pages([], source_region=None)


def test_what_a_number_in_an_address_means():
    assert part_of(BASE) is None
    assert part_of(BASE + "?page=3") == 3
    assert part_of(BASE + "/5") == 5
    assert part_of(BASE + "?page=all") == 0
    assert part_of("https://a.example/2024/10/12") is None
