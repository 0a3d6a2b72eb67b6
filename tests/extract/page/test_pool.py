"""A page that hangs, eats memory or kills its worker costs itself alone."""

from __future__ import annotations

import time

import pytest

from extract.page.pool import Failure, WorkerPool
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
