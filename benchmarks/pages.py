"""How fast pages answer when ten people ask at once, at the given number of articles.

    python -m benchmarks.pages [--articles 20000] [--elastic http://127.0.0.1:9200] [--workers 1]

The articles are those of ``benchmarks.search`` (on Elasticsearch in its index, if that holds as
many); one in ten tells an act, and four of these make a case. Ten people ask at once, each the
next page of a mixed list about a second after the last one came; ``--pause 0`` asks without a
pause and shows what the machine can do at most. Printed are the times of each page and how much
of the server's processor one answer took, which a busy machine does not change.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import socket
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import psutil
import uvicorn

from benchmarks.homes import PER_CASE, fill
from benchmarks.search import NAME, START, articles, questions, spread
from pantau.config import Config, Settings
from pantau.config.models import Search
from pantau.home import Home
from pantau.web.app import create_app
from pantau.web.context import open_context
from search import open_index

PEOPLE = 10
SEED = 20241127


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--elastic", help="a node; without it the embedded index is measured")
    parser.add_argument("--workers", type=int, default=1, help="processes that serve pages")
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--pause", type=float, default=1, help="seconds before the next page")
    parser.add_argument("--home", type=Path, help="kept, and taken as it is if it is filled")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pantau-pages-") as temporary:
        home = Home(options.home or Path(temporary))
        search = Search()
        if options.elastic:
            search = Search(
                hosts=(options.elastic,), index=f"{NAME}-pages", timeout=timedelta(minutes=2)
            )
        settings = Settings(search=search)
        config = Config(folder=home.root, settings=settings, sources={}, subscriptions={})
        likely = fill(home, options.articles, indexed=True)
        with closing(open_index(search, home.index)) as index:
            if index.count() != options.articles:
                index.rebuild(articles(options.articles))
        print(f"{options.articles} articles, {len(likely) // PER_CASE} cases", flush=True)
        measure(home, config, likely, options)


def measure(home: Home, config: Config, likely: Sequence[str], options: argparse.Namespace) -> None:
    """Serve the home, ask for its pages, and print how long the answers took."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen(1024)
        serving = [
            multiprocessing.Process(target=serve, args=(home, config, door), daemon=True)
            for _ in range(options.workers)
        ]
        for process in serving:
            process.start()
        address = f"http://127.0.0.1:{door.getsockname()[1]}"
        asked = addresses(options.articles, likely)
        ask(address, asked[: len(asked) // 4], 1, 10.0, 0)  # what is loaded once is loaded
        used = sum(cpu(process) for process in serving)
        took = ask(address, asked, PEOPLE, options.seconds, options.pause)
        used = sum(cpu(process) for process in serving) - used
        for process in serving:
            process.terminate()
    report(took, used)


def serve(home: Home, config: Config, door: socket.socket) -> None:
    end = START + timedelta(days=360)
    with open_context(home, config, lambda: end) as context:
        server = uvicorn.Server(uvicorn.Config(create_app(context), log_level="error"))
        server.run(sockets=[door])


def addresses(number: int, likely: Sequence[str]) -> list[str]:
    """What people ask, in a mixed order."""
    draw = random.Random(SEED)
    asked = []
    for query in questions(number, 100):
        case_id = draw.randrange(len(likely) // PER_CASE) + 1
        region = draw.choice(["32", "33", "35"])
        asked += [
            f"/cari?q={query.replace(' ', '+')}",
            f"/cari?q={query.split()[0]}&wilayah={region}&urut=relevansi",
            f"/artikel/{draw.choice(likely)}",
            f"/kasus/{case_id}",
            draw.choice(["/kasus", f"/kasus?wilayah={region}&bentuk=5"]),
            draw.choice(["/cari", "/ikhtisar", f"/orang/{case_id}", f"/ikhtisar?wilayah={region}"]),
            f"/instansi?nama=Dinas+{draw.randrange(400)}",
        ]
    return asked


def ask(
    address: str, asked: Sequence[str], people: int, seconds: float, pause: float
) -> dict[str, list[float]]:
    """Seconds of each answer by page; every other answer than a page is an error."""
    took: dict[str, list[float]] = defaultdict(list)
    ends = time.monotonic() + seconds
    wrong: list[str] = []

    def person(first: int) -> None:
        draw = random.Random(first)
        with httpx.Client(base_url=address, timeout=60) as client:
            for path in turning(asked, first):
                if time.monotonic() > ends:
                    return
                begun = time.perf_counter()
                answer = client.get(path)
                took[kind(path)].append(time.perf_counter() - begun)
                if answer.status_code != httpx.codes.OK:
                    wrong.append(f"{answer.status_code} {path}")
                time.sleep(draw.uniform(0.5, 1.5) * pause)

    threads = [
        threading.Thread(target=person, args=(at * len(asked) // people,)) for at in range(people)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise SystemExit(f"{len(wrong)} pages were not answered: {wrong[:5]}")
    return took


def turning(asked: Sequence[str], first: int) -> Iterator[str]:
    while True:
        yield asked[first % len(asked)]
        first += 1


def kind(path: str) -> str:
    bare, _, query = path.partition("?")
    first = "/" + bare.split("/")[1]
    if first == "/cari":
        return first if query else "/cari (everything)"
    return first + ("/…" if bare.count("/") > 1 else "")


def cpu(process: Any) -> float:
    times = psutil.Process(process.pid).cpu_times()
    return times.user + times.system


def report(took: dict[str, list[float]], used: float) -> None:
    every = [one for times in took.values() for one in times]
    for name, times in sorted(took.items()):
        print(f"{name:22} {len(times):>6} asked: {spread(times)}")
    print(f"{'all':22} {len(every):>6} asked: {spread(every)}")
    print(f"{used / len(every) * 1000:.1f} ms of the server's processor for one page")


if __name__ == "__main__":
    main()
