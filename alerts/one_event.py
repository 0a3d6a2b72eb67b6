"""Decides when two open cases turn out to be one event. Pure.

A report may fit two cases: one told of an act, the other of its handling, and this one of
both. They are one where all their reports, read in order of publication beside the other cases
of the region, come together in one case. So what a late report puts right is what would have
been, had the reports come in order; a report that is vague enough to fit anything joins nothing.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from datetime import UTC, datetime
from itertools import combinations

from alerts.cases import OpenCase, join
from alerts.telling import REGION_WIDTH, Telling

_NEVER = datetime.max.replace(tzinfo=UTC)
_NEW = 0
"""The id of the case that opens while reports are read anew; real ones count from 1."""


def one_event(case: OpenCase, fitting: Container[int], near: Sequence[OpenCase]) -> OpenCase | None:
    """The other case that is the same event; None where there is none.

    ``fitting`` are the ids of further cases that the last report of ``case`` fits, ``near`` the
    open cases of the region. Of several the oldest.
    """
    for other in sorted(near, key=lambda one: one.id):
        if other.id == case.id or other.id not in fitting or not _same_place(case, other):
            continue
        if case.tellings[0].mention.subject != other.tellings[0].mention.subject:
            continue
        beside = [one for one in near if one.id not in (case.id, other.id)]
        if _come_together([*case.tellings, *other.tellings], beside):
            return other
    return None


def _same_place(one: OpenCase, other: OpenCase) -> bool:
    """Whether no two of their reports name two kabupaten or kota."""
    codes = {
        telling.mention.region_code[:REGION_WIDTH]
        for telling in (*one.tellings, *other.tellings)
        if telling.mention.region_code
    }
    return all(a.startswith(b) or b.startswith(a) for a, b in combinations(codes, 2))


def _come_together(tellings: Sequence[Telling], beside: Sequence[OpenCase]) -> bool:
    """Whether these reports, read in order, make one case and none of them joins another."""
    first, *later = sorted(
        tellings,
        key=lambda one: (one.told_at or _NEVER, one.article_id, one.mention.start),
    )
    made = OpenCase(_NEW, (first,))
    for telling in later:
        if join(telling, [made, *beside]).case_id != _NEW:
            return False
        made = OpenCase(_NEW, (*made.tellings, telling))
    return True
