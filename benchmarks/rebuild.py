"""Whether searches go on while the index is made anew, and how fast rows come into it.

    python -m benchmarks.rebuild [--articles 100000] [--elastic http://127.0.0.1:9200]

Fills a home with articles that wait for the index, hands them over as ``pantau run`` does, each
noted once it is in, and sets that beside a bare ``helpers.bulk`` of the same bodies, made
beforehand. Then ``pantau index rebuild`` makes the index anew, while another process asks
without a pause.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

from elasticsearch import Elasticsearch
from elasticsearch.helpers import bulk

from benchmarks.homes import fill
from benchmarks.search import NAME, SEED, articles, questions, spread
from pantau.clock import system_clock
from pantau.documents import region_name
from pantau.home import Home
from pantau.indexing import Indexing
from pantau.state import open_state
from pantau.state.articles import backlog
from search import open_index
from search.content import to_json
from search.elastic_mapping import MAPPINGS, SETTINGS, to_body


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--elastic", help="a node; without it the embedded index is measured")
    parser.add_argument("--home", type=Path, help="kept, and taken as it is if it is filled")
    options = parser.parse_args()
    number: int = options.articles
    with tempfile.TemporaryDirectory(prefix="pantau-rebuild-") as temporary:
        home = Home(options.home or Path(temporary))
        if not (home.root / "config").exists():
            settings = home.init() / "settings.toml"
            if options.elastic:
                hosts = f'[search]\nhosts = ["{options.elastic}"]\nindex = "{NAME}-rebuilt"\n'
                told = settings.read_text().replace("[search]\n", f'{hosts}timeout = "5m"\n')
                settings.write_text(told)
        fill(home, number, indexed=False)
        if (ours := hand_over(home, number)) is not None:
            print(f"from rows into the index: {number / ours:.0f}/s", flush=True)
            if options.elastic:
                bare = bare_bulk(options.elastic, number)
                print(f"bare bulk of the same: {number / bare:.0f}/s, ratio {bare / ours:.2f}")
        rebuild(home, number)


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def hand_over(home: Home, number: int) -> float | None:
    """Seconds until the index has all of them; None where not all wait for it."""
    config = home.load_config()
    with (
        closing(open_state(home.database_url(config))) as state,
        closing(open_index(config.settings.search, home.index)) as index,
    ):
        with state.read() as session:
            if backlog(session) != number:
                return None
        index.rebuild([])
        took = timed(Indexing(state, index, config, system_clock, region_name).fill)
        assert index.count() == number
        return took


def bare_bulk(url: str, number: int) -> float:
    """Seconds for the bodies alone."""
    name = f"{NAME}-bare"
    bodies = [
        {"_index": name, "_id": one.id, "_source": to_json(to_body(one))}
        for one in articles(number)
    ]
    with Elasticsearch(url, request_timeout=120) as client:
        client.options(ignore_status=404).indices.delete(index=name)
        client.indices.create(index=name, mappings=MAPPINGS, settings=SETTINGS)
        took = timed(lambda: bulk(client, bodies))
        client.indices.delete(index=name)
    return took


def rebuild(home: Home, number: int) -> None:
    """Run the command while somebody asks."""
    done = multiprocessing.Event()
    told: multiprocessing.Queue[tuple[list[float], list[str]]] = multiprocessing.Queue()
    asking = multiprocessing.Process(target=keep_asking, args=(home, number, done, told))
    asking.start()
    command = [sys.executable, "-m", "pantau", "--home", str(home.root), "index", "rebuild"]
    took = timed(lambda: subprocess.run(command, check=True))
    done.set()
    answers, failed = told.get()
    asking.join()
    print(
        f"made anew in {took:.0f} s, {number / took:.0f}/s; meanwhile {len(answers)} searches "
        f"answered ({spread(answers)}), {len(failed)} failed {failed[:3] or ''}"
    )


def keep_asking(home: Home, number: int, done: Event, told: Any) -> None:
    """A search that finds nothing has failed: every question is about an article."""
    config = home.load_config()
    draw, asked = random.Random(SEED), questions(number, 200)
    answers: list[float] = []
    failed: list[str] = []
    with closing(open_index(config.settings.search, home.index)) as index:
        while not done.is_set():
            begun = time.perf_counter()
            try:
                found = index.search(draw.choice(asked), facets=["wilayah", "hari"]).total
            except Exception as error:  # whatever it is, it is counted and told
                failed.append(repr(error))
            else:
                answers.append(time.perf_counter() - begun)
                if not found:
                    failed.append("nothing found")
    told.put((answers, failed))


if __name__ == "__main__":
    main()
