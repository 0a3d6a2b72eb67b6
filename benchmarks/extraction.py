"""How fast pages are read, and whether a worker's memory stays flat.

    python -m benchmarks.extraction [FOLDER …] [--pages N] [--memory N]

FOLDER holds pages with ``gold.jsonl`` (default: the project's own set). Prints pages per
CPU-second of the gate's reading and of the full one, how often each witness was asked, and
with ``--memory N`` the resident memory while N different pages are read.
"""

from __future__ import annotations

import argparse
import gc
import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psutil

from extract.page import extract_page, fast_text
from extract.page.article import counters
from extract.page.evaluate import gold_of, page_of
from pantau.records import Page

OWN = Path(__file__).parents[1] / "tests" / "pages"


def load(folders: list[Path]) -> list[Page]:
    """Every page of the folders, in memory, so that no disk is measured."""
    return [page_of(folder, row) for folder in folders for row in gold_of(folder)]


def rate(function: Callable[[Page], object], pages: list[Page], count: int) -> float:
    """Pages per CPU-second over ``count`` pages, the first round of all pages not counted."""
    for page in pages:
        function(page)
    began = time.process_time()
    for page in itertools.islice(itertools.cycle(pages), count):
        function(page)
    return count / (time.process_time() - began)


def distinct(pages: list[Page], count: int) -> Iterator[Page]:
    """``count`` pages that no cache has seen: hosts, names of classes and numbers are new in
    each, as on the pages of a long run."""
    for number, page in enumerate(itertools.islice(itertools.cycle(pages), count)):
        mark = f"n{number}".encode()
        body = page.body.replace(b'class="', b'class="' + mark + b" " + mark + b"-x ")
        body = body.replace(b"</p>", b" " + mark + b"</p>")
        host = f"situs{number}.example"
        url = f"https://{host}/berita/{number}/judul-berita-nomor-{number}"
        yield replace(page, url=url, final_url=url, body=body, sha256=str(number))


def memory(pages: list[Page], count: int) -> None:
    """Resident memory in MB at ten points of a long run."""
    process = psutil.Process()
    step = max(1, count // 10)
    for done, page in enumerate(distinct(pages, count + 1)):
        if done % step == 0:
            gc.collect()
            print(f"memory {done:>7} pages {process.memory_info().rss / 1e6:8.1f} MB", flush=True)
        extract_page(page, source_region=None)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--pages", type=int, default=600)
    parser.add_argument("--memory", type=int, default=0)
    options = parser.parse_args()
    halves = [OWN / half for half in ("tune", "report", "nonarticles")]
    pages = load(options.folders or halves)
    size = sum(len(page.body) for page in pages) / len(pages)
    print(f"{len(pages)} pages, {size / 1000:.0f} kB on average")
    print(f"gate   {rate(fast_text, pages, options.pages * 5):8.0f} pages per CPU-second")
    counters.clear()
    full = rate(lambda page: extract_page(page, source_region=None), pages, options.pages)
    print(f"full   {full:8.1f} pages per CPU-second")
    asked = ", ".join(f"{name} {count}" for name, count in counters.items() if name != "pages")
    print(f"asked  {asked} on {counters['pages']} pages read from the page itself")
    if options.memory:
        memory(pages, options.memory)


if __name__ == "__main__":
    main()
