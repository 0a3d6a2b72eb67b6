"""Orang and Instansi: who is shown there, and what leaves them."""

from __future__ import annotations

import lxml.html

from pantau.state import audit
from pantau.web.context import WebContext
from tests.web.conftest import Browser
from tests.web.reading import words
from tests.web.test_security import csrf_of
from tests.web.world import tell


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
