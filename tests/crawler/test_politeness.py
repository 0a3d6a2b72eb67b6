"""The budget of one host, as plain numbers; and requests waiting for it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from math import inf

import pytest
from scrapy.http import Response

from crawler.errors import HostClosed
from crawler.handler import asked_pause
from crawler.politeness import (
    FIRST_PAUSE,
    LONGEST_PAUSE,
    HostBudget,
    HostBudgets,
    Pace,
    host_of,
    paces,
)
from pantau.config.models import Politeness, Source, WayIn


def answered(budget: HostBudget, now: float, **how: object) -> None:
    budget.issue(now)
    budget.completed(now, **{"failed": False, **how})  # type: ignore[arg-type]


def test_requests_are_spaced_by_the_delay() -> None:
    budget = HostBudget()
    assert budget.wait(100, delay=2, concurrency=1) == 0
    answered(budget, 100)
    assert budget.wait(100.5, delay=2, concurrency=1) == 1.5
    assert budget.wait(102, delay=2, concurrency=1) == 0


def test_a_longer_crawl_delay_of_the_host_counts() -> None:
    budget = HostBudget(crawl_delay=10)
    answered(budget, 0)
    assert budget.wait(1, delay=2, concurrency=1) == 9
    assert budget.wait(1, delay=30, concurrency=1) == 29


def entry(id: str, delay: int, concurrency: int, *hosts: str, enabled: bool = True) -> Source:
    return Source(
        id=id,
        name=id,
        every=timedelta(minutes=15),
        enabled=enabled,
        politeness=Politeness(delay=timedelta(seconds=delay), concurrency=concurrency),
        ways=tuple(WayIn(kind="feed", url=f"https://{host}/{id}/feed") for host in hosts),
    )


def test_of_a_hosts_sources_the_gentlest_pace_holds() -> None:
    told = paces(
        [
            entry("satu", 2, 4, "kabar.example"),
            entry("dua", 10, 2, "KABAR.example", "lain.example"),
            entry("tiga", 1, 1, "kabar.example:443"),
            entry("mati", 99, 1, "lain.example", enabled=False),
        ]
    )
    assert told == {"kabar.example": Pace(10, 1), "lain.example": Pace(10, 2)}


def test_no_more_than_the_allowed_number_are_under_way() -> None:
    budget = HostBudget()
    budget.issue(0)
    assert budget.wait(100, delay=0, concurrency=1) == inf
    assert budget.wait(100, delay=0, concurrency=2) == 0
    budget.completed(100, failed=False)
    assert budget.wait(100, delay=0, concurrency=1) == 0


def test_retry_after_is_kept_to_the_second() -> None:
    budget = HostBudget()
    answered(budget, 0, failed=True, overloaded=True, retry_after=120)
    assert budget.wait(20, delay=2, concurrency=1) == 100


def test_429_without_a_time_pauses_at_once_and_longer_each_time() -> None:
    budget, pauses = HostBudget(), []
    for now in (0, 10_000, 20_000):
        answered(budget, now, failed=True, overloaded=True)
        pauses.append(budget.wait(now, delay=0, concurrency=1))
    assert pauses == [FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE]


def test_single_failures_are_forgiven_and_a_row_of_them_is_not() -> None:
    budget, pauses = HostBudget(), []
    for number in range(4):
        now = number * 10_000.0
        answered(budget, now, failed=True)
        pauses.append(budget.wait(now, delay=0, concurrency=1))
    assert pauses == [0, 0, FIRST_PAUSE, 2 * FIRST_PAUSE]


def test_a_pause_has_an_end_and_trust_comes_back() -> None:
    budget = HostBudget()
    for number in range(40):
        answered(budget, number * 10_000.0, failed=True)
    assert budget.wait(390_000, delay=0, concurrency=1) == LONGEST_PAUSE
    for number in range(6):
        answered(budget, 500_000.0 + number)
    answered(budget, 600_000, failed=True)
    assert budget.wait(600_000, delay=0, concurrency=1) == 0


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://Kabar.example/x", "kabar.example"),
        ("http://kabar.example:80/", "kabar.example"),
        ("https://kabar.example:443/", "kabar.example"),
        ("http://127.0.0.1:8080/x", "127.0.0.1:8080"),
        ("http://kabar.example:443/", "kabar.example:443"),
    ],
)
def test_http_and_https_of_a_host_share_a_budget(url: str, host: str) -> None:
    assert host_of(url) == host


def test_those_who_wait_are_served_in_turn_and_apart() -> None:
    async def scene() -> list[tuple[int, float]]:
        budgets, started = HostBudgets(), []
        loop = asyncio.get_running_loop()

        async def ask(number: int) -> None:
            await budgets.take("kabar", delay=0.05, concurrency=1, deadline=inf)
            started.append((number, loop.time()))
            await asyncio.sleep(0.01)
            budgets.give_back("kabar", failed=False)

        await asyncio.gather(*map(ask, range(5)))
        return started

    started = asyncio.run(scene())
    assert [number for number, _ in started] == [0, 1, 2, 3, 4]
    assert started[-1][1] - started[0][1] > 0.9 * 4 * 0.05


def test_a_turn_that_would_come_too_late_is_refused_at_once() -> None:
    async def scene() -> None:
        budgets = HostBudgets()
        now = asyncio.get_running_loop().time()
        await budgets.take("kabar", delay=5, concurrency=1, deadline=now + 1)
        budgets.give_back("kabar", failed=False)
        with pytest.raises(HostClosed):
            await budgets.take("kabar", delay=5, concurrency=1, deadline=now + 1)

    asyncio.run(asyncio.wait_for(scene(), 1))


def test_a_long_pause_is_not_waited_for_and_other_hosts_go_on() -> None:
    async def scene() -> None:
        budgets = HostBudgets()
        await budgets.take("kabar", delay=0, concurrency=1, deadline=inf)
        budgets.give_back("kabar", failed=True, overloaded=True, retry_after=3600)
        with pytest.raises(HostClosed, match="3600 s"):
            await budgets.take("kabar", delay=0, concurrency=1, deadline=inf)
        await budgets.take("warta", delay=0, concurrency=1, deadline=inf)

    asyncio.run(asyncio.wait_for(scene(), 1))


def test_one_who_gives_up_waiting_leaves_the_turn_to_the_next() -> None:
    async def scene() -> None:
        budgets = HostBudgets()
        await budgets.take("kabar", delay=0, concurrency=1, deadline=inf)

        async def ask() -> None:
            await budgets.take("kabar", delay=0, concurrency=1, deadline=inf)

        impatient, patient = asyncio.create_task(ask()), asyncio.create_task(ask())
        await asyncio.sleep(0.01)
        impatient.cancel()
        budgets.give_back("kabar", failed=False)
        await asyncio.wait_for(patient, 1)
        assert budgets["kabar"].in_flight == 1

    asyncio.run(scene())


def test_memory_for_hosts_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.politeness.MOST_HOSTS", 100)

    async def scene() -> int:
        budgets = HostBudgets()
        for number in range(1000):
            budgets[f"host{number}"].last_issued = number
        return len(budgets._entries)

    assert asyncio.run(scene()) <= 100


@pytest.mark.parametrize(
    ("status", "headers", "seconds"),
    [
        (200, {}, 0),
        (200, {"x-rate-limit-remaining": "3", "x-rate-limit-reset": "+60"}, 0),
        (200, {"x-rate-limit-remaining": "0", "x-rate-limit-reset": "+60"}, 60),
        (429, {"x-rate-limit-remaining": "3", "x-rate-limit-reset": "+60"}, 60),
        (200, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "2026-11-22T03:01:00Z"}, 60),
        (200, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "45"}, 45),
        (429, {"ratelimit-remaining": "0", "ratelimit-reset": "+60"}, 60),
        (429, {"Retry-After": "10", "X-RateLimit-Reset": "45"}, 10),
        (200, {"Retry-After": "10"}, 0),
        (503, {"Retry-After": "Sun, 22 Nov 2026 03:02:00 GMT"}, 120),
        (429, {"Retry-After": "Sunday, 22-Nov-26 03:02:00 GMT"}, 120),
        (503, {"Retry-After": "Sun Nov 22 03:02:00 2026"}, 120),
        (503, {"Retry-After": "Sat, 21 Nov 2026 03:02:00 GMT"}, 0),
        (503, {"Retry-After": "besok"}, 0),
        (503, {"Retry-After": "99999999"}, 86400),
        (429, {"X-RateLimit-Reset": "besok"}, 0),
        (429, {"X-RateLimit-Reset": "2126-11-22T03:01:00Z"}, 86400),
        (429, {"X-RateLimit-Reset": "2020-11-22T03:01:00Z"}, 0),
    ],
)
def test_a_host_says_for_how_long_it_wants_nothing(
    status: int, headers: dict[str, str], seconds: float
) -> None:
    now = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
    told = {
        name: str(int(now.timestamp()) + int(value)) if value.startswith("+") else value
        for name, value in headers.items()
    }
    assert asked_pause(Response("https://api.example", status, told), now) == seconds


def test_a_pause_that_a_good_answer_asks_for_is_kept() -> None:
    budget = HostBudget()
    budget.issue(0)
    budget.completed(1, failed=False, retry_after=60)
    assert budget.wait(10, delay=0, concurrency=1) == 51
