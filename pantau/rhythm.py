"""How often a source is asked, and when its silence is worth telling: by its own rhythm.

Plain values in, plain values out; ``pantau.state.sources`` keeps what is decided here.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

RECENT = 20
"""New addresses from which a source's present pace is taken."""
PER_ARTICLE = 4
"""Polls in the time that usually lies between two new articles: each then waits an eighth of it."""
PER_QUIET = 8
"""As a source stays quiet (at night, say), it is asked once in so small a part of its quiet."""
SILENT_TIMES = 3
LEAST_SILENCE = timedelta(days=1)
"""No source is called silent sooner: the gap of its nights may not be known yet."""
LEAST_SILENCE_UNKNOWN = timedelta(days=7)
"""Nor sooner than this before its rhythm is known: what shows an article or two tells none."""
KNOWN_BY = 10
"""Articles, each at a time of its own, from which a rhythm is known."""
FORGETS_IN = timedelta(days=7)
"""A long gap counts for half after such a time without one that is as long."""


def poll_interval(
    new: Sequence[datetime],
    *,
    now: datetime,
    fastest: timedelta,
    slowest: timedelta,
    failures: int = 0,
) -> timedelta:
    """Time until the next poll of a source, between its own ``every`` and ``crawl.slowest``.

    ``new``: when its last RECENT new addresses appeared, in any order. ``failures``: runs in a
    row that brought nothing usable; each doubles the wait.
    """
    found = sorted(new, reverse=True)
    slowest = max(slowest, fastest)
    if failures:
        doubled: int = 2 ** min(failures - 1, 12)
        return min(fastest * doubled, slowest)
    if not found:
        return fastest
    newer = found[: len(found) // 2 + 1]  # an old piece that a feed keeps showing says nothing
    usual = (now - newer[-1]) / len(newer)
    quiet = now - newer[0]
    return min(max(usual / PER_ARTICLE, quiet / PER_QUIET, fastest), slowest)


def longest_gap(before: float | None, gap: timedelta) -> float:
    """Seconds of the longest gap that is usual for a source, after one more of its gaps."""
    seconds = gap.total_seconds()
    if before is None:
        return seconds
    fading: float = 0.5 ** (seconds / FORGETS_IN.total_seconds())
    return max(seconds, before * fading)


def first_gap(published: Sequence[datetime]) -> float | None:
    """The longest gap in what a source shows when it is first read, in seconds; None where it
    tells none: what is undated counts as found, all at one time."""
    times = sorted(set(published))
    gaps = [later - earlier for earlier, later in pairwise(times)]
    return max(gaps).total_seconds() if gaps else None


def silent(
    last_new: datetime | None,
    usual_gap: float | None,
    recent: Collection[datetime],
    now: datetime,
) -> bool:
    """Whether nothing new has come for three times the longest usual gap (seconds; None where
    none was seen). ``recent``: when its last articles appeared."""
    if last_new is None:
        return False
    known = usual_gap is not None and len(set(recent)) >= KNOWN_BY
    least = LEAST_SILENCE if known else LEAST_SILENCE_UNKNOWN
    return now - last_new > max(timedelta(seconds=SILENT_TIMES * (usual_gap or 0)), least)
