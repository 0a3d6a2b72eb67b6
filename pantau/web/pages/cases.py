"""Kasus: each alleged event, what its reports tell, and what an office does with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from alerts.data import load as load_words
from alerts.masking import mask
from extract.entities.regions import table
from extract.law import load as load_law
from pantau.deadlines import deadlines
from pantau.records import STAGES, Case
from pantau.state import audit, casework, intakes, merging
from pantau.state.cases import case_from_json
from pantau.state.casework import CaseworkError, Standing, Verb
from pantau.state.tables import CaseRow
from pantau.web.context import WebContext
from pantau.web.dossiers import Dossier, fitting_rules, names_somebody, read, time_line
from pantau.web.rendering import WORDS, address_of, context_of, page
from pantau.web.security.rights import may, must_see, needs, sees
from pantau.web.viewer import Viewer, viewer_of

router = APIRouter()

SHOWN, BATCH, LOOKED_AT = 30, 100, 2000
"""Cases on a page of the list, those fetched at a time, and how many are gone through at most to
fill a page."""
STATES = {"": "semua", "terbuka": "terbuka", "saya": "saya tangani", "selesai": "selesai"}
ONE_CLICK = ("take", "trace", "known_already", "not_one", "verify", "release")
"""Verbs that need nothing more than a click."""


@dataclass(frozen=True, slots=True)
class Listed:
    case: Case
    standing: Standing


@dataclass(frozen=True, slots=True)
class Sought:
    """What the list is narrowed to, as the page's address tells it."""

    region: str = ""
    stage: str = ""
    form: str = ""
    state: str = ""
    before: int = 0
    """The id of the last case seen: the list goes on below it. 0 begins at the newest."""

    @classmethod
    def of(cls, parameters: Mapping[str, str]) -> Sought:
        region, stage = parameters.get("wilayah", ""), parameters.get("tahap", "")
        form, before = parameters.get("bentuk", ""), parameters.get("sebelum", "")
        state = parameters.get("keadaan", "")
        return cls(
            region if region in table() else "",
            stage if stage in STAGES else "",
            form if form.isdecimal() and int(form) in load_law().forms else "",
            state if state in STATES else "",
            int(before) if before.isdecimal() and len(before) < 10 else 0,
        )

    def url(self, before: int) -> str:
        told = {
            "wilayah": self.region,
            "tahap": self.stage,
            "bentuk": self.form,
            "keadaan": self.state,
            "sebelum": str(before or ""),
        }
        return f"/kasus?{urlencode({name: value for name, value in told.items() if value})}"


@router.get("/kasus", dependencies=[needs("cases")])
def list_cases(request: Request) -> Response:
    """Cases, the newest first; names stand on the page of each."""
    context, viewer = context_of(request), viewer_of(request)
    sought = Sought.of(request.query_params)
    with context.state.read() as session:
        listed, last = _found(session, viewer, sought)
    provinces = [region for region in table().values() if region.level == "province"]
    return page(
        request,
        "cases.html",
        sought=sought,
        listed=listed,
        following=sought.url(last) if last else "",
        provinces=provinces,
        stages=STAGES,
        forms=load_law().forms,
        states=STATES,
    )


