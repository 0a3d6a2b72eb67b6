"""The mail in a real browser: nothing runs off a phone's screen, nothing is fetched."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.alerts.sample import main as write_sample
from tests.conftest import require_service

BROWSER = shutil.which("chromium")
QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
FRAME = """<!doctype html><meta charset="utf-8">
<iframe id="mail" style="width:{width}px;height:600px;border:0" srcdoc="{mail}"></iframe>
<script>
const frame = document.getElementById("mail");
frame.onload = () => {{
  const page = frame.contentDocument.documentElement;
  document.title = "wide " + page.scrollWidth + " first " +
    frame.contentDocument.body.innerText.trim().split("\\n").slice(0, 4).join(" / ");
}};
</script>"""


@pytest.mark.slow
@pytest.mark.service
@pytest.mark.parametrize("width", [360, 390, 1000])
def test_the_mail_fits_the_screen_and_shows_the_quote_first(tmp_path: Path, width: int) -> None:
    require_service(BROWSER is not None, "Chromium (apt-get install chromium)")
    write_sample(tmp_path)
    mail = (tmp_path / "mail.html").read_text(encoding="utf-8")
    assert not re.findall(r"<(?:script|img|link|iframe)\b", mail)
    page = tmp_path / "frame.html"
    page.write_text(FRAME.format(width=width, mail=html.escape(mail)), encoding="utf-8")
    shown = subprocess.run(
        [str(BROWSER), *QUIET, f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom",
         "--virtual-time-budget=5000", page.as_uri()],
        capture_output=True, text=True, check=True, timeout=120,
    ).stdout  # fmt: skip
    told = re.search(r"<title>wide (\d+) first (.*?)</title>", shown, re.DOTALL)
    assert told is not None, shown[:500]
    assert int(told[1]) <= width
    assert "Kutipan" in told[2]
