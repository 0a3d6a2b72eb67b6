"""Killed at any moment, the next run completes the work: nothing lost, nothing twice."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import select

from pantau.config.models import Search
from pantau.demo import write_config
from pantau.demo.sites import DemoSite, build
from pantau.demo.verify import read_mails
from pantau.home import Home
from pantau.state import open_state
from pantau.state.tables import ArticleRow, MentionRow, OutboxRow, PageRow
from search import open_index

KILLS = 20
SEED = 20241014
LONGEST_S = 12.0
"""Later than this a run of the chosen sites has usually ended by itself."""


@pytest.fixture
def sites() -> Iterator[list[DemoSite]]:
    with ExitStack() as stack:
        chosen = [site for site in build() if not site.plan.get("delay")][:4]
        for site in chosen:
            stack.enter_context(site.server)
        yield chosen


def prepare(home: Home, sites: list[DemoSite]) -> None:
    home.make()
    write_config(home, sites)
    with (home.root / "config" / "settings.toml").open("a") as settings:
        # The demo's texts are of 2024; here the clock is the real one.
        settings.write('\n[reading]\nmax_age = "36500d"\n[alerts]\nalert_horizon = "36500d"\n')


def start(home: Home) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "pantau", "--home", str(home.root), "crawl"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def facts(home: Home) -> dict[str, object]:
    """Everything that must come out the same, however often the work was cut off."""
    state = open_state(home.database_url(home.load_config()))
    with state.read() as session:
        told: dict[str, object] = {
            "pages": Counter(session.execute(select(PageRow.url, PageRow.disposition)).all()),
            "articles": Counter(session.execute(select(ArticleRow.id, ArticleRow.revision)).all()),
            "mentions": Counter(
                session.execute(select(MentionRow.article_id, MentionRow.ordinal)).all()
            ),
            "clustered": set(session.scalars(select(MentionRow.clustered))),
            "outbox": Counter(session.execute(select(OutboxRow.recipient, OutboxRow.status)).all()),
        }
    state.close()
    index = open_index(Search(), home.index)
    told["indexed"] = index.count()
    index.close()
    told["mails"] = Counter(mail.recipient for mail in read_mails(home.mail))
    return told


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_killed_at_random_moments(tmp_path: Path, sites: list[DemoSite]) -> None:
    whole, cut = Home(tmp_path / "whole"), Home(tmp_path / "cut")
    prepare(whole, sites)
    prepare(cut, sites)
    assert start(whole).wait(timeout=300) == 0

    moments = random.Random(SEED)
    killed = 0
    while killed < KILLS:
        run = start(cut)
        try:
            run.wait(timeout=moments.uniform(0.5, LONGEST_S))
            # It ended before the blow: begin anew, so that every kill hits real work.
            cut = Home(tmp_path / f"cut-{killed}")
            prepare(cut, sites)
        except subprocess.TimeoutExpired:
            os.killpg(run.pid, signal.SIGKILL)
            run.wait()
            killed += 1
    assert start(cut).wait(timeout=300) == 0

    expected, got = facts(whole), facts(cut)
    assert got == expected
    assert expected["clustered"] == {True}
    assert None not in {disposition for _, disposition in expected["pages"]}  # type: ignore[attr-defined]
    assert sum(expected["mails"].values()) == sum(expected["outbox"].values()) > 0  # type: ignore[attr-defined]
