"""robots.txt, obeyed as RFC 9309 says, also while it is still loading.

Scrapy's own middleware lets requests through in two ways: while robots.txt loads, all
waiting requests share one Deferred whose result only the first of them receives, so the
others see "no rules"; and whatever a server answers, an error page too, is read as rules.
Here one task for each site loads the rules, every waiting request awaits that task behind
``asyncio.shield``, and the rules are kept for the whole process, not for one crawl.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from protego import Protego
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response
from scrapy.http.request import NO_CALLBACK

from crawler.errors import NotNow, Refusal, RobotsDenied, RobotsUnreachable, Stopped
from crawler.politeness import host_of
from crawler.verdicts import judge_failure

if TYPE_CHECKING:
    from crawler.context import Errand

KEEP_SECONDS = 24 * 3600.0
"""RFC 9309, 2.4: no longer than a day."""
LOOK_AGAIN_SECONDS = 2 * 3600.0
USES_BEFORE = 3
"""Within the day rules are asked for again, if their site gave a validator only whether they have
changed, once they are so old and were used so often: a site that closes is then heeded in hours,
and no more than one request in four is for robots.txt."""
KEEP_UNREACHABLE_SECONDS = 600.0
"""A site that was down is asked again soon; doubled each time it still is, up to LONGEST."""
LONGEST_UNREACHABLE_SECONDS = 3600.0
PARSE_LIMIT = 512 * 1024
"""RFC 9309, 2.5: at least 500 kibibytes are to be read."""
MOST_SITES = 10_000
_PRIORITY = 1000
BY_TERMS = "pantau_by_terms"
"""Request meta of those to a keyed interface, which goes by the terms of its key."""
IS_ROBOTS = "pantau_robots"
"""Request meta of the robots.txt requests themselves."""
_AGENT = re.compile(r"(\s*user[- ]?agent[\s:]+)([^\s/(;:#]+)", re.I)
_OTHERS = "others"
_END = "/"
"""Behind each product token, in rules and in questions: Protego looks for the first within the
second, and would take "Pan" for us, and "Pantau/0.1" for somebody else."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What one site allows. Without a parser all is allowed; unreachable, nothing is."""

    parser: Protego | None = None
    unreachable: str = ""
    validators: Mapping[str, str] = field(default_factory=dict)
    """Headers with which to ask whether they have changed (RFC 9110, 13.1)."""

    def allows(self, url: str, token: str) -> bool:
        if self.unreachable or self.parser is None:
            return not self.unreachable
        return self.parser.can_fetch(url, token + _END)

    def crawl_delay(self, token: str) -> float:
        """Seconds; 0 where none is given."""
        return float(self.parser.crawl_delay(token + _END) or 0) if self.parser else 0.0


def read_rules(
    status: int, body: bytes, validators: Mapping[str, str] | None = None, *, token: str = ""
) -> Rules:
    """Rules from an answer (RFC 9309, 2.3.1): 2xx is read, 5xx forbids, other statuses allow.

    With ``token`` those of other robots are not kept: each of their names would hold a copy of its
    group's rules, and half a mebibyte of both would fill the memory.

    429 forbids too: a host that asks for a pause has not said that all is allowed. So does a 304
    that nobody asked for.
    """
    if status in (304, 429) or status >= 500:
        return Rules(unreachable=f"http {status}")
    if not 200 <= status < 300:
        return Rules()
    text = body[:PARSE_LIMIT].decode("utf-8-sig", "replace").replace("\x00", "")
    lines = text.splitlines()
    if len(body) > PARSE_LIMIT:
        del lines[-1:]  # half a line may allow what the whole one does not
    told = "\n".join(_by_token(line, token) for line in lines)
    return Rules(parser=Protego.parse(told), validators=validators or {})


def _by_token(line: str, wanted: str) -> str:
    """A User-agent line by its product token alone (RFC 9309, 2.2.1): sites name "Pantau/0.1".
    All but the one that is ``wanted`` have one name."""
    match = _AGENT.match(line)
    if match is None or match[2] == "*":
        return line
    own = not wanted or match[2].lower() == wanted.lower()
    return f"{match[1]}{match[2] if own else _OTHERS}{_END}"


@dataclass(slots=True)
class _Kept:
    """Rules as they are kept. Times are the cache's clock's."""

    rules: Rules
    read_at: float
    asked_at: float
    uses: int = 0
    failures: int = 0
    """Times in a row that they could not be had."""

    def holds(self, now: float) -> bool:
        age = now - self.asked_at
        if self.rules.unreachable:
            pause: float = KEEP_UNREACHABLE_SECONDS * 2 ** min(self.failures - 1, 10)
            return age < min(pause, LONGEST_UNREACHABLE_SECONDS)
        if now - self.read_at >= KEEP_SECONDS:
            return False
        return age < LOOK_AGAIN_SECONDS or self.uses < USES_BEFORE


