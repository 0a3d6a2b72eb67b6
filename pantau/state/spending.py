"""What may still be asked of a platform that counts or charges: noted before it is asked.

A process killed between a request and its answer has noted too much, never too little.
"""

from __future__ import annotations

from contextlib import suppress

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pantau.state.tables import SpendingRow


def spent(session: Session, budget: str, period: str) -> int:
    row = session.get(SpendingRow, (budget, period))
    return row.spent if row is not None else 0


def reserve(session: Session, budget: str, period: str, amount: int, most: int) -> bool:
    """Note that so much is about to be spent; False, and nothing is noted, where the period's
    ``most`` would be passed. Call in a write session of its own, ended before asking."""
    if session.get(SpendingRow, (budget, period)) is None:
        with suppress(IntegrityError), session.begin_nested():  # another was first
            session.add(SpendingRow(budget=budget, period=period, spent=0))
            session.flush()
    taken = session.scalar(
        update(SpendingRow)
        .where(
            SpendingRow.budget == budget,
            SpendingRow.period == period,
            SpendingRow.spent + amount <= most,
        )
        .values(spent=SpendingRow.spent + amount)
        .returning(SpendingRow.spent)
    )
    return taken is not None


def give_back(session: Session, budget: str, period: str, amount: int) -> None:
    """The answer cost that much less than was reserved."""
    session.execute(
        update(SpendingRow)
        .where(SpendingRow.budget == budget, SpendingRow.period == period)
        .values(spent=SpendingRow.spent - amount)
    )


def use_up(session: Session, budget: str, period: str, most: int) -> None:
    """The platform says that nothing is left, whatever was noted."""
    reserve(session, budget, period, 0, most)
    session.execute(
        update(SpendingRow)
        .where(SpendingRow.budget == budget, SpendingRow.period == period, SpendingRow.spent < most)
        .values(spent=most)
    )


def told(session: Session) -> dict[str, str]:
    """By budget what was spent in its latest period, in words."""
    rows = session.scalars(select(SpendingRow).order_by(SpendingRow.budget, SpendingRow.period))
    return {
        row.budget: f"{row.spent / 1000:.3f} dollars in {row.period}"
        if row.budget == "x"
        else f"{row.spent} units on {row.period}"
        for row in rows
    }
