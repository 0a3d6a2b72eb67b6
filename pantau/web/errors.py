"""What people see when something cannot be shown: a page that says what, and what to do."""

from __future__ import annotations

import logging

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from pantau.errors import IndexUnavailable, StateError
from pantau.web.rendering import page
from pantau.web.security import headers

log = logging.getLogger(__name__)

_SAID = {
    400: ("Permintaan tidak dapat dibaca", "Periksa alamatnya, atau mulai lagi dari Cari."),
    403: ("Tidak diizinkan", "Akun Anda tidak berwenang untuk halaman ini."),
    404: ("Tidak ditemukan", "Halaman ini tidak ada, atau tidak lagi ditampilkan."),
    405: ("Tidak dapat dilakukan begini", "Buka halamannya dahulu, lalu pakai tombol di sana."),
    410: ("Tautan tidak berlaku", "Tautan ini rusak atau sudah lewat masanya. Masuk ke Pantau."),
    413: ("Terlalu besar", "Kirim isian yang lebih pendek."),
    422: ("Isian tidak dapat dibaca", "Kembali, periksa isiannya, lalu kirim lagi."),
    429: ("Terlalu sering", "Tunggu sebentar, lalu coba lagi."),
    500: (
        "Ada yang keliru di pihak kami",
        "Kesalahannya dicatat. Coba lagi, atau beri tahu operator.",
    ),
    503: ("Sedang tidak tersedia", "Coba lagi sebentar; tidak ada data yang hilang."),
}


def install(app: FastAPI) -> None:
    """Answer errors with pages."""

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> Response:
        answer = _said(request, error.status_code)
        answer.headers.update(error.headers or {})
        return answer

    @app.exception_handler(RequestValidationError)
    async def _invalid(request: Request, _: RequestValidationError) -> Response:
        return _said(request, 422)

    @app.exception_handler(Exception)
    async def _fault(request: Request, _: Exception) -> Response:
        """What no page foresaw; the server logs it. No middleware sees this answer any more."""
        answer = _said(request, 500)
        headers.secure(answer.headers, encrypted=False, kept=False)
        return answer

    @app.exception_handler(IndexUnavailable)
    @app.exception_handler(StateError)
    async def _away(request: Request, error: Exception) -> Response:
        log.warning("%s: %s", request.url.path, error)
        return _said(request, 503)


def _said(request: Request, status: int) -> Response:
    title, hint = _SAID.get(status, _SAID[500 if status >= 500 else 400])
    if request.url.path.startswith("/api/"):  # an address so odd that it does not reach the API
        return JSONResponse({"detail": f"{title}. {hint}"}, status_code=status)
    return page(request, "error.html", status=status, title=title, hint=hint)
