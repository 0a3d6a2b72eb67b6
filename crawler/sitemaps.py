"""Sitemaps and news sitemaps read into findings, and which of an index's are worth reading.

Written to sitemaps.org's protocol 0.9 and Google's news tags, and to what stands in their place:
gzip that nothing announces, tags without a namespace, dates that say when the file was made,
lists cut off in the middle, addresses of other hosts, the site's front page.
"""

from __future__ import annotations

import io
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml import etree

from crawler.feeds import LONGEST_TITLE, published
from crawler.ledger import Finding
from crawler.listings import is_article
from crawler.unfold import Unreadable, unfold, xml_text

_DATA: dict[str, Any] = tomllib.loads(
    Path(__file__).with_name("data").joinpath("sitemaps.toml").read_text("utf-8")
)
_NEVER, _ALWAYS, _NEWS = (re.compile("|".join(_DATA[key])) for key in ("never", "always", "news"))
MOST_BYTES = 16 * 1024 * 1024
"""Of one sitemap, unpacked. The protocol allows 50 MB; what is new stands in a smaller one."""
MOST_ENTRIES = 50_000
"""The protocol's own bound."""
BEFORE = timedelta(days=3)
"""What is dated so long before the source was last read belongs to its archive; and a paper may
date a piece a little back."""
AHEAD = timedelta(days=1)
"""A date further ahead of now than this is none."""
UNDATED = 100
"""Entries taken from either end of a list that tells no dates: new ones stand first or last."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A page or a further sitemap, as it is named."""

    url: str
    lastmod: datetime | None = None
    published: datetime | None = None
    """By the news tags."""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Sitemap:
    entries: tuple[Entry, ...] = ()
    sitemaps: tuple[Entry, ...] = ()
    """Of an index: the sitemaps it names, in its order."""
    problem: str = ""
    """Why it is no sitemap."""


@dataclass(frozen=True, slots=True)
class Recent:
    """The entries that may be new."""

    findings: tuple[Finding, ...]
    reaches_back: bool
    """Whether the list also names what is older: then nothing lies between."""


def read_sitemap(body: bytes, *, url: str, charset: str, zone: tzinfo) -> Sitemap:
    """What a sitemap, an index of sitemaps or a plain list of addresses names.

    ``charset`` is what the HTTP header said; ``zone`` holds for dates that name none.
    """
    try:
        text = xml_text(unfold(body, MOST_BYTES), charset)
    except Unreadable as error:
        return Sitemap(problem=str(error))
    if text.startswith(("http://", "https://")):
        lines = text.split()[:MOST_ENTRIES]
        return Sitemap(tuple(Entry(line) for line in lines if _is_http(line)))
    pages: list[Entry] = []
    further: list[Entry] = []
    root = ""
    for kind, element in _elements(text):
        root = root or kind
        if kind not in ("url", "sitemap"):
            continue
        entry = _entry(element, url, zone)
        if entry is not None:
            (pages if kind == "url" else further).append(entry)
        if len(pages) + len(further) >= MOST_ENTRIES:
            break
    if not pages and not further and root not in ("urlset", "sitemapindex"):
        html = re.match(r"<(!doctype\s+html|html|head|body)\b", text, re.I)
        return Sitemap(problem="HTML in place of a sitemap" if html else "no sitemap")
    return Sitemap(tuple(pages), tuple(further))


def recent(
    entries: Sequence[Entry], *, index: str, links: str, since: datetime | None, now: datetime
) -> Recent:
    """The entries worth looking up, the newest first.

    ``since``: when the source was last read, or None. Dates of publication count; dates of change
    where they are no lie (``_trusted``). ``links`` and ``index`` as in ``listings.is_article``.
    """
    articles = [entry for entry in entries if is_article(entry.url, index, links)]
    honest = _trusted([entry.lastmod for entry in articles], now)
    oldest = (since or now) - BEFORE
    dated, undated, older = [], [], 0
    for entry in articles:
        when = _not_ahead(entry.published, now) or (
            _not_ahead(entry.lastmod, now) if honest else None
        )
        if when is None:
            undated.append(entry)
        elif when >= oldest:
            dated.append((when, entry))
        else:
            older += 1
    dated.sort(key=lambda item: item[0], reverse=True)
    ends = undated if len(undated) <= 2 * UNDATED else undated[:UNDATED] + undated[-UNDATED:]
    chosen = [entry for _, entry in dated] + ends
    return Recent(tuple(_finding(entry, now, honest) for entry in chosen), older > 0)


