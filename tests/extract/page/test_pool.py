"""A page that hangs, eats memory or kills its worker costs itself alone."""

from __future__ import annotations

import os
import signal
import time
from functools import partial

import pytest

from extract.page import extract_page
from extract.page.pool import Failure, WorkerPool, WorkersLost
from tests.extract.page import jobs


def kinds(results: list[object]) -> list[object]:
    return [r.kind if isinstance(r, Failure) else r for r in results]


def test_neighbours_of_a_bad_item_are_not_lost():
    items = ["a", "spin", "b", "die", "c", "eat", "d", "raise", "e"]
    with WorkerPool(1, timeout=2.0, memory_mb=200) as pool:
        results = list(pool.map(jobs.act, items))
    assert kinds(results) == ["A", "timeout", "B", "crashed", "C", "memory", "D", "error", "E"]
    reasons = [r.reason for r in results if isinstance(r, Failure)]
    assert reasons[0] == "failed: timeout"
    assert reasons[2] == "failed: memory"
    assert reasons[3] == "failed: error: ValueError: halaman aneh"


def test_items_are_drawn_as_a_stream_and_answered_in_order():
    drawn = 0

    def items():
        nonlocal drawn
        for n in range(300):
            drawn += 1
            yield f"i{n}"

    with WorkerPool(2) as pool:
        results = pool.map(jobs.act, items())
        assert next(results) == "I0"
        assert drawn < 20
        assert [*results] == [f"I{n}" for n in range(1, 300)]


def test_warm_runs_before_the_first_item():
    with WorkerPool(1, warm=jobs.warm) as pool:
        assert [*pool.map(jobs.act, ["warmed"])] == ["True"]


def test_leaving_early_does_not_wait_for_what_runs():
    began = time.monotonic()

    def take_one() -> None:
        with WorkerPool(1) as pool:
            for _ in pool.map(jobs.act, ["a", "sleep", "sleep"]):
                raise RuntimeError("cukup")

    with pytest.raises(RuntimeError, match="cukup"):
        take_one()
    assert time.monotonic() - began < 8


def test_pages_are_read_in_workers_like_at_home(make_page):
    paragraph = (
        "Warga Dusun Kembang Layu membersihkan saluran air di depan balai pertemuan sejak pagi, "
        "dan pekerjaan selesai sebelum tengah hari."
    )
    title = "Warga Kerja Bakti"
    body = f"<html><title>{title}</title><body><h1>{title}</h1><p>{paragraph}</p></body></html>"
    pages = [make_page(body), make_page(b""), make_page(body.replace("pagi", "subuh"))]
    read = partial(extract_page, source_region="33")
    with WorkerPool(1) as pool:
        assert [*pool.map(read, pages)] == [read(page) for page in pages]


def test_workers_that_died_while_idle_are_replaced():
    """As the system's out-of-memory killer does it, between two pages."""
    with WorkerPool(2) as pool:
        for worker in {int(pid) for pid in pool.map(jobs.pid, range(8))}:
            os.kill(worker, signal.SIGKILL)
        time.sleep(0.5)
        assert [*pool.map(jobs.act, ["a", "b", "c"])] == ["A", "B", "C"]


def test_workers_that_cannot_start_are_an_error_and_no_page_is_blamed():
    with (
        pytest.raises(WorkersLost, match="die as soon as they start"),
        WorkerPool(1, warm=jobs.die_at_once) as pool,
    ):
        list(pool.map(jobs.act, ["a", "b"]))
