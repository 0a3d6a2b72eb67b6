"""Reminds an office of a case that nobody there has taken up, on the third and the fifth day."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from alerts import rhythm
from pantau.config import Config
from pantau.state import alerts, casework, merging
from pantau.state.casework import Standing

AFTER = (timedelta(days=3), timedelta(days=5))
FORGOTTEN = timedelta(days=10)
"""A case told longer ago is not brought up again, if nothing ran when its day came."""


def remind(session: Session, config: Config, now: datetime) -> Counter[str]:
    """Note the reminders that are due. Counted: ``reminders``.

    Nobody can answer a mail without links, so without ``base_url`` nobody is reminded.
    """
    counts: Counter[str] = Counter()
    if not config.settings.alerts.base_url:
        return counts
    told = alerts.new_told_between(session, now - FORGOTTEN, now - AFTER[0])
    noted = alerts.reminded(session, now - FORGOTTEN)
    leads = {row.case_id: merging.leads_to(session, row.case_id) for row in told}
    standings = casework.standings(session, sorted(set(leads.values())))
    for row in told:
        case_id = leads[row.case_id]
        subscription = config.subscriptions.get(row.subscription_id)
        if subscription is None or row.told_at is None or settled(standings[case_id]):
            continue
        days = str(max(after for after in AFTER if now - row.told_at >= after).days)
        if (case_id, row.subscription_id, days) in noted:
            continue
        where = rhythm.section(subscription, "reminder", "")
        counts["reminders"] += alerts.add(
            session,
            case_id=case_id,
            subscription_id=row.subscription_id,
            kind="reminder",
            news=days,
            section=where,
            due_at=rhythm.due(subscription, where, now, zone=config.settings.alerts.zone),
            now=now,
        )
    return counts


def settled(standing: Standing) -> bool:
    """Whether somebody has the case, or is done with it."""
    return bool(standing.holder) or standing.closed
