"""One loaded judge for all tests of the judgement; it holds no state between articles."""

from __future__ import annotations

import pytest

from extract.mentions import Judge


@pytest.fixture(scope="session")
def judge() -> Judge:
    return Judge.load()
