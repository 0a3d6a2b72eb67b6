"""When a subscriber is told: at once, in a digest, and never in quiet hours."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.rhythm import due, is_quiet, section
from tests.alerts import world

JAKARTA = "Asia/Jakarta"
FIRST, LAST = datetime(2024, 1, 1), datetime(2025, 12, 31)  # noqa: DTZ001 - as hypothesis wants


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2024-10-{text}").astimezone(UTC)


@pytest.mark.parametrize(
    ("conditions", "where", "now", "told"),
    [
        ({}, "", "16T09:00+07:00", "16T09:00+07:00"),
        ({}, "handled", "16T09:00+07:00", "17T07:00+07:00"),
        ({}, "handled", "16T06:59+07:00", "16T07:00+07:00"),
        ({}, "handled", "16T07:00+07:00", "17T07:00+07:00"),
        ({"zone": "Asia/Jayapura"}, "handled", "16T06:59+07:00", "17T07:00+09:00"),
        ({"rhythm": "hourly"}, "new", "16T09:20+07:00", "16T10:00+07:00"),
        ({"rhythm": "hourly"}, "new", "16T23:20+07:00", "17T00:00+07:00"),
        ({"rhythm": "daily", "digest_at": time(16, 30)}, "new", "16T09:20+07:00", "16T16:30+07:00"),
        ({"quiet": "21:00-05:00"}, "", "16T23:10+07:00", "17T05:00+07:00"),
        ({"quiet": "21:00-05:00"}, "", "17T04:59+07:00", "17T05:00+07:00"),
        ({"quiet": "21:00-05:00"}, "", "17T05:00+07:00", "17T05:00+07:00"),
        ({"quiet": "12:00-13:00"}, "", "16T12:30+07:00", "16T13:00+07:00"),
        ({"quiet": "21:00-08:00"}, "handled", "16T09:00+07:00", "17T08:00+07:00"),
        ({"quiet": "21:00-05:00", "rhythm": "hourly"}, "new", "16T20:30+07:00", "17T05:00+07:00"),
    ],
)
def test_the_due_time(conditions: dict[str, Any], where: Any, now: str, told: str) -> None:
    assert due(world.subscription(**conditions), where, at(now), zone=JAKARTA) == at(told)


@pytest.mark.parametrize(
    ("rhythm", "kind", "held", "where"),
    [
        ("immediate", "new", "", ""),
        ("immediate", "update", "", ""),
        ("immediate", "new", "handled", "handled"),
        ("daily", "new", "", "new"),
        ("hourly", "update", "", "update"),
        ("daily", "unverified", "unverified", "unverified"),
    ],
)
def test_where_it_is_told(rhythm: str, kind: str, held: Any, where: str) -> None:
    assert section(world.subscription(rhythm=rhythm), kind, held) == where


@given(
    begin=st.times(),
    end=st.times(),
    now=st.datetimes(FIRST, LAST, timezones=st.just(UTC)),
    digest_at=st.times(),
    rhythm=st.sampled_from(["immediate", "hourly", "daily"]),
    where=st.sampled_from(["", "new", "handled"]),
    zone=st.sampled_from([JAKARTA, "Asia/Makassar", "Asia/Jayapura"]),
)
def test_nothing_is_told_in_quiet_hours_and_nothing_is_dropped(
    begin: time, end: time, now: datetime, digest_at: time, rhythm: str, where: Any, zone: str
) -> None:
    begin, end = (one.replace(second=0, microsecond=0) for one in (begin, end))
    if begin == end:
        return
    quiet = f"{begin:%H:%M}-{end:%H:%M}"
    one = world.subscription(quiet=quiet, digest_at=digest_at, rhythm=rhythm, zone=zone)
    told = due(one, where, now, zone=JAKARTA)
    assert now <= told <= now + timedelta(hours=48)
    assert not is_quiet(one, told, zone=JAKARTA)


@pytest.mark.parametrize("quiet", ["21-05", "21:00-21:00", "nachts"])
def test_a_mistaken_span_is_told(quiet: str) -> None:
    with pytest.raises(ValueError, match="21:00-05:00"):
        world.subscription(quiet=quiet)
