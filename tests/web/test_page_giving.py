"""Tambah: what people give on a page is kept with its evidence, and nothing else comes that way."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import anyio
import httpx
from fastapi.testclient import TestClient
from sqlalchemy import select
from starlette.types import Message

from pantau.config.models import Web
from pantau.state import audit
from pantau.state.accounts import NOBODY
from pantau.state.intake_tables import EvidenceRow, IntakeRow
from pantau.state.tables import PageRow
from pantau.web.context import WebContext
from tests.pantau.test_intake import JPEG
from tests.web.conftest import Account, Browser
from tests.web.reading import HOSTILE, harmless, words
from tests.web.test_security import csrf_of
from tests.web.world import tell

POST = "https://www.facebook.com/wargatirta/posts/7"
SAID = "Camat Sumini berpose dua jari bersama calon bupati."
Files = Sequence[tuple[str, tuple[str, bytes, str]]]


def give(
    client: httpx.Client, files: Files = (), /, *, csrf: str | None = None, **fields: str
) -> Any:
    """Send the form, its token first as on the page."""
    token = csrf_of(client.get("/tambah").text) if csrf is None else csrf
    parts: list[tuple[str, Any]] = [
        (name, (None, value)) for name, value in {"csrf": token, **fields}.items()
    ]
    return client.post("/tambah", files=[*parts, *files])


def file(name: str, body: bytes = JPEG, kind: str = "image/jpeg") -> tuple[str, Any]:
    return ("berkas", (name, body, kind))


def rows(context: WebContext) -> tuple[list[IntakeRow], list[EvidenceRow]]:
    with context.state.read() as session:
        intakes = session.scalars(select(IntakeRow).order_by(IntakeRow.id)).all()
        evidence = session.scalars(select(EvidenceRow).order_by(EvidenceRow.id)).all()
        return list(intakes), list(evidence)


def test_several_addresses_are_taken_and_told(context: WebContext, browser: Browser) -> None:
    asked = browser()
    given = give(asked, alamat="https://kabar.example/a\nhttps://kabar.example/b")
    assert given.status_code == 303
    shown = words(asked.get(given.headers["location"]).text)
    assert "2 alamat diterima" in shown
    assert "menunggu diambil" in shown
    assert [row.url for row in rows(context)[0]] == [
        "https://kabar.example/a",
        "https://kabar.example/b",
    ]
    with context.state.read() as session:
        assert {page.source_id for page in session.scalars(select(PageRow))} == {"manual"}
        [entry] = audit.entries(session, 1)
        assert (entry.action, entry.subject) == ("give", "masukan:1-2")


def test_a_post_is_kept_with_its_evidence(context: WebContext, browser: Browser) -> None:
    given = give(
        browser(),
        [file("layar.jpg"), file("C:\\foto\\rapat.jpg", JPEG + b"2")],
        alamat=POST, isi=SAID, penulis="Warga", akun="@warga", terbit="2024-10-15T08:00",
        wilayah="Kabupaten Garut", gambaran="Camat mengangkat dua jari", oleh="Ani",
        diambil="2024-10-15T09:30", asal="ponsel kantor",
    )  # fmt: skip
    assert given.status_code == 303
    [row], evidence = rows(context)
    assert (row.added_by, row.platform, row.entered["text"]) == (NOBODY, "facebook", SAID)
    assert row.entered["published"].startswith("2024-10-15T08:00:00+07:00")
    assert row.entered["region"] == "32.05"
    assert [one.name for one in evidence] == ["layar.jpg", "rapat.jpg"]
    assert (evidence[0].taken_by, evidence[0].taken_from) == ("Ani", "ponsel kantor")
    assert evidence[0].sha256 == hashlib.sha256(JPEG).hexdigest()
    assert context.archive.get(evidence[0].sha256) == JPEG
    shown = browser().get("/tambah").text
    assert evidence[0].sha256 in shown


def test_a_table_is_taken_line_by_line_with_the_files_sent_along(
    context: WebContext, browser: Browser
) -> None:
    table = (
        "url,text,media\n"
        f"{POST},{SAID},layar.jpg\n"
        "bukan alamat,,\n"
        f"{POST}8,{SAID},/etc/hostname\n"
        f"{POST}9,{SAID},../state.sqlite\n"
        "https://kabar.example/a,,\n"
    )
    sent = [("tabel", ("t.csv", table.encode(), "text/csv")), file("layar.jpg")]
    given = give(browser(), sent)
    assert given.status_code == 422
    shown = words(given.text)
    assert "2 alamat diterima" in shown
    assert "Baris 3 “bukan alamat” bukan alamat" in shown
    assert "Baris 4 Berkas /etc/hostname tidak ikut dikirim" in shown
    assert "Baris 5 Berkas ../state.sqlite tidak ikut dikirim" in shown
    intakes, evidence = rows(context)
    assert [row.url for row in intakes] == [POST, "https://kabar.example/a"]
    assert [one.name for one in evidence] == ["layar.jpg"]


MISTAKES: list[tuple[dict[str, str], Files, str]] = [
    ({}, [], "Tulis alamat, atau pilih tabel"),
    ({"alamat": "javascript:alert(1)"}, [], "bukan alamat"),
    ({"alamat": POST}, [], "tidak boleh dibaca mesin"),
    ({"alamat": POST, "isi": "x", "wilayah": "Negeri Dongeng"}, [], "bukan wilayah"),
    ({"alamat": POST, "isi": "x", "terbit": "2031-01-01T00:00"}, [], "belum tiba"),
    ({"alamat": f"{POST} {POST}1", "isi": "x"}, [], "milik satu alamat"),
    ({"alamat": POST}, [file("a.jpg", b"<html><script>")], "bukan gambar, video, atau suara"),
    ({"alamat": POST}, [file("a.svg", b"<svg onload=x>")], "bukan gambar, video, atau suara"),
    ({"alamat": POST}, [file("a.jpg", b"MZ\x90")], "bukan gambar, video, atau suara"),
    ({"alamat": POST, "isi": "x"}, [file("a.jpg")] * 11, "Lebih dari 10 berkas"),
    ({}, [("tabel", ("t.csv", b"url\n\xff", "text/csv"))], "bukan UTF-8"),
    ({}, [("tabel", ("t.csv", b"alamat\nx", "text/csv"))], "tidak menyebut kolom “url”"),
    ({}, [("tabel", ("t.csv", b"\x00\x00\x00", "text/csv"))], "tidak menyebut kolom “url”"),
]


def test_a_mistake_is_told_and_nothing_kept(context: WebContext, browser: Browser) -> None:
    asked = browser()
    token = csrf_of(asked.get("/tambah").text)
    for fields, files, told in MISTAKES:
        given = give(asked, files, csrf=token, **fields)
        assert given.status_code == 422, told
        assert told in words(given.text)
        if "alamat" in fields:
            assert fields["alamat"].split()[0] in given.text
    assert rows(context) == ([], [])
    assert not list(context.archive.root.rglob("*.gz"))


def test_what_is_entered_comes_back_as_text(context: WebContext, browser: Browser) -> None:
    names = ("alamat", "isi", "penulis", "akun", "wilayah", "platform", "gambaran", "oleh", "asal")
    asked = browser()
    filled = dict.fromkeys(names, HOSTILE)
    given = give(asked, [file(HOSTILE)], **filled)
    assert given.status_code == 422
    harmless(given.text)
    assert "<script>alert(1)" in words(given.text)
    url = f"{POST}?{HOSTILE.replace(' ', '')}"
    filled |= {"alamat": url, "wilayah": "", "platform": ""}
    given = give(asked, [file(f"{HOSTILE}.jpg")], **filled)
    assert given.status_code == 303
    harmless(asked.get("/tambah").text)


def test_nothing_is_taken_without_the_token_or_the_right(
    context: WebContext, browser: Browser, account: Account
) -> None:
    account("ani")
    account("operator", "operator")
    ani = browser("ani")
    token = csrf_of(ani.get("/tambah").text)
    wanted = {"alamat": "https://kabar.example/a"}
    for csrf in ("", "salah"):
        assert give(ani, csrf=csrf, **wanted).status_code == 403
    late: list[tuple[str, Any]] = [("alamat", (None, wanted["alamat"])), ("csrf", (None, token))]
    assert ani.post("/tambah", files=late).status_code == 403
    as_file = [("csrf", ("csrf", token.encode(), "text/plain")), ("alamat", (None, "x"))]
    assert ani.post("/tambah", files=as_file).status_code == 403
    elsewhere = ani.post(
        "/tambah",
        files=[("csrf", (None, token)), ("alamat", (None, "x"))],
        headers={"origin": "https://jahat.example"},
    )
    assert elsewhere.status_code == 403
    assert browser().post("/tambah", files=late).status_code == 401
    assert rows(context) == ([], [])
    assert give(ani, csrf=token, **wanted).status_code == 303
    assert wanted["alamat"] in ani.get("/tambah").text
    account("budi", "admin")
    assert wanted["alamat"] not in browser("budi").get("/tambah").text  # each sees their own
    operator = browser("operator")
    assert operator.get("/tambah").status_code == 403
    assert give(operator, csrf=csrf_of(operator.get("/akun").text), **wanted).status_code == 403
    assert [row.added_by for row in rows(context)[0]] == ["ani"]


def test_a_form_that_is_none_is_refused(context: WebContext, browser: Browser) -> None:
    asked = browser()
    for options in ("", "; boundary=", "; x=y", "; boundary=x"):
        for body in (b"", b"--x", b"--x\r\n\r\n\r\n--x--", b"\xff" * 100_000):
            headers = {"content-type": f"multipart/form-data{options}"}
            answer = asked.post("/tambah", content=body, headers=headers)
            assert answer.status_code in (400, 403), (options, body[:9])
    assert rows(context) == ([], [])


def test_files_come_here_and_nowhere_else(context: WebContext, browser: Browser) -> None:
    """Elsewhere a form stays small, and one with files brings no token."""
    asked = browser()
    token = csrf_of(asked.get("/tambah").text)
    sent: Files = [("csrf", (None, token)), ("nama", (None, "x")), file("a.jpg")]  # type: ignore[list-item]
    assert asked.post("/pencarian", files=sent).status_code == 403
    large = {"csrf": token, "nama": "x" * 1_100_000}
    assert asked.post("/pencarian", data=large).status_code == 413
    assert asked.post("/tambah", data=large).status_code == 413


def test_more_than_may_be_sent_is_told_and_not_kept(context: WebContext, browser: Browser) -> None:
    settings = context.config.settings
    small = settings.model_copy(update={"web": Web(max_upload=1_000_000)})
    context.config = replace(context.config, settings=small)
    asked = browser()
    body = JPEG + bytes(1_500_000)
    given = give(asked, [file("a.jpg", body)], alamat=POST, isi=SAID)
    assert given.status_code == 413
    assert "Lebih dari 1 MB" in words(given.text)
    token = csrf_of(asked.get("/tambah").text)
    head = f'--x\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{token}\r\n'
    head += '--x\r\nContent-Disposition: form-data; name="berkas"; filename="a.jpg"\r\n\r\n'
    pieces = iter([head.encode(), *[JPEG + bytes(100_000)] * 15, b"\r\n--x--\r\n"])
    streamed = asked.post(
        "/tambah", content=pieces, headers={"content-type": "multipart/form-data; boundary=x"}
    )  # no length is told
    assert streamed.status_code == 413
    assert rows(context) == ([], [])


def test_evidence_stands_on_the_article_and_the_case_and_is_only_handed_over(
    context: WebContext, browser: Browser
) -> None:
    asked = browser()
    body = JPEG + b"<html><script>alert(1)</script>"
    about = {"oleh": "Ani", "asal": "ponsel kantor"}
    assert give(asked, [file("a.jpg", body)], alamat=POST, isi=SAID, **about).status_code == 303
    [row], [evidence] = rows(context)
    number = tell(context, row.key, kind="post")
    assert f"/artikel/{row.key}" not in asked.get("/tambah").text  # its page is not read yet
    for address in (f"/artikel/{row.key}", f"/kasus/{number}"):
        shown = asked.get(address).text
        assert evidence.sha256 in shown
        assert f"/arsip/{evidence.sha256}" not in shown  # a citizen's, for whoever holds the case
        assert "ponsel kantor" not in shown
    assert asked.get(f"/arsip/{evidence.sha256}").status_code == 403
    token = csrf_of(asked.get(f"/kasus/{number}").text)
    asked.post(f"/kasus/{number}/tindakan", data={"csrf": token, "tindakan": "take"})
    for address in (f"/artikel/{row.key}", f"/kasus/{number}"):
        shown = asked.get(address).text
        assert f"/arsip/{evidence.sha256}" in shown
        assert "diambil oleh Ani" in words(shown)
        assert "dari ponsel kantor" in words(shown)
    handed = asked.get(f"/arsip/{evidence.sha256}")
    assert handed.content == body
    assert handed.headers["content-type"] == "application/octet-stream"
    assert handed.headers["content-disposition"].startswith("attachment;")
    assert handed.headers["content-disposition"].endswith('.jpg"')
    assert "sandbox" in handed.headers["content-security-policy"]


def test_who_gave_a_post_says_when_it_is_deleted(
    context: WebContext, browser: Browser, account: Account
) -> None:
    for name in ("ani", "budi"):
        account(name)
    ani, budi = browser("ani"), browser("budi")
    assert give(ani, alamat=POST, isi=SAID).status_code == 303
    [row], _ = rows(context)
    tell(context, row.key, kind="post")
    with context.state.write() as session:
        session.scalars(select(PageRow)).one().article_id = row.key
    address = f"/tambah/{row.id}/dihapus"
    shown = ani.get("/tambah").text
    assert address in shown
    assert budi.post(address, data={"csrf": csrf_of(budi.get("/tambah").text)}).status_code == 404
    assert ani.get(f"/artikel/{row.key}").status_code == 200
    assert ani.post(address, data={"csrf": "salah"}).status_code == 403
    assert ani.post(address, data={"csrf": csrf_of(shown)}).status_code == 303
    assert ani.get(f"/artikel/{row.key}").status_code == 410
    assert address not in ani.get("/tambah").text
    with context.state.read() as session:
        done = [entry.action for entry in audit.entries(session, 9)]
    assert done.count("given_gone") == 1


def test_evidence_is_handed_over_in_pieces(context: WebContext, browser: Browser) -> None:
    """A video of any length need not fit into memory, and one that is damaged is not begun."""
    asked = browser()
    body = JPEG + bytes(5_000_000)
    assert give(asked, [file("a.jpg", body)], alamat=POST, isi=SAID).status_code == 303
    [row], [evidence] = rows(context)
    number = tell(context, row.key, kind="post")
    token = csrf_of(asked.get(f"/kasus/{number}").text)
    asked.post(f"/kasus/{number}/tindakan", data={"csrf": token, "tindakan": "take"})
    address = f"/arsip/{evidence.sha256}"
    handed, sent = asked.get(address), pieces_sent(asked, address)
    assert handed.headers["content-length"] == str(len(body))
    assert handed.headers["x-content-type-options"] == "nosniff"
    assert b"".join(sent) == handed.content == body
    assert max(len(piece) for piece in sent) < len(body) / 3
    context.archive.path(evidence.sha256).write_bytes(b"rusak")
    assert asked.get(address).status_code == 404


def pieces_sent(client: TestClient, path: str) -> list[bytes]:
    """The pieces in which an answer leaves for a browser on this machine."""
    sent: list[bytes] = []

    async def receive() -> Message:
        await anyio.sleep_forever()  # the browser stays
        raise AssertionError

    async def send(message: Message) -> None:
        sent.append(message.get("body", b""))

    scope = {
        **{"type": "http", "method": "GET", "path": path, "query_string": b"", "scheme": "http"},
        **{"headers": [(b"host", b"127.0.0.1:8000")], "client": ("127.0.0.1", 50000)},
        **{"server": ("127.0.0.1", 8000), "asgi": {"version": "3.0"}, "http_version": "1.1"},
    }
    anyio.run(client.app, scope, receive, send)
    return sent
