"""The ways people go, in a real browser: with script and without, on a phone and on a desk.

Nothing is asked of another host, nothing breaks the site's policy, nothing runs off the screen,
and axe-core finds nothing serious.
"""

from __future__ import annotations

import hashlib
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, FilePayload, Page, sync_playwright

from pantau.config.models import Web
from pantau.records import Reason
from pantau.web.app import create_app
from pantau.web.context import WebContext
from tests.conftest import require_service
from tests.pantau.test_intake import JPEG
from tests.web.conftest import PASSWORD, Account
from tests.web.reading import HOSTILE
from tests.web.world import tell

CHROMIUM = shutil.which("chromium")
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
pytestmark = [pytest.mark.slow, pytest.mark.service]

Opened = Callable[..., Page]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    require_service(CHROMIUM is not None, "Chromium (apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def served(context: WebContext) -> Iterator[str]:
    """The pages on a port of this machine; gives their address."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(create_app(context), log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.02)
        yield f"http://127.0.0.1:{door.getsockname()[1]}"
        server.should_exit = True
        thread.join(10)


@pytest.fixture
def opened(context: WebContext, chromium: Browser) -> Iterator[Opened]:
    """Open a page of its own; at the end nothing may have gone wrong on any of them."""
    wrong: list[str] = []
    with served(context) as address:

        def open_page(path: str = "/", *, script: bool = True, **options: Any) -> Page:
            options.setdefault("viewport", DESK)
            within = chromium.new_context(
                base_url=address, java_script_enabled=script, accept_downloads=True, **options
            )
            page = within.new_page()
            page.set_default_timeout(15_000)
            page.on("request", lambda r: _note(wrong, r.url.startswith(address), r.url))
            page.on("pageerror", lambda error: wrong.append(str(error)))
            page.on(
                "console",
                lambda m: _note(wrong, "Content Security Policy" not in m.text, m.text),
            )
            page.on("dialog", lambda dialog: wrong.append(dialog.message))
            page.goto(path)
            return page

        yield open_page
        for within in chromium.contexts:
            within.close()
    assert wrong == []


def _note(wrong: list[str], fine: bool, what: str) -> None:
    if not fine:
        wrong.append(what)


@pytest.fixture
def told(context: WebContext) -> int:
    """Some articles, one of them hostile; the number of the first one's case."""
    body = b"<p>Camat Sumini Rahayu berpose dua jari.</p>"
    number = tell(
        context, "a1", title="Camat Tirtawangi disorot",
        page_sha256=context.archive.put(body), name="Sumini Rahayu",
        sentence="Camat Sumini Rahayu berpose dua jari bersama calon bupati.",
        reasons=(Reason(cue="pejabat ASN berfoto dengan calon", effect="for"),),
        stage="reported", stage_by="Bawaslu Grobogan", answer="Saya hanya lewat.", denied=True,
    )  # fmt: skip
    tell(context, "a2", title="Camat lain", region="32.05", likely=False)
    tell(context, "p1", kind="post", sentence="mantap pak camat lanjutkan 02")
    tell(context, "x1", title=HOSTILE, more=HOSTILE, author=HOSTILE, url="javascript:alert(1)")
    assert number is not None
    return number


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_from_a_search_to_what_came_of_the_case(
    opened: Opened, told: int, script: bool, viewport: dict[str, int]
) -> None:
    page = opened("/", script=script, viewport=viewport)
    page.get_by_role("searchbox").fill("camat")
    page.get_by_role("button", name="Cari").click()
    page.get_by_text("4 artikel").wait_for()
    page.locator("aside.facets").get_by_role("link", name="Provinsi Jawa Tengah").first.click()
    page.get_by_text("3 artikel").wait_for()
    assert "wilayah=33" in page.url
    page.get_by_role("link", name="Camat Tirtawangi disorot").click()
    page.get_by_role("heading", name="Penilaian").wait_for()
    page.get_by_role("link", name=f"Kasus {told}", exact=True).click()
    page.get_by_role("button", name="Saya tangani").click()
    page.get_by_text("dipegang tanpa akun").wait_for()
    page.get_by_text("Tanggal diketahui", exact=True).last.click()
    page.locator("input[name=day]").fill("2024-10-15")
    page.locator("details", has=page.locator("input[name=day]")).get_by_role("button").click()
    page.get_by_text("Selasa, 22 Oktober 2024").wait_for()
    page.get_by_role("link", name="kasus lain orang ini").click()
    page.get_by_role("heading", name="Sumini Rahayu").wait_for()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_mistaken_query_is_mended(opened: Opened, told: int, script: bool) -> None:
    page = opened("/cari?q=camat", script=script)
    page.get_by_role("searchbox").fill("camat wilayh:33")
    page.get_by_role("button", name="Cari").click()
    page.get_by_text("Maksud Anda “wilayah:”?").wait_for()
    page.get_by_role("searchbox").fill("camat wilayah:33")
    page.get_by_role("button", name="Cari").click()
    page.get_by_text("3 artikel").wait_for()
    page.go_back()
    page.get_by_text("Maksud Anda “wilayah:”?").wait_for()


def test_hits_are_taken_out_and_a_search_is_saved(opened: Opened, told: int) -> None:
    page = opened("/cari?q=camat")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="CSV").click()
    taken = Path(waiting.value.path()).read_text(encoding="utf-8-sig")
    assert taken.count("\n") >= 5
    page.goto("/cari?q=camat")
    page.get_by_label("Simpan pencarian ini sebagai").fill("Camat")
    page.get_by_role("button", name="Simpan").click()
    page.get_by_role("heading", name="Camat").wait_for()
    page.get_by_role("link", name="Atom").wait_for()


