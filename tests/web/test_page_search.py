"""Cari and Tersimpan: what a search shows, counts, folds and keeps."""

from __future__ import annotations

from datetime import date, timedelta

import lxml.html
import pytest

from pantau.web.context import WebContext
from tests.web.conftest import Account, Browser
from tests.web.reading import words
from tests.web.test_security import csrf_of
from tests.web.world import NOW, tell


def test_a_search_marks_its_words_and_counts_its_facets(
    context: WebContext, browser: Browser
) -> None:
    tell(context, "a1")
    tell(context, "a2", title="Banjir", sentence="Warga mengungsi.", region="32.05", likely=False)
    page = browser().get("/cari?q=camat").text
    assert "<strong>1</strong> artikel" in page
    assert "<mark>Camat</mark>" in page
    assert "Kabupaten Grobogan" in words(page)
    assert "Warga mengungsi" in words(browser().get("/cari").text)


def test_a_facet_leads_to_exactly_what_it_counted(context: WebContext, browser: Browser) -> None:
    for number, region in enumerate(("33.15", "33.15", "32.05", None)):
        tell(context, f"a{number}", region=region, agency=f"Dinas {region}")
    tree = lxml.html.document_fromstring(browser().get("/cari?q=camat").text)
    links = tree.cssselect("aside.facets li > a")
    assert "tempat tidak disebut" in [link[0].text for link in links]
    assert len(links) > 10
    for link in links:
        count = link.cssselect(".count")[0].text_content()
        found = browser().get(link.get("href")).text
        assert f"<strong>{count}</strong> artikel" in found, link.get("href")


def test_copies_of_one_text_are_folded(context: WebContext, browser: Browser) -> None:
    for number in range(30):
        first = None if number == 20 else "a20"
        tell(context, f"a{number}", published=NOW - timedelta(hours=number), copy_of=first)
    page = browser().get("/cari?q=camat").text
    assert page.count('<li class="hit">') == 1
    assert "<strong>30</strong> artikel" in page
    assert "+29 sejenis" in page
    alike = lxml.html.document_fromstring(page).cssselect(".alike a")
    assert [link.get("href") for link in alike[:2]] == ["/artikel/a1", "/artikel/a2"]
    assert alike[-1].get("href") == "/artikel/a0#salinan"


def test_every_hit_stands_on_exactly_one_page(context: WebContext, browser: Browser) -> None:
    for number in range(24):
        tell(context, f"a{number:02}", likely=False, published=NOW - timedelta(hours=number))
    seen: list[str] = []
    address: str | None = "/cari?q=camat"
    while address:
        tree = lxml.html.document_fromstring(browser().get(address).text)
        seen += [link.get("href") for link in tree.cssselect(".hit h2 a")]
        following = tree.cssselect("nav.pages a.button")
        address = following[0].get("href") if following else None
    assert seen == [f"/artikel/a{number:02}" for number in range(24)]


@pytest.mark.parametrize(
    ("query", "column", "hint"),
    [
        ("camat AND wilayh:32", 11, "wilayah"),
        ("(camat", 7, "kurung"),
        ("tahap:selesai", 7, "dilaporkan"),
    ],
)
def test_a_mistaken_query_is_told_with_its_column(
    browser: Browser, query: str, column: int, hint: str
) -> None:
    answer = browser().get("/cari", params={"q": query, "bentuk": "5"})
    assert answer.status_code == 400
    assert f"Kolom {column}: " in words(answer.text)
    assert hint in words(answer.text)
    assert lxml.html.document_fromstring(answer.text).get_element_by_id("q").value == query


def test_today_is_told_in_the_zone_of_the_settings(context: WebContext, browser: Browser) -> None:
    late = NOW.replace(hour=18)  # the next day in Jakarta
    tell(context, "a1", published=late, act_date=date(2024, 10, 12))
    assert "17 Okt 2024" in browser().get("/cari?q=camat").text


def test_a_search_is_saved_for_its_owner_alone(browser: Browser, account: Account) -> None:
    account("ani")
    account("budi")
    ani, budi = browser("ani"), browser("budi")
    token = csrf_of(ani.get("/pencarian").text + ani.get("/akun").text)
    ani.post("/pencarian", data={"csrf": token, "nama": "Camat saya", "q": "camat wilayah:33"})
    bad = ani.post("/pencarian", data={"csrf": token, "nama": "Rusak", "q": "(camat"})
    assert bad.status_code == 422
    assert "Camat saya" in ani.get("/pencarian").text
    assert "Rusak" not in ani.get("/pencarian").text
    assert "Camat saya" not in budi.get("/pencarian").text
