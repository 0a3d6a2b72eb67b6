"""Stands before every page: who asks, may this be asked at all, and the headers of the answer.

* A session comes in a cookie, or for programs as ``Authorization: Bearer``.
* Whoever has none is shown the login; the API answers 401. Where there is no account yet,
  requests made on this very machine are let in (``doors``).
* What changes something must come from our own pages: Origin, where it is told, is ours, and
  the session's token comes along as the form field ``csrf`` or the header ``X-CSRF-Token``.
  A Bearer token is sent by no browser of itself and needs none. Forms that bring files come only
  where ``uploads`` says.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from urllib.parse import parse_qs, quote, urlsplit

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pantau.state import accounts, sessions
from pantau.web.context import WebContext
from pantau.web.rendering import page
from pantau.web.security import doors, headers, uploads
from pantau.web.viewer import LOCAL, Viewer

COOKIE = "pantau_session"
API = "/api/"
OPEN = ("/static/", "/masuk", "/umpan/", "/jawab/", "/berhenti/", "/keberatan", "/api/v1/session")
"""Paths that need no session; feeds and links in mails have a token of their own."""
SAFE = ("GET", "HEAD", "OPTIONS")
LARGEST = 1024 * 1024
"""Bytes of a request's body, unless it brings files."""


@dataclass(frozen=True, slots=True)
class Caller:
    viewer: Viewer
    csrf: str
    token: str = ""
    by_cookie: bool = True


def install(app: FastAPI) -> None:
    """Put the guard before an application whose ``state.context`` is set."""
    app.add_middleware(Guard)


def encrypted(request: Request, context: WebContext) -> bool:
    """Whether browsers reach us by TLS, here or at a proxy before us."""
    base = context.config.settings.alerts.base_url
    return request.url.scheme == "https" or base.startswith("https:")


class Guard:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._csrf_of_nobody = secrets.token_urlsafe(32)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        context = request.app.state.context
        is_file = scope["path"].startswith("/static/")
        by_tls = encrypted(request, context)

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                told = MutableHeaders(scope=message)
                headers.secure(told, encrypted=by_tls, kept=is_file)
            await send(message)

        caller = None if is_file else await run_in_threadpool(self._caller, request, context)
        if caller is not None:
            scope.setdefault("state", {})
            scope["state"]["viewer"], scope["state"]["csrf"] = caller.viewer, caller.csrf
            scope["state"]["token"] = caller.token
        refusal = self._refusal(request, caller)
        if refusal is None and request.method not in SAFE:
            form: Receive | None
            if uploads.expected(request):
                most = context.config.settings.web.max_upload
                token, form = await uploads.begun(request, receive, most)
            else:
                token, form = await _small(request, receive)
            if form is None:
                refusal = _told(request, 413, "Terlalu besar", "Kirim isian yang lebih pendek.")
            elif not _ours(request, caller, token):
                refusal = _told(
                    request,
                    403,
                    "Formulir sudah kedaluwarsa",
                    "Kembali, muat ulang halamannya, lalu kirim lagi.",
                )
            else:
                receive = form
        await (refusal or self._app)(scope, receive, sending)

    def _caller(self, request: Request, context: WebContext) -> Caller | None:
        """Who has the session that a request brings, or whoever sits at this machine."""
        scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
        by_cookie = scheme.casefold() != "bearer"
        token = request.cookies.get(COOKIE, "") if by_cookie else bearer.strip()
        now, settings = context.clock(), context.config.settings.web
        with context.state.read() as session:
            found = sessions.find(session, token, now, settings.idle) if token else None
            if found is None:
                if doors.from_this_machine(request) and not accounts.any_works(session):
                    return Caller(LOCAL, self._csrf_of_nobody)
                return None
        held, account = found
        if now - held.seen_at >= sessions.SEEN_EVERY:
            with context.state.write() as session:
                sessions.touch(session, token, now)
        viewer = Viewer(
            name=account.name,
            role=accounts.role_of(account),
            regions=tuple(account.regions),
            account_id=account.id,
        )
        return Caller(viewer, held.csrf_token, token, by_cookie)

    def _refusal(self, request: Request, caller: Caller | None) -> Response | None:
        if caller is not None or request.url.path.startswith(OPEN):
            return None
        if request.url.path.startswith(API):
            return JSONResponse(
                {"detail": "Masuk dahulu: POST /api/v1/session."},
                status_code=401,
                headers={"WWW-Authenticate": "Bearer"},
            )
        if request.method not in SAFE:
            return _told(request, 401, "Sesi Anda berakhir", "Masuk lagi, lalu ulangi.")
        asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"/masuk?ke={quote(asked, safe='')}", status_code=303)


async def _small(request: Request, receive: Receive) -> tuple[str, Receive | None]:
    """The token of a form that is read as a whole, and the form to be read anew; None where it is
    too large."""
    body = b""
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > LARGEST:
            return "", None
        more = message["type"] == "http.request" and message.get("more_body", False)
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return waiting.pop() if waiting else await receive()

    kind = request.headers.get("content-type", "")
    if not kind.startswith("application/x-www-form-urlencoded"):
        return "", again
    return parse_qs(body.decode("utf-8", "replace")).get("csrf", [""])[0], again


def _ours(request: Request, caller: Caller | None, token: str) -> bool:
    """Whether a request that changes something was made by a page of ours, or by a program.
    ``token``: of its form."""
    if caller is not None and not caller.by_cookie:
        return True
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        return False
    if caller is None:  # a login, which has no session yet
        return True
    given = request.headers.get("x-csrf-token", "") or token
    return secrets.compare_digest(given.encode(), caller.csrf.encode())


def _told(request: Request, status: int, title: str, hint: str) -> Response:
    if request.url.path.startswith(API):
        return JSONResponse({"detail": f"{title}. {hint}"}, status_code=status)
    return page(request, "error.html", status=status, title=title, hint=hint)
