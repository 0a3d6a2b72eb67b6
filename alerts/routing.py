"""Decides who is told of a case, whether it is news, and what waits for a digest. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta

from alerts.data import load
from alerts.rhythm import Section
from alerts.words import telling_words
from pantau.config.models import Alerts, Subscription
from pantau.records import Case, Report
from pantau.state.casework import Standing

_SUPERVISOR = re.compile(load("offices.toml")["supervisor"]["pattern"], re.IGNORECASE)

_SAME_WORDS = 0.8
"""Share of the telling words of two posts from which one is a copy of the other."""
SETTLING = timedelta(days=1)
"""What a source shows in its first day may be as old as the source: it is its stock."""
_AHEAD = timedelta(days=1)
"""A time further ahead than this is a mistake of the page and tells nothing."""


def wants(
    subscription: Subscription,
    case: Case,
    reports: Sequence[Report],
    answered: frozenset[str] = frozenset(),
) -> bool:
    """Whether a case is one that the subscriber asked for.

    A region covers what lies within it. A case known by its province only goes to those who
    watch the province: which kabupaten it is has to be found out there. A case without any
    place goes to those who asked for such, and to those who watch everywhere.
    ``answered`` are the queries that find one of the reports.
    """
    return not refusal(subscription, case, reports, answered)


def refusal(
    subscription: Subscription,
    case: Case,
    reports: Sequence[Report],
    answered: frozenset[str] = frozenset(),
) -> str:
    """Why a case is not for the subscriber; empty where it is."""
    if not covers(subscription, case.region_code):
        return f"region {case.region_code or 'unknown'} is not among those it watches"
    if case.subject not in subscription.subjects:
        return f"it did not ask for acts of {case.subject}"
    if subscription.stages and case.stage not in subscription.stages:
        return f"it did not ask for stage {case.stage}"
    if subscription.forms and set(case.skb_forms).isdisjoint(subscription.forms):
        return f"it did not ask for forms {', '.join(map(str, case.skb_forms))}"
    if subscription.kinds and {report.kind for report in reports}.isdisjoint(subscription.kinds):
        return f"no report of it is of the kind {' or '.join(subscription.kinds)}"
    if subscription.candidates and not _gains(case, subscription.candidates):
        return f"it did not ask for the candidate {case.beneficiary or 'unknown'}"
    if subscription.query and subscription.query not in answered:
        return f"no report of it answers {subscription.query}"
    if case.score < subscription.min_score:
        return f"its score {case.score:.2f} is under the {subscription.min_score:.2f} asked for"
    return ""


def handed_to(subscription: Subscription, standing: Standing) -> bool:
    """Whether another office has handed the case to the subscriber, by its name or id."""
    office = standing.office.casefold()
    return bool(office) and office in (subscription.id.casefold(), subscription.name.casefold())


def held_back(reports: Sequence[Report], settings: Alerts) -> Section:
    """Why a new case waits for the digest; empty: it does not.

    * ``handled``: the first text already says that a supervisor's office deals with it.
    * ``unverified``: it rests on one citizen's account. What repeats another's text adds no
      source of its own, whoever prints it; a paper, or a second account, releases it.
    """
    in_order = sorted(reports, key=_told)
    first = in_order[0]
    told = first.mention
    if (
        settings.handled == "digest"
        and told.stage in ("under_examination", "proven")
        and _SUPERVISOR.search(told.stage_by)
    ):
        return "handled"
    if settings.unverified == "digest":
        sources = _independent(in_order)
        return "unverified" if len(sources) == 1 and sources[0].citizen else ""
    return ""


def _told(report: Report) -> tuple[datetime, str, str]:
    return report.published or report.first_seen, report.url, report.article_id


def _independent(in_order: Sequence[Report]) -> list[Report]:
    """The reports that are no mere repetition of one told before."""
    found: list[Report] = []
    for report in in_order:
        if not any(_repeats(report, earlier) for earlier in found):
            found.append(report)
    return found


def _repeats(report: Report, earlier: Report) -> bool:
    """Whether a report stems from the same source: it has the same text, or is the same account's
    or, of two posts, has the same words."""
    if (report.copy_of or report.article_id) == (earlier.copy_of or earlier.article_id):
        return True
    if report.account and report.account == earlier.account:
        return True
    return report.citizen and earlier.citizen and _alike(report, earlier)


def _alike(one: Report, other: Report) -> bool:
    mine, theirs = telling_words(one.mention.sentence), telling_words(other.mention.sentence)
    return len(mine & theirs) >= _SAME_WORDS * max(1, len(mine | theirs))


def _gains(case: Case, candidates: Iterable[str]) -> bool:
    return any(name.casefold() in case.beneficiary.casefold() for name in candidates)


def covers(subscription: Subscription, code: str | None) -> bool:
    """Whether acts in a region, or with None in an unknown place, are the subscriber's."""
    if not subscription.regions:
        return True
    if code is None:
        return subscription.without_region
    return any(code == region or code.startswith(f"{region}.") for region in subscription.regions)


def is_news(
    reports: Iterable[tuple[Report, datetime | None]], *, horizon: timedelta, now: datetime
) -> bool:
    """Whether any report of a case is young enough to be mailed; see ``report_is_news``.

    Each report comes with the time since when its source has been watched.
    """
    return any(
        report_is_news(report, watched_since, horizon=horizon, now=now)
        for report, watched_since in reports
    )


def report_is_news(
    report: Report, watched_since: datetime | None, *, horizon: timedelta, now: datetime
) -> bool:
    """Whether a report is young enough to be mailed.

    * The act or the report must be younger than the horizon: an old act that comes to light
      today is news, an old report of it is not.
    * A report without any date counts from when it was first read, if its source was
      watched for more than a day by then: it was not there before. What a new source shows
      undated at first has no known age; it fills the index only.
    * A dismissal is no new case.
    """
    if report.mention.stage == "dismissed":
        return False
    told = [when for when in (report.published, _evening(report.mention.act_date)) if when]
    known = [when for when in told if when <= now + _AHEAD]
    if known:
        return now - max(known) <= horizon
    if watched_since is None or report.first_seen - watched_since <= SETTLING:
        return False
    return now - report.first_seen <= horizon


def _evening(day: date | None) -> datetime | None:
    """The end of a day as it is told, whatever the zone: an act counts as long as it may."""
    return datetime.combine(day, time(23, 59), tzinfo=UTC) if day else None
