"""The main job on bundled input: small sites on loopback, crawled, judged, indexed and mailed.

``run_demo`` plays it; ``verify`` holds the outcome against the corpus' labels.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from jinja2 import Environment, PackageLoader

from crawler.run import run_in_reactor
from pantau.clock import Clock
from pantau.demo.sites import DemoSite, build, plan
from pantau.demo.verify import Mailed, differences, read_mails
from pantau.errors import StateError
from pantau.home import Home
from pantau.pipeline import open_pipeline
from pantau.state import summary

MARK = ".pantau-demo"
"""Stands in a folder the demo made, so that it never clears another."""


@dataclass(frozen=True, slots=True)
class Played:
    """What the demo came to."""

    told: summary.Summary
    mails: list[Mailed]
    repeated: int
    """Mails that a second run on the same pages sent: none, if all is well."""
    differences: list[str]
    seconds: float


def run_demo(home: Home) -> Played:
    """Crawl, judge, index and mail the demo's sites twice; the second time brings nothing new."""
    _clear(home)
    sites = build()
    clock = _clock(plan()["now"])
    started = time.monotonic()
    with ExitStack() as stack:
        for site in sites:
            stack.enter_context(site.server)
        write_config(home, sites)
        config = home.load_config()
        sources = list(config.sources.values())
        pipeline = stack.enter_context(open_pipeline(home, config, clock))

        async def both_times() -> int:
            await pipeline.run_once(sources)
            first = len(read_mails(home.mail))
            await pipeline.run_once(sources)
            return len(read_mails(home.mail)) - first

        repeated = run_in_reactor(both_times)
        with pipeline.state.read() as session:
            told = summary.summarise(session)
    mails = read_mails(home.mail)
    return Played(
        told=told,
        mails=mails,
        repeated=repeated,
        differences=differences(sites, config.subscriptions.values(), mails),
        seconds=time.monotonic() - started,
    )


def _clear(home: Home) -> None:
    if home.root.exists():
        if any(home.root.iterdir()) and not (home.root / MARK).exists():
            raise StateError(
                f"{home.root}: this folder was not made by the demo, so it is not cleared. "
                "Give another with --home."
            )
        shutil.rmtree(home.root)
    home.make()
    (home.root / MARK).touch()


def _clock(start: datetime) -> Clock:
    """The demo plays on a day of 2024, when its articles were news."""
    began = time.monotonic()
    return lambda: start + timedelta(seconds=time.monotonic() - began)


def write_config(home: Home, sites: Sequence[DemoSite]) -> None:
    """Write a configuration whose sources are these sites, wherever they are served now."""
    templates = Environment(
        loader=PackageLoader("pantau.demo"),
        autoescape=False,  # noqa: S701 - TOML, not HTML
        trim_blocks=True,
        lstrip_blocks=True,
    )
    values = {
        "sources": [site.source() for site in sites],
        "addresses": [site.server.address for site in sites],
        "subscriptions": plan()["subscription"],
    }
    folder = home.root / "config"
    (folder / "sources").mkdir(parents=True, exist_ok=True)
    for target in ("settings.toml", "subscriptions.toml", "sources/demo.toml"):
        text = templates.get_template(Path(target).name.replace("demo", "sources")).render(values)
        (folder / target).write_text(text, encoding="utf-8")
