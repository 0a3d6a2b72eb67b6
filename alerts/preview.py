"""Says what a subscription would have been told of the cases there are. Writes nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from alerts import rhythm
from alerts.dossier import queries_answered, read_cases
from alerts.routing import held_back, wants
from alerts.wording import Places, subject
from pantau.config import Config, Subscription
from pantau.records import Alert
from pantau.state import cases


@dataclass(frozen=True, slots=True)
class Previewed:
    case_id: int
    first_seen: datetime
    section: str
    """Of the digest; empty: a mail at once."""
    subject: str


def preview(
    session: Session,
    config: Config,
    subscription: Subscription,
    since: datetime,
    region_name: Callable[[str], str],
) -> list[Previewed]:
    """The cases first read since then of which the subscriber would have been told, in order.

    Each is judged as it stands now, and as old as it was when it was first read.
    """
    places = Places(region_name, str)
    horizon = config.settings.alerts.alert_horizon
    config = replace(config, subscriptions={subscription.id: subscription})
    told = []
    for dossier in read_cases(session, cases.since(session, since), config):
        case = dossier.case
        if not dossier.is_news(horizon, case.first_seen):
            continue
        found = queries_answered(session, dossier, config)
        if not wants(subscription, case, dossier.reports, found):
            continue
        held = held_back(dossier.reports, config.settings.alerts)
        alert = Alert(
            case=case, kind="new", subscription_id=subscription.id, reports=dossier.reports
        )
        told.append(
            Previewed(
                case_id=case.id,
                first_seen=case.first_seen,
                section=rhythm.section(subscription, "new", held),
                subject=subject(alert, places),
            )
        )
    return sorted(told, key=lambda one: (one.first_seen, one.case_id))
