"""Browsers that are logged in. A token is known to its browser only; here stands its hash."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from pantau.state.people_tables import AccountRow, SessionRow

SEEN_EVERY = timedelta(minutes=1)
"""How exactly it is noted when a session was last used: a read need not write each time."""


@dataclass(frozen=True, slots=True)
class Opened:
    token: str
    csrf_token: str


def open_session(session: Session, account_id: int, now: datetime, lifetime: timedelta) -> Opened:
    """A new session, and with it the end of those that are over."""
    session.execute(delete(SessionRow).where(SessionRow.expires_at <= now))
    opened = Opened(secrets.token_urlsafe(32), secrets.token_urlsafe(32))
    session.add(
        SessionRow(
            token_hash=_hash(opened.token),
            account_id=account_id,
            csrf_token=opened.csrf_token,
            created_at=now,
            seen_at=now,
            expires_at=now + lifetime,
        )
    )
    return opened


def find(
    session: Session, token: str, now: datetime, idle: timedelta
) -> tuple[SessionRow, AccountRow] | None:
    """The session of a token and its account, while both are good and it was used lately."""
    found = session.execute(
        select(SessionRow, AccountRow)
        .join(AccountRow, AccountRow.id == SessionRow.account_id)
        .where(
            SessionRow.token_hash == _hash(token),
            SessionRow.expires_at > now,
            SessionRow.seen_at > now - idle,
            AccountRow.disabled_at.is_(None),
        )
    ).one_or_none()
    return (found[0], found[1]) if found else None


def touch(session: Session, token: str, now: datetime) -> None:
    """Note that a session is used."""
    session.execute(
        update(SessionRow).where(SessionRow.token_hash == _hash(token)).values(seen_at=now)
    )


def close_session(session: Session, token: str) -> None:
    session.execute(delete(SessionRow).where(SessionRow.token_hash == _hash(token)))


def close_all(session: Session, account_id: int) -> None:
    session.execute(delete(SessionRow).where(SessionRow.account_id == account_id))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
