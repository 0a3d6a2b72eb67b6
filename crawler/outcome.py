"""How a run of a source went, told truly: empty is not failed, and failed is not unchanged."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

from crawler.verdicts import Next, Verdict
from pantau.records import Disposition

Outcome = Literal[
    "ok",
    "unchanged",
    "empty",  # it lists nothing
    "partly",  # some of its pages failed, or some may be missing
    "blocked",  # 403, a firewall, a captcha
    "robots",
    "moved",  # it leads to another site
    "gone",  # 410: it was taken away for good
    "layout changed",  # its pages hold no articles any more
    "hijacked",  # its pages hold somebody else's matter
    "not set up",  # it needs a key or accepted terms, and nothing was asked
    "dns",
    "tls",
    "timeout",
    "failed",
]
_BY_REASON: dict[str, Outcome] = {"dns": "dns", "tls": "tls", "timeout": "timeout"}
_BY_DISPOSITION: dict[Disposition, Outcome] = {
    Disposition.BLOCKED: "blocked",
    Disposition.ROBOTS_DENIED: "robots",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOutcome:
    """What came of one run of a source."""

    source_id: str
    outcome: Outcome
    reason: str = ""
    found: int = 0
    """New addresses."""
    fetched: int = 0
    """Answers in the archive."""
    gap: bool = False
    """Whether articles between what is known and what it still shows may be missing."""


@dataclass(slots=True, kw_only=True)
class Account:
    """What one way into a source has come to."""

    index: Verdict | None = None
    """Why its feed or listing could not be read."""
    listed: int = 0
    """Addresses that the feed or listing named, known ones included."""
    unchanged: bool = False
    """It answered as it did when it was last taken whole."""
    known: int = 0
    """Addresses among those listed that an earlier run had found."""
    reaches_back: bool = False
    """By its dates it also shows what is older than the last reading."""
    gap: bool = False
    """It has rolled past what is known: what lay between is missing so far."""
    way: dict[str, str] = field(default_factory=dict)
    """What is to be remembered of its answer: ``etag``, ``modified``, ``sha256``, ``read``."""
    found: int = 0
    fetched: int = 0
    ended: Counter[str] = field(default_factory=Counter)
    dispositions: Counter[Disposition] = field(default_factory=Counter)
    stopped: str = ""
    left: int = 0
    """Pages not asked for, because the run was at its limit."""
    moved_to: str = ""
    """The address to which it sends everybody for good."""
    remark: str = ""
    """What else is worth knowing (a defect of the feed)."""

    @property
    def usable(self) -> bool:
        """Whether the way was open."""
        return self.index is None and (self.unchanged or self.listed > 0)

    @property
    def joins(self) -> bool:
        """Whether nothing can lie between what is known and what it shows."""
        return self.known > 0 or self.reaches_back

    @property
    def enough(self) -> bool:
        """Whether the source's next way is not needed."""
        return self.usable and not self.gap


NOT_SET_UP = "not set up"


def _of_index(verdict: Verdict) -> Outcome:
    """What it means for a run that its feed or listing could not be read."""
    if verdict.disposition in _BY_DISPOSITION:
        return _BY_DISPOSITION[verdict.disposition]
    if verdict.reason.startswith(NOT_SET_UP):
        return "not set up"
    if verdict.reason.startswith("redirected offsite"):
        return "moved"
    if verdict.reason == "http 410":
        return "gone"
    return _BY_REASON.get(verdict.reason.rpartition(" ")[2], "failed")


def closed(account: Account) -> tuple[Outcome, str] | None:
    """Why one way into a source is closed, or where it has moved for good; None where it is as it
    should be. Of a way that ``tells`` nothing it says nothing."""
    if account.moved_to:
        return "moved", _moved(account)
    if account.usable:
        return None
    return conclude(account)


def tells(account: Account) -> bool:
    """Whether a way in was asked to its end, and its host did not put us off."""
    put_off = account.index is not None and account.index.next is Next.WAIT
    return not account.stopped and not put_off


def _moved(account: Account) -> str:
    return f"it has moved for good to {account.moved_to}: change its address"


def conclude(account: Account) -> tuple[Outcome, str]:
    """The outcome of one way into a source, with its reason."""
    reasons = [_moved(account)] if account.moved_to else []
    reasons += [account.remark] if account.remark else []
    if account.index is not None:
        return _of_index(account.index), account.index.reason
    if account.stopped:
        reasons.append(account.stopped)
    if account.left:
        reasons.append(f"{account.left} pages left to the next run")
    reasons += [f"{number} × {reason}" for reason, number in account.ended.most_common(5)]
    reason = "; ".join(reasons)
    if account.stopped or account.left:
        return "partly", reason
    if account.ended and (account.fetched or account.listed > account.ended.total()):
        return "partly", reason  # what else it lists is held already
    if account.ended:
        commonest = account.dispositions.most_common(1)[0][0]
        return _BY_DISPOSITION.get(commonest, "failed"), reason
    if not account.usable:
        return "empty", reason or "it lists nothing"
    return ("ok" if account.found or account.fetched else "unchanged"), reason
