"""Gives each mention its case, and notes who is to be told of what is new in it.

What is to be done is read from rows, so that a step that was killed is simply done again:
an article is taken up in one transaction, from its mentions to the alerts that follow.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from sqlalchemy.orm import Session

from alerts import rhythm
from alerts.cases import OpenCase, fits
from alerts.changes import changes_since, piece_of_news
from alerts.dossier import Dossier, queries_answered, read_cases
from alerts.one_event import one_event
from alerts.routing import handed_to, held_back, wants
from alerts.telling import Telling, tellings_of
from pantau.config import Config, Subscription
from pantau.records import Mention
from pantau.state import State, alerts, cases, casework, merging
from pantau.state.accounts import Who
from pantau.state.cases import StoredCase
from pantau.state.tables import AlertRow, MentionRow

Key = TypeVar("Key", int, str)
BATCH = 100
PANTAU = Who("Pantau", via="system")
MEMORY = timedelta(days=540)
"""How long a case without news stays open to further reports."""


def open_cases(
    state: State, config: Config, now: datetime, *, region_name: Callable[[str], str]
) -> Counter[str]:
    """Give every waiting mention its case, and note the alerts that follow.

    Counted: ``mentions``, ``cases`` (new ones), ``merged`` (those that turned out to be one with
    another), ``withdrawn`` (mentions whose article tells them no longer), ``alerts``.
    """
    desk = _Desk(config, now, region_name)
    _work_off(state, cases.unclustered, desk.take_up)
    _work_off(state, cases.no_longer_told, desk.withdraw)
    _work_off(state, partial(cases.with_fresh_casework, before=now), desk.tell_again)
    return desk.counts


def _work_off(
    state: State,
    waiting: Callable[[Session, int], list[Key]],
    step: Callable[[Session, Key], None],
) -> None:
    """Take up what waits, each in a transaction of its own, until nothing does."""
    while True:
        with state.read() as session:
            keys = waiting(session, BATCH)
        if not keys:
            return
        for key in keys:
            with state.write() as session:
                step(session, key)


class _Desk:
    """Takes up articles one by one; knows who has subscribed."""

    def __init__(self, config: Config, now: datetime, region_name: Callable[[str], str]) -> None:
        self.counts: Counter[str] = Counter()
        self._config = config
        self._now = now
        self._region_name = region_name

    def take_up(self, session: Session, article_id: str) -> None:
        """Give the mentions of an article their cases."""
        told = cases.told_by(session, article_id)
        tellings = tellings_of(told.article, [mention for _, mention in told.mentions])
        touched: set[int] = set()
        for (row, mention), telling in zip(told.mentions, tellings, strict=True):
            if row.clustered:
                continue
            self.counts["mentions"] += 1
            if _matters(row, mention):
                touched.add(self._put(session, row.id, telling))
            else:
                cases.assign(session, [row.id], None)
        self._tell_all(session, {merging.leads_to(session, case_id) for case_id in touched})

    def withdraw(self, session: Session, article_id: str) -> None:
        """Take out of their cases what an article, edited or judged anew, tells no longer."""
        rows = cases.withdraw(session, article_id)
        self.counts["withdrawn"] += len(rows)
        self._tell_all(session, {row.case_id for row in rows if row.case_id is not None})

    def tell_again(self, session: Session, case_id: int) -> None:
        """Tell what an office entered: an answer of the person named, another office's name."""
        self._tell_all(session, {case_id})

    def _put(self, session: Session, mention_id: int, telling: Telling) -> int:
        """Give a mention its case; what it shows to be the same event becomes one with it. A
        person's word on what belongs together stands above ours."""
        others = merging.not_of(session, telling.article_id)
        near = [case for case in self._near(session, telling) if case.id not in others]
        fitting = [match.case_id for match in fits(telling, near) if match.case_id is not None]
        if fitting:
            case_id = fitting[0]
            held = next(case.tellings for case in near if case.id == case_id)
            case = OpenCase(case_id, (*held, telling))
        else:
            self.counts["cases"] += 1
            case = OpenCase(cases.create(session, telling.mention.subject, self._now), (telling,))
        cases.assign(session, [mention_id], case.id)
        while other := one_event(case, telling, self._may_join(session, case.id, fitting), near):
            kept, gone = sorted((case.id, other.id))
            casework.join(session, kept, gone, PANTAU, self._now)
            self.counts["merged"] += 1
            near = [one for one in near if one.id not in (kept, gone)]
            case = OpenCase(kept, (*case.tellings, *other.tellings))
        return case.id

    def _near(self, session: Session, telling: Telling) -> list[OpenCase]:
        since, code = self._now - MEMORY, telling.mention.region_code
        stored = cases.open_cases(session, code, since, article_id=telling.article_id)
        return [_to_open_case(case) for case in stored]

    def _may_join(self, session: Session, case_id: int, fitting: Sequence[int]) -> set[int]:
        """Those of which nobody said that they are another event, or that they are over."""
        if len(fitting) < 2:
            return set()
        standings = casework.standings(session, [case_id, *fitting])
        if standings[case_id].closed:
            return set()
        apart = merging.told_apart(session, case_id)
        return {one for one in fitting if one not in apart and not standings[one].closed}

    def _tell_all(self, session: Session, case_ids: set[int]) -> None:
        stored = cases.stored(session, sorted(case_ids))
        for dossier in read_cases(session, stored, self._config):
            cases.save(session, dossier.case, self._now)
            noted = alerts.of_case(session, dossier.case.id)
            found = queries_answered(session, dossier, self._config)
            for subscription in self._config.subscriptions.values():
                self._note(session, dossier, found, subscription, noted.get(subscription.id, []))

    def _note(
        self,
        session: Session,
        dossier: Dossier,
        answered: frozenset[str],
        subscription: Subscription,
        before: list[AlertRow],
    ) -> None:
        """Note what a subscriber is to be told of a case, if anything. ``answered`` are the queries
        that find one of its reports."""
        case = dossier.case
        settings = self._config.settings.alerts
        kind, held = "new", held_back(dossier.reports, settings)
        if held == "unverified" and dossier.standing.verified:
            held = ""
        if any(row.kind in ("new", "update") for row in before):
            told = alerts.last_told(before)
            if not told or not changes_since(told, case, self._region_name):
                return  # what still waits is told as the case then stands
            kind, held = "update", ""
        elif handed_to(subscription, dossier.standing):
            held = ""
        elif not dossier.is_news(settings.alert_horizon, self._now) or not wants(
            subscription, case, dossier.reports, answered
        ):
            return
        elif held == "unverified":
            kind = "unverified"
        where = rhythm.section(subscription, kind, held)
        self.counts["alerts"] += alerts.add(
            session,
            case_id=case.id,
            subscription_id=subscription.id,
            kind=kind,
            news=piece_of_news(case) if kind == "update" else "",
            section=where,
            due_at=rhythm.due(subscription, where, self._now, zone=settings.zone),
            now=self._now,
        )


def _matters(row: MentionRow, mention: Mention) -> bool:
    """A likely act, or word that one was dismissed: a case must learn of both."""
    return row.likely or mention.stage == "dismissed"


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
