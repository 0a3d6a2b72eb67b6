"""A source in the configuration: one place to watch, and its ways in."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from pantau.config.types import (
    Cron,
    Duration,
    Pattern,
    Region,
    Selector,
    Strict,
    WebAddress,
    WebAddressOrNone,
    Zone,
)

_ADDRESSES = {
    "telegram": (r"/s/[A-Za-z]\w{3,31}/?$", 'its preview: "https://t.me/s/CHANNEL"'),
    "youtube": (
        r"/(channel/UC[\w-]+|@[\w.-]+|feeds/videos\.xml\?channel_id=UC[\w-]+)$",
        'a channel: "https://www.youtube.com/channel/UC…" or "https://www.youtube.com/@NAME"',
    ),
    "mastodon": (
        r"^https?://[^/]+/(@\w+|tags/\w+)/?$",
        'an account or a tag on its server: "https://SERVER/@NAME", "https://SERVER/tags/TAG"',
    ),
    "bluesky": (
        r"/profile/[\w.:-]+/?$|/subscribe$",
        'an account: "https://bsky.app/profile/NAME", or a Jetstream: "https://HOST/subscribe"',
    ),
    "x": (r"/2/tweets/search/recent$", '"https://api.x.com/2/tweets/search/recent"'),
}
"""How the addresses of a kind are written, by kind."""
_BELONGS = {
    "links": ("listing", "sitemap"),
    "pages": ("listing", "sitemap"),
    "within": ("listing",),
    "comments": ("wordpress", "youtube"),
    "query": ("x",),
    "words": ("bluesky",),
    "languages": ("bluesky",),
    "api": ("youtube", "bluesky"),
}
"""Which keys say something to which kinds only."""
TERMS_NEED_A_DECISION = ("telegram", "x")
"""Kinds whose platform's terms somebody has to have accepted for this use."""


class WayIn(Strict):
    """One way into a source; a source may have several, tried in order."""

    kind: Literal[
        "feed", "listing", "sitemap", "wordpress", "telegram", "youtube", "mastodon", "bluesky", "x"
    ]
    url: WebAddress
    links: Pattern = ""
    """Of a listing or sitemap: which links are articles (searched in the absolute URL)."""
    pages: Pattern = ""
    """Which links are further pages of a listing, or sitemaps of an index that are read."""
    within: Selector = ""
    """Of a listing: the parts of the page in which its articles are linked, as a CSS selector; the
    last resort where addresses do not tell them from others."""
    max_pages: int = Field(default=5, ge=1, le=100)
    """How many index pages one run reads at most, where there are further ones."""
    comments: bool = False
    """Whether what readers wrote below is taken as posts too."""
    query: str = Field(default="", max_length=512)
    """Of x: what is searched for, in the platform's query language."""
    words: tuple[Annotated[str, Field(min_length=3)], ...] = ()
    """Of a Bluesky stream: a post is taken that holds one of them."""
    languages: tuple[str, ...] = ("id",)
    """Of a Bluesky stream: a post is taken that says to be in one of them, or in none."""
    api: WebAddressOrNone = ""
    """Where the platform's interface answers; empty for the platform's own."""

    @model_validator(mode="after")
    def fits_its_kind(self) -> Self:
        for key in self.model_fields_set & _BELONGS.keys():
            if self.kind not in _BELONGS[key]:
                raise ValueError(f'"{key}" says nothing to a way in of the kind "{self.kind}"')
        pattern, meant = _ADDRESSES.get(self.kind, ("", ""))
        if not re.search(pattern, self.url):
            raise ValueError(f"the address of {self.kind} is {meant}")
        if self.kind == "x" and not self.query:
            raise ValueError('x needs what to search for: query = "…"')
        if self.streams and not self.words:
            raise ValueError('a stream of everybody\'s posts needs what to look for: words = ["…"]')
        return self

    @property
    def streams(self) -> bool:
        """Whether it sends posts as they are written, for as long as one listens."""
        return self.kind == "bluesky" and self.url.endswith("/subscribe")


class Politeness(Strict):
    delay: Duration = timedelta(seconds=2)
    """Wait between two requests to the source's host."""
    concurrency: int = Field(default=1, ge=1, le=8)
    timeout: Duration = timedelta(seconds=30)


class Selectors(Strict):
    """What of a site's pages is what, as CSS selectors: the last resort for pages that are read
    wrongly. What is left empty is found as on any page."""

    title: Selector = ""
    text: Selector = ""
    """Where it is found, nothing else on the page is read as the article's text."""
    published: Selector = ""
    author: Selector = ""


class TermsAccepted(Strict):
    """That a platform's terms allow this use, decided by a person who may."""

    by: str = Field(min_length=3)
    on: date


class Source(Strict):
    """One place to watch."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    name: str
    region: Region | None = None
    """The region it writes about; none for a national paper."""
    zone: Zone | None = None
    """Zone of times that name none; without it that of the region's province."""
    enabled: bool = True
    unverified: bool = False
    """Its address was never seen to work: it is tried first, and watched from when it answers."""
    network: str = ""
    """The group of papers it belongs to, or what kind of place it is."""
    note: str = ""
    """What a person should know of it, such as why it is disabled."""
    every: Annotated[Duration, Field(gt=timedelta(0))] | None = None
    cron: Cron | None = None
    ways: tuple[WayIn, ...] = Field(min_length=1)
    politeness: Politeness = Politeness()
    skip: Pattern = ""
    """Addresses that are never articles (searched in the absolute URL)."""
    full_page: str = Field(default="", pattern=r"^([\w-]+=[\w-]+)?$")
    """Parameter that shows a long article on one page, such as ``page=all``."""
    selectors: Selectors = Selectors()
    language: str = Field(default="", pattern=r"^([a-z]{2,3})?$")
    """ISO 639 code of what it writes in, where its pages declare another."""
    verify_tls: bool = True
    official: bool = False
    """Whether its posts are an institution's own: these are shown under its name, a citizen's
    are not."""
    terms_accepted: TermsAccepted | None = None
    """Who decided that the platform's terms allow it to be read, and when."""

    @model_validator(mode="after")
    def one_rhythm(self) -> Self:
        if (self.every is None) == (self.cron is None):
            raise ValueError(
                f'source "{self.id}": give its rhythm once, as every = "15m" or cron = "…"'
            )
        return self

    @model_validator(mode="after")
    def terms(self) -> Self:
        if self.enabled and (kind := self.without_terms):
            raise ValueError(
                f'source "{self.id}": the terms of {kind} need a decision. Say whose it was: '
                'terms_accepted = { by = "NAME, OFFICE", on = 2026-11-22 }, or set enabled = false'
            )
        return self

    @property
    def state(self) -> Literal["enabled", "unverified", "disabled"]:
        """As it is configured: what is unverified may have answered since."""
        if not self.enabled:
            return "disabled"
        return "unverified" if self.unverified else "enabled"

    @property
    def without_terms(self) -> str:
        """The kind of way in that nobody has accepted the terms of; empty where there is none."""
        kinds = [way.kind for way in self.ways if way.kind in TERMS_NEED_A_DECISION]
        return kinds[0] if kinds and self.terms_accepted is None else ""


class SourcesFile(Strict):
    source: tuple[Source, ...] = ()
