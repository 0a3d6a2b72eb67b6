"""Listens to a Jetstream: everybody's posts on Bluesky as they are written, edited and deleted.

The connection is a WebSocket, which Scrapy does not speak; so what its requests go through is
gone through here: robots.txt, the host's turn, the guard, and the call back. What is read is
written together with the cursor up to which it was read. A reconnection begins at that cursor,
so nothing is lost; what comes twice by it is one post by its id.
"""

from __future__ import annotations

import asyncio
import logging
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from crawler import guard
from crawler.errors import PrivateAddress, Refusal, Stopped, Unreadable
from crawler.platforms.bluesky import Event, languages, read_event, streamed
from crawler.politeness import address_of, host_of
from crawler.robots import RobotsMiddleware
from crawler.verdicts import Next, Verdict, judge_failure
from pantau.records import Disposition
from pantau.state import posts as rows
from pantau.state import sources

if TYPE_CHECKING:
    from crawler.spiders.posts import PostSpider

log = logging.getLogger(__name__)
LARGEST = 1024 * 1024
"""Bytes of one message."""
CAUGHT_UP = timedelta(seconds=2)
"""An event as young as this is of now: all that was written before has been read."""
QUIET = 5.0
"""Seconds without an event after which all has been read, where one does not stay."""
SILENT = 60.0
"""... and after which a connection is taken for dead: the whole network is never so quiet."""
WRITTEN_AFTER = 200
"""Events, or ..."""
WRITTEN_EVERY = 2.0
"""... seconds, after which what was read is written with its cursor."""
BEFORE_THE_END = 2.0
"""Seconds before the run's time is up."""
TRIES = 5
"""Connections in a row that bring nothing, after which the run is over."""
FIRST_REACH = 10 * 60 * 1_000_000
"""Microseconds that a source which is new to us begins in the past."""
ROLLED_OUT = timedelta(minutes=10)
"""Where the first event is so much younger than the cursor, the server no longer had the rest."""


@dataclass(slots=True)
class _Heard:
    """What was read and is not written yet."""

    written: dict[str, Event] = field(default_factory=dict)
    """By id: the last version."""
    deleted: list[str] = field(default_factory=list)
    accounts: list[str] = field(default_factory=list)
    cursor: int = 0
    events: int = 0