def test_a_wrong_password_is_told_and_the_right_one_leads_on(
    opened: Opened, told: int, account: Account
) -> None:
    account("ani")
    page = opened(f"/kasus/{told}")
    page.get_by_label("Nama akun").fill("ani")
    page.get_by_label("Kata sandi").fill("bukan ini")
    page.get_by_role("button", name="Masuk").click()
    page.get_by_text("Nama atau kata sandi tidak cocok.").wait_for()
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.get_by_role("button", name="Masuk").click()
    page.get_by_role("button", name="Saya tangani").wait_for()
    assert page.url.endswith(f"/kasus/{told}")


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_what_somebody_saw_is_given_with_a_picture(opened: Opened, script: bool) -> None:
    page = opened("/tambah", script=script, viewport=PHONE)
    page.get_by_label("Alamat berita atau unggahan").fill("https://www.facebook.com/warga/posts/7")
    for name in ("Isi unggahan", "Gambar, video, atau suara"):
        page.locator("summary", has_text=name).click()
    page.get_by_label("Apa yang tertulis").fill("Camat Sumini berpose dua jari.")
    wrong = FilePayload(name="catatan.txt", mimeType="text/plain", buffer=b"bukan gambar")
    page.locator("#t-berkas").set_input_files(wrong)
    page.get_by_role("button", name="Serahkan", exact=True).click()
    page.get_by_text("Berkas catatan.txt bukan gambar").wait_for()
    assert page.get_by_label("Apa yang tertulis").input_value() == "Camat Sumini berpose dua jari."
    picture = FilePayload(name="layar.jpg", mimeType="image/jpeg", buffer=JPEG)
    page.locator("#t-berkas").set_input_files(picture)
    page.get_by_role("button", name="Serahkan", exact=True).click()
    page.get_by_text("1 alamat diterima").wait_for()
    page.get_by_text("menunggu dibaca").wait_for()
    page.get_by_text(hashlib.sha256(JPEG).hexdigest()).wait_for()


def test_a_film_that_is_too_large_is_told_in_the_browser(
    opened: Opened, context: WebContext, tmp_path: Path
) -> None:
    settings = context.config.settings.model_copy(update={"web": Web(max_upload=2_000_000)})
    context.config = replace(context.config, settings=settings)
    film = tmp_path / "film.mp4"
    film.write_bytes(b"\x00\x00\x00\x18ftypmp42" + bytes(3_500_000))
    page = opened("/tambah")
    page.get_by_label("Alamat berita atau unggahan").fill("https://www.facebook.com/warga/posts/8")
    page.locator("summary", has_text="Gambar, video, atau suara").click()
    page.locator("#t-berkas").set_input_files(film)
    page.get_by_role("button", name="Serahkan", exact=True).click()
    page.get_by_text("Lebih dari 2 MB").wait_for()


PAGES = [
    "/cari", "/cari?q=camat", "/cari?q=camat+wilayh:32", "/cari?q=tidakadakatanya", "/artikel/a1",
    "/artikel/p1", "/artikel/x1", "/kasus", "/kasus/1", "/orang/1", "/instansi",
    "/instansi?nama=Kecamatan+Tirtawangi", "/ikhtisar", "/pencarian", "/langganan",
    "/langganan/baru", "/sumber", "/sumber/kabar-tirta", "/tidak-ada", "/akun", "/tambah",
]  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_is_closed_to_anybody(opened: Opened, told: int, scheme: str) -> None:
    """axe-core finds nothing serious, and nothing runs off a phone's or a desk's screen."""
    found = []
    for viewport in (PHONE, DESK):
        page = opened("/cari", viewport=viewport, color_scheme=scheme)
        for path in PAGES:
            page.goto(path)
            page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
            told_by_axe = Axe().run(page).response
            assert told_by_axe["passes"]
            for fault in told_by_axe["violations"]:
                if fault["impact"] in ("serious", "critical"):
                    nodes = [node["html"][:120] for node in fault["nodes"][:3]]
                    found.append((path, viewport["width"], fault["id"], nodes))
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > viewport["width"]:
                found.append((path, viewport["width"], "too wide", wide))
    assert found == []
