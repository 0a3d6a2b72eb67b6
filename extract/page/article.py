"""From a page to what a reader sees: the order in which the parts of this room are asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from extract.page import (
    around,
    authors,
    blocks,
    embedded,
    judge,
    kind,
    published,
    title,
    urls,
    view,
    weigh,
    witnesses,
)
from extract.page.byline import Byline
from extract.page.language import language
from extract.page.pictures import pictures
from extract.page.verdict import Verdict
from pantau.records import Article, Disposition, NoArticle, Page

MAX_TEXT = 200_000
"""Characters of text at most; longer ones are cut at a paragraph."""
_AGREED = 0.8
_OF_INDONESIA = frozenset(("id", "jv", "su", "ms"))
_ALIKE = 0.97
"""The same for pages in other languages, of which the libraries know more than of these."""
_HEARD = 0.4
"""A witness that has less than this share of the other's text has not found it."""
_WHOLE = 0.6
"""A page's own text shorter than this share of what its data holds is only a part of it."""
_ENOUGH = 200
_SHORT = 800
"""A page that shows less than this may have its text in a script, in whatever form."""

_MOST_TAGS = 40_000
"""Of a page whose libraries' witness is asked: their time grows faster than the page, and no
article has so many."""
_DEEPEST = 100
"""Elements inside one another, up to which newspaper4k is asked: it reads each one's whole text."""

counters: Counter[str] = Counter()
"""How often each witness was asked, in this process: ``pages``, ``trafilatura`` …"""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedHint:
    """What the feed said of the page."""

    title: str = ""
    published: datetime | None = None
    content: str = ""
    """``content:encoded`` or the like, HTML or plain."""


@dataclass(slots=True)
class Reading:
    """A page read, with the reasons for everything that was kept or cut."""

    view: view.View
    rows: list[blocks.Block]
    title: title.Title
    verdicts: list[Verdict]
    basis: str
    """Where the text was taken from: ``page``, ``script data``, ``JSON-LD`` or ``feed``."""
    dates: published.Published
    byline: Byline
    witnesses: dict[str, float] = field(default_factory=dict)
    """Witness → agreement with the reading, 0 to 1."""

    @property
    def paragraphs(self) -> list[str]:
        return [verdict.text for verdict in self.verdicts if verdict.kept]

    @property
    def text(self) -> str:
        return "\n\n".join(self.paragraphs)


@dataclass(frozen=True, slots=True)
class _Basis:
    name: str
    verdicts: list[Verdict]

    @property
    def size(self) -> int:
        return sum(len(v.text) for v in self.verdicts if v.kept)


def read(
    page: Page, *, source_region: str | None, source_zone: str | None, feed: FeedHint | None
) -> Reading:
    """The whole reading of a page that is small enough and parses.

    Raises ``view.TooLarge`` or ``view.Unreadable``.
    """
    seen = view.View(page)
    rows = blocks.read(seen.root)
    headline = title.find(seen, rows, feed.title if feed else "")
    own = _Basis("page", judge.read(rows, headline.block, headline.text))
    if headline.block is None and headline.evidence != "JSON-LD headline" and own.size:
        headline = title.above_text(headline, seen, rows, _span(own.verdicts)[0])
        own = _Basis("page", judge.read(rows, headline.block, headline.text))
    weigh.prefer_described(own.verdicts, seen.first_meta("og:description", "description"))
    story = _story(seen, headline, thorough=own.size < _SHORT)
    if story and (not headline.text or headline.evidence == "<title>"):
        headline = title.Title(story.title, "script data", headline.block)
    others = list(_other_bases(seen, story, feed, headline.text))
    basis = _choose(own, others)
    heard: dict[str, float] = {}
    if basis is own:
        heard = _hear_witnesses(seen, headline, own.verdicts, others)
        if not kind.has_full_sentence(judge.text_of(own.verdicts)):
            judge.keep_caption(own.verdicts, headline.block)
    body = _span(own.verdicts)
    dated = published.find(
        seen,
        rows,
        headline,
        body,
        region=source_region,
        source_zone=source_zone,
        feed=feed.published if feed else None,
        stated=_story_dates(story),
        american=language(judge.text_of(basis.verdicts)) == "en",
    )
    byline = authors.find(
        seen,
        rows,
        headline,
        body,
        stated=story.authors if story else (),
        paragraphs=[verdict.text for verdict in basis.verdicts if verdict.kept],
    )
    around.cut_closing_bio(basis.verdicts, byline.names)
    return Reading(seen, rows, headline, basis.verdicts, basis.name, dated, byline, heard)


