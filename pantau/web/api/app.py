"""The JSON API, an application of its own that ``pantau.web.app`` mounts under ``/api/v1``."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from pantau.errors import IndexUnavailable, QueryError, StateError
from pantau.state.casework import CaseworkError
from pantau.state.corrections import CorrectionError
from pantau.web.api import account, articles, cases
from pantau.web.context import WebContext

VERSION = "1"


def create_api(context: WebContext) -> FastAPI:
    """The JSON API over an opened home, to be mounted behind the guard of the pages."""
    api = FastAPI(
        title="Pantau API",
        version=VERSION,
        description="Artikel, kasus dan pencarian, dengan hak yang sama seperti halaman-halaman. "
        "Program masuk dengan POST /session dan mengirim tokennya sebagai "
        "Authorization: Bearer.",
        docs_url=None,
        redoc_url=None,
    )
    api.state.context = context
    for router in (account.router, articles.router, cases.router):
        api.include_router(router)

    @api.exception_handler(QueryError)
    @api.exception_handler(CaseworkError)
    @api.exception_handler(CorrectionError)
    async def _mistaken(_: Request, error: Exception) -> JSONResponse:
        return JSONResponse({"detail": str(error)}, status_code=422)

    @api.exception_handler(IndexUnavailable)
    @api.exception_handler(StateError)
    async def _away(_: Request, error: Exception) -> JSONResponse:
        return JSONResponse(
            {"detail": "Sedang tidak tersedia. Coba lagi sebentar."}, status_code=503
        )

    @api.exception_handler(HTTPException)
    async def _refused(_: Request, error: HTTPException) -> JSONResponse:
        return JSONResponse(
            {"detail": error.detail}, status_code=error.status_code, headers=error.headers
        )

    return api
