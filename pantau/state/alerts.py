"""Whom to tell of which case, when that is due, and what was told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pantau.records import Case
from pantau.state import merging
from pantau.state.cases import case_from_json, case_to_json
from pantau.state.tables import AlertRow, DigestRow, UnsubscribedRow


def add(
    session: Session,
    *,
    case_id: int,
    subscription_id: str,
    kind: str,
    news: str = "",
    section: str = "",
    due_at: datetime,
    now: datetime,
) -> bool:
    """Note that a subscriber is to be told. False where that was noted before."""
    row = AlertRow(
        case_id=case_id,
        subscription_id=subscription_id,
        kind=kind,
        news=news,
        section=section,
        due_at=due_at,
        created_at=now,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return False
    return True


def of_case(session: Session, case_id: int) -> dict[str, list[AlertRow]]:
    """All alerts of a case, and of those merged into it, by subscription, in the order they were
    made."""
    rows: dict[str, list[AlertRow]] = {}
    for row in session.scalars(
        select(AlertRow)
        .where(AlertRow.case_id.in_(merging.family(session, case_id)))
        .order_by(AlertRow.id)
    ):
        rows.setdefault(row.subscription_id, []).append(row)
    return rows


def first_told(rows: Sequence[AlertRow]) -> tuple[Case, ...]:
    """The case as these alerts first told it, once for each number it had then."""
    return _told(sorted(rows, key=_when_told, reverse=True))


def last_told(rows: Sequence[AlertRow]) -> tuple[Case, ...]:
    """The case as these alerts last told it, once for each number it had then; empty where
    nothing was told."""
    return _told(sorted(rows, key=_when_told))


def _when_told(row: AlertRow) -> tuple[bool, datetime | None, int]:
    return row.told_at is not None, row.told_at, row.id


def _told(rows: Sequence[AlertRow]) -> tuple[Case, ...]:
    """Of the records with one number the last in this order."""
    told: dict[int, Case] = {}
    for row in rows:
        if row.told is not None:
            told[row.told["id"]] = case_from_json(row.told)
    return tuple(told[number] for number in sorted(told))


def subscriptions_due(session: Session, now: datetime) -> set[str]:
    """Who has alerts that are due."""
    return set(
        session.scalars(
            select(AlertRow.subscription_id).where(AlertRow.due_at <= now).distinct()
        ).all()
    )


def subscriptions_waiting(session: Session) -> set[str]:
    """Who has alerts that wait for their time, due or not."""
    return set(
        session.scalars(
            select(AlertRow.subscription_id).where(AlertRow.due_at.is_not(None)).distinct()
        ).all()
    )


def due(session: Session, subscription_id: str, now: datetime | None) -> Sequence[AlertRow]:
    """A subscriber's alerts whose time has come, or with None all that wait; oldest first."""
    waiting = (
        select(AlertRow)
        .where(AlertRow.subscription_id == subscription_id, AlertRow.due_at.is_not(None))
        .order_by(AlertRow.id)
        .with_for_update()
    )
    if now is not None:
        waiting = waiting.where(AlertRow.due_at <= now)
    return session.scalars(waiting).all()


def told_alone_since(session: Session, subscription_id: str, since: datetime) -> int:
    """How many alerts were told in mails of their own since then."""
    return (
        session.scalar(
            select(func.count()).where(
                AlertRow.subscription_id == subscription_id,
                AlertRow.told_at > since,
                AlertRow.digest_id.is_(None),
            )
        )
        or 0
    )


def last_digest_at(session: Session, subscription_id: str) -> datetime | None:
    """When a subscriber was last told of several alerts in one mail."""
    return session.scalar(
        select(func.max(DigestRow.created_at)).where(
            DigestRow.subscription_id == subscription_id, DigestRow.kind == "digest"
        )
    )


def new_told_between(session: Session, begin: datetime, end: datetime) -> Sequence[AlertRow]:
    """Alerts of new cases told in that time, of which a later reminder may be due; not those
    that are only told for the record (``handled``, ``unverified``)."""
    return session.scalars(
        select(AlertRow)
        .where(
            AlertRow.kind == "new",
            AlertRow.section.in_(("", "new")),
            AlertRow.told_at.between(begin, end),
        )
        .order_by(AlertRow.id)
    ).all()


def newest_told(
    session: Session, subscription_ids: Sequence[str], limit: int
) -> Sequence[AlertRow]:
    """The alerts these subscribers were told last, each case's piece of news once."""
    told = session.scalars(
        select(AlertRow)
        .where(AlertRow.subscription_id.in_(subscription_ids), AlertRow.told_at.is_not(None))
        .order_by(AlertRow.told_at.desc(), AlertRow.id.desc())
        .limit(limit * max(1, len(subscription_ids)))
    )
    once = {(row.case_id, row.kind, row.news): row for row in told}
    return list(once.values())[:limit]


def reminded(session: Session, since: datetime) -> set[tuple[int, str, str]]:
    """Case, subscription and day of the reminders noted since then."""
    rows = session.execute(
        select(AlertRow.case_id, AlertRow.subscription_id, AlertRow.news).where(
            AlertRow.kind == "reminder", AlertRow.created_at >= since
        )
    )
    return {(case_id, subscription_id, news) for case_id, subscription_id, news in rows}


def settle(row: AlertRow, case: Case | None, now: datetime, digest: DigestRow | None) -> None:
    """Note that an alert was told, or with None that nothing of it was left to tell."""
    row.due_at = None
    if case is not None:
        row.told, row.told_at = case_to_json(case), now
        row.digest_id = digest.id if digest else None


def open_digest(
    session: Session, subscription_id: str, now: datetime, *, kind: str = "digest"
) -> DigestRow:
    row = DigestRow(subscription_id=subscription_id, kind=kind, created_at=now)
    session.add(row)
    session.flush()
    return row


def recipients(session: Session, subscription_id: str, configured: Iterable[str]) -> list[str]:
    """Of the recipients in the configuration those who still want mails, each once."""
    gone = set(
        session.scalars(
            select(UnsubscribedRow.recipient).where(
                UnsubscribedRow.subscription_id == subscription_id
            )
        )
    )
    return [one for one in dict.fromkeys(configured) if one not in gone]


def unsubscribed(session: Session) -> set[tuple[str, str]]:
    """Subscription and recipient of everybody who wants no more mails."""
    rows = session.execute(select(UnsubscribedRow.subscription_id, UnsubscribedRow.recipient))
    return {(subscription_id, recipient) for subscription_id, recipient in rows}


def unsubscribe(session: Session, subscription_id: str, recipient: str, now: datetime) -> None:
    """Send a recipient no more mails of a subscription; again is the same as once."""
    if recipient in recipients(session, subscription_id, [recipient]):
        session.add(UnsubscribedRow(subscription_id=subscription_id, recipient=recipient, at=now))


def resubscribe(session: Session, subscription_id: str, recipient: str) -> None:
    session.execute(
        delete(UnsubscribedRow).where(
            UnsubscribedRow.subscription_id == subscription_id,
            UnsubscribedRow.recipient == recipient,
        )
    )
