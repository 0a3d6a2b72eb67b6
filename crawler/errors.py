"""Why a request was not made or its answer not taken.

Refusal (an IgnoreRequest, so that Scrapy hands it to the errback without a traceback)
├── RobotsDenied       robots.txt forbids the address
├── PrivateAddress     the host is no public address
├── Offsite            a redirect led to a site that nobody named
├── UnusableAddress    no http or https address
├── TooLarge           the answer is larger than it may be
└── NotNow             the host cannot be asked now; the page waits for a later run
    ├── RobotsUnreachable   robots.txt cannot be read (RFC 9309: then nothing is allowed)
    ├── HostClosed          the host asked for a pause, or failed again and again
    └── Stopped             the run is over

Of a way in that brings posts:
NotSetUp           what it needs (a key, accepted terms) is not there; nothing was asked
Spent              what may be asked or paid in this time is used up
Unreadable         its answer is none; carries the verdict
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.exceptions import IgnoreRequest

if TYPE_CHECKING:
    from crawler.verdicts import Verdict


class Refusal(IgnoreRequest):  # type: ignore[misc, unused-ignore]
    """A request that was not made, or whose answer was not taken; its text is the reason."""


class RobotsDenied(Refusal):
    pass


class PrivateAddress(Refusal):
    pass


class Offsite(Refusal):
    pass


class UnusableAddress(Refusal):
    pass


class TooLarge(Refusal):
    pass


class NotNow(Refusal):
    """The host cannot be asked now; says nothing about the page."""


class RobotsUnreachable(NotNow):
    pass


class HostClosed(NotNow):
    pass


class Stopped(NotNow):
    pass


class NotSetUp(Exception):
    """A source's way in lacks what it needs; the text says what, and never a secret."""


class Spent(Exception):
    """A quota or a budget is used up; the text says which and until when."""


class Unreadable(Exception):
    """A platform's answer that cannot be taken."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.reason)
        self.verdict = verdict
