"""Cases as they are counted: what was last said of them, and how an office has them in hand.

Much cheaper than ``dossiers``, which read every report of a case.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from pantau.records import Case
from pantau.state import casework
from pantau.state.cases import case_from_json
from pantau.state.casework import Standing
from pantau.state.tables import CaseRow


@dataclass(frozen=True, slots=True)
class Brief:
    case: Case
    standing: Standing

    @property
    def shown(self) -> bool:
        return open_or_upheld(self.case, self.standing)


def open_or_upheld(case: Case, standing: Standing) -> bool:
    """Whether a case may stand on a page about a person or an agency."""
    if case.withdrawn or case.stage == "dismissed":
        return False
    return not standing.closed or case.stage == "proven"


def briefs(session: Session, case_ids: Sequence[int]) -> list[Brief]:
    """Cases by their ids, in order of id; what is no case is left out."""
    rows = session.scalars(
        select(CaseRow).where(CaseRow.id.in_(case_ids)).order_by(CaseRow.id)
    ).all()
    standings = casework.standings(session, [row.id for row in rows])
    return [Brief(case_from_json(row.record), standings[row.id]) for row in rows if row.record]
