"""Searches that somebody saved. Each has a token of its own, under which its feed is read."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pantau.state.accounts import Who
from pantau.state.people_tables import AccountRow, SearchRow


def save(session: Session, who: Who, *, name: str, query: str, now: datetime) -> SearchRow:
    row = SearchRow(
        account_id=who.account_id,
        name=name,
        query=query,
        token=secrets.token_urlsafe(24),
        created_at=now,
    )
    session.add(row)
    session.flush()
    return row


def of(session: Session, account_id: int | None) -> Sequence[SearchRow]:
    """The searches of an account (None: those saved without accounts), by name."""
    own = (
        SearchRow.account_id.is_(None) if account_id is None else SearchRow.account_id == account_id
    )
    return session.scalars(select(SearchRow).where(own).order_by(SearchRow.name)).all()


def get(session: Session, search_id: int, account_id: int | None) -> SearchRow | None:
    """One's own search by its id."""
    row = session.get(SearchRow, search_id)
    return row if row is not None and row.account_id == account_id else None


def by_token(session: Session, token: str) -> tuple[SearchRow, AccountRow | None] | None:
    """The search of a feed with its owner. None where there is none, or the owner is disabled."""
    row = session.scalar(select(SearchRow).where(SearchRow.token == token))
    if row is None:
        return None
    owner = session.get(AccountRow, row.account_id) if row.account_id is not None else None
    return None if owner is not None and owner.disabled_at else (row, owner)


def renew_token(row: SearchRow) -> None:
    """Another token: whoever had the old one reads the feed no more."""
    row.token = secrets.token_urlsafe(24)


def remove(session: Session, row: SearchRow) -> None:
    session.delete(row)
