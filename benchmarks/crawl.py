"""Pages per CPU-second of the crawl, beside a bare Scrapy spider in the same run.

    python -m benchmarks.crawl [--pages 2000] [--rounds 3]

Both fetch the same small pages from one local server, in a fresh process each, by turns.
Ours also checks robots.txt, guards addresses, waits for the host's budget, deduplicates,
writes each page's row and keeps its bytes in the archive; language work is off. Only CPU
time between start and end of the crawl counts, not imports.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import shutil
import statistics
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import scrapy
from scrapy.crawler import AsyncCrawlerRunner

from crawler import guard
from crawler.archive import Archive
from crawler.run import CrawlContext, crawl, run_in_reactor
from pantau.config.models import Crawl, Politeness, Source, WayIn
from pantau.state import open_state
from tests.servers import Answer, LocalServer

PER_INDEX = 500
CONCURRENCY = 8
WORDS = "Bupati meresmikan pasar baru di pusat kota dan berpesan agar kebersihan dijaga. "


def serve(pages: int, pipe: Connection) -> None:
    """The site, in a process of its own so that its CPU time is not counted."""
    with LocalServer() as site:
        site.on("/robots.txt", Answer(b"User-agent: *\nDisallow: /admin/\n", "text/plain"))
        for number in range(pages):
            text = f"<h1>Judul berita nomor {number}</h1>" + f"<p>{WORDS * 10}</p>" * 10
            site.on(f"/berita/judul-berita-nomor-{number}", text)
        for index, first in enumerate(range(0, pages, PER_INDEX)):
            links = [
                f'<a href="/berita/judul-berita-nomor-{number}">Judul berita nomor {number}</a>'
                for number in range(first, min(first + PER_INDEX, pages))
            ]
            links.append(f'<a rel="next" href="/indeks/{index + 1}">berikutnya</a>')
            site.on(f"/indeks/{index}", "\n".join(links))
        pipe.send(site.address)
        pipe.recv()


class Bare(scrapy.Spider):
    """Follows every link and keeps nothing."""

    name = "bare"
    pages = 0

    async def start(self) -> AsyncIterator[Any]:
        yield scrapy.Request(f"http://{self.address}/indeks/0")

    def parse(self, response: Any) -> Iterator[Any]:
        for link in response.css("a"):
            callback = self.parse if "rel" in link.attrib else self.page
            yield response.follow(link, callback)

    def page(self, response: Any) -> None:
        Bare.pages += 1


def bare(address: str, _: Path) -> int:
    settings = {
        "LOG_LEVEL": "ERROR",
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "CONCURRENT_REQUESTS_PER_DOMAIN": CONCURRENCY,
        "DOWNLOAD_DELAY": 0,
    }

    async def main() -> None:
        guard.install()
        with guard.visiting(frozenset({address})):
            await AsyncCrawlerRunner(settings).crawl(Bare, address=address)

    run_in_reactor(main)
    return Bare.pages


def ours(address: str, folder: Path) -> int:
    context = CrawlContext(
        state=open_state(f"sqlite:///{folder}/state.sqlite"),
        archive=Archive(folder / "archive"),
        settings=Crawl(allow_private=(address,), max_pages_per_run=1_000_000),
    )
    way = WayIn(kind="listing", url=f"http://{address}/indeks/0", max_pages=100)
    politeness = Politeness(delay=timedelta(0), concurrency=CONCURRENCY)
    source = Source(
        id="bangku", name="B", every=timedelta(hours=1), ways=(way,), politeness=politeness
    )
    [outcome] = run_in_reactor(lambda: crawl([source], context=context))
    return outcome.fetched


def measured(run: Callable[[str, Path], int], address: str, pipe: Connection) -> None:
    folder = Path(tempfile.mkdtemp())
    before = resource.getrusage(resource.RUSAGE_SELF)
    pages = run(address, folder)
    after = resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    pipe.send((pages, cpu))
    shutil.rmtree(folder)


def in_own_process(run: Callable[[str, Path], int], address: str) -> tuple[int, float]:
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(
        target=measured, args=(run, address, there)
    )
    process.start()
    result: tuple[int, float] = here.recv()
    process.join()
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    here, there = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(
        target=serve, args=(arguments.pages, there)
    )
    server.start()
    address = here.recv()
    rates: dict[str, list[float]] = {"bare": [], "ours": []}
    for _ in range(arguments.rounds):
        for run in (bare, ours):
            pages, cpu = in_own_process(run, address)
            if pages != arguments.pages:
                raise SystemExit(f"{run.__name__} fetched {pages} of {arguments.pages} pages")
            rates[run.__name__].append(pages / cpu)
            print(f"{run.__name__}: {pages} pages, {cpu:.2f} CPU-seconds, {pages / cpu:.0f}/s")
    here.send(None)
    server.join()
    ratio = statistics.median(rates["ours"]) / statistics.median(rates["bare"])
    print(f"ours / bare, pages per CPU-second (median of {arguments.rounds}): {ratio:.2f}")


if __name__ == "__main__":
    main()
