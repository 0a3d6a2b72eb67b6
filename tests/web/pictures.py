"""Takes the pictures of the guide: ``python -m tests.web.pictures HOME FOLDER``.

HOME is that of ``make demo`` (``var/demo``); it is copied first, so it stays as it is.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import FilePayload, Page, sync_playwright

from pantau.home import Home
from pantau.web.context import open_context
from tests.pantau.test_intake import JPEG
from tests.web.test_browser import served

NOW = datetime(2024, 10, 28, 3, 0, tzinfo=UTC)
"""Two days after the demo's own day."""
WIDE, NARROW = {"width": 1100, "height": 760}, {"width": 390, "height": 760}


def search(page: Page) -> None:
    page.goto("/cari?q=camat")


def mistake(page: Page) -> None:
    page.goto("/cari?q=camat+AND+wilayh:jabar")


def article(page: Page) -> None:
    page.goto("/cari?q=camat+putusan:dugaan")
    page.locator(".hit h2 a").first.click()


def case(page: Page) -> None:
    page.goto("/kasus")
    page.locator(".hit h2 a").last.click()


def handled(page: Page) -> None:
    case(page)
    page.get_by_role("button", name="Saya tangani").click()
    page.locator("summary", has_text="Tanggal diketahui").click()
    page.locator("input[name=day]").fill("2024-10-26")
    page.locator("details", has=page.locator("input[name=day]")).get_by_role("button").click()
    page.locator("#penanganan").scroll_into_view_if_needed()


def overview(page: Page) -> None:
    page.goto("/ikhtisar")


def given(page: Page) -> None:
    """One post that was given before with a picture, and a second one being entered."""
    enter(page, "https://www.facebook.com/wargalembah/posts/77")
    page.locator("summary", has_text="sebagai bukti").click()
    screenshot: FilePayload = {"name": "layar.jpg", "mimeType": "image/jpeg", "buffer": JPEG}
    page.locator("#t-berkas").set_input_files(screenshot)
    page.get_by_role("button", name="Serahkan", exact=True).click()
    page.wait_for_url("**/tambah?*")
    enter(page, "https://www.instagram.com/p/lembahkarangan")
    page.evaluate("window.scrollTo(0, 0)")


def enter(page: Page, address: str) -> None:
    page.goto("/tambah")
    page.locator("#t-alamat").fill(address)
    page.locator("summary", has_text="Isi unggahan").click()
    page.locator("#t-isi").fill(
        "Kepala distrik ikut berkampanye bagi pasangan calon nomor urut 3 di lapangan."
    )


def subscription(page: Page) -> None:
    """One that is tried before it is saved."""
    page.goto("/langganan/baru")
    page.locator("#nama").fill("Bawaslu Provinsi Jawa Tengah")
    page.locator("#penerima").fill("humas.jateng@bawaslu.example")
    page.locator("#wilayah").fill("Provinsi Jawa Tengah")
    page.get_by_role("button", name="Coba pada").click()


PICTURES: dict[str, tuple[Callable[[Page], None], dict[str, int]]] = {
    "cari": (search, WIDE),
    "cari-salah": (mistake, NARROW),
    "artikel": (article, WIDE),
    "kasus": (case, WIDE),
    "penanganan": (handled, NARROW),
    "tambah": (given, WIDE),
    "ikhtisar": (overview, WIDE),
    "langganan": (subscription, WIDE),
}


def main(home: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as copy:
        shutil.copytree(home, Path(copy) / "home")
        own = Home(Path(copy) / "home")
        now = [NOW]

        def clock() -> datetime:
            now[0] += timedelta(seconds=7)
            return now[0]

        with open_context(own, own.load_config(), clock) as context, served(context) as address:
            take(address, folder)


def take(address: str, folder: Path) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        for name, (go, size) in PICTURES.items():
            page = browser.new_page(base_url=address, viewport=size, locale="id-ID")
            go(page)
            page.wait_for_load_state()
            page.screenshot(path=folder / f"{name}.png")
            page.close()
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
