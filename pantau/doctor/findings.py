"""What the doctor finds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

SOON = timedelta(days=21)
"""A certificate that ends before then wants to be looked after."""


@dataclass(frozen=True, slots=True)
class Finding:
    what: str
    verdict: Literal["ok", "look", "wrong"]
    """look: it works, and will not for long or not for all; wrong: it does not."""
    told: str
    """What is there and, where it is not ok, what to do."""


def of_certificate(what: str, ends: datetime, now: datetime) -> Finding:
    """What to say of a certificate that is valid now."""
    if ends - now < SOON:
        return Finding(what, "look", f"its certificate ends on {ends:%Y-%m-%d}. Have it renewed.")
    return Finding(what, "ok", f"its certificate is trusted, until {ends:%Y-%m-%d}")
