"""Broken pages: no crash, no hang, no growth, and always an article or a disposition."""

from __future__ import annotations

import gc
import resource
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from extract.page import extract_page, fast_text, next_pages
from extract.page.evaluate import gold_of, page_of
from pantau.records import Article, NoArticle, Page
from tests.extract.page.mutate import mutated

PAGES = Path(__file__).parents[2] / "pages"
LIMIT = 10.0


def originals() -> list[Page]:
    return [
        page_of(PAGES / half, row)
        for half in ("tune", "nonarticles")
        for row in gold_of(PAGES / half)
    ]


def mutants(count: int, first: int = 0) -> Iterator[Page]:
    pages = originals()
    for seed in range(first, first + count):
        page = pages[seed % len(pages)]
        body = mutated(page.body, seed)
        yield Page(
            url=page.url,
            final_url=page.final_url,
            status=page.status,
            headers=page.headers,
            body=body,
            fetched_at=page.fetched_at,
            source_id=page.source_id,
            sha256=str(seed),
        )


def check(page: Page) -> float:
    began = time.process_time()
    result = extract_page(page, source_region="32")
    spent = time.process_time() - began
    assert isinstance(result, Article | NoArticle)
    if isinstance(result, Article):
        assert result.text.strip()
        result.full_text.encode("utf-8")
        assert "\x00" not in result.full_text
        assert result.published is None or result.published.tzinfo is not None
        assert all(image.startswith(("http://", "https://")) for image in result.images)
    else:
        assert result.reason
    fast_text(page)
    next_pages(page)
    return spent


@pytest.mark.timeout(900)  # seconds of CPU are few, but machines may be busy
@pytest.mark.slow
def test_500_mutated_pages():
    slowest = max(check(page) for page in mutants(500))
    assert slowest < LIMIT


@pytest.mark.endurance
@pytest.mark.timeout(3600)
def test_10_000_mutated_pages_do_not_make_the_worker_grow():
    process = psutil.Process()
    for page in mutants(1_000, first=1_000_000):
        check(page)
    gc.collect()
    before = process.memory_info().rss
    slowest = max(check(page) for page in mutants(10_000))
    gc.collect()
    grown = process.memory_info().rss - before
    assert slowest < LIMIT
    assert grown < 40 * 1024 * 1024, f"{grown / 1e6:.0f} MB more"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 1_500_000
