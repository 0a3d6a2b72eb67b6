"""Takes the names out of cases that came to nothing: what is dismissed fades.

The case, its reports and what was done with it stay, and the log keeps that a name was taken
out. The articles themselves are published texts and stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from pantau.records import NO_NAME
from pantau.state import audit, casework, merging
from pantau.state.accounts import Who
from pantau.state.people_tables import CaseworkRow
from pantau.state.tables import AlertRow, CaseRow, MentionRow, OutboxRow

TAKEN_OUT = "[nama dihapus]"
_BY = Who("Pantau")


def forget_names(session: Session, before: datetime, now: datetime, limit: int) -> int:
    """Take the names out of up to ``limit`` cases without a change since then; how many were
    looked at, 0 when none is left."""
    said_none = select(CaseworkRow.case_id).where(CaseworkRow.verb == "not_one")
    rows = session.scalars(
        select(CaseRow)
        .where(
            CaseRow.updated_at < before,
            CaseRow.forgotten_at.is_(None),
            CaseRow.merged_into.is_(None),
            or_(CaseRow.record["stage"].as_string() == "dismissed", CaseRow.id.in_(said_none)),
            ~select(CaseworkRow.id)
            .where(CaseworkRow.case_id == CaseRow.id, CaseworkRow.at >= before)
            .exists(),
        )
        .order_by(CaseRow.id)
        .limit(limit)
        .with_for_update()
    ).all()
    for row in rows:
        if _came_to_nothing(session, row):
            _forget(session, row)
            audit.note(session, _BY, "forget_name", now=now, subject=f"kasus:{row.id}")
        row.forgotten_at = now  # one that was reopened since comes up again with its next change
    return len(rows)


def _came_to_nothing(session: Session, row: CaseRow) -> bool:
    standing = casework.standings(session, [row.id])[row.id]
    said_none = standing.closed and standing.status == casework.verbs()["not_one"].status
    return said_none or (row.record["stage"] == "dismissed" and not standing.holder)


def _forget(session: Session, case: CaseRow) -> None:
    mentions = session.scalars(select(MentionRow).where(MentionRow.case_id == case.id)).all()
    own = merging.family(session, case.id)
    alerts = session.scalars(select(AlertRow).where(AlertRow.case_id.in_(own))).all()
    records = [case.record, *(row.record for row in mentions)]
    names = {record["actor"]["name"] for record in records} - {NO_NAME, ""}
    case.record = without(case.record, names)
    for mention in mentions:
        mention.record = without(mention.record, names)
    for alert in alerts:
        alert.told = without(alert.told, names) if alert.told else None
    # The mails themselves are in their recipients' hands; ours go.
    told = [alert.id for alert in alerts if alert.digest_id is None]
    digests = [alert.digest_id for alert in alerts if alert.digest_id is not None]
    session.execute(
        update(OutboxRow)
        .where(
            OutboxRow.status.in_(("sent", "gave_up")),
            or_(OutboxRow.alert_id.in_(told), OutboxRow.digest_id.in_(digests)),
        )
        .values(message=b"")
    )


def without(record: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """A record of a case or mention without these names: in its words and as its actor."""
    pattern = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    if not pattern:
        return record
    found = re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE)

    def clean(value: Any) -> Any:
        if isinstance(value, str):
            return found.sub(TAKEN_OUT, value)
        if isinstance(value, list):
            return [clean(one) for one in value]
        if isinstance(value, dict):
            return {key: clean(one) for key, one in value.items()}
        return value

    cleaned: dict[str, Any] = clean(record)
    cleaned["actor"]["name"] = NO_NAME
    return cleaned