def _story(seen: view.View, headline: title.Title, *, thorough: bool) -> embedded.Story | None:
    """The object in the page's scripts that is this page's article."""
    wanted = [headline.text, seen.title_element, seen.first_meta("og:title")]
    best: tuple[float, embedded.Story] | None = None
    for story in embedded.stories(seen, thorough=thorough):
        likeness = max((title.likeness(story.title, w) for w in wanted if w), default=0.5)
        rank = likeness + min(len(story.markup), 20_000) / 100_000
        if likeness >= 0.5 and (best is None or rank > best[0]):
            best = rank, story
    return best[1] if best else None


def _story_dates(story: embedded.Story | None) -> Iterable[tuple[str, bool]]:
    if story is None:
        return
    yield from ((value, False) for value in story.published[:1])
    if story.modified:
        yield story.modified, True


def _other_bases(
    seen: view.View, story: embedded.Story | None, feed: FeedHint | None, headline: str
) -> Iterable[_Basis]:
    texts = [
        ("script data", story.markup if story else ""),
        ("JSON-LD", witnesses.article_body(seen)),
        ("feed", feed.content if feed else ""),
    ]
    for name, markup in texts:
        if markup.strip():
            yield _Basis(name, judge.read(witnesses.markup_blocks(markup), None, headline))


def _choose(own: _Basis, others: list[_Basis]) -> _Basis:
    """The page's own reading, unless its data holds far more of the article than it shows."""
    longest = max(others, key=lambda basis: basis.size, default=own)
    if own.size >= _WHOLE * longest.size or longest.size < _ENOUGH:
        return own if own.size or not longest.size else longest
    return longest


def _hear_witnesses(
    seen: view.View, headline: title.Title, verdicts: list[Verdict], others: list[_Basis]
) -> dict[str, float]:
    """Ask the cheapest witness first; the dearer ones only when it disagrees."""
    heard: dict[str, float] = {}
    said: dict[str, list[str]] = {}

    def ask(name: str, paragraphs: list[str]) -> float:
        counters[name] += 1
        weigh.vote(verdicts, name, paragraphs)
        said[name] = paragraphs
        heard[name] = weigh.agreement(verdicts, name, paragraphs)
        return heard[name]

    counters["pages"] += 1
    for basis in others:
        if ask(basis.name, [v.text for v in basis.verdicts if v.kept]) >= _AGREED:
            return heard
    if seen.source.count("<") > _MOST_TAGS:
        return heard
    spoken = language(judge.text_of(verdicts), declared=seen.declared_language)
    foreign = spoken not in _OF_INDONESIA
    agreed = ask("trafilatura", witnesses.from_trafilatura(seen, fast=not foreign))
    if agreed >= (_ALIKE if foreign else _AGREED):
        weigh.drop_unseconded(verdicts, ["trafilatura"])
        return heard
    if max((len(verdict.block.path) for verdict in verdicts), default=0) > _DEEPEST:
        return heard
    ask("newspaper4k", witnesses.from_newspaper(seen, "en" if foreign else "id"))
    if not foreign:
        weigh.settle(verdicts, said, heard)
        return heard
    if len("".join(said["newspaper4k"])) < _HEARD * len("".join(said["trafilatura"])):
        del said["newspaper4k"], heard["newspaper4k"]  # it made nothing of the page
        ask("readability", witnesses.from_readability(seen))
    if not weigh.follow_the_agreed(verdicts, said, heard):
        names = list(said)[-2:]
        weigh.settle_by_majority(verdicts, names, headline.block, headline.text)
    return heard


