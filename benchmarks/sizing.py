"""How much disk and processor a year of watching takes.

    python -m benchmarks.sizing [--pages 1500] [--sources 360] [--daily 14000]

Lets the real pipeline work through a loopback site of which one page in twenty is topical, twice,
once with three times as many pages, and takes the difference: so what a home costs before it
holds anything does not count. Printed are bytes by page and the year that follows from them.
A page of ours is smaller than one of a paper, so the archive is reckoned by ``PACKED``.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.pipeline import SETTINGS, TOPICAL_EVERY, children_cpu, serve
from pantau.config.models import Retention
from pantau.home import Home

PACKED = 25_000
"""Bytes of a page of a paper as the archive keeps it: some 120 kB of HTML, compressed."""
POLL_S = 0.02
"""Processor time of a poll that finds nothing new, at most (``benchmarks/crawl``)."""
POLLS = 50
"""Of an idle source in a day, at most."""
_GB = 1e9


@dataclass(frozen=True, slots=True)
class Size:
    state: int
    index: int
    cpu: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=1500)
    parser.add_argument("--sources", type=int, default=360)
    parser.add_argument("--daily", type=int, default=14_000, help="articles a day of all sources")
    options = parser.parse_args()
    few, many = (measure(pages) for pages in (options.pages // 3, options.pages))
    pages = options.pages - options.pages // 3
    state = (many.state - few.state) / pages
    index = (many.index - few.index) / pages
    cpu = (many.cpu - few.cpu) / pages
    print(f"by page read, one in {TOPICAL_EVERY} of them topical:")
    print(f"  state {state:.0f} bytes, index {index:.0f} bytes, {1000 * cpu:.0f} ms of processor")
    yearly = options.daily * 365
    kept = yearly / TOPICAL_EVERY + options.daily * Retention().off_topic.days
    rows = {
        "state": yearly * state,
        "index (embedded)": yearly * index,
        "archive": kept * PACKED,
    }
    print(f"{options.sources} sources with {options.daily} articles a day, after a year:")
    for name, size in rows.items():
        print(f"  {name:18} {size / _GB:6.1f} GB")
    print(f"  {'together':18} {sum(rows.values()) / _GB:6.1f} GB")
    busy = options.daily * cpu + options.sources * POLLS * POLL_S
    print(f"  processor: {busy / 60:.0f} minutes of one core a day")


def measure(pages: int) -> Size:
    """What a home takes after so many pages."""
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
        used = children_cpu() - before
        server.terminate()
        return Size(_bytes(home.root / "state.sqlite"), _bytes(home.index), used)


def _bytes(path: Path) -> int:
    """A database's file with its log."""
    beside = path.with_name(f"{path.name}-wal")
    return path.stat().st_size + (beside.stat().st_size if beside.exists() else 0)


if __name__ == "__main__":
    main()
