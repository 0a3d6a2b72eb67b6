"""Subscriptions that people made on the pages; those of operators stand in the configuration."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from datetime import datetime

from pydantic import ValidationError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pantau.config import Config, Subscription
from pantau.errors import StateError
from pantau.state.accounts import Who
from pantau.state.people_tables import SubscriptionRow


def save(session: Session, subscription: Subscription, who: Who, now: datetime) -> None:
    """Keep a subscription under its id, in place of the one that stood there."""
    session.merge(
        SubscriptionRow(
            id=subscription.id,
            record=subscription.model_dump(mode="json"),
            changed_at=now,
            account_id=who.account_id,
            by=who.name,
        )
    )


def remove(session: Session, subscription_id: str) -> None:
    row = session.get(SubscriptionRow, subscription_id)
    if row is not None:
        session.delete(row)


def held(session: Session) -> dict[str, Subscription]:
    """All of them by id. Raises StateError where one is none any more."""
    found = {}
    for row in session.scalars(select(SubscriptionRow).order_by(SubscriptionRow.id)):
        try:
            found[row.id] = Subscription.model_validate(row.record)
        except ValidationError as error:
            raise StateError(
                f'the subscription "{row.id}" made by {row.by} on the page cannot be read: '
                f"{error}. Remove it on the page /langganan and make it anew."
            ) from error
    return found


def joined(session: Session, config: Config) -> Config:
    """The configuration with these beside its own; where an id stands in both, its own holds."""
    return replace(config, subscriptions=held(session) | config.subscriptions)


def stamp(session: Session) -> Hashable:
    """Another one after each change."""
    rows = select(func.count(), func.max(SubscriptionRow.changed_at))
    return tuple(session.execute(rows).one())
