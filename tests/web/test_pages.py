"""What the pages show, to whom, and how: asked as a browser asks, without one."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import lxml.html
import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from pantau.cli import load_commands
from pantau.cli.app import app
from pantau.errors import IndexUnavailable, StateError
from pantau.records import Actor, Case, Judgement, Reason
from pantau.state import articles, audit, cases, corrections
from pantau.state.tables import ArticleRow
from pantau.web.app import create_app
from pantau.web.context import WebContext
from search import EmbeddedIndex
from tests.web.conftest import Account, Browser
from tests.web.test_security import csrf_of
from tests.web.world import HANDLE, NOW, Clock, tell

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'><svg/onload=alert(1)>{{7*7}}"


def words(text: str) -> str:
    """What a reader sees of a page."""
    shown = lxml.html.document_fromstring(text).find("body").text_content()
    return " ".join(shown.split())


def harmless(text: str) -> None:
    """Nothing inline, nothing that runs but our own file, no address that runs."""
    for element in lxml.html.document_fromstring(text).iter(lxml.html.etree.Element):
        assert element.tag not in ("iframe", "object", "embed", "img", "style", "base"), text
        if element.tag == "script":
            assert element.get("src") == "/static/htmx.min.js"
            assert not (element.text or "").strip()
        for name, value in element.attrib.items():
            assert not name.startswith(("on", "hx-on")), (element.tag, name)
            assert name != "style"
            if name in ("href", "src", "action"):
                assert re.match(r"/(?!/)|https?://|#", value), value


# Cari


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
    for number in range(3):
        tell(context, f"a{number}", published=NOW - timedelta(hours=number))
    with context.state.write() as session:
        for name in ("a0", "a1"):
            session.get_one(ArticleRow, name).copy_of = "a2"
    page = browser().get("/cari?q=camat").text
    assert page.count('<li class="hit">') == 1
    assert "+2 sejenis" in page


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


# Text from outside


def test_text_from_outside_is_shown_as_text_on_every_page(
    context: WebContext, browser: Browser
) -> None:
    number = tell(
        context,
        "a1",
        title=HOSTILE,
        sentence=f"Camat {HOSTILE} berpose dua jari.",
        more=HOSTILE,
        name=f"Sumini {HOSTILE}",
        author=HOSTILE,
        url="javascript:alert(1)",
        office=HOSTILE,
        agency=HOSTILE,
        answer=HOSTILE,
        beneficiary=HOSTILE,
        stage="reported",
        stage_by=HOSTILE,
        reasons=(Reason(cue=HOSTILE, effect="for"),),
    )
    asked = browser()
    token = csrf_of(asked.get(f"/kasus/{number}").text)
    for verb, given in (
        ("answer", {"note": HOSTILE, "link": "https://a.example/\"'><script>"}),
        ("forward", {"office": HOSTILE}),
        ("finding", {"number": HOSTILE}),
    ):
        data = {"csrf": token, "tindakan": verb, **given}
        assert asked.post(f"/kasus/{number}/tindakan", data=data).status_code == 303
    refused = asked.post(
        f"/kasus/{number}/tindakan",
        data={"csrf": token, "tindakan": "answer", "note": "x", "link": "javascript:alert(1)"},
    )
    assert refused.status_code == 422
    asked.post("/pencarian", data={"csrf": token, "nama": HOSTILE, "q": '"<b>"'})
    for address, params in (
        ("/cari", {"q": "camat"}),
        ("/cari", {"q": HOSTILE}),
        ("/cari", {"q": f'"{HOSTILE}"'}),
        ("/cari", {"wilayah": HOSTILE, "sumber": HOSTILE, "urut": HOSTILE, "dari": HOSTILE}),
        ("/artikel/a1", {}),
        (f"/artikel/{HOSTILE}", {}),
        ("/kasus", {"wilayah": HOSTILE, "sebelum": HOSTILE}),
        (f"/kasus/{number}", {}),
        (f"/orang/{number}", {}),
        ("/instansi", {}),
        ("/instansi", {"nama": HOSTILE}),
        ("/ikhtisar", {"wilayah": HOSTILE}),
        ("/pencarian", {}),
        ("/sumber", {}),
    ):
        answer = asked.get(address, params=params)
        assert answer.status_code in (200, 400, 404), address
        harmless(answer.text)
    assert "<script>alert(1)" in words(asked.get("/artikel/a1").text)


# Artikel


def test_an_article_shows_what_was_found_in_it_and_why(
    context: WebContext, browser: Browser
) -> None:
    reason = Reason(cue="pejabat ASN berfoto dengan calon", effect="for")
    doubt = Reason(cue="kutipan orang lain", effect="against")
    number = tell(context, "a1", reasons=(reason, doubt))
    tree = lxml.html.document_fromstring(browser().get("/artikel/a1").text)
    marked = tree.cssselect("mark.e-PER.said")
    assert [mark.text for mark in marked] == ["Sumini"]
    assert marked[0].get("title").startswith("orang, ASN")
    shown = " ".join(tree.cssselect("#dugaan-1")[0].text_content().split())
    assert "Mengarah ke dugaan: pejabat ASN berfoto dengan calon" in shown
    assert "Meragukan: kutipan orang lain" in shown
    assert tree.cssselect(f'#dugaan-1 a[href="/kasus/{number}"]')


def test_an_edited_article_tells_what_changed(context: WebContext, browser: Browser) -> None:
    tell(context, "a1")
    with context.state.write() as session:
        row = session.get_one(ArticleRow, "a1")
        edited = replace(articles.to_article(row), text="Camat Sumini hadir saja.")
        articles.store(session, edited, Judgement(id="a1", decision="none", score=0.1), NOW)
    tree = lxml.html.document_fromstring(browser().get("/artikel/a1").text)
    assert "hadir saja." in [new.text for new in tree.cssselect("#revisi ins")]
    assert any("berpose" in gone.text for gone in tree.cssselect("#revisi del"))


def test_the_archived_copy_is_text_in_a_sandbox(context: WebContext, browser: Browser) -> None:
    body = b"<html><script>alert(1)</script><p>Camat Sumini</p></html>"
    sha256 = context.archive.put(body)
    tell(context, "a1", page_sha256=sha256)
    asked = browser()
    assert sha256 in asked.get("/artikel/a1").text
    shown = asked.get(f"/arsip/{sha256}")
    assert shown.headers["content-type"] == "text/plain; charset=utf-8"
    assert "sandbox" in shown.headers["content-security-policy"]
    assert shown.headers["x-content-type-options"] == "nosniff"
    taken = asked.get(f"/arsip/{sha256}?unduh=1")
    assert hashlib.sha256(taken.content).hexdigest() == sha256
    assert taken.headers["content-disposition"].startswith("attachment")
    assert taken.headers["content-type"] == "application/octet-stream"
    unknown = context.archive.put(b"kept, but no article was made of it")
    assert asked.get(f"/arsip/{unknown}").status_code == 404
    assert asked.get("/arsip/..%2f..%2fstate.sqlite").status_code == 404


def test_a_citizen_is_named_to_nobody_who_does_not_handle_the_case(
    context: WebContext, browser: Browser
) -> None:
    sha256 = context.archive.put(f"<p>{HANDLE}</p>".encode())
    number = tell(
        context, "p1", kind="post", page_sha256=sha256,
        sentence=f"Camat Sumini dukung 02, kata {HANDLE} 081234567890.",
    )  # fmt: skip
    asked = browser()
    for address in ("/cari?q=camat", "/artikel/p1", f"/kasus/{number}", f"/orang/{number}"):
        page = asked.get(address).text
        assert HANDLE not in page, address
        assert "pos.example" not in page
        assert "0812" not in page
        assert "akun warga" in page or address.startswith("/orang")
    assert asked.get(f"/arsip/{sha256}").status_code == 403
    token = csrf_of(asked.get(f"/kasus/{number}").text)
    assert asked.post("/artikel/p1/akun", data={"csrf": token}).status_code == 403
    asked.post(f"/kasus/{number}/tindakan", data={"csrf": token, "tindakan": "take"})
    assert asked.get(f"/arsip/{sha256}").status_code == 200
    assert HANDLE not in asked.get("/artikel/p1").text
    assert HANDLE in asked.post("/artikel/p1/akun", data={"csrf": token}).text
    with context.state.read() as session:
        assert audit.entries(session, 1)[0].action == "unmask"


def test_what_a_person_corrects_is_shown_and_kept(context: WebContext, browser: Browser) -> None:
    tell(context, "a1")
    asked = browser()
    token = csrf_of(asked.get("/artikel/a1").text)

    def correct(**data: str) -> int:
        return asked.post("/artikel/a1/koreksi", data={"csrf": token, **data}).status_code

    assert correct(hal="wilayah", wilayah="Kabupaten Garut") == 303
    assert correct(hal="wilayah", wilayah="Negeri Dongeng") == 422
    assert correct(hal="bentuk", kalimat="99999", bentuk="6") == 422
    start = re.search(r'name="kalimat" value="(\d+)"', asked.get("/artikel/a1").text)
    assert start is not None
    assert correct(hal="bentuk", kalimat=start[1], bentuk="6") == 303
    with context.state.read() as session:
        assert articles.mentions_of(session, "a1")[0].skb_forms == (6,)
    assert correct(hal="entitas", teks="Sumini", golongan="PER", peran="candidate") == 303
    assert correct(hal="entitas", teks="tidak tertulis", golongan="PER") == 422
    with context.state.read() as session:
        held = session.get_one(ArticleRow, "a1")
        assert held.judgement["region_codes"] == ["32.05"]
        assert len(corrections.of(session, "a1")) == 3
    page = words(asked.get("/artikel/a1").text)
    assert "seluruh artikel: Kabupaten Garut" in page
    assert "“Sumini”: orang, calon" in page


# Kasus


def test_a_case_is_handled_step_by_step_and_nothing_is_overwritten(
    context: WebContext, browser: Browser, clock: Clock
) -> None:
    number = tell(context, "a1", stage="under_examination", stage_by="Bawaslu Grobogan")
    asked = browser()
    first = words(asked.get(f"/kasus/{number}").text)
    assert "dinyatakan sedang ditangani oleh Bawaslu Grobogan" in first
    assert "belum ada yang memegang" in first
    assert "Sebelum penetapan calon: dugaan pelanggaran kode etik" in first
    assert "Sesudah penetapan calon: dugaan pelanggaran disiplin" in first
    assert "Bila PNS" in first
    token = csrf_of(asked.get(f"/kasus/{number}").text)

    def act(**data: str) -> int:
        clock.forward(timedelta(minutes=1))
        return asked.post(f"/kasus/{number}/tindakan", data={"csrf": token, **data}).status_code

    assert act(tindakan="take") == 303
    assert act(tindakan="known_on", day="2024-10-15") == 303
    assert act(tindakan="finding", number="") == 422
    assert act(tindakan="known_on", day="besok") == 422
    assert act(tindakan="finding", number="012/TM/PB/2024") == 303
    assert act(tindakan="answer", note="Saya tidak berada di sana.") == 303
    page = words(asked.get(f"/kasus/{number}").text)
    assert "temuan nomor 012/TM/PB/2024" in page
    assert "Selasa, 22 Oktober 2024" in page  # seven calendar days of a Pilkada
    assert page.index("Saya tidak berada di sana.") < page.index("Kutipan")
    line = page[page.index("Linimasa") :]
    assert line.index("Ditangani") < line.index("Menjadi temuan") < line.index("Hak jawab")


def test_the_list_of_cases_is_narrowed_and_names_nobody(
    context: WebContext, browser: Browser
) -> None:
    first, second = tell(context, "a1"), tell(context, "a2", region="32.05")
    asked = browser()
    page = asked.get("/kasus").text
    assert "Sumini" not in page
    assert f"/kasus/{first}" in page
    assert f"/kasus/{second}" in page
    narrowed = asked.get("/kasus?wilayah=32&keadaan=terbuka&bentuk=5").text
    assert f"/kasus/{first}" not in narrowed
    assert f"/kasus/{second}" in narrowed
    assert f"/kasus/{second}" not in asked.get("/kasus?keadaan=selesai").text


def test_a_case_of_elsewhere_is_not_there(
    context: WebContext, browser: Browser, account: Account
) -> None:
    account("ani", regions=["32"])
    here, there = tell(context, "a1", region="32.05"), tell(context, "a2", region="33.15")
    nowhere = tell(context, "a3", region=None)
    ani = browser("ani")
    assert ani.get(f"/kasus/{here}").status_code == 200
    assert ani.get(f"/kasus/{nowhere}").status_code == 200
    for address in (f"/kasus/{there}", "/artikel/a2", f"/orang/{there}"):
        assert ani.get(address).status_code == 404, address
    for address in ("/cari?q=camat", "/kasus", "/instansi?nama=Kecamatan+Tirtawangi"):
        page = ani.get(address).text
        assert "Grobogan" not in page, address
        assert "Garut" in page
    assert "<strong>2</strong> kasus" in ani.get("/ikhtisar").text


# Orang, Instansi, Ikhtisar, Sumber


def test_a_person_is_shown_with_their_own_cases_and_namesakes_apart(
    context: WebContext, browser: Browser
) -> None:
    named = {"name": "Sumini Rahayu", "sentence": "Camat Sumini Rahayu berpose dua jari."}
    anchor = tell(context, "a1", **named)
    same = tell(context, "a2", **named)
    other_place = tell(context, "a3", region="32.05", **named)
    other_office = tell(context, "a4", office="Lurah Melati", agency="Kelurahan Melati", **named)
    dismissed = tell(context, "a5", stage="dismissed", stage_by="Bawaslu", **named)
    answer = browser().get(f"/orang/{anchor}")
    tree = lxml.html.document_fromstring(answer.text)

    def listed(within: str) -> set[str]:
        return {link.get("href") for link in tree.cssselect(f"{within} .hit a")}

    apart = {f"/kasus/{other_place}", f"/kasus/{other_office}"}
    assert listed("section[aria-labelledby=senama]") == apart
    assert listed("main") - apart == {f"/kasus/{anchor}", f"/kasus/{same}"}
    assert f"/kasus/{dismissed}" not in answer.text
    assert browser().get(f"/orang/{dismissed}").status_code == 404
    with context.state.read() as session:
        newest = audit.entries(session, 1)[0]
        assert (newest.action, newest.subject) == ("view_person", f"orang:kasus:{anchor}")


def test_no_person_is_looked_up_by_initials_or_one_word(
    context: WebContext, browser: Browser
) -> None:
    for number, name in enumerate(("Sumini", "SR")):
        case = tell(context, f"a{number}", name=name, sentence=f"Camat {name} berpose dua jari.")
        assert f"/orang/{case}" not in browser().get(f"/kasus/{case}").text
        assert browser().get(f"/orang/{case}").status_code == 404


def test_an_index_that_is_away_is_told_on_a_page(
    context: WebContext, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise IndexUnavailable("Elasticsearch cannot be reached at https://intern:9200")

    monkeypatch.setattr(EmbeddedIndex, "search", away)
    answer = browser().get("/cari?q=camat")
    assert answer.status_code == 503
    assert "tidak ada data yang hilang" in words(answer.text)
    assert "intern" not in answer.text
    assert browser().get("/kasus").status_code == 200


def test_a_fault_of_ours_is_told_without_its_inside(
    context: WebContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret of the house")

    monkeypatch.setattr(EmbeddedIndex, "search", broken)
    asked = TestClient(
        create_app(context),
        base_url="http://127.0.0.1:8000",
        client=("127.0.0.1", 50000),
        raise_server_exceptions=False,
    )
    answer = asked.get("/cari?q=camat")
    assert answer.status_code == 500
    assert "Ada yang keliru di pihak kami" in words(answer.text)
    assert "secret" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_a_closed_case_leaves_the_pages_of_person_and_agency(
    context: WebContext, browser: Browser
) -> None:
    number = tell(
        context, "a1", name="Sumini Rahayu", sentence="Camat Sumini Rahayu berpose dua jari."
    )
    asked = browser()
    assert f"/kasus/{number}" in asked.get("/instansi?nama=Kecamatan+Tirtawangi").text
    token = csrf_of(asked.get(f"/kasus/{number}").text)
    asked.post(f"/kasus/{number}/tindakan", data={"csrf": token, "tindakan": "not_one"})
    assert asked.get(f"/orang/{number}").status_code == 404
    page = asked.get("/instansi?nama=Kecamatan+Tirtawangi").text
    assert f"/kasus/{number}" not in page
    assert "1 kasus lain sudah ditutup" in words(page)


def test_the_overview_counts_what_is_not_dismissed(context: WebContext, browser: Browser) -> None:
    tell(context, "a1")
    tell(context, "a2", region="32.05")
    tell(context, "a3", stage="dismissed")
    page = browser().get("/ikhtisar").text
    assert "<strong>2</strong> kasus" in page
    tree = lxml.html.document_fromstring(page)
    assert tree.cssselect("svg[role=img]")[0].get("aria-label").startswith("Kasus per minggu")
    assert "<strong>1</strong> kasus" in browser().get("/ikhtisar?wilayah=32").text
    with context.state.write() as session:  # what was first read long ago is not of this year
        old = cases.get(session, 1)
        cases.save(session, replace(old, first_seen=NOW - timedelta(days=800)), NOW)
    assert "<strong>1</strong> kasus" in browser().get("/ikhtisar").text


def test_sources_are_for_operators(context: WebContext, browser: Browser, account: Account) -> None:
    assert "Kabar Tirta" in browser().get("/sumber").text
    assert "belum pernah dibaca" in words(browser().get("/sumber/kabar-tirta").text)
    assert browser().get("/sumber/lain").status_code == 404
    account("ani", role="watcher")
    account("oki", role="operator")
    assert browser("ani").get("/sumber").status_code == 403
    assert browser("oki").get("/sumber").status_code == 200
    assert browser("oki").get("/kasus").status_code == 403


def test_today_is_told_in_the_zone_of_the_settings(context: WebContext, browser: Browser) -> None:
    late = NOW.replace(hour=18)  # the next day in Jakarta
    tell(context, "a1", published=late, act_date=date(2024, 10, 12))
    assert "17 Okt 2024" in browser().get("/cari?q=camat").text


def test_the_list_of_cases_goes_on_until_the_oldest(context: WebContext, browser: Browser) -> None:
    with context.state.write() as session:
        for number in range(1, 66):
            cases.save(session, invented(cases.create(session, "asn", NOW), number), NOW)
    seen: list[str] = []
    address: str | None = "/kasus?wilayah=33&keadaan=terbuka&tahap=alleged"
    while address:
        tree = lxml.html.document_fromstring(browser().get(address).text)
        seen += [link.get("href") for link in tree.cssselect(".hit h2 a")]
        following = tree.cssselect("nav.pages a.button")
        address = following[0].get("href") if following else None
    assert seen == [f"/kasus/{number}" for number in range(65, 0, -1) if number % 3]


def invented(case_id: int, number: int) -> Case:
    """Every third lies elsewhere."""
    return Case(
        id=case_id, subject="asn", actor=Actor(), act="berfoto", skb_forms=(5,),
        region_code="33.15" if number % 3 else "32.05", beneficiary="", act_date=None,
        stage="alleged", stage_by="", denied=False, answer="", phase="", first_seen=NOW, score=0.9,
    )  # fmt: skip


# The command


def test_other_addresses_are_refused_without_an_account(tmp_path: Path) -> None:
    load_commands(["web"])
    asked = ["--home", str(tmp_path), "web", "--host", "0.0.0.0"]
    refused = CliRunner().invoke(app, asked)
    assert isinstance(refused.exception, StateError)
    assert "pantau users add" in str(refused.exception)


def test_every_link_of_a_page_leads_somewhere(context: WebContext, browser: Browser) -> None:
    """From the front page on, all that a page links to on this site is there."""
    sha256 = context.archive.put(b"<p>Camat Sumini Rahayu berpose dua jari.</p>")
    named = {"name": "Sumini Rahayu", "sentence": "Camat Sumini Rahayu berpose dua jari."}
    tell(context, "a1", page_sha256=sha256, **named)
    asked = browser()
    token = csrf_of(asked.get("/kasus/1").text)
    asked.post("/pencarian", data={"csrf": token, "nama": "Camat", "q": "camat"})
    waiting, seen = ["/cari?q=camat"], Counter({"/cari": 1})
    while waiting:
        path = waiting.pop(0)
        answer = asked.get(path)
        assert answer.status_code == 200, path
        if not answer.headers["content-type"].startswith("text/html"):
            continue
        for link in lxml.html.document_fromstring(answer.text).cssselect("a[href^='/']"):
            there = link.get("href").partition("#")[0]
            bare = there.partition("?")[0]
            seen[bare] += 1
            if seen[bare] <= 2:  # facets lead on and on
                waiting.append(there)
    for kind in (r"/artikel/a1", r"/orang/1", r"/arsip/", r"/umpan/.*atom", r"/ekspor\.xlsx"):
        assert any(re.match(kind, path) for path in seen), kind
