"""Decides when a subscriber is told: at once or in a digest, never in quiet hours. Pure."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from pantau.config.models import Subscription

Section = Literal["", "new", "update", "reminder", "handled", "unverified"]
"""Where in a digest an alert stands; empty: it is a mail of its own."""


_SECTIONS: dict[str, Section] = {"update": "update", "reminder": "reminder"}


def section(subscription: Subscription, kind: str, held_back: Section) -> Section:
    """Where a subscriber is told of a case that ``held_back`` keeps for a digest, or does not."""
    if held_back or subscription.rhythm == "immediate":
        return held_back
    return _SECTIONS.get(kind, "new")


def due(subscription: Subscription, where: Section, now: datetime, *, zone: str) -> datetime:
    """When it is told: at once, or with the next digest; after quiet hours in any case.

    ``zone`` counts where the subscription names none. The digest of who is told at once is a
    daily one.
    """
    local = now.astimezone(ZoneInfo(subscription.zone or zone))
    if where:
        local = _next_digest(subscription, local)
    return _after_quiet(subscription, local).astimezone(now.tzinfo)


def is_quiet(subscription: Subscription, now: datetime, *, zone: str) -> bool:
    local = now.astimezone(ZoneInfo(subscription.zone or zone))
    return _after_quiet(subscription, local) > local


def _next_digest(subscription: Subscription, local: datetime) -> datetime:
    if subscription.rhythm == "hourly":
        return local.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return _next(subscription.digest_at, local)


def _after_quiet(subscription: Subscription, local: datetime) -> datetime:
    if subscription.quiet is None:
        return local
    begin, end = subscription.quiet
    at = local.time()
    quiet = begin <= at < end if begin < end else at >= begin or at < end
    return _next(end, local) if quiet else local


def _next(at: time, local: datetime) -> datetime:
    """The next moment with this time of day, later than ``local``."""
    today = local.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    return today if today > local else today + timedelta(days=1)
