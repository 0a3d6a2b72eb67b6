"""Ikhtisar and Sumber: what is counted, and who may see it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import lxml.html

from pantau.state import cases
from pantau.web.context import WebContext
from tests.web.conftest import Account, Browser
from tests.web.reading import words
from tests.web.world import NOW, tell


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
