"""Kasus: handled step by step, listed without names, and each in its region."""

from __future__ import annotations

from datetime import timedelta

import lxml.html

from pantau.records import Actor, Case
from pantau.state import cases
from pantau.web.context import WebContext
from tests.web.conftest import Account, Browser
from tests.web.reading import words
from tests.web.test_security import csrf_of
from tests.web.world import NOW, Clock, tell


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


def test_only_what_rests_on_citizens_posts_is_to_be_verified(
    context: WebContext, browser: Browser
) -> None:
    asked = browser()
    paper, post = tell(context, "a1"), tell(context, "p1", kind="post", name="Wiranti")
    assert 'value="verify"' not in asked.get(f"/kasus/{paper}").text
    shown = asked.get(f"/kasus/{post}").text
    assert 'value="verify"' in shown
    said = {"csrf": csrf_of(shown), "tindakan": "verify"}
    assert asked.post(f"/kasus/{post}/tindakan", data=said).status_code == 303
    assert 'value="verify"' not in asked.get(f"/kasus/{post}").text


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


def test_the_number_of_a_case_that_turned_out_to_be_another_leads_there(
    context: WebContext, browser: Browser, clock: Clock
) -> None:
    first, second = tell(context, "a1"), tell(context, "a2", region="32.05")
    asked = browser()
    token = csrf_of(asked.get(f"/kasus/{second}").text)
    said = {"csrf": token, "tindakan": "duplicate", "other_case": str(first)}
    asked.post(f"/kasus/{second}/tindakan", data=said)
    assert asked.get(f"/kasus/{second}").headers["location"] == f"/kasus/{first}"
    page = asked.get(f"/kasus/{first}").text
    assert f"Pisahkan lagi kasus {second}" in page
    assert f"/kasus/{second}" not in asked.get("/kasus").text
    parting = {"csrf": token, "tindakan": "part", "other_case": str(second)}
    assert asked.post(f"/kasus/{first}/tindakan", data=parting).status_code == 303
    assert asked.get(f"/kasus/{second}").status_code == 200


def test_a_report_of_another_event_is_split_off(context: WebContext, browser: Browser) -> None:
    first, second = tell(context, "a1"), tell(context, "a2", region="32.05")
    asked = browser()
    token = csrf_of(asked.get(f"/kasus/{second}").text)
    said = {"csrf": token, "tindakan": "duplicate", "other_case": str(first)}
    asked.post(f"/kasus/{second}/tindakan", data=said)
    split = {"csrf": token, "artikel": "a2"}
    answer = asked.post(f"/kasus/{first}/pisahkan", data=split)
    assert answer.status_code == 303
    assert asked.post(f"/kasus/{first}/pisahkan", data=split).status_code == 422
