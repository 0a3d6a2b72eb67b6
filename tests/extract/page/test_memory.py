"""A worker that has read 50,000 pages holds no more than one that has read 10,000."""

from __future__ import annotations

import gc

import psutil
import pytest

from benchmarks.extraction import OWN, distinct, load
from extract.page import extract_page, fast_text

PAGES = 50_000
SETTLED = 10_000
"""Pages after which every cache has its size."""


@pytest.mark.endurance
@pytest.mark.timeout(7200)
def test_memory_stays_flat_over_50_000_pages():
    process = psutil.Process()
    settled = 0
    for done, page in enumerate(distinct(load([OWN / "tune", OWN / "nonarticles"]), PAGES + 1)):
        if done == SETTLED:
            gc.collect()
            settled = process.memory_info().rss
        fast_text(page)
        extract_page(page, source_region="33")
    gc.collect()
    grown = process.memory_info().rss - settled
    assert grown < 4_000_000, f"{grown / 1e6:.1f} MB more than after {SETTLED} pages"
