"""Posts on the pages: whose they are, what is shown of them, and nothing of a deleted one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from extract.page import article_id, canonical_url
from pantau.documents import region_name, to_document
from pantau.indexing import Indexing
from pantau.records import Article, Judgement, Media
from pantau.state import articles, posts, searches
from pantau.state.accounts import NOBODY, Who
from pantau.state.tables import ArticleRow, PageRow
from pantau.web.context import WebContext
from tests.web.conftest import Browser
from tests.web.test_security import csrf_of
from tests.web.world import NOW, tell

POST = Article(
    id="k1",
    title="",
    text="Panen raya di lembah, camat hadir.",
    url="https://platform.example/suaralembah/1",
    kind="post",
    author="Suara Lembah",
    handle="@suaralembah",
    platform="telegram",
    platform_id="suaralembah/1",
    context="Siapa yang hadir?",
    reply_to="suaralembah/0",
    links=("https://platform.example/suaralembah/9", "https://kabar.example/panen"),
    media=(Media(type="photo"), Media(type="video")),
    counts=(("view", 2500), ("like", 7)),
    published=NOW - timedelta(hours=5),
    source_id="kabar-tirta",
    page_sha256="a" * 64,
)


def put(context: WebContext, **told: Any) -> None:
    post = replace(POST, **told)
    with context.state.write() as session:
        articles.store(session, post, Judgement(id=post.id, decision="none", score=0.1), NOW)
    with context.state.read() as session, context.index() as index:
        row = session.get_one(ArticleRow, post.id)
        index.add([to_document(row, [], "Kabar Tirta", region_name)])


def delete(context: WebContext, article_id: str) -> None:
    with context.state.write() as session:
        session.add(
            PageRow(
                key=article_id,
                url="",
                source_id="kabar-tirta",
                found_at=NOW,
                is_post=True,
                article_id=article_id,
                hint={"id": "1", "said": "x"},
            )
        )
        session.flush()
        assert posts.gone(session, [article_id], NOW) == 1


def test_a_citizens_post_is_shown_as_one_without_the_account(
    context: WebContext, browser: Browser
) -> None:
    put(context)
    page = browser().get("/artikel/k1").text
    assert "Kiriman warga · Telegram · akun warga" in page
    assert "Kiriman di Telegram" in page
    assert "Siapa yang hadir?" in page
    assert "2.500 kali dilihat, 7 suka" in page
    assert "gambar, video" in page
    assert "kabar.example" in page
    listed = browser().get("/cari?q=panen").text
    for shown in (page, listed):
        assert "suaralembah" not in shown.lower()
        assert "Suara Lembah" not in shown
    assert "kiriman warga" in listed
    assert "Panen raya di lembah, camat hadir." in listed
    hit = browser().get("/api/v1/search?q=platform:telegram").json()["hits"][0]
    assert (hit["id"], hit["url"]) == ("k1", "")


def test_a_comment_leads_to_what_it_stands_below(context: WebContext, browser: Browser) -> None:
    address = "https://kabartirta.example/panen/"
    key = article_id(canonical_url(address))
    tell(context, key, url=address, title="Panen raya di lembah", likely=False)
    put(context, platform="wordpress", reply_to="kabartirta.example/3", thread=address)
    page = browser().get("/artikel/k1").text
    assert f'Komentar atas</dt><dd><a href="/artikel/{key}">Panen raya di lembah</a>' in page
    assert "Yang dikomentari kiriman ini" in page


def test_an_institutions_post_is_shown_by_name(context: WebContext, browser: Browser) -> None:
    put(context, official=True)
    page = browser().get("/artikel/k1").text
    assert "Kiriman akun resmi · Telegram · Kabar Tirta" in page
    assert "Suara Lembah" in page
    assert POST.url in page
    assert "kiriman akun resmi" in browser().get("/cari?q=panen").text


def test_a_deleted_post_is_shown_to_nobody(context: WebContext, browser: Browser) -> None:
    put(context, official=True)
    delete(context, "k1")
    shown = browser().get("/artikel/k1")
    assert shown.status_code == 410
    assert "sudah dihapus" in shown.text
    assert "Panen" not in shown.text
    assert browser().get("/api/v1/articles/k1").status_code == 404
    assert browser().get(f"/arsip/{'a' * 64}").status_code == 404


def test_a_deleted_post_leaves_search_feed_and_export(
    context: WebContext, browser: Browser
) -> None:
    put(context, official=True)
    with context.state.write() as session:
        token = searches.save(session, Who(NOBODY), name="p", query="panen", now=NOW).token
    shown = {
        "/cari?q=panen": "/artikel/k1",
        f"/umpan/{token}.atom": "/artikel/k1",
        "/ekspor.csv?q=panen": POST.url,
        "/ekspor.jsonl?q=panen": POST.url,
    }
    asked = browser()
    assert [place for place, sign in shown.items() if sign not in asked.get(place).text] == []
    delete(context, "k1")
    with context.index() as index:
        Indexing(context.state, index, context.config, context.clock, region_name).fill()
    assert [place for place, sign in shown.items() if sign in asked.get(place).text] == []


def test_a_sealed_copy_is_for_who_holds_the_case(context: WebContext, browser: Browser) -> None:
    sha256 = context.archive.put(b"Camat Sumini dukung 02")
    number = tell(context, "p1", kind="post", page_sha256=sha256)
    delete(context, "p1")
    asked = browser()
    case = asked.get(f"/kasus/{number}").text
    assert "berpose dua jari bersama" not in case
    assert "[kiriman sudah dihapus]" in case
    assert asked.get("/artikel/p1").status_code == 410
    token = csrf_of(case)
    asked.post(f"/kasus/{number}/tindakan", data={"csrf": token, "tindakan": "take"})
    held = asked.get("/artikel/p1")
    assert held.status_code == 200
    assert "Salinan tersegel" in held.text
    assert asked.get(f"/arsip/{sha256}").status_code == 200
    with context.state.write() as session:
        posts.let_go(session, "p1", NOW)
    assert asked.get("/artikel/p1").status_code == 410
