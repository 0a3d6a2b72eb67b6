"""Makes the mentions of an article ready to be compared with those of others. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from alerts.names import Likeness, likeness
from alerts.offices import Fit, Office, fit, office
from alerts.words import telling_words
from pantau.records import Article, Mention

REGION_WIDTH = 5
"""Of a code like "32.05" for a kabupaten or kota; further digits name a kecamatan or desa."""
OWN_OFFICE = ("region", "unit")
"""Offices that one person holds at a time."""
_HANDLED = ("under_examination", "proven", "dismissed")
_SHORT_TEXT = 600
"""A text of so few characters tells one thing: all of it is in focus."""


@dataclass(frozen=True, slots=True)
class Telling:
    """A mention made ready for comparing."""

    article_id: str
    told_at: datetime | None
    """When its article was published, or else first read; none where neither is known."""
    mention: Mention
    office: Office
    focus: frozenset[str]
    """Telling words of the headline and the quoted sentence."""
    body: frozenset[str]
    """Telling words of the whole text."""
    named: frozenset[str]
    """Words written with a capital: whoever is named in the text is among them."""
    several: bool
    """Whether the article tells several events: then its text says little of this one."""

    @property
    def name(self) -> str:
        return self.mention.actor.name

    @property
    def handled(self) -> bool:
        """Whether it tells how an authority dealt with the act rather than the act itself."""
        return self.mention.stage in _HANDLED


def tellings_of(article: Article, mentions: Iterable[Mention]) -> list[Telling]:
    """The mentions of one article, each made ready for comparing."""
    found = list(mentions)
    several = _tells_several(found)
    body = telling_words(article.full_text)
    return [
        Telling(
            article_id=article.id,
            told_at=article.published or article.first_seen,
            mention=mention,
            office=_office(mention),
            focus=telling_words(_focus(article, mention, several=several)),
            body=body,
            named=_capitalised(mention.sentence if several else article.full_text),
            several=several,
        )
        for mention in found
    ]


def _office(mention: Mention) -> Office:
    return office(mention.actor.position, mention.actor.agency)


def _focus(article: Article, mention: Mention, *, several: bool) -> str:
    if several:
        return mention.sentence
    if len(article.full_text) <= _SHORT_TEXT:
        return article.full_text
    return f"{article.title} {mention.sentence}"


def _capitalised(text: str) -> frozenset[str]:
    return frozenset(word.lower() for word in re.findall(r"\b[A-Z][\w'’]{2,}", text))


def _tells_several(mentions: Sequence[Mention]) -> bool:
    """Whether an article's mentions speak of several events.

    Of two regions they do, and of two persons who each hold an office of their own. Others
    who are named together did one thing together: five teachers in one group chat.
    """
    codes = {m.region_code[:REGION_WIDTH] for m in mentions if m.region_code}
    if len({code for code in codes if len(code) == REGION_WIDTH}) > 1:
        return True
    return any(_two_heads(a, b) for a, b in combinations(mentions, 2))


def _two_heads(a: Mention, b: Mention) -> bool:
    one, other = _office(a), _office(b)
    if one.holders not in OWN_OFFICE or other.holders not in OWN_OFFICE:
        return False
    name = likeness(a.actor.name, b.actor.name)
    if name >= Likeness.INITIALS:
        return False
    return name is Likeness.DIFFERENT or fit(one, other) is Fit.DIFFERENT