def _found(session: Session, viewer: Viewer, sought: Sought) -> tuple[list[Listed], int]:
    """A page of the list, and the id to go on from; 0 at its end."""
    found: list[Listed] = []
    last = sought.before
    for _ in range(LOOKED_AT // BATCH):
        cases = _next(session, sought, last)
        wanted = [case for case in cases if _wanted(case, sought, viewer)]
        standings = casework.standings(session, [case.id for case in wanted])
        for case in wanted:
            if _in_state(standings[case.id], sought.state, viewer):
                found.append(Listed(case, standings[case.id]))
                if len(found) == SHOWN:
                    return found, case.id
        if len(cases) < BATCH:
            return found, 0
        last = cases[-1].id
    return found, last


def _next(session: Session, sought: Sought, before: int) -> list[Case]:
    """The cases that follow in the list: one query, whatever is left of them afterwards."""
    query = select(CaseRow).where(CaseRow.merged_into.is_(None))
    query = query.order_by(CaseRow.id.desc()).limit(BATCH)
    if before:
        query = query.where(CaseRow.id < before)
    if sought.region:
        query = query.where(CaseRow.region_code.startswith(sought.region))
    if sought.stage:
        query = query.where(CaseRow.record["stage"].as_string() == sought.stage)
    return [case_from_json(row.record) for row in session.scalars(query)]


def _wanted(case: Case, sought: Sought, viewer: Viewer) -> bool:
    return sees(viewer, [case.region_code]) and (
        not sought.form or int(sought.form) in case.skb_forms
    )


def _in_state(standing: Standing, state: str, viewer: Viewer) -> bool:
    match state:
        case "terbuka":
            return not standing.closed
        case "selesai":
            return standing.closed
        case "saya":
            return _holds(standing, viewer)
    return True


def _holds(standing: Standing, viewer: Viewer) -> bool:
    return bool(standing.holder) and (
        (standing.holder, standing.holder_account) == (viewer.who.name, viewer.account_id)
    )


@router.get("/kasus/{case_id}", dependencies=[needs("cases")])
def show_case(request: Request, case_id: int) -> Response:
    """A case; the number of one that turned out to be another leads there."""
    with context_of(request).state.read() as session:
        stands = merging.leads_to(session, case_id) if 0 < case_id < 2**31 else case_id
    if stands != case_id:
        return RedirectResponse(f"/kasus/{stands}", status_code=307)
    return _shown(request, case_id)


def _shown(request: Request, case_id: int, *, mistake: str = "", status: int = 200) -> Response:
    context, viewer = context_of(request), viewer_of(request)
    with context.state.write() as session:
        dossier = one_dossier(context, session, viewer, case_id)
        reports = {report.article_id: report.gone for report in dossier.reports}
        evidence = {
            key: () if gone else intakes.evidence_of(session, key) for key, gone in reports.items()
        }
        audit.note(
            session,
            viewer.who,
            "view_case",
            now=context.clock(),
            subject=f"kasus:{case_id}",
            address=address_of(request),
        )
    case, standing, law = dossier.case, dossier.standing, load_law()
    rules, day, timing = fitting_rules(law, case, context.zone)
    verbs = casework.verbs()
    return page(
        request,
        "case.html",
        status=status,
        mistake=mistake,
        case=case,
        dossier=dossier,
        standing=standing,
        evidence=evidence,
        steps=time_line(dossier, WORDS["stage"]),
        forms=[law.forms[number] for number in case.skb_forms],
        rules=rules,
        rules_day=day,
        timing=timing,
        route=law.route(case.subject, day),
        due=_due(case, standing),
        mails=load_words("wording.toml"),
        mask=mask,
        may_work=may(viewer, "casework"),
        person=may(viewer, "persons") and dossier.shown and names_somebody(case.actor),
        held=_holds(standing, viewer),
        several=len({report.article_id for report in dossier.reports}) > 1,
        one_click=_one_click(dossier, held=_holds(standing, viewer)),
        with_details=[verb for verb in verbs.values() if verb.offered and verb.id not in ONE_CLICK],
    )


def _one_click(dossier: Dossier, *, held: bool) -> list[Verb]:
    """Of ONE_CLICK what can be done now: whoever holds a case does not take it, nobody else lets go
    of it, and only what rests on citizens' posts alone is to be verified."""
    unverified = not dossier.standing.verified and all(r.citizen for r in dossier.reports)
    can = {"take": not held, "release": held, "verify": unverified}
    verbs = casework.verbs()
    return [verbs[name] for name in ONE_CLICK if can.get(name, True)]


def one_dossier(context: WebContext, session: Session, viewer: Viewer, case_id: int) -> Dossier:
    """A case that the viewer may see, by any number it has had; 404 for any other."""
    known = 0 < case_id < 2**31
    found = read(session, context.config, [merging.leads_to(session, case_id)]) if known else []
    if not found:
        raise HTTPException(404)
    must_see(viewer, [found[0].case.region_code])
    return found[0]


def _due(case: Case, standing: Standing) -> Any:
    if standing.known_on is None or standing.closed:
        return ()
    return deadlines(
        load_law(), known_on=standing.known_on, act_date=case.act_date, region=case.region_code
    )


class Acting(BaseModel):
    """The form by which somebody says what is done with a case."""

    tindakan: str = Field(max_length=30)
    note: str = Field(default="", max_length=5000)
    number: str = Field(default="", max_length=200)
    office: str = Field(default="", max_length=200)
    link: str = Field(default="", max_length=1000)
    day: str = Field(default="", max_length=10)
    other_case: str = Field(default="", max_length=9)


@router.post("/kasus/{case_id}/tindakan", dependencies=[needs("casework")])
def act(request: Request, case_id: int, form: Annotated[Acting, Form()]) -> Response:
    """Add a line to the case's log; what is missing is told on the page, with nothing noted."""
    context, viewer = context_of(request), viewer_of(request)
    try:
        with context.state.write() as session:
            one_dossier(context, session, viewer, case_id)
            casework.note(
                session,
                case_id,
                form.tindakan,
                viewer.who,
                context.clock(),
                note=form.note,
                number=form.number,
                office=form.office,
                link=_web(form.link.strip()),
                day=_day(form.day),
                other_case=int(form.other_case) if form.other_case.isdecimal() else None,
            )
    except CaseworkError as error:
        return _shown(request, case_id, mistake=str(error), status=422)
    return RedirectResponse(f"/kasus/{case_id}#penanganan", status_code=303)


class Splitting(BaseModel):
    """The form by which somebody says that a report tells another event."""

    artikel: str = Field(max_length=64)


@router.post("/kasus/{case_id}/pisahkan", dependencies=[needs("casework")])
def split(request: Request, case_id: int, form: Annotated[Splitting, Form()]) -> Response:
    """Give a report a case of its own, for good; leads there."""
    context, viewer = context_of(request), viewer_of(request)
    try:
        with context.state.write() as session:
            one_dossier(context, session, viewer, case_id)
            other = casework.split(session, case_id, form.artikel, viewer.who, context.clock())
    except CaseworkError as error:
        return _shown(request, case_id, mistake=str(error), status=422)
    return RedirectResponse(f"/kasus/{other}", status_code=303)


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said) if said else None
    except ValueError:
        raise CaseworkError("Tanggal ditulis tahun-bulan-hari, misalnya 2024-10-28.") from None


def _web(said: str) -> str:
    if said and not said.startswith(("https://", "http://")):
        raise CaseworkError("Tautan dimulai dengan https:// atau http://.")
    return said
