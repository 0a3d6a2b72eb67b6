"""What all spiders have in common whose index brings the posts themselves."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar

from scrapy.http import Request

from crawler.errors import NotSetUp, Spent, Stopped, Unreadable
from crawler.outcome import NOT_SET_UP
from crawler.spiders.asking import AskingSpider
from crawler.verdicts import Next, Verdict, defect
from pantau.config.secrets import secret
from pantau.config.sources import TERMS_NEED_A_DECISION
from pantau.errors import ConfigError
from pantau.posts import Post
from pantau.records import Disposition
from pantau.state import posts as rows

log = logging.getLogger(__name__)
MOST_CHECKED = 50
"""Posts of which one run asks whether they are there still."""


class PostSpider(AskingSpider):
    """Takes the posts that a platform's answers hold, and looks after those that are held: an
    edit is taken as one, and what is not there any more leaves search.

    A kind says in ``read`` what it asks, one after another. It reads back to the time up to which
    an earlier run had read all, but no more than ``max_pages`` pages; what lies between is a gap.
    """

    completes: ClassVar[bool] = False
    checked_again_after: ClassVar[timedelta] = rows.CHECKED_AGAIN_AFTER
    """How often a post that is held is looked for, whether it is there still."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.memory = dict(self.past.ways.get(self.way.url, {}))
        """What is remembered of this way from run to run."""
        self.shown: dict[str, Post] = {}
        """The posts of this run, by key."""
        self.missed = ""
        """What lies between that nothing can bring any more."""
        self._spent = ""
        # Before anything was read whole, nothing can be missing in between.
        self.account.reaches_back = "until" not in self.memory

    async def start(self) -> AsyncIterator[Request]:
        try:
            if self.kind in TERMS_NEED_A_DECISION and self.source.terms_accepted is None:
                raise NotSetUp(f"the terms of {self.kind} need a decision: terms_accepted")
            await self.read()
        except NotSetUp as error:
            reason = f"{NOT_SET_UP}: {error}"
            self.account.index = Verdict(Disposition.FAILED, reason, Next.END)
        except Spent as error:
            self._spent, self.account.unchanged = str(error), True
        except Unreadable as error:
            self._broken_off(error.verdict)
        except Stopped:
            pass  # told by the errand
        except Exception as error:
            log.exception("%s: a defect of the %s spider", self.source.id, self.kind)
            self._broken_off(defect(error))
        self._answer = {**self.memory, "read": self.errand.context.clock().isoformat()}
        nothing: tuple[Request, ...] = ()  # all was asked here, one after another
        for request in nothing:
            yield request

    async def read(self) -> None:
        """Ask and take. Raises NotSetUp, Spent or Unreadable where it ends before its end."""
        raise NotImplementedError

    async def keep(self, posts: Sequence[Post]) -> int:
        """Take posts, those that are new or say something else into the archive; returns how many
        are new."""
        kept = {post.key: post for post in posts}
        known = self.ledger.known
        new = await self.take_posts(kept)
        self.shown.update(kept)
        self.account.listed += len(kept)
        self.account.known += self.ledger.known - known
        self._wanted += len(kept)
        return new

    def joins(self, oldest: datetime | None) -> bool:
        """Whether an answer that goes back so far reaches what an earlier run had read."""
        until = self.memory.get("until")
        reached = bool(until and oldest and oldest <= datetime.fromisoformat(until))
        self.account.reaches_back = self.account.reaches_back or reached
        return reached

    def read_up_to(self) -> None:
        """All that is shown was read: note up to when."""
        told = [post.published for post in self.shown.values() if post.published]
        before = self.memory.get("until")
        latest = max([*told, *([datetime.fromisoformat(before)] if before else [])], default=None)
        if latest is not None:
            self.memory["until"] = latest.isoformat()

    def to_look_after(self, most: int = MOST_CHECKED) -> dict[str, str]:
        """Keys by the platform's ids of posts to be asked for: those that are missing between what
        was shown, then those that have not been seen the longest."""
        now = self.errand.context.clock()
        told = sorted(post.published for post in self.shown.values() if post.published)
        with self.errand.context.state.read() as session:
            found = rows.to_check(
                session, self.source.id, now, most, again_after=self.checked_again_after
            )
            if told:
                found = rows.held_between(session, self.source.id, told[0], told[-1]) + found
        wanted = {key: platform_id for key, platform_id in found if key not in self.shown}
        return {platform_id: key for key, platform_id in list(wanted.items())[:most]}

    def key_of(self, name: str) -> str:
        """The key that ``[platforms.…]`` names (``youtube.key``, ``x.token``).

        Raises NotSetUp where there is none.
        """
        platform, _, what = name.partition(".")
        settings = getattr(self.errand.context.platforms, platform)
        variable, file = getattr(settings, f"{what}_env"), getattr(settings, f"{what}_file")
        try:
            found = secret(
                f"settings.toml: platforms.{name}", variable, file, self.errand.context.environment
            )
        except ConfigError as error:
            raise NotSetUp(" ".join(error.problems)) from None
        if not found:
            raise NotSetUp(f"settings.toml: platforms.{name} is empty")
        return found

    def _broken_off(self, verdict: Verdict) -> None:
        """A first answer that fails closes this way; after a later one the rest is left."""
        self._index_verdict(verdict)
        if self.account.index is None:
            self.account.left += 1

    def _close_account(self, reason: str) -> None:
        super()._close_account(reason)
        if self.missed:
            self.account.gap, self.account.remark = True, f"gap: {self.missed}"
            self.account.reaches_back, self.account.known = False, 0
        if self._spent:
            self.account.stopped = self.account.stopped or self._spent


def remembered_counts(told: str) -> dict[str, int]:
    """A table of numbers as a way remembers it."""
    try:
        value = json.loads(told) if told else {}
        return {str(key): int(number) for key, number in value.items()}
    except (ValueError, AttributeError, TypeError):
        return {}
