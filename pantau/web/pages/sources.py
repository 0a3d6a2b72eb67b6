"""Sumber: for operators, the state of every source, and what became of its pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pantau.config import Source
from pantau.records import Disposition
from pantau.state import trials
from pantau.state.tables import PageRow, RunRow, SourceEventRow, SourceRow
from pantau.web.rendering import context_of, page
from pantau.web.security.rights import needs

router = APIRouter()

RUNS = ERRORS = EVENTS = 20
WRONG = (Disposition.FAILED, Disposition.BLOCKED, Disposition.QUARANTINED)


@dataclass(frozen=True, slots=True)
class Watched:
    """A configured source with its state; none where it was never polled."""

    source: Source
    row: SourceRow | None

    @property
    def unproven(self) -> bool:
        """Whether its address was never seen to work: it is tried until it answers."""
        return trials.unproven(self.source, self.row)

    @property
    def trouble(self) -> str:
        """What keeps it from being read; empty where nothing does."""
        if self.row is None or self.unproven:
            return ""
        return self.row.trouble or ("failed" if self.row.failures else "")


@router.get("/sumber", dependencies=[needs("sources")])
def list_sources(request: Request) -> Response:
    """Every source, those in trouble first."""
    context = context_of(request)
    with context.state.read() as session:
        rows = {row.id: row for row in session.scalars(select(SourceRow))}
    watched = [Watched(one, rows.get(one.id)) for one in context.config.sources.values()]
    watched.sort(key=lambda one: (not one.trouble, one.source.name.casefold()))
    return page(
        request,
        "sources.html",
        watched=watched,
        troubled=sum(bool(one.trouble) for one in watched),
        told_span=told_span,
    )


@router.get("/sumber/{source_id}", dependencies=[needs("sources")])
def one_source(request: Request, source_id: str) -> Response:
    """One source: its rhythm, its last runs, what became of its pages, and its last errors."""
    context = context_of(request)
    source = context.config.sources.get(source_id)
    if source is None:
        raise HTTPException(404)
    with context.state.read() as session:
        return page(
            request,
            "source.html",
            watched=Watched(source, session.get(SourceRow, source_id)),
            runs=_runs(session, source_id),
            events=_events(session, source_id),
            became=_became(session, source_id),
            errors=_errors(session, source_id),
            told_span=told_span,
        )


def _runs(session: Session, source_id: str) -> Sequence[RunRow]:
    query = select(RunRow).where(RunRow.source_id == source_id)
    return session.scalars(query.order_by(RunRow.id.desc()).limit(RUNS)).all()


def _events(session: Session, source_id: str) -> Sequence[SourceEventRow]:
    query = select(SourceEventRow).where(SourceEventRow.source_id == source_id)
    return session.scalars(query.order_by(SourceEventRow.id.desc()).limit(EVENTS)).all()


def _became(session: Session, source_id: str) -> list[tuple[str, int]]:
    """How many of its pages ended how, or wait for what."""
    rows = session.execute(
        select(PageRow.status, PageRow.disposition, func.count())
        .where(PageRow.source_id == source_id)
        .group_by(PageRow.status, PageRow.disposition)
    )
    counted = [(disposition or f"({status})", number) for status, disposition, number in rows]
    return sorted(counted, key=lambda one: -one[1])


def _errors(session: Session, source_id: str) -> Sequence[PageRow]:
    query = select(PageRow).where(PageRow.source_id == source_id, PageRow.disposition.in_(WRONG))
    return session.scalars(query.order_by(PageRow.id.desc()).limit(ERRORS)).all()


def told_span(span: timedelta | float | None) -> str:
    """A span of time in words: ``15 menit``, ``6 jam``, ``3 hari``."""
    if not span:  # nothing that is dated came twice
        return "belum diketahui"
    seconds = span.total_seconds() if isinstance(span, timedelta) else span
    for length, name in ((86400, "hari"), (3600, "jam"), (60, "menit")):
        if seconds >= length:
            return f"{seconds / length:.0f} {name}"
    return f"{seconds:.0f} detik"