def _span(verdicts: list[Verdict]) -> tuple[int, int]:
    """First and last block of the text on the page itself."""
    kept = [position for position, verdict in enumerate(verdicts) if verdict.kept]
    return (kept[0], kept[-1]) if kept else (len(verdicts) - 1, len(verdicts) - 1)


def bounded(paragraphs: list[str], limit: int) -> str:
    """The paragraphs joined, cut at a paragraph's end so as not to exceed ``limit``."""
    kept: list[str] = []
    size = 0
    for paragraph in paragraphs:
        if size + len(paragraph) + 2 > limit:
            if not kept:
                kept.append(paragraph[:limit])
            break
        kept.append(paragraph)
        size += len(paragraph) + 2
    return "\n\n".join(kept)


def extract_page(
    page: Page,
    *,
    source_region: str | None,
    source_zone: str | None = None,
    feed: FeedHint | None = None,
    max_text: int = MAX_TEXT,
) -> Article | NoArticle:
    """The article on a page, or what the page is instead. Deterministic; opens no socket.

    ``source_region`` is the source's Kemendagri code: it gives the zone of times that name
    none, unless ``source_zone`` (an IANA name, ``Asia/Makassar``) does. ``max_text`` is in
    characters.
    """
    result, _ = read_or_reason(
        page,
        source_region=source_region,
        source_zone=source_zone,
        feed=feed,
        max_text=max_text,
    )
    return result


def read_or_reason(
    page: Page,
    *,
    source_region: str | None,
    source_zone: str | None = None,
    feed: FeedHint | None = None,
    max_text: int = MAX_TEXT,
) -> tuple[Article | NoArticle, Reading | None]:
    """``extract_page`` with the reading it was made from, where there is one."""
    try:
        reading = read(page, source_region=source_region, source_zone=source_zone, feed=feed)
    except view.TooLarge as error:
        return _failed(f"too large: {error}"), None
    except view.Unreadable as error:
        return _failed(f"unreadable: {error}"), None
    found = kind.of_page(
        reading.view,
        reading.rows,
        reading.title.text,
        reading.paragraphs,
        dated=reading.dates.published is not None,
    )
    if found:
        fallen = NoArticle(
            disposition=found.disposition,
            reason=found.reason,
            title=reading.title.text,
            published=reading.dates.published,
        )
        return fallen, reading
    return _article(page, reading, source_region, max_text), reading


def _failed(why: str) -> NoArticle:
    return NoArticle(disposition=Disposition.FAILED, reason=f"failed: {why}")


def _article(page: Page, reading: Reading, region: str | None, max_text: int) -> Article:
    seen = reading.view
    stated = seen.canonical or (None if seen.host else seen.first_meta("og:url") or None)
    address = urls.canonical_url(seen.url, stated)
    text = bounded(reading.paragraphs, max_text)
    return Article(
        id=urls.article_id(address or page.sha256),
        title=reading.title.text,
        text=text,
        url=address,
        author=", ".join(reading.byline.names),
        published=reading.dates.published,
        modified=reading.dates.modified,
        first_seen=page.fetched_at,
        lang=language(text, declared=seen.declared_language),
        images=pictures(seen, [v.block for v in reading.verdicts if v.kept]),
        source_id=page.source_id,
        source_region=region,
        page_sha256=page.sha256,
    )


def with_text(article: Article, paragraphs: list[str], max_text: int = MAX_TEXT) -> Article:
    """The same article with the paragraphs of several pages."""
    return replace(article, text=bounded(paragraphs, max_text))
