"""Passwords: argon2id as its library recommends, and what a new one has to be."""

from __future__ import annotations

import secrets
from functools import cache
from typing import Literal

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 12
"""Characters. Length is what counts; rules for kinds of characters only make people write
passwords down (NIST SP 800-63B, 5.1.1.2)."""
LONGEST = 1000
DIFFERENT = 5
"""Characters that a password has to hold at least, of one sort or another."""
Fault = Literal["short", "long", "name", "uniform"]

_hasher = PasswordHasher()


def fault(password: str, *, name: str) -> Fault | None:
    """Why this cannot be a new password of the account; None where it can."""
    if len(password) < SHORTEST:
        return "short"
    if len(password) > LONGEST:
        return "long"
    if name.casefold() in password.casefold():
        return "name"
    return "uniform" if len(set(password)) < DIFFERENT else None


def hashed(password: str) -> str:
    return _hasher.hash(password)


def fits(password: str, password_hash: str) -> bool:
    """Whether the password is the hash's."""
    try:
        return _hasher.verify(password_hash, password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False


def outdated(password_hash: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)


@cache
def nobodys_hash() -> str:
    """Of a password that nobody knows: verified where there is no such account, so that the
    time of an answer does not tell whether there is one."""
    return hashed(secrets.token_urlsafe(32))
