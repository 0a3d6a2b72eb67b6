"""Troubles of the house from begin to end, and pauses of all mail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from pantau.state.tables import PauseRow, TroubleRow

Trouble = tuple[str, str]
"""Kind and subject."""
AGAIN = tuple(timedelta(days=days) for days in (1, 3, 7, 14))
"""After how long operators are told again that it is still there; then every fortnight."""


def observe(session: Session, seen: Mapping[Trouble, str], now: datetime) -> None:
    """Note which troubles began and ended; ``seen`` are those there are now, each with its
    detail. One that came and went before anybody was told of it is told to nobody."""
    open_rows = {(row.kind, row.subject): row for row in open_troubles(session)}
    for (kind, subject), detail in seen.items():
        row = open_rows.get((kind, subject))
        if row is None:
            session.add(
                TroubleRow(kind=kind, subject=subject, detail=detail, since=now, next_at=now)
            )
        else:
            row.detail = detail
    for trouble, row in open_rows.items():
        if trouble not in seen:
            row.ended_at = now
            row.next_at = now if row.told else None


def open_troubles(session: Session) -> Sequence[TroubleRow]:
    """Those there are, oldest first."""
    return session.scalars(
        select(TroubleRow).where(TroubleRow.ended_at.is_(None)).order_by(TroubleRow.id)
    ).all()


def to_tell(session: Session, now: datetime) -> Sequence[TroubleRow]:
    """What operators are to be told now, oldest first."""
    return session.scalars(
        select(TroubleRow).where(TroubleRow.next_at <= now).order_by(TroubleRow.id)
    ).all()


def told(row: TroubleRow, now: datetime) -> None:
    """Operators were told: when they are told next."""
    if row.ended_at is not None:
        row.next_at = None
        return
    row.next_at = now + AGAIN[min(row.told, len(AGAIN) - 1)]
    row.told += 1


def pause(session: Session, reason: str, now: datetime) -> bool:
    """Stop all mail. False where it was stopped already."""
    if paused(session) is not None:
        return False
    session.add(PauseRow(begun_at=now, reason=reason))
    return True


def resume(session: Session, now: datetime) -> bool:
    """Let mail go out again. False where nothing was stopped."""
    row = paused(session)
    if row is not None:
        row.ended_at = now
    return row is not None


def paused(session: Session) -> PauseRow | None:
    return session.scalar(
        select(PauseRow).where(PauseRow.ended_at.is_(None)).order_by(PauseRow.id).limit(1)
    )
