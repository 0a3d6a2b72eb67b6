"""Artikel: the text, why it was judged so, its copies, and what people mend in it."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace

import lxml.html

from pantau.records import Judgement, Reason
from pantau.state import articles, audit, corrections
from pantau.state.tables import ArticleRow
from pantau.web.context import WebContext
from tests.web.conftest import Browser
from tests.web.reading import words
from tests.web.test_security import csrf_of
from tests.web.world import HANDLE, NOW, tell


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


def test_a_correction_is_withdrawn_and_both_are_told(context: WebContext, browser: Browser) -> None:
    tell(context, "a1")
    asked = browser()
    token = csrf_of(asked.get("/artikel/a1").text)
    asked.post("/artikel/a1/koreksi", data={"csrf": token, "hal": "wilayah", "wilayah": "32.05"})
    tree = lxml.html.document_fromstring(asked.get("/artikel/a1").text)
    (form,) = tree.cssselect("#perbaikan li form")
    withdrawn = asked.post(form.get("action"), data={"csrf": token})
    assert withdrawn.status_code == 303
    with context.state.read() as session:
        held = session.get_one(ArticleRow, "a1")
        assert held.judgement["region_codes"] == ["33.15"]
    page = words(asked.get("/artikel/a1").text)
    assert "seluruh artikel: Kabupaten Garut" in page
    assert "ditarik oleh" in page
    assert asked.post(form.get("action"), data={"csrf": token}).status_code == 422
