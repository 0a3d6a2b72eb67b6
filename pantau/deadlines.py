"""Until when an office has to act on a case, counted from the day on which it came to know it.

Days and their counting stand in ``extract/law/routes.toml``. The day on which this system first
read of a case counts for nothing: only the office's own date of knowledge does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from extract.law import Law

WORKING_DAYS = "hari kerja"
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Due:
    """The last day of one deadline."""

    kind: str
    """``temuan`` or ``laporan``."""
    last_day: date
    days: int
    count: str
    """``hari``, ``hari kalender`` or ``hari kerja``; of the last only weekends are left out,
    so that with public holidays the true last day may be later, never earlier."""
    basis: str


def deadlines(
    law: Law, *, known_on: date, act_date: date | None, region: str | None
) -> tuple[Due, ...]:
    """What an office has to keep, by the election in which the act falls.

    Empty outside an election, and before its candidates are determined: such a case goes to
    the personnel authorities without that procedure.
    """
    phase = law.phase(act_date or known_on, region)
    if phase.election is None or phase.timing != "after":
        return ()
    return tuple(
        Due(
            rule.kind, _last_day(known_on, rule.days, rule.count), rule.days, rule.count, rule.basis
        )
        for rule in law.deadlines
        if rule.election == phase.election.kind
    )


def _last_day(known_on: date, days: int, count: str) -> date:
    """The day after is the first that counts."""
    day = known_on
    while days:
        day += timedelta(days=1)
        if count != WORKING_DAYS or day.weekday() < _SATURDAY:
            days -= 1
    return day
