"""Which bytes in the archive a row still needs. Several may: the archive keeps equal bytes once."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from pantau.state import posts
from pantau.state.intake_tables import EvidenceRow, IntakeRow
from pantau.state.tables import PageRow, PictureRow, RevisionRow

_AT_ONCE = 500


def held(session: Session) -> set[str]:
    """The archive's names of all that is kept."""
    return {
        sha256
        for query, column in _needed()
        for sha256 in session.scalars(query.where(column != "").distinct())
    }


def let_go(session: Session, names: Collection[str]) -> list[str]:
    """Those of these names that no row needs any more."""
    wanted, needed = sorted(set(names)), set[str]()
    for first in range(0, len(wanted), _AT_ONCE):
        some = wanted[first : first + _AT_ONCE]
        for query, column in _needed():
            needed.update(session.scalars(query.where(column.in_(some))))
    return [name for name in wanted if name not in needed]


def _needed() -> list[tuple[Select[str], InstrumentedAttribute[str]]]:
    """Queries for the names in use, each with its column. An erased post and evidence that was let
    go keep theirs, by which a copy that somebody else has can be recognised; the bytes are gone."""
    return [
        (select(PageRow.sha256), PageRow.sha256),
        (
            select(RevisionRow.page_sha256).where(RevisionRow.text != posts.GONE_WORDS),
            RevisionRow.page_sha256,
        ),
        (select(PictureRow.sha256), PictureRow.sha256),
        (
            select(EvidenceRow.sha256)
            .join(IntakeRow, EvidenceRow.intake_id == IntakeRow.id)
            .where(IntakeRow.forgotten_at.is_(None)),
            EvidenceRow.sha256,
        ),
    ]