class Collector:
    """Brings what a stream tells to its spider."""

    def __init__(self, spider: PostSpider) -> None:
        self._spider = spider
        self._way = spider.way
        self._context = spider.errand.context
        words = "|".join(re.escape(word) for word in self._way.words)
        self._wanted = re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)
        self._begun = int(spider.memory.get("cursor") or 0)
        self._heard = _Heard(cursor=self._begun or self._now() - FIRST_REACH)
        self._written_at = 0.0
        with self._context.state.read() as session:
            self._held = rows.ids_of(session, spider.source.id)

    async def collect(self) -> None:
        """Listen until all that was written before is read; where the context says so, until the
        run's time is up. Raises Stopped when called back, Unreadable where no connection lasts."""
        self._written_at = asyncio.get_running_loop().time()
        listening = asyncio.ensure_future(self._listen())
        self._spider.errand.requests.add(listening)
        try:
            await listening
            await self._write()
        except asyncio.CancelledError:
            await self._write()
            raise Stopped(self._spider.errand.stopped) from None
        finally:
            self._spider.errand.requests.discard(listening)

    async def _listen(self) -> None:
        await self._allowed()
        fruitless = 0
        while self._left() > 0:
            before = self._heard.cursor
            try:
                async with self._connected() as connection:
                    self._spider.account.unchanged = True  # it answers
                    if await self._hear(connection):
                        return
            except (WebSocketException, OSError, TimeoutError) as error:
                log.info("%s: the stream broke off: %s", self._spider.source.id, error)
                reason = f"stream: {type(error).__name__}"
            else:
                reason = "stream: closed"
            await self._write()
            fruitless = 0 if self._heard.cursor > before else fruitless + 1
            if fruitless >= TRIES:
                raise Unreadable(Verdict(Disposition.FAILED, reason, Next.END))

    async def _allowed(self) -> None:
        try:
            await RobotsMiddleware(self._spider.crawler).check(self._way.url)
        except Refusal as error:
            raise Unreadable(judge_failure(error)) from error

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[ClientConnection]:
        """A connection, begun in the host's turn and to a public address."""
        parts, errand = urlsplit(self._way.url), self._spider.errand
        secure = parts.scheme == "https"
        host = host_of(self._way.url)
        query = {
            "wantedCollections": "app.bsky.feed.post",
            "cursor": str(self._heard.cursor),
        }
        pace = self._context.pace(host, errand.politeness)
        await self._context.budgets.take(
            host, delay=pace.delay, concurrency=pace.concurrency, deadline=errand.deadline
        )
        failed = True
        try:
            connection = await connect(
                f"{'wss' if secure else 'ws'}://{parts.netloc}{parts.path}?{urlencode(query)}",
                ssl=_trust(self._spider.source.verify_tls) if secure else None,
                max_size=LARGEST,
                open_timeout=errand.politeness.timeout.total_seconds(),
                user_agent_header=self._context.user_agent,
                process_exception=lambda error: error,
                **await self._road(),
            )
            failed = False
        except PrivateAddress as error:
            failed = False  # our own doing, not the host's
            raise Unreadable(judge_failure(error)) from error
        finally:
            self._context.budgets.give_back(host, failed=failed)
        try:
            yield connection
        finally:
            await connection.close()

    async def _road(self) -> dict[str, Any]:
        """How the host is reached, once it was looked at: straight, or by the office's proxy."""
        settings = self._context.settings
        host, port = address_of(self._way.url)
        allowed = frozenset(settings.allow_private)
        if settings.proxy:
            await guard.look_up(host, port, allowed)
            return {"proxy": settings.proxy}
        timeout = self._spider.errand.politeness.timeout.total_seconds()
        return {
            "sock": await guard.connected(host, port, allowed, timeout=timeout),
            "proxy": None,
        }

    async def _hear(self, connection: ClientConnection) -> bool:
        """Read one connection; true where nothing more is wanted of the stream."""
        lasting, first, silent = self._context.lasting, True, 0.0
        while (left := self._left()) > 0:
            try:
                message = await asyncio.wait_for(connection.recv(), min(left, QUIET))
            except TimeoutError:
                if not lasting:
                    return True
                await self._write()
                silent += QUIET
                if silent >= SILENT:
                    return False
                continue
            silent = 0.0
            event = read_event(message)
            if event is None or event.at < self._heard.cursor:
                continue
            if first:
                self._rolled_out(event)
                first = False
            self._note(event)
            young = self._now() - event.at < CAUGHT_UP // timedelta(microseconds=1)
            if young and not lasting:
                return True
            if self._is_time():
                await self._write()
        return True

    def _rolled_out(self, event: Event) -> None:
        """Tell it where the server began later than it was asked to."""
        gap = timedelta(microseconds=event.at - self._heard.cursor)
        if self._begun and gap > ROLLED_OUT:
            self._spider.missed = f"the stream had nothing of the {gap} before"

    def _note(self, event: Event) -> None:
        heard = self._heard
        heard.cursor, heard.events = event.at, heard.events + 1
        match event.kind:
            case "written" if self._is_wanted(event):
                heard.written[event.id] = event
            case "written" | "deleted" if event.id in self._held or event.id in heard.written:
                heard.written.pop(event.id, None)  # an edit took the words out
                heard.deleted.append(event.id)
            case "account gone":
                heard.accounts.append(event.did)
                for one in [id for id, it in heard.written.items() if it.did == event.did]:
                    del heard.written[one]

    def _is_wanted(self, event: Event) -> bool:
        said = languages(event.record)
        if said and not set(said) & set(self._way.languages):
            return False
        post = streamed(event)
        return any(
            self._wanted.search(text)
            for text in (post.text, *(item.description for item in post.media))
        )

    async def _write(self) -> None:
        """What was heard, and then up to where."""
        heard = self._heard
        spider, now = self._spider, self._context.clock()
        posts = [streamed(event) for event in heard.written.values()]
        if posts:
            await spider.keep(posts)
            self._held |= {post.id for post in posts}
        spider.memory["cursor"] = str(heard.cursor)
        with self._context.state.write() as session:
            keys = rows.keys_of(session, spider.source.id, heard.deleted)
            for did in heard.accounts:
                keys += rows.keys_of_author(session, spider.source.id, f"at://{did}/")
            rows.gone(session, keys, now)
            told = {**spider.memory, "read": now.isoformat()}
            sources.remember_way(session, spider.source.id, self._way.url, told)
        self._heard = _Heard(cursor=heard.cursor)
        self._written_at = asyncio.get_running_loop().time()

    def _is_time(self) -> bool:
        since = asyncio.get_running_loop().time() - self._written_at
        return self._heard.events >= WRITTEN_AFTER or since >= WRITTEN_EVERY

    def _left(self) -> float:
        return self._spider.errand.deadline - BEFORE_THE_END - asyncio.get_running_loop().time()

    def _now(self) -> int:
        return int(self._context.clock().timestamp() * 1_000_000)


def _trust(verify: bool) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if not verify:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context
