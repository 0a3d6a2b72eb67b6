"""Masuk, keluar, and one's own account."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from pantau.state import accounts, audit, sessions
from pantau.web.rendering import context_of, page
from pantau.web.security import passwords
from pantau.web.security.login import Refused, log_in
from pantau.web.security.middleware import COOKIE, encrypted
from pantau.web.viewer import viewer_of

router = APIRouter()
FAULTS = {
    "short": f"Kata sandi baru sedikitnya {passwords.SHORTEST} karakter.",
    "long": f"Kata sandi baru paling banyak {passwords.LONGEST} karakter.",
    "name": "Kata sandi baru tidak boleh berisi nama akun.",
    "uniform": "Kata sandi baru terlalu seragam.",
}


@router.get("/masuk")
def login_page(request: Request, ke: str = "/") -> Response:
    """The form; whoever is in already goes on."""
    if hasattr(request.state, "viewer"):
        return RedirectResponse(_own(ke), status_code=303)
    return page(request, "login.html", to=_own(ke), refused="", name="")


@router.post("/masuk")
def login(
    request: Request,
    nama: Annotated[str, Form(max_length=200)] = "",
    sandi: Annotated[str, Form(max_length=10_000)] = "",
    ke: Annotated[str, Form(max_length=4000)] = "/",
) -> Response:
    context = context_of(request)
    answer = log_in(
        context.state,
        context.config.settings.web,
        name=nama,
        password=sandi,
        address=address_of(request),
        now=context.clock(),
    )
    if isinstance(answer, Refused):
        status = 429 if answer.wait_s else 401
        told = page(
            request, "login.html", status=status, to=_own(ke), refused=answer.why, name=nama
        )
        if answer.wait_s:
            told.headers["Retry-After"] = str(answer.wait_s)
        return told
    entered = RedirectResponse(_own(ke), status_code=303)
    entered.set_cookie(
        COOKIE,
        answer.token,
        max_age=int(context.config.settings.web.session.total_seconds()),
        httponly=True,
        samesite="lax",  # strict would ask who follows a mail's link to log in again
        secure=encrypted(request, context),
    )
    return entered


@router.post("/keluar")
def logout(request: Request) -> Response:
    context, viewer = context_of(request), viewer_of(request)
    with context.state.write() as session:
        sessions.close_session(session, request.state.token)
        audit.note(session, viewer.who, "logout", now=context.clock())
    left = RedirectResponse("/masuk", status_code=303)
    left.delete_cookie(COOKIE)
    return left


@router.get("/akun")
def account_page(request: Request) -> Response:
    return page(request, "account.html", refused="")


@router.post("/akun/sandi")
def change_password(
    request: Request,
    lama: Annotated[str, Form(max_length=10_000)] = "",
    baru: Annotated[str, Form(max_length=10_000)] = "",
) -> Response:
    """Another password; every other browser of the account is logged out, and this one too."""
    context, viewer = context_of(request), viewer_of(request)
    if viewer.account_id is None:
        return RedirectResponse("/akun", status_code=303)
    with context.state.read() as session:
        held = accounts.get(session, viewer.name).password_hash
    fault = passwords.fault(baru, name=viewer.name)
    refused = FAULTS[fault] if fault else ""
    if not passwords.fits(lama, held):
        refused = "Kata sandi lama tidak cocok."
    if refused:
        return page(request, "account.html", status=400, refused=refused)
    fresh = passwords.hashed(baru)
    with context.state.write() as session:
        account = accounts.get(session, viewer.name)
        accounts.set_password(session, account, fresh, context.clock())
        audit.note(session, viewer.who, "account", now=context.clock(), detail="kata sandi diganti")
    return RedirectResponse("/masuk", status_code=303)


def address_of(request: Request) -> str:
    """Where a request comes from; a proxy before us is believed by the server, not here."""
    return request.client.host if request.client else ""


def _own(path: str) -> str:
    """A path of these pages; the front page for anything that leads elsewhere."""
    plain = path.startswith("/") and not path.startswith("//") and "\\" not in path
    return path if plain and path.isprintable() else "/"
