"""Orang: the cases in which one person is the actor, and those that only share the name.

A person has no name in an address and no page of their own beside a case: the page of case 12's
actor is ``/orang/12``. It is gone when that case is dismissed. Every view is logged.
"""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from alerts.names import Likeness, likeness
from alerts.offices import Fit, fit, office
from pantau.records import Case
from pantau.state import audit
from pantau.web.asking import quoted_value
from pantau.web.dossiers import names_somebody, read
from pantau.web.pages.agencies import cases_told_by, standing_cases
from pantau.web.pages.cases import one_dossier
from pantau.web.rendering import address_of, context_of, page
from pantau.web.security.rights import needs
from pantau.web.viewer import viewer_of

router = APIRouter()

MOST_CASES = 50
"""Of others of that name, the newest."""
KABUPATEN = 5
"""Digits and dots of a kabupaten's or kota's code: persons of two of them are not one."""


@router.get("/orang/{case_id}", dependencies=[needs("persons")])
def person(request: Request, case_id: int) -> Response:
    """The actor of a case: their own cases, and apart those of others of that name."""
    context, viewer = context_of(request), viewer_of(request)
    with context.state.write() as session:
        anchor = one_dossier(context, session, viewer, case_id)
        if not anchor.shown or not names_somebody(anchor.case.actor):
            raise HTTPException(404)
        audit.note(
            session,
            viewer.who,
            "view_person",
            now=context.clock(),
            subject=f"orang:kasus:{case_id}",
            address=address_of(request),
        )
    actor = anchor.case.actor
    query = f"nama:{quoted_value(actor.name)} AND putusan:dugaan"
    told, _ = cases_told_by(context, viewer, query)
    with context.state.read() as session:
        named = [
            one
            for one in standing_cases(session, viewer, [n for n in told if n != case_id])
            if one.shown and likeness(actor.name, one.case.actor.name) is Likeness.SAME
        ]
        same = [one.case.id for one in named if same_person(anchor.case, one.case)]
        found = read(session, context.config, [one.case.id for one in named[:MOST_CASES]])
    own = [anchor, *(one for one in found if one.case.id in same)]
    namesakes = [one for one in found if one.case.id not in same]
    return page(
        request,
        "person.html",
        actor=actor,
        region=anchor.case.region_code,
        anchor=case_id,
        own=sorted(own, key=lambda one: one.case.first_seen, reverse=True),
        namesakes=namesakes,
    )


def same_person(one: Case, other: Case) -> bool:
    """Whether two cases' actors are one by name, office, agency and region, all told in both."""
    if likeness(one.actor.name, other.actor.name) is not Likeness.SAME:
        return False
    if not one.region_code or not other.region_code:
        return False
    if one.region_code[:KABUPATEN] != other.region_code[:KABUPATEN]:
        return False
    held = fit(
        office(one.actor.position, one.actor.agency),
        office(other.actor.position, other.actor.agency),
    )
    return held >= Fit.TITLE
