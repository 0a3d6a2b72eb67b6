"""How often a source is asked and when it is called silent, by plain values."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pantau import rhythm

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def interval(*ages: timedelta, failures: int = 0) -> timedelta:
    found = [NOW - age for age in ages]
    return rhythm.poll_interval(
        found, now=NOW, fastest=15 * MINUTE, slowest=2 * HOUR, failures=failures
    )


def test_a_lively_source_is_asked_as_often_as_it_may_be() -> None:
    assert interval(*(10 * MINUTE * n for n in range(20))) == 15 * MINUTE


def test_between_the_bounds_it_is_asked_several_times_an_article() -> None:
    assert interval(*(2 * HOUR * n for n in range(1, 21))) == 30 * MINUTE


def test_a_source_with_an_article_a_day_is_asked_rarely() -> None:
    assert interval(*(DAY * n for n in range(1, 21))) == 2 * HOUR
    assert DAY / interval(*(DAY * n for n in range(1, 21))) < 50


def test_at_night_a_lively_source_is_asked_more_rarely() -> None:
    assert interval(*(8 * HOUR + 5 * MINUTE * n for n in range(20))) == HOUR


def test_the_stock_of_a_new_source_says_nothing_of_its_pace_for_long() -> None:
    assert interval(*[timedelta(0)] * 20) == 15 * MINUTE
    assert interval(*[DAY] * 20) == 2 * HOUR
    assert interval() == 15 * MINUTE


def test_a_failing_source_is_asked_ever_more_rarely() -> None:
    waits = [interval(failures=n) for n in range(1, 6)]
    assert waits == [15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 2 * HOUR]


def test_a_source_whose_every_is_longer_than_the_slowest_keeps_it() -> None:
    found = [NOW]
    assert rhythm.poll_interval(found, now=NOW, fastest=6 * HOUR, slowest=2 * HOUR) == 6 * HOUR


def test_the_longest_usual_gap_is_that_of_its_nights_and_fades() -> None:
    gap = None
    for _ in range(3):
        gap = rhythm.longest_gap(gap, 9 * HOUR)
        for _ in range(60):
            gap = rhythm.longest_gap(gap, 15 * MINUTE)
    assert gap == pytest.approx(9 * 3600, rel=0.1)
    for _ in range(30):
        gap = rhythm.longest_gap(gap, DAY)
    assert gap == DAY.total_seconds()


def test_what_is_first_shown_tells_a_gap_only_by_its_dates() -> None:
    assert rhythm.first_gap([NOW, NOW - 3 * HOUR, NOW - HOUR]) == 2 * 3600
    assert rhythm.first_gap([NOW] * 5) is None  # undated: all found at one time
    assert rhythm.first_gap([NOW]) is None


@pytest.mark.parametrize(
    ("quiet", "usual_hours", "articles", "silent"),
    [
        (23 * HOUR, 1, 20, False),  # its nights may be unknown yet
        (25 * HOUR, 1, 20, True),
        (25 * HOUR, 9, 20, False),
        (28 * HOUR, 9, 20, True),
        (10 * DAY, 7 * 24, 20, False),
        (22 * DAY, 7 * 24, 20, True),
        (3 * DAY, 8, 3, False),  # two papers of one day: when the next comes is unknown
        (8 * DAY, 8, 3, True),
        (6 * DAY, None, 1, False),
        (8 * DAY, None, 1, True),
    ],
)
def test_silence_is_measured_against_the_usual_gap(
    quiet: timedelta, usual_hours: float | None, articles: int, silent: bool
) -> None:
    usual = usual_hours * 3600 if usual_hours is not None else None
    recent = [NOW - quiet - n * HOUR for n in range(articles)]
    assert rhythm.silent(NOW - quiet, usual, recent, NOW) is silent
    assert rhythm.silent(NOW - quiet, usual, recent[:1] * articles, NOW) is (
        quiet > 7 * DAY and silent
    )
    assert not rhythm.silent(None, usual, recent, NOW)
