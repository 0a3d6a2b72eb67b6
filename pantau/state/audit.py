"""The log of what is protected: who looked at a person, opened a citizen's handle, took hits
out, logged in or tried to. Rows are added and never changed.

Actions are named in ``ACTIONS``; a subject is what was looked at (``orang:…``, ``kasus:12``).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pantau.state.accounts import Who
from pantau.state.people_tables import AuditRow

Action = Literal[
    "login_tried",
    "login",
    "logout",
    "view_person",
    "view_case",
    "view_archive",
    "unmask",
    "give",
    "given_gone",
    "export",
    "feed_made",
    "account",
    "forget_name",
    "forget_given",
    "subscription",
]


def note(
    session: Session,
    who: Who,
    action: Action,
    *,
    now: datetime,
    subject: str = "",
    detail: str = "",
    address: str = "",
) -> None:
    """``address`` is where a request came from."""
    session.add(
        AuditRow(
            at=now,
            account_id=who.account_id,
            by=who.name,
            action=action,
            subject=subject,
            detail=detail,
            address=address,
        )
    )


def entries(session: Session, limit: int, *, before: int | None = None) -> Sequence[AuditRow]:
    """The newest first; ``before`` is an id to go on from."""
    query = select(AuditRow).order_by(AuditRow.id.desc()).limit(limit)
    if before is not None:
        query = query.where(AuditRow.id < before)
    return session.scalars(query).all()


def failures(
    session: Session, since: datetime, *, subject: str | None = None, address: str | None = None
) -> int:
    """Logins tried since then that did not end in one, of a name, of an address, or of both."""

    def times(action: Action) -> int:
        query = select(func.count()).where(AuditRow.action == action, AuditRow.at > since)
        if subject is not None:
            query = query.where(AuditRow.subject == subject)
        if address is not None:
            query = query.where(AuditRow.address == address)
        return session.scalar(query) or 0

    return times("login_tried") - times("login")
