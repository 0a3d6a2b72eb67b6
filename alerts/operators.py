"""Tells operators of troubles: when one begins, at growing intervals while it lasts, at its end.

What happens together is told in one mail. There is no mail about success.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from alerts import mail
from alerts.data import load
from alerts.digest import DigestNotice, Entry, Part
from alerts.plain import plain, shorten
from alerts.wording import Line, moment
from pantau.config import Config
from pantau.state import State, house, outbox, troubles
from pantau.state.house import Trouble
from pantau.state.tables import SourceEventRow, TroubleRow

_WORDS = load("operators.toml")
_SAY: dict[str, str] = _WORDS["mail"]
_KINDS: dict[str, dict[str, str]] = _WORDS["kind"]
_PARTS = ("began", "gap", "again", "ended")
_LIMIT = 70
_EVENTS = 500


def tell_operators(
    state: State, config: Config, seen: Mapping[Trouble, str], now: datetime
) -> Counter[str]:
    """Note which troubles there are now, and queue a mail where operators are to know.

    Without operators in the configuration the troubles are noted all the same; they are told
    once there is somebody. Counted: ``operator_mails``.
    """
    settings = config.settings
    with state.write() as session:
        house.observe(session, seen, now)
        rows = house.to_tell(session, now)
        events = troubles.untold(session, _EVENTS)
        gaps = [event for event in events if event.kind == troubles.GAP]
        if not settings.operators.recipients or not (rows or gaps):
            return Counter()
        local = now.astimezone(ZoneInfo(settings.alerts.zone))
        told = report(rows, gaps, local)
        key = " ".join(f"{row.id}.{row.told}.{row.ended_at}" for row in rows)
        key += " " + " ".join(str(event.id) for event in gaps)
        for recipient in dict.fromkeys(settings.operators.recipients):
            message = mail.render_report(
                told,
                kind="operators",
                key=key,
                sender=settings.mail.sender,
                recipient=recipient,
                now=local,
            )
            outbox.queue(
                session,
                outbox.Mail(recipient, message["Message-ID"], message.as_bytes()),
                now,
            )
        for row in rows:
            house.told(row, now)
        troubles.told(session, [event.id for event in events], now)
    return Counter(operator_mails=len(set(settings.operators.recipients)))


def report(
    rows: Sequence[TroubleRow], gaps: Sequence[SourceEventRow], now: datetime
) -> DigestNotice:
    """Say what began, what lasts, what is over, and where something may have been missed."""
    entries: dict[str, list[Entry]] = {part: [] for part in _PARTS}
    for row in rows:
        entries[_part(row)].append(_entry(row, now))
    for event in gaps:
        title = _SAY["gap_title"].format(subject=plain(event.source_id))
        lines = (Line(plain(event.reason)), Line(moment(event.at, now), faint=True))
        entries["gap"].append(Entry(title, "", lines))
    told = [part for part in _PARTS if entries[part]]
    if len(rows) + len(gaps) == 1:
        [only] = entries[told[0]]
        subject = _SAY[f"subject_{told[0]}"].format(what=only.title, subject=only.title)
    else:
        counts = ", ".join(
            _SAY[f"counted_{part}"].format(count=len(entries[part])) for part in told
        )
        subject = _SAY["subject_several"].format(counts=counts)
    return DigestNotice(
        subject=shorten(subject, _LIMIT),
        kicker=_SAY["kicker"],
        title=_SAY["title"],
        parts=tuple(Part(_SAY[part], "", tuple(entries[part])) for part in told),
        notes=(),
        footer=_SAY["footer"],
    )


def _part(row: TroubleRow) -> str:
    if row.ended_at is not None:
        return "ended"
    return "again" if row.told else "began"


def _entry(row: TroubleRow, now: datetime) -> Entry:
    words = _KINDS[row.kind]
    subject = plain(row.subject)
    since = moment(row.since, now)
    if row.ended_at is not None:
        over = _SAY["until"].format(since=since, until=moment(row.ended_at, now))
        lines = [Line(over, faint=True)]
    else:
        said = (plain(row.detail), words["todo"].format(subject=subject))
        lines = [Line(text) for text in said if text]
        lines.append(Line(_SAY["since"].format(when=since), faint=True))
    return Entry(title=words["what"].format(subject=subject), quote="", lines=tuple(lines))
