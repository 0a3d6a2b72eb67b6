"""Articles that a site cuts into pages: which to fetch, and how they become one again.

This room fetches nothing. ``next_pages`` tells the crawler what is missing; ``extract_pages``
joins what it brings.
"""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from extract.page import urls, view, weigh
from extract.page.article import MAX_TEXT, FeedHint, Reading, read_or_reason, with_text
from pantau.records import Article, NoArticle, Page

MAX_PAGES = 15
_WHOLE_KEYS = ("single", "showpage", "show_page", "page", "halaman", "hal")


def part_of(url: str) -> int | None:
    """Which part of an article an address gives: its number, 0 for the whole, None for an
    address that names no part (mostly the first)."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    query = {key.lower(): value.lower() for key, value in parse_qsl(parts.query)}
    if query.get("single") == "1":
        return 0
    for key in _WHOLE_KEYS:
        value = query.get(key, "")
        if value in ("all", "semua"):
            return 0
        if value.isdigit():
            return int(value)
    segments = [segment for segment in parts.path.split("/") if segment]
    last = segments[-1].lower() if segments else ""
    if last == "all":
        return 0
    if last.isdigit() and len(last) <= 2 and len(segments) > 1 and "-" in "".join(segments[:-1]):
        return int(last)
    return None


def next_pages(page: Page, *, whole: bool = True) -> list[str]:
    """The addresses that complete the article on ``page``, in order; empty when it is whole.

    One address where the site offers the whole ("Show all", ``?page=all``), else those of the
    further parts, at most ``MAX_PAGES``. Only addresses of the same article count. ``whole``
    False: the parts even so, for a site that offers the whole and does not give it.
    """
    try:
        seen = view.View(page)
    except (view.TooLarge, view.Unreadable):
        return []
    if part_of(seen.url) == 0:
        return []
    own = urls.url_key(seen.url)
    found: dict[int, str] = {}
    for element in seen.root.iter("a", "link"):
        href = element.get("href")
        if not href or (element.tag == "link" and (element.get("rel") or "").lower() != "next"):
            continue
        address = seen.absolute(href)
        if address is None or urls.url_key(address) != own:
            continue
        number = part_of(address)
        if number is not None:
            found.setdefault(number, address.partition("#")[0])
    if whole and 0 in found:
        return [found[0]]
    here = part_of(seen.url) or 1
    numbers = sorted(number for number in found if number > here)
    return [found[number] for number in numbers[:MAX_PAGES]]


def join(parts: list[list[str]]) -> list[str]:
    """The paragraphs of an article's parts in order, each once: sites repeat the lead or the
    last paragraph on every part."""
    joined: list[str] = []
    seen: set[str] = set()
    for paragraphs in parts:
        for paragraph in paragraphs:
            key = weigh.squeeze(paragraph)
            if len(key) >= 30 and key in seen:
                continue
            seen.add(key)
            joined.append(paragraph)
    return joined


def extract_pages(
    pages: list[Page],
    *,
    source_region: str | None,
    source_zone: str | None = None,
    feed: FeedHint | None = None,
    max_text: int = MAX_TEXT,
) -> Article | NoArticle:
    """One article from its parts, in whatever order they were fetched.

    Title, date and byline are the first part's; its page is the one the article refers to. A
    part that cannot be read is left out; a page that holds the whole stands for all.
    """
    if not pages:
        raise ValueError("no pages")
    ordered = sorted(pages[: MAX_PAGES + 1], key=lambda page: part_of(page.final_url) or 1)
    whole = [page for page in ordered if part_of(page.final_url) == 0]
    first, reading = read_or_reason(
        ordered[0],
        source_region=source_region,
        source_zone=source_zone,
        feed=feed,
        max_text=max_text,
    )
    if isinstance(first, NoArticle):
        for page in ordered[1:]:
            later, _ = read_or_reason(
                page, source_region=source_region, source_zone=source_zone, feed=feed
            )
            if isinstance(later, Article):
                return later
        return first
    readings: list[Reading] = [reading] if reading else []
    for page in whole or ordered[1:]:
        if page is ordered[0]:
            continue
        result, other = read_or_reason(page, source_region=source_region, source_zone=source_zone)
        if isinstance(result, Article) and other:
            readings.append(other)
    longest = max(readings, key=lambda r: len(r.text))
    if whole and part_of(longest.view.url) == 0:
        return with_text(first, longest.paragraphs, max_text)
    return with_text(first, join([r.paragraphs for r in readings]), max_text)
