"""Does what the rest of this room decides: opens cases, queues mails, hands them over.

What is to be done is read from rows, so that a step that was killed is simply done again:
an article is taken up in one transaction, from its mentions to the rendered mails.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from alerts.cases import OpenCase, join
from alerts.delivery import Transport, Unreachable
from alerts.mail import render
from alerts.merge import merge
from alerts.routing import is_news, wants
from alerts.telling import Telling, tellings_of
from pantau.clock import Clock
from pantau.config import Config, Subscription
from pantau.errors import DeliveryError, Refused
from pantau.records import Alert, Case, Mention, Report
from pantau.state import State, cases, outbox
from pantau.state.cases import StoredCase, Told
from pantau.state.tables import MentionRow, OutboxRow, SourceRow

BATCH = 100
SENDING = 20
"""Mails claimed at a time: even if each runs into its timeout, the claim outlasts them."""
MEMORY = timedelta(days=540)
"""How long a case without news stays open to further reports."""
PAUSE = timedelta(minutes=5)
"""Wait before a server that could not be reached is tried again."""


def open_cases_and_alerts(
    state: State,
    config: Config,
    now: datetime,
    *,
    region_name: Callable[[str], str],
    archive_path: Callable[[str], str],
) -> Counter[str]:
    """Give every waiting mention its case, and queue the mails that follow.

    Counted: ``mentions``, ``cases`` (new ones), ``alerts``, ``mails``.
    """
    desk = _Desk(config, now, region_name, archive_path)
    while True:
        with state.read() as session:
            waiting = cases.unclustered(session, BATCH)
        if not waiting:
            return desk.counts
        for article_id in waiting:
            with state.write() as session:
                desk.take_up(session, article_id)


def deliver(state: State, transport: Transport, clock: Clock, limit: int = SENDING) -> Counter[str]:
    """Hand over the mails that are due, ``limit`` at a time, each recipient on its own.

    Counted: ``sent``, ``failed`` (tried again later), ``gave_up``, ``postponed`` (the server
    could not be reached).
    """
    counts: Counter[str] = Counter()
    while True:
        with state.write() as session:
            claimed = outbox.claim_due(session, limit, clock())
        if not claimed:
            return counts
        with transport:
            for place, row in enumerate(claimed):
                try:
                    counts[_hand_over(state, transport, row, clock)] += 1
                except Unreachable as error:
                    rest = [later.id for later in claimed[place:]]
                    with state.write() as session:
                        outbox.postpone(session, rest, str(error), clock() + PAUSE)
                    counts["postponed"] += len(rest)
                    return counts


def _hand_over(state: State, transport: Transport, row: OutboxRow, clock: Clock) -> str:
    try:
        transport.send(row.message, message_id=row.message_id, recipient=row.recipient)
    except Unreachable:
        raise
    except Refused as error:
        with state.write() as session:
            outbox.gave_up(session, row.id, str(error))
        return "gave_up"
    except DeliveryError as error:
        with state.write() as session:
            return outbox.failed(session, row.id, str(error), clock())
    with state.write() as session:
        outbox.sent(session, row.id, clock())
    return "sent"


class _Desk:
    """Takes up articles one by one; knows who has subscribed and where things are found."""

    def __init__(
        self,
        config: Config,
        now: datetime,
        region_name: Callable[[str], str],
        archive_path: Callable[[str], str],
    ) -> None:
        self.counts: Counter[str] = Counter()
        self._config = config
        self._now = now
        self._region_name = region_name
        self._archive_path = archive_path

    def take_up(self, session: Session, article_id: str) -> None:
        told = cases.told_by(session, article_id)
        tellings = tellings_of(told.article, [mention for _, mention in told.mentions])
        touched: set[int] = set()
        for (row, mention), telling in zip(told.mentions, tellings, strict=True):
            if row.clustered:
                continue
            self.counts["mentions"] += 1
            case_id = self._case_for(session, telling) if _matters(row, mention) else None
            cases.assign(session, [row.id], case_id)
            if case_id is not None:
                touched.add(case_id)
        for case in cases.stored(session, sorted(touched)):
            self._tell(session, case)

    def _case_for(self, session: Session, telling: Telling) -> int:
        near = cases.open_cases(session, telling.mention.region_code, self._now - MEMORY)
        found = join(telling, [_to_open_case(case) for case in near]).case_id
        if found is not None:
            return found
        self.counts["cases"] += 1
        return cases.create(session, telling.mention.subject, self._now)

    def _tell(self, session: Session, stored: StoredCase) -> None:
        """Write what the case's reports tell now, and queue mails to whoever is to know."""
        dated = [self._report(session, told, mention) for told, _, mention in _own(stored)]
        reports = [report for report, _ in dated]
        case = merge(stored.id, reports)
        cases.save(session, case, self._now)
        horizon = self._config.settings.alerts.alert_horizon
        if case.stage == "dismissed" or not any(row.likely for _, row, _ in _own(stored)):
            return
        if not is_news(dated, horizon=horizon, now=self._now):
            return
        for subscription in self._config.subscriptions.values():
            if wants(subscription, case):
                self._alert(session, case, reports, subscription)

    def _alert(
        self,
        session: Session,
        case: Case,
        reports: Sequence[Report],
        subscription: Subscription,
    ) -> None:
        alert_id = cases.add_alert(
            session, case_id=case.id, subscription_id=subscription.id, kind="new", now=self._now
        )
        if alert_id is None:
            return
        self.counts["alerts"] += 1
        settings = self._config.settings
        alert = Alert(
            case=case, kind="new", subscription_id=subscription.id, reports=tuple(reports)
        )
        for recipient in dict.fromkeys(subscription.recipients):
            message = render(
                alert,
                subscription,
                sender=settings.mail.sender,
                recipient=recipient,
                region_name=self._region_name,
                archive_path=self._archive_path,
                base_url=settings.alerts.base_url,
                now=self._now.astimezone(ZoneInfo(settings.alerts.zone)),
            )
            mail = outbox.Mail(recipient, message["Message-ID"], message.as_bytes())
            outbox.queue(session, alert_id, mail, self._now)
            self.counts["mails"] += 1

    def _report(
        self, session: Session, told: Told, mention: Mention
    ) -> tuple[Report, datetime | None]:
        """A report, and since when its source has been watched."""
        article = told.article
        source = session.get(SourceRow, article.source_id)
        configured = self._config.sources.get(article.source_id)
        assert article.first_seen is not None
        report = Report(
            article_id=article.id,
            title=article.title,
            url=article.url,
            source_name=configured.name if configured else article.source_id,
            published=article.published,
            first_seen=article.first_seen,
            page_sha256=article.page_sha256,
            mention=mention,
            kind=article.kind,
        )
        return report, source.first_polled_at if source else None


def _matters(row: MentionRow, mention: Mention) -> bool:
    """A likely act, or word that one was dismissed: a case must learn of both."""
    return row.likely or mention.stage == "dismissed"


def _own(stored: StoredCase) -> Iterable[tuple[Told, MentionRow, Mention]]:
    for told in stored.told:
        for row, mention in told.mentions:
            if row.case_id == stored.id:
                yield told, row, mention


def _to_open_case(stored: StoredCase) -> OpenCase:
    tellings = [
        telling
        for told in stored.told
        for (row, _), telling in zip(
            told.mentions,
            tellings_of(told.article, [mention for _, mention in told.mentions]),
            strict=True,
        )
        if row.case_id == stored.id
    ]
    return OpenCase(stored.id, tuple(tellings))
