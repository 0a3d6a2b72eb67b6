"""What a worker process does with one page: gate, extraction, judgement.

Runs in a process of its own with bounds on time and memory (``extract.page.pool``), so
it takes and returns plain values, and loads its models once, at its first page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from crawler.archive import Archive
from extract.gate import Gate
from extract.mentions import Judge
from extract.page import FeedHint, extract_page, extract_pages, fast_text
from extract.page.dates import WIB, zone_of_region
from extract.page.selected import Selected, select
from extract.posts import extract_post
from pantau.records import (
    HARDLY_ANY_TEXT,
    Article,
    Disposition,
    Judgement,
    NoArticle,
    Page,
)

LITTLE_TEXT = 140
"""Characters; the shortest articles of radio stations have some more."""
OFF_TOPIC = "neither civil servants nor elections"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingTask:
    page: Page
    """Without its body: the worker takes that from the archive, sparing a copy on the way."""
    parts: tuple[Page, ...] = ()
    """The further pages of its article, as far as they came, likewise without bodies."""
    archive: Path
    source_region: str | None
    source_zone: str | None
    """IANA name of the zone of times that name none, where the source has one of its own."""
    selectors: Mapping[str, str] = field(default_factory=dict)
    """What of the source's pages is what, where an operator says it (``extract.page.selected``)."""
    language: str = ""
    """What the source writes in, where its pages declare another."""
    hint: dict[str, Any]
    """What the feed or listing said of the page: ``title, published, content``."""
    oldest: datetime
    """Articles published before this are not news any more."""
    threshold: float
    candidates: Path | None
    gated: bool
    is_post: bool = False
    """Whether the page is a post as the crawl keeps one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """An article with its judgement, or why there is none."""

    result: Article | NoArticle
    judgement: Judgement | None = None


def read_page(task: ReadingTask) -> Reading:
    """Gate, extract and judge one article, whole: its page with its further pages. The costly
    steps come last.

    Raises ArchiveError where the page's bytes are gone or damaged.
    """
    if task.is_post:
        return _read_post(task)
    archive = Archive(task.archive)
    pages = [replace(page, body=archive.get(page.sha256)) for page in (task.page, *task.parts)]
    selected = [_select(task, page) for page in pages]
    pages = [one.page for one in selected]
    hint = _feed_hint(task.hint)
    if task.gated:
        titles, texts = zip(*map(fast_text, pages), strict=True)
        title, text = titles[0], "\n".join(filter(None, texts))
        if (title or text) and not _gate().passes(title, text):
            return Reading(result=_off_topic(title or hint.title, text, hint.published))
    region, zone = task.source_region, task.source_zone
    if task.parts:
        result = extract_pages(pages, source_region=region, source_zone=zone, feed=hint)
    else:
        result = extract_page(pages[0], source_region=region, source_zone=zone, feed=hint)
    if isinstance(result, NoArticle):
        return Reading(result=result)
    return _judged(task, selected[0].told(result))


def _select(task: ReadingTask, page: Page) -> Selected:
    own = ZoneInfo(task.source_zone) if task.source_zone else None
    zone = own or zone_of_region(task.source_region) or WIB
    return select(page, task.selectors, language=task.language, zone=zone)


def _read_post(task: ReadingTask) -> Reading:
    body = Archive(task.archive).get(task.page.sha256)
    result = extract_post(replace(task.page, body=body), source_region=task.source_region)
    if isinstance(result, NoArticle):
        return Reading(result=result)
    return _judged(task, result)


def _judged(task: ReadingTask, article: Article) -> Reading:
    """The article with its judgement, where it is young enough and passes the gate."""
    if article.published is not None and article.published < task.oldest:
        return Reading(
            result=NoArticle(
                disposition=Disposition.TOO_OLD,
                reason=f"published {article.published:%Y-%m-%d}",
                title=article.title,
                published=article.published,
            )
        )
    if task.gated and not _gate().admits(article):
        off_topic = _off_topic(article.title, article.text, article.published)
        if article.kind == "post":  # short by nature
            off_topic = replace(off_topic, reason=OFF_TOPIC)
        return Reading(result=off_topic)
    return Reading(
        result=article, judgement=load_judge(task.threshold, task.candidates).judge(article)
    )


def _feed_hint(hint: dict[str, Any]) -> FeedHint:
    published = hint.get("published")
    return FeedHint(
        title=hint.get("title", ""),
        published=datetime.fromisoformat(published) if published else None,
        content=hint.get("content", ""),
    )


def _off_topic(title: str, text: str, published: datetime | None) -> NoArticle:
    """A page without text is told from one about other things: its site may have changed."""
    little = f"{HARDLY_ANY_TEXT}, and " if len(text) < LITTLE_TEXT else ""
    return NoArticle(
        disposition=Disposition.OFF_TOPIC,
        reason=f"{little}{OFF_TOPIC}",
        title=title,
        published=published,
    )


@cache
def _gate() -> Gate:
    return Gate.load()


@cache
def load_judge(threshold: float, candidates: Path | None) -> Judge:
    """The judge, loaded once in each process."""
    return Judge.load(threshold=threshold, candidates=candidates)


def warm(threshold: float, candidates: Path | None) -> None:
    """Load what a worker needs, before its first page and outside its limits."""
    _gate()
    load_judge(threshold, candidates)
