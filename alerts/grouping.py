"""Gives the mentions of a whole history their cases, as the desk does one by one. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from alerts.cases import OpenCase, fits
from alerts.one_event import one_event
from alerts.telling import Telling, tellings_of
from pantau.records import Article, Judgement

_NEVER = datetime.max.replace(tzinfo=UTC)


def group(judged: Iterable[tuple[Article, Judgement]]) -> list[list[int]]:
    """Case ids for the mentions of each article, the input read as one history.

    It is read in order of publication, what has no date last; ids count from 1 in the order
    in which the cases open. Of cases that turn out to be one the first id stays.
    """
    told = [tellings_of(article, judgement.mentions) for article, judgement in judged]
    ids = iter(group_tellings([telling for tellings in told for telling in tellings]))
    return [[next(ids) for _ in tellings] for tellings in told]


def group_tellings(tellings: Sequence[Telling]) -> list[int]:
    """A case id for each telling, in the order given."""
    in_order = sorted(
        range(len(tellings)), key=lambda place: (tellings[place].told_at or _NEVER, place)
    )
    return arrive(tellings, in_order)


def arrive(tellings: Sequence[Telling], order: Iterable[int]) -> list[int]:
    """A case id for each telling, if they arrive in this order (places in the sequence)."""
    open_cases = _Open()
    chosen: dict[int, int] = {}
    became: dict[int, int] = {}
    opened = 0
    for place in order:
        telling = tellings[place]
        near = open_cases.near(telling.mention.region_code)
        fitting = [match.case_id for match in fits(telling, near) if match.case_id is not None]
        if fitting:
            old = open_cases.take(fitting[0])
            case = OpenCase(old.id, (*old.tellings, telling))
        else:
            opened += 1
            case = OpenCase(opened, (telling,))
        while other := one_event(case, telling, fitting, open_cases.near(case.region)):
            open_cases.take(other.id)
            kept, gone = sorted((case.id, other.id))
            became[gone] = kept
            case = OpenCase(kept, (*case.tellings, *other.tellings))
        open_cases.add(case)
        chosen[place] = case.id
    return [_last(became, chosen[place]) for place in range(len(tellings))]


def _last(became: dict[int, int], case_id: int) -> int:
    while case_id in became:
        case_id = became[case_id]
    return case_id


class _Open:
    """The open cases, by province: a history of years is long."""

    def __init__(self) -> None:
        self._by_province: dict[str | None, dict[int, OpenCase]] = defaultdict(dict)

    def near(self, code: str | None) -> list[OpenCase]:
        if code is None:
            groups = list(self._by_province.values())
        else:
            groups = [self._by_province[code[:2]], self._by_province[None]]
        return [case for group in groups for case in group.values()]

    def take(self, case_id: int) -> OpenCase:
        found = next(group for group in self._by_province.values() if case_id in group)
        return found.pop(case_id)

    def add(self, case: OpenCase) -> None:
        province = case.region[:2] if case.region else None
        self._by_province[province][case.id] = case
