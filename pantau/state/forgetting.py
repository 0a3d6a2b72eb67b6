"""Lets go of what may not be kept for ever: names in cases that came to nothing, and what people
gave.

The case, its reports and what was done with it stay, and the log keeps that a name was taken
out or something given let go. The articles themselves are published texts and stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import exists, or_, select, update
from sqlalchemy.orm import Session

from pantau.records import NO_NAME
from pantau.state import audit, casework, merging
from pantau.state.accounts import Who
from pantau.state.intake_tables import EvidenceRow, IntakeRow
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


def given_to_let_go(session: Session, before: datetime, limit: int) -> list[int]:
    """Up to ``limit`` intakes of before then that are not needed any more: none of the cases that
    they tell has changed since, or is in an office's hands."""
    mine = MentionRow.article_id == IntakeRow.key
    of_case = MentionRow.case_id == CaseRow.id
    changed = exists().where(mine, of_case, CaseRow.updated_at >= before)
    worked_on = exists().where(
        mine, of_case, CaseworkRow.case_id == CaseRow.id, CaseworkRow.at >= before
    )
    rows = session.execute(
        select(IntakeRow.id, IntakeRow.key)
        .where(
            IntakeRow.forgotten_at.is_(None),
            IntakeRow.status != "waiting",
            IntakeRow.added_at < before,
            ~changed,
            ~worked_on,
        )
        .order_by(IntakeRow.id)
    )
    found: list[int] = []
    for intake_id, key in rows:
        if not _in_hand(session, key):
            found.append(intake_id)
        if len(found) == limit:
            break
    return found


def let_go_of_given(session: Session, intake_id: int, now: datetime) -> list[str]:
    """Empty what a person entered and said of the evidence; returns the archive's names of the
    evidence's bytes.

    That it was given, by whom and when, stays, and of the evidence size, kind and SHA-256.
    """
    row = session.get_one(IntakeRow, intake_id, with_for_update=True)
    row.entered, row.forgotten_at = {}, now
    files = session.scalars(select(EvidenceRow).where(EvidenceRow.intake_id == intake_id)).all()
    for one in files:
        one.name = one.description = one.taken_by = one.taken_from = ""
        one.taken_at = None
    audit.note(session, _BY, "forget_given", now=now, subject=f"masukan:{intake_id}")
    return sorted({one.sha256 for one in files})


def _in_hand(session: Session, key: str) -> bool:
    """Whether an office is at work on a case that this article tells."""
    cases = session.scalars(
        select(MentionRow.case_id)
        .where(MentionRow.article_id == key, MentionRow.case_id.is_not(None))
        .distinct()
    )
    standings = casework.standings(session, [case_id for case_id in cases if case_id is not None])
    return any(one.holder and not one.closed for one in standings.values())
