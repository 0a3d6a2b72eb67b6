"""What an answer or a failure means for the page that was asked for."""

from __future__ import annotations

import gzip
import tomllib
import zlib
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from OpenSSL import SSL
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import Response
from twisted.internet.error import ConnectError, ConnectionClosed

from crawler.errors import NotNow, Refusal, RobotsDenied
from pantau.records import Disposition

_WALLS: dict[str, Any] = tomllib.loads(
    Path(__file__).with_name("data").joinpath("walls.toml").read_text("utf-8")
)


class Next(Enum):
    """What is to be done with a page that brought no answer worth keeping."""

    END = "end"
    """It ends in the disposition."""
    AGAIN = "again"
    """It is asked again in a later run, a few times."""
    WAIT = "wait"
    """Its host cannot be asked now, which says nothing about the page: it waits."""


@dataclass(frozen=True, slots=True)
class Verdict:
    disposition: Disposition
    reason: str
    next: Next


def _failed(reason: str, then: Next) -> Verdict:
    return Verdict(Disposition.FAILED, reason, then)


def defect(error: BaseException | None) -> Verdict:
    """A mistake of ours, or of the machine (a full disk): told, and tried again."""
    return _failed(f"{type(error).__name__}: {error}"[:200], Next.AGAIN)


def judge_failure(error: BaseException | None) -> Verdict:
    """From the exception a request ended in."""
    match error:
        case NotNow():
            return _failed(str(error), Next.WAIT)
        case RobotsDenied():
            return Verdict(Disposition.ROBOTS_DENIED, str(error), Next.END)
        case Refusal():
            return _failed(str(error), Next.END)
        case IgnoreRequest():  # Scrapy's own
            return _failed(_why_ignored(str(error)), Next.END)
        case ValueError():  # of a redirect's target
            return _failed("no valid address", Next.END)
        case DownloadFailedError():
            return _failed(_why_failed(error), Next.AGAIN)
    for kinds, reason in _TRANSIENT:
        if isinstance(error, kinds):
            return _failed(reason, Next.AGAIN)
    if type(error).__module__ in _DECODERS:
        return _failed("broken compression", Next.AGAIN)
    return defect(error)


_TRANSIENT: tuple[tuple[type[Exception] | tuple[type[Exception], ...], str], ...] = (
    (CannotResolveHostError, "dns"),
    (DownloadTimeoutError, "timeout"),
    (DownloadConnectionRefusedError, "connection refused"),
    (ResponseDataLossError, "incomplete"),
    ((ConnectError, ConnectionClosed), "connection failed"),
    ((EOFError, zlib.error, gzip.BadGzipFile), "broken compression"),
)


_DECODERS = ("brotli", "backports.zstd", "compression.zstd")
"""Where errors of decoding come from that share no class with others."""


def _why_ignored(text: str) -> str:
    if "DOWNLOAD_MAXSIZE" in text:
        return "too large"
    return "too many redirects" if "redirect" in text else text


def _why_failed(error: DownloadFailedError) -> str:
    """Twisted keeps the causes of a failed request in ``reasons``, nested."""
    causes = [getattr(error.__cause__, "reasons", [])]
    while causes:
        for failure in causes.pop():
            cause = failure.value
            if isinstance(cause, SSL.Error) or "erif" in type(cause).__name__:
                return "tls"
            causes.append(getattr(cause, "reasons", []))
    return "connection reset"


def judge_response(response: Response) -> Verdict | None:
    """None where the answer is worth keeping: the page may be read."""
    status = response.status
    if wall := _wall(response):
        return Verdict(Disposition.BLOCKED, f"{wall} (http {status})", Next.END)
    if 200 <= status < 300:
        return None
    if status in (401, 403, 451):
        return Verdict(Disposition.BLOCKED, f"http {status}", Next.END)
    again = status in (408, 425, 429) or status >= 500
    return _failed(f"http {status}", Next.AGAIN if again else Next.END)


def _wall(response: Response) -> str:
    """The name of the bot check that answered in place of the site, or nothing."""
    for name, words in _WALLS["headers"].items():
        value = (response.headers.get(name) or b"").decode("latin-1").lower()
        if value and any(word in value for word in words):
            return "bot check"
    if len(response.body) > _WALLS["longest"]:
        return ""
    top = response.body[: _WALLS["searched"]].decode("utf-8", "replace").lower()
    for name, lines in _WALLS["words"].items():
        if any(all(word in top for word in line) for line in lines):
            return f"bot check of {name}"
    return ""
