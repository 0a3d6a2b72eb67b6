"""From a page to what a reader sees: the order in which the parts of this room are asked."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from extract.page import authors, blocks, judge, published, title, urls, view, weigh, witnesses
from pantau.records import Article, Disposition, NoArticle, Page

MAX_TEXT = 200_000
"""Characters of text at most; longer ones are cut at a paragraph."""
_AGREED = 0.85
_MIN_TEXT = 60

counters: Counter[str] = Counter()
"""How often each witness was asked, in this process."""


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
    title: title.Title
    verdicts: list[judge.Verdict]
    paragraphs: list[str]
    dates: published.Published
    byline: authors.Byline
    witnesses: dict[str, float] = field(default_factory=dict)
    """Witness → agreement with the reading."""

    @property
    def text(self) -> str:
        return "\n\n".join(self.paragraphs)


def read(page: Page, *, source_region: str | None, feed: FeedHint | None) -> Reading:
    """The whole reading of a page that is small enough and parses.

    Raises ``view.TooLarge`` or ``view.Unreadable``.
    """
    seen = view.View(page)
    rows = blocks.read(seen.root)
    headline = title.find(seen, rows, feed.title if feed else "")
    verdicts = judge.read(rows, headline.block, headline.text)
    heard = _hear_witnesses(seen, verdicts, feed)
    paragraphs = [v.text for v in verdicts if v.kept]
    body = _span(verdicts)
    dated = published.find(
        seen,
        rows,
        headline.block,
        body,
        region=source_region,
        feed=feed.published if feed else None,
    )
    byline = authors.find(seen, rows, headline.block, body)
    return Reading(seen, headline, verdicts, paragraphs, dated, byline, heard)


def _hear_witnesses(
    seen: view.View, verdicts: list[judge.Verdict], feed: FeedHint | None
) -> dict[str, float]:
    """Ask the cheapest witness; the dearer ones only when it disagrees."""
    heard: dict[str, float] = {}

    def ask(name: str, paragraphs: list[str]) -> float:
        counters[name] += 1
        weigh.vote(verdicts, name, paragraphs)
        heard[name] = weigh.agreement(verdicts, name, paragraphs)
        return heard[name]

    counters["pages"] += 1
    if ask("trafilatura", witnesses.from_trafilatura(seen)) >= _AGREED:
        return heard
    ask("newspaper4k", witnesses.from_newspaper(seen))
    if stated := witnesses.from_linked_data(seen):
        ask("JSON-LD", stated)
    if feed and feed.content:
        ask("feed", witnesses.from_markup(feed.content))
    weigh.settle(verdicts, list(heard))
    return heard


def _span(verdicts: list[judge.Verdict]) -> tuple[int, int]:
    """First and last block of the text."""
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
    feed: FeedHint | None = None,
    max_text: int = MAX_TEXT,
) -> Article | NoArticle:
    """The article on a page, or what the page is instead. Deterministic; opens no socket.

    ``source_region`` is the source's Kemendagri code: it gives the zone of times that name
    none. ``max_text`` is in characters.
    """
    try:
        reading = read(page, source_region=source_region, feed=feed)
    except view.TooLarge as error:
        return NoArticle(disposition=Disposition.FAILED, reason=f"failed: too large: {error}")
    except view.Unreadable as error:
        return NoArticle(disposition=Disposition.FAILED, reason=f"failed: unreadable: {error}")
    if sum(map(len, reading.paragraphs)) < _MIN_TEXT:
        return NoArticle(
            disposition=Disposition.NOT_ARTICLE,
            reason="no text of an article",
            title=reading.title.text,
            published=reading.dates.published,
        )
    return _article(page, reading, source_region, max_text)


def _article(page: Page, reading: Reading, region: str | None, max_text: int) -> Article:
    seen = reading.view
    address = urls.canonical_url(seen.url, seen.canonical)
    return Article(
        id=urls.article_id(address),
        title=reading.title.text,
        text=bounded(reading.paragraphs, max_text),
        url=address,
        author=", ".join(reading.byline.names),
        published=reading.dates.published,
        modified=reading.dates.modified,
        first_seen=page.fetched_at,
        lang=language(seen, reading.text),
        images=images(reading),
        source_id=page.source_id,
        source_region=region,
        page_sha256=page.sha256,
    )


_INDONESIAN = frozenset(
    ["yang", "dan", "di", "dari", "untuk", "dengan", "pada", "ini", "itu", "tidak", "dalam", "akan", "oleh", "juga", "kepada", "telah", "adalah", "karena", "saat", "bisa", "para", "sebagai", "ada", "tersebut", "kata", "mereka"]
)
_ENGLISH = frozenset(
    ["the", "of", "and", "to", "in", "that", "is", "was", "for", "on", "with", "as", "by", "at", "from", "it", "he", "she", "they", "have", "has", "are", "this", "be", "said", "were", "an", "not", "but"]
)


def language(seen: view.View, text: str) -> str:
    """``id`` or ``en`` by the words of the text; where they say nothing, what the page declares."""
    words = text.casefold().split()[:2000]
    indonesian = sum(word in _INDONESIAN for word in words)
    english = sum(word in _ENGLISH for word in words)
    if max(indonesian, english) >= max(2, len(words) // 25):
        return "id" if indonesian >= english else "en"
    declared = (seen.root.get("lang") or seen.root.get("xml:lang") or "id").lower()
    return declared.replace("_", "-").partition("-")[0] or "id"


def images(reading: Reading) -> tuple[str, ...]:
    """Absolute addresses: the lead picture, then those that stand in the text."""
    seen = reading.view
    found: list[str] = []

    def add(address: str | None) -> None:
        if address and not address.startswith("data:"):
            absolute = seen.absolute(address)
            if absolute and absolute not in found:
                found.append(absolute)

    add(seen.first_meta("og:image", "og:image:url", "twitter:image", "twitter:image:src"))
    holders = {v.block.path[-1].getparent() for v in reading.verdicts if v.kept}
    holders |= {v.block.path[-1] for v in reading.verdicts if v.kept}
    for holder in [h for h in seen.root.iter() if h in holders]:
        for picture in holder.iterchildren("img", "figure", "picture", "amp-img", "p", "div", "a"):
            for image in picture.iter("img", "amp-img"):
                add(
                    image.get("data-src")
                    or image.get("data-original")
                    or image.get("data-lazy-src")
                    or image.get("src")
                )
    return tuple(found[:20])
