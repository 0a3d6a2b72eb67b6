"""Behaviour tests over a sample; ``python -m tests.extract.mentions.behaviours`` takes all."""

from __future__ import annotations

import pytest

from extract.mentions import Judge
from tests.extract.mentions.behaviours import KEPT, TURNED, cases, frame_cases, held, positives

EVERY = 16
WANTED = 0.98
"""What a sample must reach; ``python -m tests.extract.mentions.behaviours`` gives all."""


def test_at_least_forty_transformations() -> None:
    names = {case.name for case in frame_cases()} | set(KEPT) | set(TURNED)
    assert len(names) >= 40


@pytest.mark.slow
def test_changes_leave_or_turn_the_decision(judge: Judge) -> None:
    counts = held(judge, cases(judge, positives("tune")[::EVERY]))
    whole = {name: c for name, c in counts.items() if not name.startswith("kalimat: ")}
    good, tried = (sum(c[i] for c in whole.values()) for i in (0, 1))
    assert tried > 50
    assert good / tried >= WANTED, {n: c for n, c in whole.items() if c[0] < c[1]}
