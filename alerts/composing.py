"""Makes mails of the alerts whose time has come: alone, or several in one digest.

A subscriber's alerts are told as their cases then stand, in one transaction with their mails,
so that a killed process tells nothing twice and forgets nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from alerts import mail, rhythm
from alerts.answering import Signer
from alerts.brief import brief, pack
from alerts.changes import changes_since
from alerts.dossier import read_case
from alerts.reminders import remind, settled
from alerts.wording import Places
from pantau.config import Config, Subscription
from pantau.records import Alert
from pantau.state import State, alerts, cases, merging, outbox
from pantau.state.tables import AlertRow

_HOUR = timedelta(hours=1)
_KINDS: dict[str, Literal["new", "update", "reminder"]] = {
    "update": "update",
    "reminder": "reminder",
}
_BETWEEN = timedelta(minutes=5)
"""Between two mails that list what is beyond the ceiling: also the last of a busy hour is then
told within ten minutes."""


@dataclass(frozen=True, slots=True)
class _Ready:
    """An alert as its case stands now."""

    row: AlertRow
    alert: Alert
    nameless: tuple[str, ...]
    """What is new, without anybody's name."""


def compose(
    state: State,
    config: Config,
    now: datetime,
    *,
    region_name: Callable[[str], str],
    archive_path: Callable[[str], str],
    signer: Signer | None = None,
    nothing_runs_after: bool = False,
) -> Counter[str]:
    """Queue the mails of all alerts that are due.

    ``nothing_runs_after``: what waits for a digest goes out now as well, except in a
    subscriber's quiet hours, because nobody will be there at its hour. Alerts of a
    subscription that stands in the configuration no longer wait until it comes back.

    Counted: ``reminders``, ``mails``, ``settled`` (alerts of which nothing was left to tell).
    """
    places = Places(region_name, archive_path, config.settings.alerts.base_url, signer)
    with state.write() as session:
        counts = remind(session, config, now)
    with state.read() as session:
        if nothing_runs_after:
            waiting = alerts.subscriptions_waiting(session)
        else:
            waiting = alerts.subscriptions_due(session, now)
    zone = config.settings.alerts.zone
    for subscription in config.subscriptions.values():
        if subscription.id not in waiting:
            continue
        everything = nothing_runs_after and not rhythm.is_quiet(subscription, now, zone=zone)
        composer = _Composer(config, subscription, places, now)
        with state.write() as session:
            counts += composer.compose(session, until=None if everything else now)
    return counts


