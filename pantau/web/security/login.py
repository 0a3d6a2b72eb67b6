"""Lets people in by name and password, and lets nobody try for ever.

Every try is noted before the password is looked at, so that tries at the same time count too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pantau.config.models import Web
from pantau.state import State, accounts, audit, sessions
from pantau.state.accounts import Who
from pantau.state.people_tables import AccountRow
from pantau.state.sessions import Opened
from pantau.web.security import passwords

WRONG = "Nama atau kata sandi tidak cocok."
WAIT = "Terlalu banyak percobaan. Coba lagi dalam {minutes} menit."
MANY = 10
"""So many times ``login_tries`` may fail for an account or from an address as a whole: an office
comes from one address, and a stranger who guesses must not shut its people out too soon."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Why nobody was let in, in Indonesian, and for how many seconds nobody will be."""

    why: str
    wait_s: int = 0


def log_in(
    state: State, settings: Web, *, name: str, password: str, address: str, now: datetime
) -> Opened | Refused:
    """A session for the account of that name, or why not. ``address`` is where it comes from."""
    name = name.strip().casefold()
    with state.write() as session:
        # The row is held, so that on a server tries at one account count one after the other.
        account = session.scalar(
            select(AccountRow).where(AccountRow.name == name).with_for_update()
        )
        who = Who(account.name, account.id) if account else Who("tidak dikenal")
        if not _may_try(session, settings, who.name if account else None, address, now):
            minutes = -(-int(settings.login_wait.total_seconds()) // 60)
            wait = WAIT.format(minutes=minutes)
            return Refused(wait, int(settings.login_wait.total_seconds()))
        # What was typed for a name that there is not may be a password: it is not kept.
        subject = who.name if account else ""
        audit.note(session, who, "login_tried", now=now, subject=subject, address=address)
    works = account is not None and account.disabled_at is None
    held = account.password_hash if account and works else passwords.nobodys_hash()
    if not passwords.fits(password, held) or account is None or not works:
        return Refused(WRONG)
    with state.write() as session:
        if passwords.outdated(held):
            accounts.get(session, name).password_hash = passwords.hashed(password)
        audit.note(session, who, "login", now=now, subject=who.name, address=address)
        return sessions.open_session(session, account.id, now, settings.session)


def _may_try(
    session: Session, settings: Web, name: str | None, address: str, now: datetime
) -> bool:
    since = now - settings.login_wait
    few, many = settings.login_tries, settings.login_tries * MANY
    if audit.failures(session, since, address=address) >= many:
        return False
    return name is None or (
        audit.failures(session, since, subject=name, address=address) < few
        and audit.failures(session, since, subject=name) < many
    )
