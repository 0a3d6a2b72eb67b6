"""The whole way on PostgreSQL and Elasticsearch: they are swapped in by configuration alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.search.conftest import Node

PLAY = """
import sys
from pathlib import Path
import pantau.demo as demo
from pantau.home import Home

home, database, host = sys.argv[1:]
written = demo.write_config

def write_config(home, sites):
    written(home, sites)
    path = home.root / "config" / "settings.toml"
    text = path.read_text(encoding="utf-8")
    search = f'[search]\\nhosts = ["{host}"]\\nindex = "pantau-production"\\n'
    path.write_text(f'database = "{database}"\\n{text}\\n{search}', encoding="utf-8")

demo.write_config = write_config
played = demo.run_demo(Home(Path(home)))
assert played.mails, "no mail"
assert not played.differences, played.differences
assert not played.repeated, played.repeated
"""


def test_the_demo_comes_to_the_same_mails(tmp_path: Path, postgresql: str, node: Node) -> None:
    home, database = tmp_path / "home", f"{postgresql}/postgres"
    played = subprocess.run(
        [sys.executable, "-c", PLAY, home, database, node.url],
        capture_output=True,
        text=True,
        check=False,
    )
    assert played.returncode == 0, played.stderr[-3000:]
    assert not (home / "state.sqlite").exists()
    assert not (home / "index.sqlite").exists()
    found = subprocess.run(
        [sys.executable, "-m", "pantau", "--home", home, "search", "putusan:dugaan"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stderr
    assert "0 artikel" not in found.stdout