class _Composer:
    """Tells one subscriber what is due."""

    def __init__(
        self, config: Config, subscription: Subscription, places: Places, now: datetime
    ) -> None:
        self._config = config
        self._subscription = subscription
        self._places = places
        self._now = now
        zone = subscription.zone or config.settings.alerts.zone
        self._local = now.astimezone(ZoneInfo(zone))

    def compose(self, session: Session, until: datetime | None) -> Counter[str]:
        counts: Counter[str] = Counter()
        ready = []
        for row in alerts.due(session, self._subscription.id, until):
            standing = self._as_it_stands(session, row)
            if standing is None:
                alerts.settle(row, None, self._now, None)
                counts["settled"] += 1
            else:
                ready.append(standing)
        alone = [one for one in ready if not one.row.section]
        digest = [one for one in ready if one.row.section]
        told = alerts.told_alone_since(session, self._subscription.id, self._now - _HOUR)
        room = max(0, self._subscription.mails_per_hour - told)
        for one in alone[:room]:
            counts["mails"] += self._alone(session, one)
        if overflow := alone[room:]:
            last = alerts.last_digest_at(session, self._subscription.id)
            if last is None or self._now - last >= _BETWEEN:
                digest = [*overflow, *digest]
            else:
                for one in overflow:
                    one.row.due_at = last + _BETWEEN
        if digest:
            counts["mails"] += self._digest(session, digest)
        return counts

    def _as_it_stands(self, session: Session, row: AlertRow) -> _Ready | None:
        """What there is to tell now; None where a case came to nothing before it was told, an
        update was taken back, or a later alert tells the case more fully."""
        [stored] = cases.stored(session, [merging.leads_to(session, row.case_id)])
        dossier = read_case(session, stored, self._config)
        noted = alerts.of_case(session, stored.id)[self._subscription.id]
        told = alerts.last_told([one for one in noted if one.kind != "unverified"])
        case = dossier.case
        standing = dossier.standing
        said: tuple[str, ...] = ()
        nameless: tuple[str, ...] = ()
        if row.kind == "update":
            if told:
                said = changes_since(told, case, self._places.region_name)
                nameless = changes_since(told, case, self._places.region_name, nameless=True)
            if not said:
                return None
        elif case.withdrawn or case.stage == "dismissed":
            return None
        elif row.kind == "reminder":
            if settled(standing):
                return None
        else:
            overtaken = row.kind == "unverified" and any(one.kind == "new" for one in noted)
            if overtaken or told:
                return None
        alert = Alert(
            case=case,
            kind=_KINDS.get(row.kind, "new"),
            subscription_id=self._subscription.id,
            reports=dossier.reports,
            changes=said,
            holder=standing.holder,
            known_as=alerts.first_told(noted),
        )
        return _Ready(row, alert, nameless)

    def _alone(self, session: Session, one: _Ready) -> int:
        alerts.settle(one.row, one.alert.case, self._now, None)

        def render(recipient: str) -> EmailMessage:
            return mail.render(
                one.alert,
                self._subscription,
                key=f"{one.row.kind} {one.row.news}",
                sender=self._config.settings.mail.sender,
                recipient=recipient,
                places=self._places,
                now=self._local,
            )

        self._brief(session, [one], alert_id=one.row.id)
        return self._queue(session, render, alert_id=one.row.id)

    def _digest(self, session: Session, several: Sequence[_Ready]) -> int:
        row = alerts.open_digest(session, self._subscription.id, self._now)
        for one in several:
            alerts.settle(one.row, one.alert.case, self._now, row)

        def render(recipient: str) -> EmailMessage:
            return mail.render_digest(
                [(_section(one.row), one.alert) for one in several],
                self._subscription,
                digest_id=row.id,
                sender=self._config.settings.mail.sender,
                recipient=recipient,
                places=self._places,
                now=self._local,
            )

        self._brief(session, several, digest_id=row.id)
        return self._queue(session, render, digest_id=row.id)

    def _brief(
        self,
        session: Session,
        several: Sequence[_Ready],
        *,
        alert_id: int | None = None,
        digest_id: int | None = None,
    ) -> None:
        """Queue the same, without anybody's name, for the subscriber's other ways."""
        briefs = [
            brief(replace(one.alert, changes=one.nameless), one.row.section, self._places)
            for one in several
        ]
        for way_id in self._subscription.ways:
            if self._config.ways[way_id].kind == "feed":
                continue  # it is read from the alerts that were told
            first = briefs[0]
            told = f"{alert_id} {digest_id} {first.case} {first.first_seen}"
            message_id = mail.digest_of("way", way_id, self._subscription.id, told)
            packed = pack(
                briefs,
                message_id=message_id,
                subscription_id=self._subscription.id,
                now=self._now,
            )
            outbox.queue(
                session,
                outbox.Mail(way_id, message_id, packed),
                self._now,
                alert_id=alert_id,
                digest_id=digest_id,
                way=way_id,
            )

    def _queue(
        self,
        session: Session,
        render: Callable[[str], EmailMessage],
        *,
        alert_id: int | None = None,
        digest_id: int | None = None,
    ) -> int:
        one = self._subscription
        recipients = alerts.recipients(session, one.id, one.recipients)
        for recipient in recipients:
            message = render(recipient)
            outbox.queue(
                session,
                outbox.Mail(recipient, message["Message-ID"], message.as_bytes()),
                self._now,
                alert_id=alert_id,
                digest_id=digest_id,
            )
        return len(recipients)


def _section(row: AlertRow) -> str:
    """Where in a digest an alert stands, also one that was to be a mail of its own."""
    return row.section or _KINDS.get(row.kind, "new")
