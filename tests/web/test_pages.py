"""All pages: text from outside is shown as text, links lead somewhere, and faults are told."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import lxml.html
import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from pantau.cli import load_commands
from pantau.cli.app import app
from pantau.errors import IndexUnavailable, StateError
from pantau.records import Reason
from pantau.web.app import create_app
from pantau.web.context import WebContext
from search import EmbeddedIndex
from tests.web.conftest import Browser
from tests.web.reading import HOSTILE, harmless, words
from tests.web.test_security import csrf_of
from tests.web.world import tell


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


def test_other_addresses_are_refused_without_an_account(tmp_path: Path) -> None:
    load_commands(["web"])
    asked = ["--home", str(tmp_path), "web", "--host", "0.0.0.0"]
    refused = CliRunner().invoke(app, asked)
    assert isinstance(refused.exception, StateError)
    assert "pantau users add" in str(refused.exception)
