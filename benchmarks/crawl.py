"""Pages per CPU-second of the crawl, beside a bare Scrapy spider in the same run.

    python -m benchmarks.crawl [--pages 2000] [--rounds 3] [--idle 400]

Both fetch the same small pages from one local server, in a fresh process each, by turns.
Ours also checks robots.txt, guards addresses, waits for the host's budget, deduplicates,
writes each page's row and keeps its bytes in the archive; language work is off. Only CPU
time between start and end of the crawl counts, not imports.

``--idle`` then polls a feed that has nothing new so many times, once with a server that answers
304 and once with one that sends the same feed again, and prints CPU milliseconds for each poll.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import shutil
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
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
from tests.servers.local import Habit

PER_INDEX = 500
CONCURRENCY = 8
WORDS = "Bupati meresmikan pasar baru di pusat kota dan berpesan agar kebersihan dijaga. "


def serve(pages: int, pipe: Connection) -> None:
    """The site, in a process of its own so that its CPU time is not counted."""
    with LocalServer() as site:
        site.on("/robots.txt", Answer(b"User-agent: *\nDisallow: /admin/\n", "text/plain"))
        site.on("/feed", feed(stale=False))
        site.on("/feed-tanpa-etag", feed(stale=True))
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


def feed(stale: bool) -> Habit:
    """A feed of fifty entries; unless ``stale`` it answers 304 to whoever has it."""
    items = "".join(
        f"<item><title>Judul {n}</title><link>http://127.0.0.1/berita/judul-berita-nomor-{n}</link>"
        f"<description>{WORDS}</description></item>"
        for n in range(50)
    )
    whole = Answer(
        f"<rss version='2.0'><channel>{items}</channel></rss>".encode(),
        "application/rss+xml",
        headers={} if stale else {"ETag": '"satu"'},
    )

    def habit(handler: BaseHTTPRequestHandler) -> None:
        known = handler.headers.get("If-None-Match") == '"satu"' and not stale
        (Answer(status=304) if known else whole)(handler)

    return habit


def idle(address: str, folder: Path, path: str, polls: int) -> float:
    """CPU milliseconds for one poll of a source that has nothing new, its first poll left out."""
    context = CrawlContext(
        state=open_state(f"sqlite:///{folder}/state.sqlite"),
        archive=Archive(folder / "archive"),
        settings=Crawl(allow_private=(address,), max_pages_per_run=1),
    )
    way = WayIn(kind="feed", url=f"http://{address}{path}")
    source = Source(id="sepi", name="S", every=timedelta(hours=1), ways=(way,), skip="/berita/")
    polite = source.model_copy(update={"politeness": Politeness(delay=timedelta(0))})

    async def main() -> float:
        await crawl([polite], context=context)
        before = time.process_time()
        for _ in range(polls):
            [outcome] = await crawl([polite], context=context)
            if outcome.outcome not in ("unchanged", "ok"):
                raise SystemExit(f"an idle poll ended as {outcome.outcome}: {outcome.reason}")
        return (time.process_time() - before) / polls * 1000

    return run_in_reactor(main)


def measured_idle(address: str, path: str, polls: int, pipe: Connection) -> None:
    folder = Path(tempfile.mkdtemp())
    pipe.send(idle(address, folder, path, polls))
    shutil.rmtree(folder)


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
    parser.add_argument("--idle", type=int, default=400)
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
    for path in ("/feed", "/feed-tanpa-etag") if arguments.idle else ():
        ours_end, its_end = multiprocessing.Pipe()
        process = multiprocessing.get_context("spawn").Process(
            target=measured_idle, args=(address, path, arguments.idle, its_end)
        )
        process.start()
        print(f"idle poll of {path}: {ours_end.recv():.1f} ms CPU (goal: at most 20)")
        process.join()
    here.send(None)
    server.join()
    ratio = statistics.median(rates["ours"]) / statistics.median(rates["bare"])
    print(f"ours / bare, pages per CPU-second (median of {arguments.rounds}): {ratio:.2f}")


if __name__ == "__main__":
    main()
