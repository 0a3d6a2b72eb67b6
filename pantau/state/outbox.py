"""Mails on their way: pending, sending, sent, failed, gave_up.

A mail is rendered once, before it is queued, and carries its Message-ID from then on. One
that a killed process left in ``sending`` is due again when its claim is over; what the
server may then get twice has the same Message-ID.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from pantau.state.tables import OutboxRow

CLAIM = timedelta(minutes=15)
"""How long a claimed batch is left to its process before another may take it up."""

_FIRST_WAITS = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60, 120)]
_WAIT = timedelta(hours=4)
_TRIED_FOR = timedelta(days=3)
_STEPS = int((_TRIED_FOR - sum(_FIRST_WAITS, timedelta())) / _WAIT) + 1
WAITS = (*_FIRST_WAITS, *[_WAIT] * _STEPS)
"""Waits after the first, second ... failure: three days in all, then it is given up."""

MAIL = "mail"
"""The way out of everything that is no other way's."""
UNSENT = ("pending", "failed", "sending")


@dataclass(frozen=True, slots=True)
class Mail:
    """A rendered mail, to be queued."""

    recipient: str
    message_id: str
    message: bytes


def queue(
    session: Session,
    mail: Mail,
    now: datetime,
    *,
    alert_id: int | None = None,
    digest_id: int | None = None,
    way: str = MAIL,
) -> None:
    """Queue a mail that tells one alert, or a digest of several; or the like for another way."""
    session.add(
        OutboxRow(
            alert_id=alert_id,
            digest_id=digest_id,
            way=way,
            recipient=mail.recipient,
            message_id=mail.message_id,
            message=mail.message,
            next_at=now,
            created_at=now,
        )
    )


def claim_due(session: Session, limit: int, now: datetime, way: str = MAIL) -> Sequence[OutboxRow]:
    """Take up to ``limit`` mails of a way out that are due, oldest first; nobody else gets them
    meanwhile."""
    due = (
        select(OutboxRow.id)
        .where(OutboxRow.way == way, OutboxRow.status.in_(UNSENT), OutboxRow.next_at <= now)
        .order_by(OutboxRow.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    taken = session.scalars(
        update(OutboxRow)
        .where(OutboxRow.id.in_(due))
        .values(status="sending", next_at=now + CLAIM)
        .returning(OutboxRow)
    ).all()
    return sorted(taken, key=lambda row: row.id)


def free_claims(session: Session) -> None:
    """Make mails due that a killed process was sending. Only for who holds the home's lock."""
    session.execute(
        update(OutboxRow)
        .where(OutboxRow.status == "sending")
        .values(status="pending", next_at=OutboxRow.created_at)
    )


def sent(session: Session, mail_id: int, now: datetime) -> None:
    row = session.get_one(OutboxRow, mail_id)
    row.status, row.sent_at, row.last_error = "sent", now, ""
    row.attempts += 1


def failed(session: Session, mail_id: int, error: str, now: datetime) -> str:
    """Note a failure that may pass, and when to try again; the new status is returned."""
    row = session.get_one(OutboxRow, mail_id)
    row.attempts += 1
    row.last_error = error
    if row.attempts > len(WAITS):
        row.status = "gave_up"
    else:
        row.status, row.next_at = "failed", now + WAITS[row.attempts - 1]
    return row.status


def gave_up(session: Session, mail_id: int, error: str) -> None:
    """The mail was refused for good."""
    row = session.get_one(OutboxRow, mail_id)
    row.attempts += 1
    row.status, row.last_error = "gave_up", error


def postpone(session: Session, mail_ids: Sequence[int], error: str, until: datetime) -> None:
    """The server could not be reached: no fault of these mails, so no attempt is counted."""
    session.execute(
        update(OutboxRow)
        .where(OutboxRow.id.in_(mail_ids), OutboxRow.status == "sending")
        .values(status="pending", next_at=until, last_error=error)
    )


def counts(session: Session) -> Counter[str]:
    """Mails by status."""
    rows = session.execute(select(OutboxRow.status, func.count()).group_by(OutboxRow.status))
    return Counter({status: number for status, number in rows})  # noqa: C416
