"""Tells each subscriber once a week what was read for its regions, also when nothing was found.

Silence is then known to mean that nothing was seen in what could be read: the mail says which
sources were read, which could not be, and which texts came near without being told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from alerts import mail
from alerts.data import load
from alerts.digest import DigestNotice, Entry, Part
from alerts.plain import plain, quoted, shorten
from alerts.routing import covers
from alerts.wording import Line, day
from pantau.config import Config, Source, Subscription
from pantau.state import State, alerts, outbox, trials, week
from pantau.state.week import NearMiss, Read

_WORDS = load("weekly.toml")
_SAY: dict[str, str] = _WORDS["mail"]
_LIMIT = 70
_WEEK = timedelta(days=7)
NEAR = 0.6
"""Share of the threshold from which a text came near."""
_SHOWN = 20


def tell_weekly(
    state: State, config: Config, now: datetime, region_name: Callable[[str], str]
) -> Counter[str]:
    """Queue the weekly mails that are due: on Monday at the hour of the subscriber's digest.

    Nothing is told of a week in which nothing was watched yet. Counted: ``weekly_mails``.
    """
    counts: Counter[str] = Counter()
    with state.read() as session:
        watched_since = week.watched_since(session)
        told = week.last_told(session)
    if watched_since is None:
        return counts
    for subscription in config.subscriptions.values():
        zone = ZoneInfo(subscription.zone or config.settings.alerts.zone)
        end = monday(now.astimezone(zone), subscription)
        last = told.get(subscription.id)
        if watched_since >= end or (last is not None and last >= end):
            continue
        with state.write() as session:
            counts["weekly_mails"] += _tell(session, config, subscription, end, now, region_name)
    return counts


def monday(local: datetime, subscription: Subscription) -> datetime:
    """The last Monday at the hour of the subscriber's digest, in the zone of ``local``."""
    at = subscription.digest_at
    begin = local - timedelta(days=local.weekday())
    begin = begin.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    return begin if begin <= local else begin - _WEEK


def _tell(
    session: Session,
    config: Config,
    subscription: Subscription,
    end: datetime,
    now: datetime,
    region_name: Callable[[str], str],
) -> int:
    row = alerts.open_digest(session, subscription.id, now, kind="weekly")
    enabled = [source for source in config.sources.values() if source.enabled]
    sources = [
        source for source in trials.proven(session, enabled) if _writes_for(source, subscription)
    ]
    read = week.read(session, [source.id for source in sources], end - _WEEK, end)
    near = week.near_misses(
        session,
        [source.id for source in sources],
        end - _WEEK,
        end,
        at_least=config.settings.reading.threshold * NEAR,
        limit=_SHOWN,
    )
    told = week.cases_told(session, subscription.id, end - _WEEK, end)
    notice = weekly(subscription, sources, read, near, told, end, region_name)
    recipients = alerts.recipients(session, subscription.id, subscription.recipients)
    for recipient in recipients:
        message = mail.render_report(
            notice,
            kind="weekly",
            key=f"mingguan {row.id}",
            sender=config.settings.mail.sender,
            recipient=recipient,
            now=now.astimezone(end.tzinfo),
        )
        outbox.queue(
            session,
            outbox.Mail(recipient, message["Message-ID"], message.as_bytes()),
            now,
            digest_id=row.id,
        )
    return len(recipients)


def _writes_for(source: Source, subscription: Subscription) -> bool:
    """Whether a source writes about the subscriber's regions, or about all of them."""
    code = source.region
    if code is None or not subscription.regions:
        return True
    return covers(subscription, code) or any(
        region.startswith(f"{code}.") for region in subscription.regions
    )


def weekly(
    subscription: Subscription,
    sources: list[Source],
    read: dict[str, Read],
    near: list[NearMiss],
    told: int,
    end: datetime,
    region_name: Callable[[str], str],
) -> DigestNotice:
    """Say what was read in the week before ``end``, in its zone. Pure."""
    names = {source.id: plain(source.name) for source in sources}
    bad = [source for source in sources if read[source.id].trouble or not read[source.id].pages]
    judged = sum(one.articles for one in read.values())
    begin = end - _WEEK
    period = _SAY["period"].format(begin=day(begin.date()), end=day(end.date()))
    places = ", ".join(plain(region_name(code)) for code in subscription.regions)
    counted = [
        Line(_SAY["sources"].format(count=len(sources), read=len(sources) - len(bad))),
        Line(_SAY["pages"].format(pages=sum(one.pages for one in read.values()), judged=judged)),
        Line(_SAY["told"].format(count=told) if told else _SAY["told_none"]),
    ]
    parts = [
        Part(_SAY["counted"], "", (Entry(places or _SAY["everywhere"], "", tuple(counted)),)),
        Part(_SAY["unread"], _SAY["unread_note"], tuple(_unread(bad, read))) if bad else None,
        Part(_SAY["near"], _SAY["near_note"], tuple(_near(near, names))) if near else None,
    ]
    return DigestNotice(
        subject=shorten(_SAY["subject"].format(told=told, sources=len(bad)), _LIMIT),
        kicker=_SAY["kicker"].format(period=period),
        title=_SAY["title"].format(name=plain(subscription.name)),
        parts=tuple(part for part in parts if part),
        notes=(_SAY["note"],),
        footer=_WORDS["mail"]["footer"],
    )


def _unread(sources: list[Source], read: dict[str, Read]) -> Iterator[Entry]:
    for source in sources[:_SHOWN]:
        trouble = read[source.id].trouble
        why = _WORDS["trouble"].get(trouble, _WORDS["trouble"]["other"])
        yield Entry(plain(source.name), "", (Line(why.format(trouble=trouble), faint=True),))
    if len(sources) > _SHOWN:
        yield Entry(_SAY["more"].format(count=len(sources) - _SHOWN), "", ())


def _near(near: list[NearMiss], names: dict[str, str]) -> Iterator[Entry]:
    for one in near:
        lines = [Line(names[one.source_id], faint=True)]
        if not one.citizen:
            lines.append(Line(plain(one.url, 2000), href=one.url))
            yield Entry(quoted(one.title, 160), "", tuple(lines))
        else:
            yield Entry(_SAY["post"], "", tuple(lines))
