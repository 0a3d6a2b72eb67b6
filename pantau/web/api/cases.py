"""Cases: listed, shown with their log, and worked on."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from sqlalchemy import select
from sqlalchemy.orm import Session

from pantau.records import Case
from pantau.state import audit, casework, merging
from pantau.state.accounts import Who
from pantau.state.cases import case_from_json
from pantau.state.tables import CaseRow, MentionRow
from pantau.web.api.account import REFUSALS
from pantau.web.api.models import Cases, CaseTold, CaseWithLog, Done, EntryTold, Told
from pantau.web.rendering import address_of, context_of
from pantau.web.security.rights import must_see, needs, sees
from pantau.web.viewer import Viewer, viewer_of

router = APIRouter()
LOOKED_AT = 2000
"""Cases that are read for one answer; where few of them fit, ``before`` leads on."""


@router.get("/cases", responses=REFUSALS, dependencies=[needs("cases")])
def list_cases(
    request: Request,
    region: Annotated[str, Query(pattern=r"^(\d\d(\.\d\d(\.\d\d)?)?)?$")] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    before: Annotated[int | None, Query(ge=1, lt=2**31)] = None,
) -> Cases:
    """Cases within one's regions, newest first."""
    viewer = viewer_of(request)
    query = select(CaseRow).order_by(CaseRow.id.desc()).limit(LOOKED_AT)
    if before is not None:
        query = query.where(CaseRow.id < before)
    if region:
        query = query.where(CaseRow.region_code.startswith(region))
    with context_of(request).state.read() as session:
        found: list[Case] = []
        looked_at, last = 0, None
        for row in session.scalars(query.execution_options(yield_per=100)):
            if len(found) == limit:
                break
            looked_at, last = looked_at + 1, row.id
            if row.record and sees(viewer, [row.region_code]):
                found.append(case_from_json(row.record))
        more = len(found) == limit or looked_at == LOOKED_AT
        stand = casework.standings(session, [case.id for case in found])
    return Cases(
        cases=[CaseTold.of(case, stand[case.id]) for case in found], before=last if more else None
    )


@router.get(
    "/cases/{case_id}",
    responses={**REFUSALS, 404: {"model": Told}},
    dependencies=[needs("cases")],
)
def show(request: Request, case_id: int) -> CaseWithLog:
    """A case with all that was done with it; the view is logged."""
    context, viewer = context_of(request), viewer_of(request)
    with context.state.write() as session:
        case = _seen(session, viewer, case_id)
        audit.note(
            session,
            viewer.who,
            "view_case",
            now=context.clock(),
            subject=f"kasus:{case_id}",
            address=address_of(request),
        )
        return _told(session, case)


@router.post(
    "/cases/{case_id}/log",
    status_code=201,
    responses={**REFUSALS, 404: {"model": Told}, 422: {"model": Told}},
    dependencies=[needs("casework")],
)
def act(request: Request, case_id: int, done: Done) -> CaseWithLog:
    """Note what is done with a case. The log only grows."""
    context, viewer = context_of(request), viewer_of(request)
    with context.state.write() as session:
        case = _seen(session, viewer, case_id)
        if done.other_case is not None:
            _seen(session, viewer, done.other_case)
        casework.note(
            session,
            case_id,
            done.verb,
            Who(viewer.name, viewer.account_id, via="api"),
            context.clock(),
            note=done.note,
            number=done.number,
            office=done.office,
            link=done.link,
            day=done.day,
            other_case=done.other_case,
        )
        return _told(session, case)


def _seen(session: Session, viewer: Viewer, case_id: int) -> Case:
    """A case that lies where the viewer works, by any number it has had; 404 for any other."""
    known = 0 < case_id < 2**31
    row = session.get(CaseRow, merging.leads_to(session, case_id)) if known else None
    if row is None or not row.record:
        raise HTTPException(404)
    must_see(viewer, [row.region_code])
    return case_from_json(row.record)


def _told(session: Session, case: Case) -> CaseWithLog:
    entries = casework.log(session, case.id)
    told_by = session.scalars(
        select(MentionRow.article_id)
        .where(MentionRow.case_id == case.id, MentionRow.withdrawn.is_(False))
        .distinct()
        .order_by(MentionRow.article_id)
    )
    plain = CaseTold.of(case, casework.standing(entries)).model_dump()
    return CaseWithLog(
        **plain, log=[EntryTold.of(entry) for entry in entries], articles=list(told_by)
    )
