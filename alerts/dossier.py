"""Cases with their reports, as their rows tell them now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from alerts.merge import merge
from alerts.routing import is_news
from pantau.answered import answered
from pantau.config import Config
from pantau.records import Article, Case, Mention, Report
from pantau.source_names import source_name
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

    def is_news(self, horizon: timedelta, now: datetime) -> bool:
        """Whether those are to be told who do not know of the case yet."""
        if self.case.stage == "dismissed" or self.case.withdrawn or not self.likely:
            return False
        return is_news(self.dated, horizon=horizon, now=now)


def read_case(session: Session, stored: StoredCase, config: Config) -> Dossier:
    """What the reports of a case together tell."""
    [dossier] = read_cases(session, [stored], config)
    return dossier


def read_cases(session: Session, several: Sequence[StoredCase], config: Config) -> list[Dossier]:
    """The same of several cases, in their order; what is asked of the database does not grow with
    them."""
    ids = [stored.id for stored in several]
    standings = casework.standings(session, ids)
    families = merging.families(session, ids)
    sources = {told.article.source_id for stored in several for told in stored.told}
    polled = select(SourceRow.id, SourceRow.first_polled_at).where(SourceRow.id.in_(sources))
    watched = {row.id: row.first_polled_at for row in session.execute(polled)}
    return [
        _dossier(stored, config, standings[stored.id], families[stored.id][1:], watched)
        for stored in several
    ]


def queries_answered(session: Session, dossier: Dossier, config: Config) -> frozenset[str]:
    """Those of the subscriptions' queries that find one of a case's reports."""
    queries = {subscription.query for subscription in config.subscriptions.values()}
    return answered(session, queries, [report.article_id for report in dossier.reports], config)


def _dossier(
    stored: StoredCase,
    config: Config,
    office: Standing,
    also: Sequence[int],
    watched: Mapping[str, datetime | None],
) -> Dossier:
    own = list(own_mentions(stored))
    standing = [one for one in own if not one[1].withdrawn]
    dated = tuple(
        (_report(told, mention, config), watched.get(told.article.source_id))
        for told, _, mention in standing or own
    )
    reports = tuple(report for report, _ in dated)
    case = replace(
        merge(stored.id, reports),
        withdrawn=not standing,
        also=tuple(sorted(also)),
        rectification=office.answers[-1].note if office.answers else "",
    )
    likely = any(row.likely for _, row, _ in standing)
    return Dossier(case, reports, dated, likely, office)


def own_mentions(stored: StoredCase) -> Iterable[tuple[Told, MentionRow, Mention]]:
    """The mentions that stand in the case, of all that its articles hold."""
    for told in stored.told:
        for row, mention in told.mentions:
            if row.case_id == stored.id:
                yield told, row, mention


def _account(article: Article) -> str:
    """Whose a post is. What has no account, as a comment below an article, may all be one person's
    as far as it stands in one thread."""
    whose = article.handle or article.thread
    return f"{article.platform} {whose}" if whose else ""


def _report(told: Told, mention: Mention, config: Config) -> Report:
    article = told.article
    name = source_name(config, article.source_id, url=article.url, platform=article.platform)
    if article.gone:  # its words are not told any more; a sealed copy is not for this
        article = replace(article, title="", url="", page_sha256="")
        mention = posts.sealed(mention)
    assert article.first_seen is not None
    return Report(
        article_id=article.id,
        title=article.title,
        url=article.url,
        source_name=name,
        published=article.published,
        first_seen=article.first_seen,
        page_sha256=article.page_sha256,
        mention=mention,
        kind=article.kind,
        official=article.official,
        gone=article.gone,
        account=_account(article),
        copy_of=article.copy_of,
    )
