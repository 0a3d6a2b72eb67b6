"""Dry runs: fetch and read as the real job does, in a home that is thrown away."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from crawler.probing import Probed
from crawler.run import RunOutcome, crawl, fetch_found, probe, run_in_reactor
from pantau.clock import Clock
from pantau.config import Config, Settings, Source, WayIn
from pantau.config.models import Politeness, X
from pantau.home import Home
from pantau.pipeline import Pipeline, open_pipeline
from pantau.records import Disposition, NoArticle, Page
from pantau.state import pages
from pantau.state.pages import to_page
from pantau.state.tables import ArticleRow, PageRow


@dataclass(frozen=True, slots=True)
class TriedPage:
    url: str
    disposition: str
    title: str
    published: str
    characters: int
    missing: list[str]


@dataclass(frozen=True, slots=True)
class Tried:
    outcome: RunOutcome
    pages: list[TriedPage]


def try_source(source: Source, config: Config, clock: Clock) -> Tried:
    """Crawl one source and read its pages, gate off; nothing is stored or mailed."""
    with _throwaway(config, clock) as pipeline:

        async def crawl_and_read() -> RunOutcome:
            (outcome,) = await crawl([source], context=pipeline.crawl_context())
            return outcome

        outcome = run_in_reactor(crawl_and_read)
        pipeline.read()
        with pipeline.state.read() as session:
            rows = session.execute(
                select(PageRow, ArticleRow)
                .join_from(PageRow, ArticleRow, PageRow.article_id == ArticleRow.id, isouter=True)
                .where(PageRow.parent_id.is_(None))
                .order_by(PageRow.id)
            ).all()
    return Tried(outcome, [_tried(page, article) for page, article in rows])


def fetch_page(url: str, config: Config, clock: Clock) -> Page | NoArticle:
    """Ask one address as the crawl would; what it answered, or why it was not read."""
    way = WayIn(kind="listing", url=url)
    source = Source(id="address", name=url, every=timedelta(days=1), ways=(way,))
    with _throwaway(config, clock) as pipeline:
        with pipeline.state.write() as session:
            pages.found(session, url=url, source_id=source.id, run_id=None, now=clock())
        run_in_reactor(lambda: fetch_found(source, context=pipeline.crawl_context()))
        with pipeline.state.read() as session:
            row = pages.by_url(session, url)
        assert row is not None
        if row.status == "fetched":
            return to_page(row, pipeline.archive.get(row.sha256))
        return NoArticle(
            disposition=Disposition(row.disposition or Disposition.FAILED), reason=row.reason
        )


def probe_site(url: str, config: Config, clock: Clock, pace: Politeness) -> Probed:
    """Which ways in a site has; nothing is stored."""
    with _throwaway(config, clock) as pipeline:
        context = pipeline.crawl_context()
        return run_in_reactor(lambda: probe(url, context=context, pace=pace))


@contextmanager
def _throwaway(config: Config, clock: Clock) -> Iterator[Pipeline]:
    reading = config.settings.reading.model_copy(update={"gate": False})
    # What is spent here would be noted nowhere: a dry run asks for nothing that is paid.
    unpaid = config.settings.platforms.model_copy(update={"x": X()})
    settings = Settings(crawl=config.settings.crawl, reading=reading, platforms=unpaid)
    with tempfile.TemporaryDirectory(prefix="pantau-") as folder:
        unstored = replace(config, settings=settings)
        with open_pipeline(Home(Path(folder)), unstored, clock) as pipeline:
            yield pipeline


def _tried(page: PageRow, article: ArticleRow | None) -> TriedPage:
    missing = []
    if article is not None:
        present = {"date": article.published, "author": article.author, "title": article.title}
        missing = [name for name, value in present.items() if not value]
    reason = f": {page.reason}" if page.reason else ""
    return TriedPage(
        url=page.url,
        disposition=f"{page.disposition or page.status}{reason}",
        title=article.title if article else page.title,
        published=f"{page.published:%Y-%m-%d %H:%M %z}" if page.published else "",
        characters=len(article.text) if article else 0,
        missing=missing,
    )
