"""Index pages: front pages, sections, "berita terkini"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from scrapy.http import Request, Response

from crawler.listings import MANY, read_listing
from crawler.spiders.base import SourceSpider
from crawler.verdicts import Next, Verdict
from pantau.records import Disposition


class ListingSpider(SourceSpider):
    """Takes the articles an index page links to, and goes on to its further pages until one
    holds nothing new (unless the run before broke off) or ``max_pages`` are read. To fill a gap
    it goes on until something is known.

    Some walls answer with a page of whatever is read most, in place of the one that was asked for:
    a source that was read before, and shows many headlines but none of its own, is blocked.
    """

    name = "listing"
    kind: ClassVar[str] = "listing"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._seen = {self.way.url}

    def read_index(self, response: Response) -> Iterator[Request]:
        way = self.way
        listing = read_listing(response, links=way.links, pages=way.pages, within=way.within)
        found, known = self.ledger.found, self.ledger.known
        if not listing.findings and listing.others >= MANY and self.past.watched:
            told = f"{listing.others} headlines, and none of the source's own"
            self._index_verdict(Verdict(Disposition.BLOCKED, told, Next.END))
            return
        yield from self.take(listing.findings)
        nothing_new = self.ledger.found == found
        if self.past.filling:
            nothing_new = nothing_new and self.ledger.known > known
        if (nothing_new and not self.past.thorough) or len(self._seen) >= self.way.max_pages:
            return
        for url in listing.next_pages:
            if url not in self._seen:
                self._seen.add(url)
                yield self.ask_index(url)
                return
