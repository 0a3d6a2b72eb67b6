"""Jawab: where the links in a mail lead. No login: the link itself says who answers for what.

Mail scanners follow links, so opening one changes nothing; the button does. The page tells no
more than number, act and office: a link may be forwarded.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from alerts.answering import Signer, Ticket
from alerts.dossier import read_case
from alerts.wording import Places, subject
from pantau.documents import region_name
from pantau.records import Alert
from pantau.state import alerts, cases, casework, merging, subscriptions
from pantau.state.accounts import Who
from pantau.state.casework import CaseworkError, Verb
from pantau.web.context import WebContext
from pantau.web.rendering import context_of, page

router = APIRouter()


class Answer(BaseModel):
    """The form behind the button."""

    tindakan: str = Field(max_length=30)
    other_case: str = Field(default="", max_length=9)


@router.get("/jawab/{token}")
def ask(request: Request, token: str, tindakan: str = "") -> Response:
    """Show what would be noted, and the button that notes it."""
    return _shown(request, token, chosen=tindakan)


@router.post("/jawab/{token}")
def note(request: Request, token: str, form: Annotated[Answer, Form()]) -> Response:
    """Note the answer in the case's log."""
    context = context_of(request)
    ticket = _ticket(context, token)
    if form.tindakan not in _offered():
        raise HTTPException(404)
    try:
        with context.state.write() as session:
            casework.note(
                session,
                ticket.case_id,
                form.tindakan,
                Who(ticket.recipient, via="mail"),
                context.clock(),
                other_case=int(form.other_case) if form.other_case.isdecimal() else None,
            )
    except CaseworkError as error:
        return _shown(request, token, chosen=form.tindakan, mistake=str(error), status=422)
    return _shown(request, token, noted=True)


@router.get("/berhenti/{token}")
def ask_to_stop(request: Request, token: str) -> Response:
    """Show which mails would stop, and the button that stops them."""
    return _stopping(request, token, stopped=False)


@router.post("/berhenti/{token}")
def stop(request: Request, token: str) -> Response:
    """Send no more mails of this subscription; mail programs press this button by themselves
    (RFC 8058)."""
    context = context_of(request)
    ticket = _ticket(context, token)
    with context.state.write() as session:
        alerts.unsubscribe(session, ticket.subscription_id, ticket.recipient, context.clock())
    return _stopping(request, token, stopped=True)


def _stopping(request: Request, token: str, *, stopped: bool) -> Response:
    context = context_of(request)
    ticket = _ticket(context, token)
    with context.state.read() as session:
        known = subscriptions.joined(session, context.config).subscriptions
    subscription = known.get(ticket.subscription_id)
    return page(
        request,
        "unsubscribe.html",
        name=subscription.name if subscription else ticket.subscription_id,
        recipient=ticket.recipient,
        stopped=stopped,
    )


def _shown(
    request: Request,
    token: str,
    *,
    chosen: str = "",
    mistake: str = "",
    noted: bool = False,
    status: int = 200,
) -> Response:
    context = context_of(request)
    ticket = _ticket(context, token)
    with context.state.read() as session:
        number = merging.leads_to(session, ticket.case_id)
        found = cases.stored(session, [number])
        if not found:
            raise HTTPException(404)
        dossier = read_case(session, found[0], context.config)
        standing = casework.standings(session, [number])[number]
    alert = Alert(case=dossier.case, kind="new", subscription_id="", reports=dossier.reports)
    return page(
        request,
        "answer.html",
        status=status,
        number=number,
        subject=subject(alert, Places(region_name, str)),
        recipient=ticket.recipient,
        standing=standing,
        chosen=_offered().get(chosen),
        offered=list(_offered().values()),
        mistake=mistake,
        noted=noted,
    )


def _offered() -> dict[str, Verb]:
    """What a mail offers; ``casework.toml`` says it for mails and this page alike."""
    return {name: verb for name, verb in casework.verbs().items() if verb.in_mail}


def _ticket(context: WebContext, token: str) -> Ticket:
    ticket = Signer(context.home.secret()).read(token, context.clock())
    if ticket is None:
        raise HTTPException(410)
    return ticket
