"""Decides when two open cases turn out to be one event. Pure.

A report may fit two cases: one told of an act, the other of its handling, and this one of
both. They are one where all their reports come together in one case beside the others of the
region, if they are read in order of publication, or this report before the others. So what a
late report puts right is what would have been, had it come in time; one that is vague enough to
fit anything brings nothing together, for of two different events the reports shut each other out.
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


def one_event(
    case: OpenCase, last: Telling, fitting: Container[int], near: Sequence[OpenCase]
) -> OpenCase | None:
    """The other case that is the same event; None where there is none.

    ``last`` is the report of ``case`` that came last, ``fitting`` are the ids of all cases it
    fits, ``near`` the open cases of the region. Of several the oldest.
    """
    for other in sorted(near, key=lambda one: one.id):
        if other.id == case.id or other.id not in fitting or not _same_place(case, other):
            continue
        if case.tellings[0].mention.subject != other.tellings[0].mention.subject:
            continue
        beside = [one for one in near if one.id not in (case.id, other.id)]
        rest = _in_order([*(one for one in case.tellings if one is not last), *other.tellings])
        if _come_together(_in_order([last, *rest]), beside) or _come_together(
            [last, *rest], beside
        ):
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
    """Whether these reports, read in this order, make one case and none joins another."""
    made = OpenCase(_NEW, (tellings[0],))
    for telling in tellings[1:]:
        if join(telling, [made, *beside]).case_id != _NEW:
            return False
        made = OpenCase(_NEW, (*made.tellings, telling))
    return True


def _in_order(tellings: Sequence[Telling]) -> list[Telling]:
    return sorted(
        tellings, key=lambda one: (one.told_at or _NEVER, one.article_id, one.mention.start)
    )
