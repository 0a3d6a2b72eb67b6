"""The JSON API, exports and feeds: the same rights as the pages, and no citizen spread."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest

from pantau.state import audit
from pantau.web.context import WebContext
from tests.web.conftest import PASSWORD, Account, Browser
from tests.web.world import HANDLE, Clock, tell

V1 = "/api/v1"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def told(context: WebContext) -> dict[str, int | None]:
    """Articles with the numbers of their cases: in Grobogan, in Semarang, nowhere, and a post."""
    return {
        "grobogan": tell(context, "a1"),
        "semarang": tell(
            context,
            "a2",
            region="33.74",
            name="Wahyudi",
            sentence="Lurah Wahyudi memasang baliho calon.",
        ),
        "nowhere": tell(context, "a3", region=None),
        "post": tell(
            context, "a4", kind="post", sentence=f"Camat Sumini ikut kampanye, kata {HANDLE} tadi."
        ),
    }


def as_program(browser: Browser, name: str) -> Any:
    """A program with a token of its own and no cookie."""
    program = browser()
    token = program.post(f"{V1}/session", json={"name": name, "password": PASSWORD}).json()["token"]
    program.headers["Authorization"] = f"Bearer {token}"
    assert not program.cookies
    return program


def test_who_has_no_token_is_refused(browser: Browser, account: Account) -> None:
    account("ani")
    for path in ("/me", "/search", "/cases", "/articles/a1"):
        answer = browser().get(f"{V1}{path}")
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
    wrong = browser().post(f"{V1}/session", json={"name": "ani", "password": "salah"})
    assert wrong.status_code == 401


def test_the_oddest_address_is_answered_as_json(browser: Browser, account: Account) -> None:
    account("ani")
    answer = as_program(browser, "ani").post(f"{V1}/articles/a%0Ab/account")
    assert answer.status_code == 404
    assert answer.json()["detail"]


def test_a_program_logs_in_and_out(browser: Browser, account: Account, clock: Clock) -> None:
    account("ani", regions=["33.15"])
    ani = as_program(browser, "ani")
    assert ani.get(f"{V1}/me").json() == {"name": "ani", "role": "watcher", "regions": ["33.15"]}
    assert ani.delete(f"{V1}/session").status_code == 204
    assert ani.get(f"{V1}/me").status_code == 401
    late = as_program(browser, "ani")
    clock.forward(timedelta(hours=2, minutes=1))
    assert late.get(f"{V1}/me").status_code == 401


def test_guessing_at_the_api_counts_as_guessing(browser: Browser, account: Account) -> None:
    account("ani")
    thief = browser(address="10.0.0.7")
    for _ in range(5):
        thief.post(f"{V1}/session", json={"name": "ani", "password": "salah"})
    late = thief.post(f"{V1}/session", json={"name": "ani", "password": PASSWORD})
    assert late.status_code == 429


def test_a_browsers_cookie_needs_the_token_of_its_forms(
    browser: Browser, account: Account, told: dict[str, int | None]
) -> None:
    account("ani")
    ani = browser("ani")
    path = f"{V1}/cases/{told['grobogan']}/log"
    assert ani.post(path, json={"verb": "take"}).status_code == 403


def test_hits_are_those_of_ones_regions_and_of_no_place(
    browser: Browser, account: Account, told: dict[str, int | None]
) -> None:
    account("ani", regions=["33.15"])
    ani = as_program(browser, "ani")
    found = ani.get(f"{V1}/search", params={"q": "sumini OR wahyudi", "facet": "wilayah"}).json()
    assert {hit["id"] for hit in found["hits"]} == {"a1", "a3", "a4"}
    assert "33.74" not in found["facets"]["wilayah"]
    rows = ani.get("/ekspor.jsonl", params={"q": ""}).text.splitlines()
    assert {json.loads(row)["id"] for row in rows} == {"a1", "a3", "a4"}
    assert ani.get(f"{V1}/articles/a2").status_code == 404
    assert ani.get(f"{V1}/cases/{told['semarang']}").status_code == 404
    listed = ani.get(f"{V1}/cases").json()["cases"]
    assert told["semarang"] not in [case["id"] for case in listed]
    assert told["grobogan"] in [case["id"] for case in listed]


def test_a_mistaken_query_is_told_with_its_column(browser: Browser) -> None:
    answer = browser().get(f"{V1}/search", params={"q": "(camat"})
    assert answer.status_code == 422
    assert "kolom" in answer.json()["detail"]


def test_a_citizens_handle_stands_nowhere(browser: Browser, told: dict[str, int | None]) -> None:
    client = browser()
    answers = [
        client.get(f"{V1}/search", params={"q": "kampanye"}),
        client.get(f"{V1}/articles/a4"),
        client.get(f"{V1}/cases/{told['post']}"),
        *(client.get(f"/ekspor.{kind}") for kind in ("csv", "jsonl")),
    ]
    for answer in answers:
        assert answer.status_code == 200
        assert "wargatirta" not in answer.text
    (hit,) = answers[0].json()["hits"]
    marked = [hit["passage"][start:end] for start, end in hit["highlights"]]
    assert marked == ["kampanye"]
    assert answers[1].json()["author"] == "akun warga"


def test_who_handles_the_case_opens_the_account_and_the_log_says_so(
    context: WebContext, browser: Browser, account: Account, told: dict[str, int | None]
) -> None:
    account("ani")
    ani = as_program(browser, "ani")
    assert ani.post(f"{V1}/articles/a4/account").status_code == 403
    taken = ani.post(f"{V1}/cases/{told['post']}/log", json={"verb": "take"})
    assert taken.json()["standing"]["holder"] == "ani"
    opened = ani.post(f"{V1}/articles/a4/account")
    assert opened.json()["author"] == HANDLE
    account("budi")
    assert as_program(browser, "budi").post(f"{V1}/articles/a4/account").status_code == 403
    with context.state.read() as session:
        logged = [
            (row.by, row.subject) for row in audit.entries(session, 50) if row.action == "unmask"
        ]
    assert logged == [("ani", "artikel:a4")]


def test_what_is_done_with_a_case_is_logged_with_who(
    browser: Browser, account: Account, told: dict[str, int | None]
) -> None:
    account("ani")
    ani = as_program(browser, "ani")
    path = f"{V1}/cases/{told['grobogan']}/log"
    assert ani.post(path, json={"verb": "finding"}).json()["detail"] == "Isi nomor temuan."
    done = ani.post(path, json={"verb": "finding", "number": "003/X/2024"})
    assert done.status_code == 201
    (entry,) = done.json()["log"]
    assert (entry["told"], entry["via"]) == ("menjadi temuan nomor 003/X/2024, dicatat ani", "api")
    assert ani.get(f"{V1}/cases/{told['grobogan']}").json()["standing"]["status"] == "temuan"


def test_a_correction_is_shown_and_one_that_does_not_fit_is_told(
    browser: Browser, told: dict[str, int | None]
) -> None:
    client = browser()
    sentence = client.get(f"{V1}/articles/a1").json()["mentions"][0]["sentence"]
    headers = {"x-csrf-token": csrf_of_page(client)}
    mended = client.post(
        f"{V1}/articles/a1/corrections",
        json={"kind": "form", "sentence": sentence, "forms": [6]},
        headers=headers,
    )
    assert mended.status_code == 201
    assert mended.json()["mentions"][0]["skb_forms"] == [6]
    wrong = client.post(
        f"{V1}/articles/a1/corrections",
        json={"kind": "entity", "text": "Tidak Ada", "label": "PER"},
        headers=headers,
    )
    assert wrong.status_code == 422


def csrf_of_page(client: Any) -> str:
    text: str = client.get("/artikel/a1").text
    return text.split('name="csrf" value="', 1)[1].split('"', 1)[0]


@pytest.mark.parametrize(
    ("role", "path", "status"),
    [
        ("operator", "/cases", 403),
        ("operator", "/search", 200),
        ("analyst", "/cases", 200),
    ],
)
def test_a_role_may_what_the_table_says(
    browser: Browser, account: Account, role: Any, path: str, status: int
) -> None:
    account("ani", role)
    assert as_program(browser, "ani").get(f"{V1}{path}").status_code == status


def test_an_operator_takes_nothing_out(browser: Browser, account: Account) -> None:
    account("ani", "operator")
    assert browser("ani").get("/ekspor.csv").status_code == 403


# Exports


def test_an_export_holds_every_hit_and_is_logged(
    context: WebContext, browser: Browser, told: dict[str, int | None]
) -> None:
    tell(context, "a5", title='=HYPERLINK("http://jahat.example")')
    answer = browser().get("/ekspor.csv", params={"q": "camat"})
    assert answer.headers["content-disposition"].startswith('attachment; filename="pantau-2024')
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert {row["id"] for row in rows} == {"a1", "a2", "a3", "a4", "a5"}
    assert next(row for row in rows if row["id"] == "a5")["judul"].startswith("'=")
    with context.state.read() as session:
        entry = next(row for row in audit.entries(session, 10) if row.action == "export")
    assert (entry.subject, entry.detail) == ("csv", "camat")


def test_a_spreadsheet_is_one(browser: Browser, told: dict[str, int | None]) -> None:
    assert browser().get("/ekspor.xlsx").content.startswith(b"PK")


def test_a_mistaken_export_is_told_as_a_page(browser: Browser) -> None:
    answer = browser().get("/ekspor.csv", params={"q": "(camat"})
    assert answer.status_code == 400
    assert "kolom" in answer.text


# Feeds


def feed_of(client: Any, program: Any, query: str) -> tuple[str, httpx.Response]:
    saved = program.post(f"{V1}/searches", json={"name": "Sumini", "query": query})
    assert saved.status_code == 201, saved.text
    path: str = saved.json()["feed"]
    return path, client.get(path)


def test_a_feed_needs_its_token_only_and_names_nobody(
    browser: Browser, account: Account, told: dict[str, int | None]
) -> None:
    account("ani", regions=["33.15"])
    ani = as_program(browser, "ani")
    path, answer = feed_of(browser(address="10.0.0.7"), ani, "sumini OR wahyudi")
    assert answer.status_code == 200
    root = ElementTree.fromstring(answer.content)
    entries = root.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}id", "").rsplit("/", 1)[1] for entry in entries] == [
        "a1",
        "a3",
        "a4",
    ]
    rss = browser().get(path.replace(".atom", ".rss"))
    assert len(ElementTree.fromstring(rss.content).findall("channel/item")) == 3
    for text in (answer.text, rss.text):
        for name in ("Sumini", "Wahyudi", "wargatirta", "kabartirta.example"):
            assert name not in text, name
    assert "Kabupaten Grobogan" in answer.text


def test_a_feed_ends_with_its_search(browser: Browser, account: Account) -> None:
    account("ani")
    ani = as_program(browser, "ani")
    path, answer = feed_of(browser(), ani, "camat")
    assert answer.status_code == 200
    number = ani.get(f"{V1}/searches").json()[0]["id"]
    assert ani.delete(f"{V1}/searches/{number}").status_code == 204
    assert browser().get(path).status_code == 404
    assert browser().get("/umpan/tidak-ada.atom").status_code == 404


# Its description


def test_the_description_is_a_page_of_ours(browser: Browser) -> None:
    page = browser().get("/api")
    assert page.status_code == 200
    assert "/cases/{case_id}/log" in page.text
    assert "http://" not in page.text.replace("http://127.0.0.1", "")
    assert "https://" not in page.text
    assert browser().get(f"{V1}/openapi.json").json()["openapi"].startswith("3.")
