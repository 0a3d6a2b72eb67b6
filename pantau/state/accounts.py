"""Accounts, and who acts: people log in, are given a role, and see some regions or all.

Passwords arrive here hashed. An account is disabled, never deleted: the logs name it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from pantau.errors import PantauError
from pantau.state import sessions
from pantau.state.people_tables import AccountRow

Role = Literal["watcher", "analyst", "operator", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,59}")

NOBODY = "tanpa akun"
"""Who acts where the pages run on loopback without accounts."""


class AccountError(PantauError):
    """An account cannot be made or found as asked."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Who:
    """Who does something: an account, or a mail address that answers."""

    name: str
    account_id: int | None = None
    via: Literal["page", "mail", "api", "command", "system"] = "page"


def add(
    session: Session,
    *,
    name: str,
    full_name: str,
    role: Role,
    regions: Sequence[str],
    password_hash: str,
    now: datetime,
    email: str = "",
) -> AccountRow:
    """A new account. Raises AccountError for a name that is taken or cannot be one."""
    if not _NAME.fullmatch(name):
        raise AccountError(
            f'"{name}" cannot be an account\'s name: two to sixty of a-z, 0-9, ".", "_" and "-", '
            "beginning with a letter or digit."
        )
    if find(session, name) is not None:
        raise AccountError(f'There is an account "{name}" already. Choose another name.')
    row = AccountRow(
        name=name,
        full_name=full_name,
        email=email,
        role=role,
        regions=list(regions),
        password_hash=password_hash,
        password_at=now,
        created_at=now,
    )
    session.add(row)
    session.flush()
    return row


def find(session: Session, name: str) -> AccountRow | None:
    return session.scalar(select(AccountRow).where(AccountRow.name == name))


def get(session: Session, name: str) -> AccountRow:
    """The account of a name. Raises AccountError where there is none."""
    row = find(session, name)
    if row is None:
        raise AccountError(f'There is no account "{name}". See: pantau users list')
    return row


def by_email(session: Session, email: str) -> AccountRow | None:
    """The one working account of a mail address; None where none or several have it."""
    rows = session.scalars(
        select(AccountRow).where(AccountRow.email == email, AccountRow.disabled_at.is_(None))
    ).all()
    return rows[0] if email and len(rows) == 1 else None


def everyone(session: Session) -> Sequence[AccountRow]:
    return session.scalars(select(AccountRow).order_by(AccountRow.name)).all()


def any_works(session: Session) -> bool:
    """Whether anybody can log in."""
    return bool(session.scalar(select(exists().where(AccountRow.disabled_at.is_(None)))))


def set_password(session: Session, row: AccountRow, password_hash: str, now: datetime) -> None:
    """Whoever was logged in with the old one is logged out."""
    row.password_hash, row.password_at = password_hash, now
    sessions.close_all(session, row.id)


def disable(session: Session, row: AccountRow, now: datetime) -> None:
    row.disabled_at = row.disabled_at or now
    sessions.close_all(session, row.id)


def enable(row: AccountRow) -> None:
    row.disabled_at = None


def role_of(row: AccountRow) -> Role:
    """The role of an account as it is kept."""
    return next(role for role in ROLES if role == row.role)
