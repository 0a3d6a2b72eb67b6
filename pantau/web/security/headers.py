"""Headers of every answer: no script but our own files, no third party, nothing kept outside."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # with none at all, forms come from Origin: null
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), interest-cohort=()",
}


def secure(headers: MutableHeaders, *, encrypted: bool, kept: bool) -> None:
    """Complete an answer's headers. A page that says its own policy (the sandbox of an archived
    copy) keeps it; ``kept`` is for files that hold nothing of anybody."""
    headers.setdefault("Content-Security-Policy", POLICY)
    for name, value in ALWAYS.items():
        headers.setdefault(name, value)
    if not kept:
        headers.setdefault("Cache-Control", "no-store")
    if encrypted:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
