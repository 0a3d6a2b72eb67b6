"""Asking an index again only for what has changed: validators, and the body's hash where a
server has none or lies.

They are remembered only of an answer that was taken whole, and not used after a run that was
not: a 304 says that the answer is the same, not that it was ever read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta

from scrapy.http import Request, Response

IN_FULL_AFTER = timedelta(hours=6)
"""After so long an index is asked for in full: some servers answer 304 for ever."""
_FIELDS = {"etag": "If-None-Match", "modified": "If-Modified-Since"}


def headers(remembered: Mapping[str, str], now: datetime) -> dict[str, str]:
    """The headers of a conditional request (RFC 9110, 13.1); none where it is to be full."""
    if not remembered or now - datetime.fromisoformat(remembered["read"]) > IN_FULL_AFTER:
        return {}
    return {header: remembered[key] for key, header in _FIELDS.items() if remembered.get(key)}


def is_conditional(request: Request | None) -> bool:
    """Whether a request may be answered by 304."""
    return request is not None and any(name in request.headers for name in _FIELDS.values())


def remember(response: Response, now: datetime) -> dict[str, str]:
    """What to keep of an answer: ``etag, modified, sha256``, and when it was read."""
    kept = {
        "etag": (response.headers.get("ETag") or b"").decode("latin-1"),
        "modified": (response.headers.get("Last-Modified") or b"").decode("latin-1"),
        "sha256": hashlib.sha256(response.body).hexdigest(),
        "read": now.isoformat(),
    }
    return {key: value for key, value in kept.items() if value}


def same(remembered: Mapping[str, str], answer: Mapping[str, str]) -> bool:
    """Whether an answer has the bytes of the one before."""
    return remembered.get("sha256") == answer["sha256"]
