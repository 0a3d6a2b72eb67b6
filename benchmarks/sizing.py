"""How much disk and processor a year of watching takes.

    python -m benchmarks.sizing [--pages 300] [--sources 360] [--daily 14000] [--kept 0.27]

Lets the real pipeline work through a loopback site of which one page in twenty is topical, and
asks the state what a page and what an article takes in it. Printed are these and the year that
follows from them. Of ordinary articles the topical gate lets 27 in 100 pass (``--kept``); a page
of ours is smaller than one of a paper, so the archive is reckoned by ``PACKED``.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from benchmarks.pipeline import SETTINGS, children_cpu, serve
from pantau.config.models import Retention
from pantau.home import Home
from pantau.state import copies, open_state

PACKED = 25_000
"""Bytes of a page of a paper as the archive keeps it: some 120 kB of HTML, compressed."""
POLL_S = 0.02
"""Processor time of a poll that finds nothing new, at most (``benchmarks/crawl``)."""
POLLS = 50
"""Of an idle source in a day, at most."""
_GB = 1e9


@dataclass(frozen=True, slots=True)
class Cost:
    """Bytes, and seconds of the processor."""

    page: float
    """In the state, whatever becomes of it."""
    article: float
    """In the state, besides."""
    bands: float
    """Besides, as long as copies of it are looked for."""
    indexed: float
    """In the embedded index."""
    cpu: float
    """By page, the whole way, the loading of models included."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=300)
    parser.add_argument("--sources", type=int, default=360)
    parser.add_argument("--daily", type=int, default=14_000, help="articles a day of all sources")
    parser.add_argument("--kept", type=float, default=0.27, help="share that the gate lets pass")
    options = parser.parse_args()
    cost = measure(options.pages)
    print(f"a page takes {cost.page:.0f} bytes of the state, an article {cost.article:.0f} more,")
    print(
        f"{cost.bands:.0f} besides for {copies.KEPT.days} days, and {cost.indexed:.0f} of the",
        end=" ",
    )
    print(f"index; {1000 * cost.cpu:.0f} ms of processor a page")
    pages = options.daily * 365
    articles = pages * options.kept
    off_topic = options.daily * (1 - options.kept) * Retention().off_topic.days
    compared = options.daily * options.kept * copies.KEPT.days
    rows = {
        "state": pages * cost.page + articles * cost.article + compared * cost.bands,
        "index (embedded)": articles * cost.indexed,
        "archive": (articles + off_topic) * PACKED,
    }
    print(f"{options.sources} sources with {options.daily} articles a day, after a year:")
    for name, size in [*rows.items(), ("together", sum(rows.values()))]:
        print(f"  {name:18} {size / _GB:6.1f} GB")
    busy = options.daily * cost.cpu + options.sources * POLLS * POLL_S
    print(f"  processor: {busy / 60:.0f} minutes of one core a day")


def measure(pages: int) -> Cost:
    with tempfile.TemporaryDirectory(prefix="pantau-bench-") as folder:
        served, home = Home(Path(folder) / "served"), Home(Path(folder) / "home")
        served.make()
        server = multiprocessing.Process(target=serve, args=(pages, served), daemon=True)
        server.start()
        while not (served.root / "ready").exists():
            time.sleep(0.1)
        shutil.copytree(served.root / "config", home.root / "config")
        with (home.root / "config" / "settings.toml").open("a") as settings:
            settings.write(SETTINGS.format(gate="true"))
        before = children_cpu()
        subprocess.run(
            [sys.executable, "-m", "pantau", "--home", str(home.root), "crawl"],
            check=True,
            stdout=subprocess.DEVNULL,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
        )
        cpu = children_cpu() - before
        server.terminate()
        empty = home.root / "empty.sqlite"
        open_state(f"sqlite:///{empty}").close()
        state = home.root / "state.sqlite"
        of_pages = _bytes(state, "pages") - _bytes(empty, "pages")
        bands = _bytes(state, "copy_bands") - _bytes(empty, "copy_bands")
        beside = _bytes(state) - _bytes(empty) - of_pages - bands
        with closing(sqlite3.connect(state)) as database:
            (articles,) = database.execute("SELECT count(*) FROM articles").fetchone()
        return Cost(
            page=of_pages / pages,
            article=beside / articles,
            bands=bands / articles,
            indexed=home.index.stat().st_size / articles,
            cpu=cpu / pages,
        )


def _bytes(path: Path, table: str = "%") -> int:
    """What a table with its indices takes of a SQLite file, or all of them."""
    asked = (
        "SELECT coalesce(sum(pgsize), 0) FROM dbstat WHERE name IN "
        "(SELECT name FROM sqlite_master WHERE tbl_name LIKE ?)"
    )
    with closing(sqlite3.connect(path)) as database:
        found: tuple[int] = database.execute(asked, (table,)).fetchone()
        return found[0]


if __name__ == "__main__":
    main()