def in_order(
    sitemaps: Sequence[Entry], *, pages: str, since: datetime | None, now: datetime
) -> list[Entry]:
    """The sitemaps of an index that may hold something new, the newest first.

    ``pages``: a pattern of those to be read; without it data/sitemaps.toml says which never hold
    articles. News sitemaps come first. Those whose own date is older than what is looked for are
    left out, except the newest: an index that never changes its dates must not close the source.
    Where dates are missing or lie, the highest number in the name comes first, and the lowest
    second: most sites count upwards, some downwards.
    """
    wanted = [entry for entry in sitemaps if _is_read(entry.url, pages)]
    honest = _trusted([entry.lastmod for entry in wanted], now)
    oldest = (since or now) - BEFORE
    news = [entry for entry in wanted if _NEWS.search(_path(entry.url))]
    rest = [entry for entry in wanted if entry not in news]
    ordered = _by_age(news, honest) + _by_age(rest, honest)
    if not honest:
        return ordered
    newest = max((e.lastmod for e in ordered if e.lastmod), default=None)
    return [
        entry
        for entry in ordered
        if entry.lastmod is None or entry.lastmod >= oldest or entry.lastmod == newest
    ]


def tells_times(sitemaps: Sequence[Entry], now: datetime) -> bool:
    """Whether an index changes when one of its sitemaps does: it dates each, not all alike, and to
    the minute."""
    dates = [entry.lastmod for entry in sitemaps]
    if not all(dates) or not _trusted(dates, now):
        return False
    return any((when.hour, when.minute) != (0, 0) for when in dates if when)


def _by_age(sitemaps: Sequence[Entry], honest: bool) -> list[Entry]:
    by_number = sorted(sitemaps, key=lambda entry: _numbers(entry.url), reverse=True)
    if len(by_number) > 2:
        by_number.insert(1, by_number.pop())
    if not honest:
        return by_number
    dated = [(entry.lastmod, entry) for entry in by_number if entry.lastmod]
    dated.sort(key=lambda item: item[0], reverse=True)
    return [entry for _, entry in dated] + [entry for entry in by_number if not entry.lastmod]


def _trusted(dates: Sequence[datetime | None], now: datetime) -> bool:
    """Whether dates of change tell one entry's age from another's: not where most of them are the
    same (the moment in which the file was made, or the day on which the site was) or lie ahead."""
    told = [when for when in dates if when is not None]
    if not told:
        return False
    if len(told) <= 2:
        return any(when <= now + AHEAD for when in told)
    ahead = sum(when > now + AHEAD for when in told)
    [(_, most)] = Counter(told).most_common(1)
    return most <= len(told) / 2 and ahead <= len(told) / 2


def _not_ahead(when: datetime | None, now: datetime) -> datetime | None:
    return when if when is not None and when <= now + AHEAD else None


def _finding(entry: Entry, now: datetime, honest: bool) -> Finding:
    when = _not_ahead(entry.published, now)
    hint = {
        "title": entry.title,
        "published": when.isoformat() if when else "",
        "updated": entry.lastmod.isoformat() if entry.lastmod and honest else "",
    }
    return Finding(entry.url, {key: value for key, value in hint.items() if value})


def _is_read(url: str, pages: str) -> bool:
    if pages:
        return re.search(pages, url) is not None
    path = _path(url)
    return _ALWAYS.search(path) is not None or _NEVER.search(path) is None


def _path(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}".lower()


def _numbers(url: str) -> tuple[int, ...]:
    """The numbers in an address, to count by; a file without one is the first of its kind."""
    return tuple(int(number[:12]) for number in re.findall(r"\d+", _path(url)))


def _elements(text: str) -> Iterator[tuple[str, Any]]:
    """Each element's local name with it, the root's first; broken XML as far as it goes."""
    parser = etree.iterparse(
        io.BytesIO(text.encode("utf-8", "replace")),
        events=("start", "end"),
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    depth = 0
    try:
        for event, element in parser:
            if event == "start":
                depth += 1
                if depth == 1:
                    yield _name(element), element
                continue
            depth -= 1
            if depth == 1:
                yield _name(element), element
                element.clear(keep_tail=False)
                while element.getprevious() is not None:
                    del element.getparent()[0]
    except etree.XMLSyntaxError:
        return


def _entry(element: Any, base: str, zone: tzinfo) -> Entry | None:
    told = {_name(child): child for child in element}
    address = _text(told.get("loc"))
    try:
        address = urljoin(base, address) if address else ""
    except ValueError:
        address = ""
    if not _is_http(address):
        return None
    news = {_name(child): child for child in told.get("news", ())}
    return Entry(
        address,
        lastmod=published(_text(told.get("lastmod")), zone),
        published=published(_text(news.get("publication_date")), zone),
        title=_text(news.get("title"))[:LONGEST_TITLE],
    )


def _is_http(address: str) -> bool:
    """Whether it is an http address with a host."""
    try:
        parts = urlsplit(address)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def _name(element: Any) -> str:
    """The local name, whether its namespace was declared or not."""
    tag = element.tag
    if not isinstance(tag, str):
        return ""
    return tag.rpartition("}")[2].rpartition(":")[2].lower()


def _text(element: Any) -> str:
    return " ".join("".join(element.itertext()).split()) if element is not None else ""
