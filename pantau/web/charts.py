"""Counts as charts: spans of time and shares, as numbers that a template draws. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Span = Literal["hari", "minggu", "bulan", "tahun"]
MOST_DAYS: tuple[tuple[int, Span], ...] = ((62, "hari"), (550, "minggu"), (3700, "bulan"))
"""Up to so many days a bar is a day, a week, a month; beyond that a year."""


@dataclass(frozen=True, slots=True)
class Bar:
    first: date
    last: date
    count: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """Bars without a gap, oldest first."""

    span: Span
    bars: tuple[Bar, ...]

    @property
    def most(self) -> int:
        return max((bar.count for bar in self.bars), default=0)

    @property
    def peak(self) -> Bar:
        return max(self.bars, key=lambda bar: bar.count)


def timeline(
    counts: Mapping[str, int], span: Span | None = None, within: tuple[date, date] | None = None
) -> Timeline:
    """Counts by ISO day as bars, from the first day that has any to the last, or over ``within``.

    ``span`` chooses their width, else the time they cover does.
    """
    days = {date.fromisoformat(day): count for day, count in counts.items()}
    days |= {day: days.get(day, 0) for day in within or ()}
    if not days:
        return Timeline(span or "hari", ())
    covered = (max(days) - min(days)).days
    fitting: list[Span] = [name for most, name in MOST_DAYS if covered <= most]
    chosen: Span = span or (fitting[0] if fitting else "tahun")
    summed: dict[date, int] = {}
    for day, count in days.items():
        first = _first(day, chosen)
        summed[first] = summed.get(first, 0) + count
    bars = []
    first = min(summed)
    while first <= max(days):
        following = _following(first, chosen)
        bars.append(Bar(first, following - timedelta(days=1), summed.get(first, 0)))
        first = following
    return Timeline(chosen, tuple(bars))


def _first(day: date, span: Span) -> date:
    match span:
        case "hari":
            return day
        case "minggu":
            return day - timedelta(days=day.weekday())
        case "bulan":
            return day.replace(day=1)
        case "tahun":
            return day.replace(month=1, day=1)


def _following(first: date, span: Span) -> date:
    match span:
        case "hari":
            return first + timedelta(days=1)
        case "minggu":
            return first + timedelta(days=7)
        case "bulan":
            return (first + timedelta(days=32)).replace(day=1)
        case "tahun":
            return first.replace(year=first.year + 1)
