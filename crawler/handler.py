"""Sends each request: in the host's turn, to public addresses only, and able to be called back.

It stands where Scrapy opens connections, below every middleware, so nothing that Scrapy
sends (a page, a redirect's target, a retry, robots.txt) can go around it.
"""

from __future__ import annotations

import asyncio
import email.utils
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError, DownloadCancelledError
from scrapy.http import Request, Response

from crawler import guard
from crawler.errors import PrivateAddress, Stopped, TooLarge
from crawler.politeness import address_of, host_of

if TYPE_CHECKING:
    from crawler.context import Errand

LONGEST_RETRY_AFTER = 24 * 3600.0


def asked_pause(response: Response, now: datetime) -> float:
    """Seconds for which a host wants no more requests: what Retry-After says of a failed one, or
    when its rate limit begins anew (``x-rate-limit-reset``), once nothing is left of it."""

    def told(name: str) -> str:
        return (response.headers.get(name) or b"").decode("latin-1").strip()

    failed = response.status == 429 or response.status >= 500
    if failed and told("Retry-After"):
        return retry_after(told("Retry-After"), now)
    for prefix in ("x-rate-limit-", "X-RateLimit-", "RateLimit-"):
        if reset := told(f"{prefix}reset"):
            spent = response.status == 429 or told(f"{prefix}remaining") == "0"
            return _until_reset(reset, now) if spent else 0.0
    return 0.0


def _until_reset(value: str, now: datetime) -> float:
    """Seconds until a time told in seconds since 1970 (X, Reddit, Bluesky) or in ISO 8601
    (Mastodon)."""
    try:
        if value.isdigit():
            seconds = float(value)
            since_1970 = seconds > LONGEST_RETRY_AFTER * 365
            seconds -= now.timestamp() if since_1970 else 0
        else:
            when = datetime.fromisoformat(value)
            seconds = ((when if when.tzinfo else when.replace(tzinfo=UTC)) - now).total_seconds()
    except (ValueError, OverflowError):
        return 0.0
    return min(max(seconds, 0.0), LONGEST_RETRY_AFTER)


def retry_after(value: str, now: datetime) -> float:
    """Seconds that a Retry-After header asks for (RFC 9110, 10.2.3): a number or a date."""
    try:
        seconds = float(value) if value.strip().isdigit() else _until(value, now)
    except ValueError:
        return 0.0
    return min(max(seconds, 0.0), LONGEST_RETRY_AFTER)


def _until(value: str, now: datetime) -> float:
    when = email.utils.parsedate_to_datetime(value)
    return ((when if when.tzinfo else when.replace(tzinfo=UTC)) - now).total_seconds()


class PoliteHandler(HTTP11DownloadHandler):
    """Scrapy's HTTP/1.1 handler behind the host budgets and the guard."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        guard.install()

    async def download_request(self, request: Request) -> Response:
        errand: Errand = self._crawler.spider.errand  # type: ignore[union-attr]
        if errand.stopped:
            raise Stopped(errand.stopped)
        sending = asyncio.ensure_future(self._send(request, errand))
        errand.requests.add(sending)
        try:
            return await sending
        except asyncio.CancelledError:
            raise Stopped(errand.stopped) from None
        finally:
            errand.requests.discard(sending)

    async def _send(self, request: Request, errand: Errand) -> Response:
        budgets, host = errand.context.budgets, host_of(request.url)
        pace = errand.context.pace(host, errand.politeness)
        await budgets.take(
            host, delay=pace.delay, concurrency=pace.concurrency, deadline=errand.deadline
        )
        failed, status, pause = True, 0, 0.0
        try:
            response = await self._fetch(request, errand)
            status = response.status
            errand.context.clocks.note(host, response.headers.get("Date"), errand.context.clock())
            failed = status == 429 or status >= 500
            pause = asked_pause(response, errand.context.clock())
            return response
        except (TooLarge, PrivateAddress, asyncio.CancelledError):
            failed = False  # our own doing, not the host's
            raise
        finally:
            budgets.give_back(host, failed=failed, overloaded=status == 429, retry_after=pause)

    async def _fetch(self, request: Request, errand: Errand) -> Response:
        settings = errand.context.settings
        allowed = frozenset(settings.allow_private)
        if settings.proxy:
            # The proxy makes the connection, so what it would connect to is looked at here.
            await guard.look_up(*address_of(request.url), allowed)
            request.meta["proxy"] = settings.proxy
            allowed |= {"{}:{}".format(*address_of(settings.proxy))}
        with guard.visiting(allowed) as visit:
            try:
                return await super().download_request(request)
            except CannotResolveHostError:
                if visit.refused:
                    raise PrivateAddress(f"private address {visit.refused[0]}") from None
                raise
            except DownloadCancelledError:  # Scrapy's way of saying DOWNLOAD_MAXSIZE
                raise TooLarge("too large") from None
