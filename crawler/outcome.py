"""How a run of a source went, told truly: empty is not failed, and failed is not unchanged."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

from crawler.verdicts import Verdict
from pantau.records import Disposition

Outcome = Literal["ok", "unchanged", "empty", "blocked", "robots", "failed", "partly"]
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


@dataclass(slots=True, kw_only=True)
class Account:
    """What one way into a source has come to."""

    index: Verdict | None = None
    """Why its feed or listing could not be read."""
    listed: int = 0
    """Addresses that the feed or listing named, known ones included."""
    found: int = 0
    fetched: int = 0
    ended: Counter[str] = field(default_factory=Counter)
    dispositions: Counter[Disposition] = field(default_factory=Counter)
    stopped: str = ""
    left: int = 0
    """Pages not asked for, because the run was at its limit."""
    remark: str = ""
    """What else is worth knowing (a defect of the feed)."""

    @property
    def usable(self) -> bool:
        """Whether the way was open: the source's next way is not needed."""
        return self.index is None and self.listed > 0


def conclude(account: Account) -> tuple[Outcome, str]:
    """The outcome of one way into a source, with its reason."""
    reasons = [account.remark] if account.remark else []
    if account.index is not None:
        outcome = _BY_DISPOSITION.get(account.index.disposition, "failed")
        return outcome, account.index.reason
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
    if account.listed == 0:
        return "empty", reason or "it lists nothing"
    return ("ok" if account.found or account.fetched else "unchanged"), reason