def kept_as(site: str, token: str) -> str:
    """Under which name the rules of a site are kept, as they were read for a product token."""
    return f"{site} {token}"


class RobotsCache:
    """The rules of every site this process has asked, for a day each at most."""

    def __init__(self, now: Callable[[], float] | None = None) -> None:
        self._now = now or (lambda: asyncio.get_running_loop().time())
        self._kept: dict[str, _Kept] = {}
        self._loading: dict[str, asyncio.Task[Rules]] = {}

    async def rules(self, site: str, load: Callable[[], Awaitable[Rules]]) -> Rules:
        """The site's rules, loaded once however many ask at the same time.

        ``load`` may return the rules of ``unchanged`` where they are still the same. It may raise
        NotNow where the crawl that was loading ends or has no time left; another crawl that waits
        then loads them itself.
        """
        while True:
            kept = self._kept.get(site)
            if kept and kept.holds(self._now()):
                kept.uses += 1
                return kept.rules
            own = site not in self._loading
            if own:
                self._loading[site] = asyncio.ensure_future(self._load(site, load))
            loading = self._loading[site]
            try:
                return await asyncio.shield(loading)
            except asyncio.CancelledError:
                if loading.cancelled():  # by the end of the whole process
                    raise Stopped("stopped") from None
                raise
            except NotNow:
                if own:
                    raise

    def held(self, site: str) -> Rules | None:
        """What is known of a site, without asking."""
        kept = self._kept.get(site)
        return kept.rules if kept else None

    def unchanged(self, site: str) -> Rules | None:
        """The rules that hold if the site says that they have not changed; None where they are to
        be asked for in full: some servers say so for ever."""
        kept = self._kept.get(site)
        if kept is None or self._now() - kept.read_at >= KEEP_SECONDS:
            return None
        return kept.rules if kept.rules.validators else None

    async def _load(self, site: str, load: Callable[[], Awaitable[Rules]]) -> Rules:
        try:
            rules = await load()
            before, now = self._kept.pop(site, None), self._now()
            while len(self._kept) >= MOST_SITES:
                del self._kept[next(iter(self._kept))]
            same = before is not None and rules is before.rules
            kept = _Kept(rules, before.read_at if before and same else now, now)
            if rules.unreachable:
                kept.failures = (before.failures if before else 0) + 1
            self._kept[site] = kept
            return rules
        finally:
            del self._loading[site]


class RobotsMiddleware:
    """Refuses what robots.txt forbids and hands its Crawl-delay to the host's budget."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        if request.meta.get(IS_ROBOTS):
            return
        await self.check(request.url, by_terms=bool(request.meta.get(BY_TERMS)))

    async def check(self, url: str, *, by_terms: bool = False) -> None:
        """Raises a Refusal where the address may not be asked now."""
        errand: Errand = self._crawler.spider.errand  # type: ignore[union-attr]
        if errand.stopped:
            raise Stopped(errand.stopped)
        if by_terms:
            return
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        context = errand.context
        kept = kept_as(site, context.robots_token)
        rules = await context.robots.rules(kept, lambda: self._load(site, errand))
        if rules.unreachable:
            raise RobotsUnreachable(f"robots.txt unreachable: {rules.unreachable}")
        if not rules.allows(url, context.robots_token):
            raise RobotsDenied("robots.txt")

    async def _load(self, site: str, errand: Errand) -> Rules:
        token = errand.context.robots_token
        unchanged = errand.context.robots.unchanged(kept_as(site, token))
        request = Request(
            f"{site}/robots.txt",
            headers=dict(unchanged.validators) if unchanged else None,
            priority=_PRIORITY,
            callback=NO_CALLBACK,
            dont_filter=True,
            meta={IS_ROBOTS: True},
        )
        try:
            response: Response = await self._crawler.engine.download_async(request)
        except NotNow:
            raise
        except Refusal as error:
            return Rules(unreachable=str(error))
        except IgnoreRequest:
            return Rules()  # too many redirects: RFC 9309, 2.3.1.2 calls that unavailable
        except Exception as error:
            return Rules(unreachable=judge_failure(error).reason)
        if response.status == 304 and unchanged:
            return unchanged
        rules = read_rules(response.status, response.body, _validators(response), token=token)
        budget = errand.context.budgets[host_of(request.url)]
        budget.crawl_delay = rules.crawl_delay(token)
        return rules


def _validators(response: Response) -> dict[str, str]:
    given = {"If-None-Match": "ETag", "If-Modified-Since": "Last-Modified"}
    return {
        header: value.decode("latin-1")
        for header, name in given.items()
        if (value := response.headers.get(name))
    }
