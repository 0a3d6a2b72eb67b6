"""Which cases are one: a merged case points to the other, and a person can part them again.

Of a merged case the row, its log and its alerts stay as they are; only its mentions are counted
to the other. Each mention keeps the case it was given at first, so that parting is exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from pantau.state.people_tables import ApartRow
from pantau.state.tables import AlertRow, CaseRow, MentionRow


def leads_to(session: Session, case_id: int) -> int:
    """The case that a number stands for now: its own, or the one it was merged into."""
    row = session.get(CaseRow, case_id)
    while row is not None and row.merged_into is not None:
        row = session.get_one(CaseRow, row.merged_into)
    return row.id if row is not None else case_id


def families(session: Session, case_ids: Iterable[int]) -> dict[int, list[int]]:
    """Each case with all that were merged into it, at once or by way of others; itself first."""
    found = {case_id: [case_id] for case_id in case_ids}
    leads = {case_id: case_id for case_id in found}
    newest = list(leads)
    while newest:
        rows = session.execute(
            select(CaseRow.id, CaseRow.merged_into).where(CaseRow.merged_into.in_(newest))
        ).all()
        newest = []
        for case_id, into in rows:
            assert into is not None
            leads[case_id] = leads[into]
            found[leads[into]].append(case_id)
            newest.append(case_id)
    return found


def family(session: Session, case_id: int) -> list[int]:
    return families(session, [case_id])[case_id]


def merge(session: Session, one: int, other: int, now: datetime) -> tuple[int, int]:
    """Make one case of two; the older number stays. Returns the one that stays and the other."""
    kept, gone = sorted((leads_to(session, one), leads_to(session, other)))
    if kept == gone:
        return kept, gone
    session.execute(update(MentionRow).where(MentionRow.case_id == gone).values(case_id=kept))
    row = session.get_one(CaseRow, gone)
    row.merged_into, row.updated_at, row.record = kept, now, {}
    _hand_over_alerts(session, gone, kept)
    session.flush()
    return kept, gone


def _hand_over_alerts(session: Session, gone: int, kept: int) -> None:
    """What still waits to be told of a merged case is told of the one that stays, unless that
    is told to the same subscriber anyway. What is new in it is found when its case is saved."""
    rows = session.scalars(select(AlertRow).where(AlertRow.case_id.in_((gone, kept)))).all()
    told = {(row.subscription_id, row.kind) for row in rows if row.case_id == kept}
    for row in rows:
        if row.case_id != gone or row.due_at is None:
            continue
        kinds = ("new",) if row.kind == "new" else ("new", "unverified")
        if row.kind in kinds and not any((row.subscription_id, kind) in told for kind in kinds):
            row.case_id = kept
        else:
            row.due_at = None


def part(session: Session, case_id: int, other: int, now: datetime) -> None:
    """Take a case out again that was merged into another, for good: with the mentions it came
    with, and those of the cases that had been merged into it."""
    row = session.get_one(CaseRow, other)
    assert row.merged_into is not None
    kept = leads_to(session, other)
    own = family(session, other)
    session.execute(
        update(MentionRow)
        .where(MentionRow.case_id == kept, MentionRow.own_case_id.in_(own))
        .values(case_id=other)
    )
    row.merged_into, row.updated_at = None, now
    tell_apart(session, case_id, other, now)


def split(session: Session, case_id: int, article_id: str, now: datetime) -> int | None:
    """Give an article that tells another event a case of its own, for good; its number.

    None where the article does not stand in the case, or alone.
    """
    told = set(session.scalars(select(MentionRow.article_id).where(MentionRow.case_id == case_id)))
    if article_id not in told or len(told) == 1:
        return None
    old = session.get_one(CaseRow, case_id)
    row = CaseRow(subject=old.subject, record={}, first_seen=now, updated_at=now)
    session.add(row)
    session.flush()
    session.execute(
        update(MentionRow)
        .where(MentionRow.case_id == case_id, MentionRow.article_id == article_id)
        .values(case_id=row.id, own_case_id=row.id)
    )
    tell_apart(session, case_id, row.id, now)
    session.add(ApartRow(case_id=case_id, article_id=article_id, at=now))
    return row.id


def tell_apart(session: Session, case_id: int, other: int, now: datetime) -> None:
    session.add(ApartRow(case_id=case_id, other_case=other, at=now))
    session.flush()


def told_apart(session: Session, case_id: int) -> set[int]:
    """The cases of which a person said that they are not this one."""
    own = family(session, case_id)
    rows = session.execute(
        select(ApartRow.case_id, ApartRow.other_case).where(
            or_(ApartRow.case_id.in_(own), ApartRow.other_case.in_(own)),
            ApartRow.other_case.is_not(None),
        )
    )
    told = {number for row in rows for number in row if number is not None} - set(own)
    return {leads_to(session, number) for number in told}


def not_of(session: Session, article_id: str) -> set[int]:
    """The cases of which a person said that an article does not tell them."""
    told: Sequence[int] = session.scalars(
        select(ApartRow.case_id).where(ApartRow.article_id == article_id)
    ).all()
    return {leads_to(session, number) for number in told}
