"""Says several alerts to one subscriber: a few lines each, by section.

What rests on a single unverified account is told by office only, without name or quotation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from alerts.data import load
from alerts.plain import plain, quoted, shorten
from alerts.wording import Line, Places, best, moment, stage_line, subject
from pantau.config.models import Subscription
from pantau.records import Alert

_WORDS = load("wording.toml")
_SAY: dict[str, str] = _WORDS["digest"]
_SECTIONS: dict[str, dict[str, str]] = _WORDS["section"]
_SENTENCE = 400


@dataclass(frozen=True, slots=True)
class Entry:
    """One case: what, then its lines."""

    title: str
    quote: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Part:
    title: str
    note: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class DigestNotice:
    """A whole digest but for its form."""

    subject: str
    kicker: str
    title: str
    parts: tuple[Part, ...]
    notes: tuple[str, ...]
    footer: str


def digest(
    sections: Sequence[tuple[str, Alert]],
    subscription: Subscription,
    places: Places,
    now: datetime,
) -> DigestNotice:
    """Say the alerts of one subscriber. Times are shown in the zone of ``now``."""
    numbers = Counter(section for section, _ in sections)
    parts = tuple(
        Part(
            title=words["title"].format(count=numbers[name]),
            note=words["note"],
            entries=tuple(
                _entry(section, alert, places, now)
                for section, alert in sections
                if section == name
            ),
        )
        for name, words in _SECTIONS.items()
        if numbers[name]
    )
    told = ", ".join(
        words["counted"].format(count=numbers[name])
        for name, words in _SECTIONS.items()
        if numbers[name]
    )
    return DigestNotice(
        subject=shorten(_SAY["subject"].format(told=told), _WORDS["subject"]["limit"]),
        kicker=_SAY["kicker"].format(when=moment(now, now)),
        title=_SAY["title"].format(name=plain(subscription.name)),
        parts=parts,
        notes=tuple(_WORDS["is_not"]["lines"]),
        footer=_WORDS["is_not"]["footer"],
    )


def _entry(section: str, alert: Alert, places: Places, now: datetime) -> Entry:
    case = alert.case
    first = best(alert.reports)
    nameless = section == "unverified"
    lines = [Line(plain(change)) for change in alert.changes]
    lines.append(Line(_SAY["stage"].format(stage=stage_line(case, alert.reports))))
    if first.citizen:
        source = _SAY["post"].format(source=plain(first.source_name))
    else:
        title = quoted(first.title, 160)
        source = _SAY["source"].format(source=plain(first.source_name), title=title)
    lines.append(Line(source, faint=True))
    if first.url and not first.citizen:
        lines.append(Line(plain(first.url, 2000), href=first.url))
    others = len({report.article_id for report in alert.reports}) - 1
    if others:
        lines.append(Line(_SAY["others"].format(count=others), faint=True))
    url = places.case_url(case.id)
    first_seen = moment(case.first_seen, now)
    lines.append(Line(_SAY["case"].format(id=case.id, when=first_seen), href=url, faint=not url))
    return Entry(
        title=subject(alert, places),
        quote="" if nameless else f"“{quoted(first.mention.sentence, _SENTENCE)}”",
        lines=tuple(lines),
    )
