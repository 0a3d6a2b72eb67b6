"""A case with its reports, as its rows tell it now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from alerts.merge import merge
from alerts.routing import is_news
from pantau.answered import answered
from pantau.config import Config
from pantau.records import Case, Mention, Report
from pantau.state import casework, merging, posts
from pantau.state.cases import StoredCase, Told
from pantau.state.casework import Standing
from pantau.state.tables import MentionRow, SourceRow


@dataclass(frozen=True, slots=True)
class Dossier:
    case: Case
    reports: tuple[Report, ...]
    """Those that still tell it; where none does, those that did."""
    dated: tuple[tuple[Report, datetime | None], ...]
    """Each with the time since when its source has been watched."""
    likely: bool
    """Whether any of them makes the act likely."""
    standing: Standing
    """What an office has done with it."""
    answered: frozenset[str]
    """Those of the subscriptions' queries that find one of its reports."""

    def is_news(self, horizon: timedelta, now: datetime) -> bool:
        """Whether those are to be told who do not know of the case yet."""
        if self.case.stage == "dismissed" or self.case.withdrawn or not self.likely:
            return False
        return is_news(self.dated, horizon=horizon, now=now)


def read_case(session: Session, stored: StoredCase, config: Config) -> Dossier:
    """What the reports of a case together tell."""
    own = list(own_mentions(stored))
    standing = [one for one in own if not one[1].withdrawn]
    dated = tuple(_report(session, told, mention, config) for told, _, mention in standing or own)
    reports = tuple(report for report, _ in dated)
    office = casework.standings(session, [stored.id])[stored.id]
    case = replace(
        merge(stored.id, reports),
        withdrawn=not standing,
        also=tuple(sorted(merging.family(session, stored.id)[1:])),
        rectification=office.answers[-1].note if office.answers else "",
    )
    likely = any(row.likely for _, row, _ in standing)
    queries = {subscription.query for subscription in config.subscriptions.values()}
    found = answered(session, queries, [report.article_id for report in reports], config)
    return Dossier(case, reports, dated, likely, office, found)


def own_mentions(stored: StoredCase) -> Iterable[tuple[Told, MentionRow, Mention]]:
    """The mentions that stand in the case, of all that its articles hold."""
    for told in stored.told:
        for row, mention in told.mentions:
            if row.case_id == stored.id:
                yield told, row, mention


def _report(
    session: Session, told: Told, mention: Mention, config: Config
) -> tuple[Report, datetime | None]:
    article = told.article
    source = session.get(SourceRow, article.source_id)
    configured = config.sources.get(article.source_id)
    if article.gone:  # its words are not told any more; a sealed copy is not for this
        article = replace(article, title="", url="", page_sha256="")
        mention = posts.sealed(mention)
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
        official=article.official,
        gone=article.gone,
        account=f"{article.platform} {article.handle}" if article.handle else "",
        copy_of=article.copy_of,
    )
    return report, source.first_polled_at if source else None
