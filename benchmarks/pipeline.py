"""Pages per CPU-second of the whole way: crawl, read, index, open cases, mail.

    python -m benchmarks.pipeline [--pages 2000] [--news-please FOLDER]

Serves a loopback site of which one page in twenty is topical, its pages as heavy as a paper's,
from a process of its own, and lets the real pipeline work through it in a fresh home, once with
the topical gate and once without. CPU time is that of the pipeline's processes, user and system,
as the operating system counts it; the server's is left out. Quote the ratio: machines differ.

With ``--news-please`` the same site is then read by news-please, which crawls and extracts, and
judges and tells nothing; its environment is made under FOLDER from the package registry.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import corpus
from benchmarks import news_please
from benchmarks.weight import weighed
from pantau.demo import write_config
from pantau.demo.sites import make_site
from pantau.home import Home

TOPICAL_EVERY = 20
ORDINARY = "day"
"""How ids of texts begin that have nothing near the subject: what a paper is mostly made of."""
SETTINGS = """
[reading]
gate = {gate}
max_age = "36500d"
[alerts]
alert_horizon = "36500d"
"""
SITE = {
    "id": "bench",
    "name": "Kabar Uji",
    "region": "33",
    "make": "wordpress",
    "way": "listing",
    "entry": "/indeks",
    "path": "/berita/{number}/{slug}",
    "per_list": 100,
    "rules": {"links": "/berita/", "pages": r"[?]hal=\d+$", "max_pages": 100},
    "robots": "User-agent: *\nDisallow:\n",
}
"""A site like the demo's, only larger."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--news-please", type=Path, metavar="FOLDER", help="run it too; see above")
    options = parser.parse_args()
    pages = options.pages
    with tempfile.TemporaryDirectory(prefix="pantau-bench-") as folder:
        served = Home(Path(folder))
        server = multiprocessing.Process(target=serve, args=(pages, served), daemon=True)
        server.start()
        while not (served.root / "ready").exists():
            time.sleep(0.1)
        rates = measure(pages, served.root / "config")
        if options.news_please:
            compare(pages, rates, (served.root / "ready").read_text(), options.news_please)
        server.terminate()


def compare(pages: int, rates: Mapping[bool, float], entry: str, folder: Path) -> None:
    """Print what news-please takes for the same site, and by how much ours is faster."""
    ran = news_please.run(entry, folder)
    rate = ran.articles / ran.cpu
    print(
        f"news-please {news_please.VERSION}  {ran.articles} of {pages} pages  "
        f"{ran.cpu:6.1f} CPU-s  {rate:6.1f} pages per CPU-second"
    )
    print(
        f"Pantau is {rates[True] / rate:.1f} times as fast with the gate, "
        f"{rates[False] / rate:.1f} times without it"
    )


def measure(pages: int, served: Path) -> dict[bool, float]:
    rates = {}
    for gate in (True, False):
        cpu, wall = run(served, gate=gate)
        rates[gate] = pages / cpu
        print(
            f"gate {'on ' if gate else 'off'}  {pages} pages  {cpu:6.1f} CPU-s  {wall:6.1f} s  "
            f"{rates[gate]:6.1f} pages per CPU-second"
        )
    print(f"the gate makes it {rates[True] / rates[False]:.1f} times as fast", flush=True)
    return rates


def run(served: Path, *, gate: bool) -> tuple[float, float]:
    """CPU and wall seconds of one ``pantau crawl`` in a fresh home, its workers included."""
    with tempfile.TemporaryDirectory(prefix="pantau-bench-") as folder:
        config = Path(folder) / "config"
        shutil.copytree(served, config)
        with (config / "settings.toml").open("a") as settings:
            settings.write(SETTINGS.format(gate=str(gate).lower()))
        before, started = children_cpu(), time.monotonic()
        subprocess.run(
            [sys.executable, "-m", "pantau", "--home", folder, "crawl"],
            check=True,
            stdout=subprocess.DEVNULL,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
        )
        return children_cpu() - before, time.monotonic() - started


def children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def serve(pages: int, home: Home) -> None:
    """Write a configuration for the site, and serve it until killed."""
    site = make_site(SITE, list(texts(pages)))
    for path, answer in site.server.answers.items():
        if answer.content_type.startswith("text/html"):
            heavy = weighed(answer.body.decode()).encode()
            site.server.answers[path] = replace(answer, body=heavy)
    write_config(home, [site])
    with site.server:
        told = home.root / "ready.part"
        told.write_text(site.server.root + str(SITE["entry"]))
        told.rename(home.root / "ready")
        time.sleep(3600)


def texts(pages: int) -> Iterator[dict[str, Any]]:
    """One topical text in twenty, the others mixed from ordinary ones; each is different."""
    chance = random.Random(7)
    news = [row for row in corpus.texts() if row["kind"] == "news" and row["text"]]
    topical = [row for row in news if not row["id"].startswith(ORDINARY)]
    ordinary = [row for row in news if row["id"].startswith(ORDINARY)]
    paragraphs = [part for row in ordinary for part in row["text"].split("\n\n")]
    for number in range(pages):
        if number % TOPICAL_EVERY == 0:
            row = chance.choice(topical)
            yield row | {"id": f"bench{number}", "title": f"{row['title']} ({number})"}
        else:
            row = chance.choice(ordinary)
            text = "\n\n".join(chance.sample(paragraphs, 7))
            title = f"{row['title']} ({number})"
            yield row | {"id": f"bench{number}", "title": title, "text": text}


if __name__ == "__main__":
    main()
