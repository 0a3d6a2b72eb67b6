"""Says an alert without anybody's name, for ways out of which nobody knows who reads along.

What stands here is made of the forms of the law, of offices, places and stages; of a source's
own words nothing is taken over. The words stand in ``data/wording.toml``.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from alerts.data import load
from alerts.plain import plain
from alerts.wording import Places, subject
from pantau.records import Alert

_WORDS = load("wording.toml")
_SAY: dict[str, str] = _WORDS["brief"]


@dataclass(frozen=True, slots=True)
class Brief:
    """What is told of one case."""

    case: int
    kind: str
    """new, update, reminder; handled or unverified where it stands in a digest as such."""
    subject: str
    forms: tuple[int, ...]
    region_code: str | None
    region: str
    act_date: str | None
    """ISO 8601; none where no source tells it."""
    stage: str
    changes: tuple[str, ...]
    first_seen: str
    """When Pantau first read of it, ISO 8601 with zone."""
    url: str
    """The case's page, which asks for a login; empty where there is none."""

    def lines(self) -> list[str]:
        """The same for people."""
        stage = _SAY["stage"].format(stage=_WORDS["stage"][self.stage])
        return [self.subject, *self.changes, stage, self.url or _SAY["case"].format(id=self.case)]


def brief(alert: Alert, section: str, places: Places) -> Brief:
    """Say one alert; its ``changes`` must name nobody. ``section``: where in a digest it stands."""
    case = alert.case
    # An act told in a source's words may hold a name that nobody recognised as one.
    bare = replace(alert, case=replace(case, act="", skb_forms=case.skb_forms))
    return Brief(
        case=case.id,
        kind=section or alert.kind,
        subject=subject(bare, places),
        forms=case.skb_forms,
        region_code=case.region_code,
        region=plain(places.region_name(case.region_code)) if case.region_code else "",
        act_date=case.act_date.isoformat() if case.act_date else None,
        stage=case.stage,
        changes=alert.changes,
        first_seen=case.first_seen.isoformat(),
        url=places.case_url(case.id),
    )


def pack(briefs: Sequence[Brief], *, message_id: str, subscription_id: str, now: datetime) -> bytes:
    """One message as a machine reads it: JSON in UTF-8, the same bytes for the same content."""
    told = {
        "id": message_id,
        "subscription": subscription_id,
        "at": now.isoformat(),
        "title": title(briefs),
        "text": text(briefs),
        "cases": [asdict(one) for one in briefs],
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def trial(message_id: str, now: datetime) -> bytes:
    """A message that only shows that messages arrive."""
    told = {"id": message_id, "at": now.isoformat(), "cases": []}
    words = {"title": _SAY["trial"], "text": _SAY["trial_text"]}
    return json.dumps(told | words, ensure_ascii=False, separators=(",", ":")).encode()


def title(briefs: Sequence[Brief]) -> str:
    if len(briefs) == 1:
        return briefs[0].subject
    return _SAY["several"].format(count=len(briefs))


def text(briefs: Sequence[Brief]) -> str:
    """All of them for people, with what has to be borne in mind."""
    told = ["\n".join(one.lines()) for one in briefs]
    return "\n\n".join([*told, _SAY["is_not"]])
