"""Makes the mentions of an article ready to be compared with those of others. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from alerts.data import load
from alerts.names import Likeness, likeness, name_words
from alerts.offices import Fit, Office, fit, office
from alerts.words import telling_words
from pantau.records import NO_NAME, Article, Mention

REGION_WIDTH = 5
"""Of a code like "32.05" for a kabupaten or kota; further digits name a kecamatan or desa."""
OWN_OFFICE = ("region", "unit")
"""Offices that one person holds at a time."""
_HANDLED = ("under_examination", "proven", "dismissed")
_INITIALS = re.compile(load("offices.toml")["initials"]["pattern"])
_SHORT_TEXT = 600
"""A text of so few characters tells one thing: all of it is in focus."""


@dataclass(frozen=True, slots=True)
class Telling:
    """A mention made ready for comparing."""

    article_id: str
    told_at: datetime | None
    """When its article was published, or else first read; none where neither is known."""
    mention: Mention
    name: str
    """Of the actor, or NO_NAME."""
    office: Office
    focus: frozenset[str]
    """Telling words of the headline and the quoted sentence."""
    body: frozenset[str]
    """Telling words of the whole text."""
    named: frozenset[str]
    """Words written with a capital: whoever is named in the text is among them."""
    several: bool
    """Whether the article tells several events: then its text says little of this one."""
    known_as: frozenset[str] = frozenset()
    """What an answer to it calls it: its address, of a post also its platform's id."""
    answers: frozenset[str] = frozenset()
    """Of a post: what it answers or stands below, as that is known."""

    @property
    def handled(self) -> bool:
        """Whether it tells how an authority dealt with the act rather than the act itself."""
        return self.mention.stage in _HANDLED

    @property
    def names_nobody(self) -> bool:
        """Whether it tells neither a name nor an office."""
        return not (name_words(self.name) or self.office.title or self.office.agency)


def tellings_of(article: Article, mentions: Iterable[Mention]) -> list[Telling]:
    """The mentions of one article, each made ready for comparing."""
    found = list(mentions)
    actors = _without_places([_actor(mention) for mention in found])
    several = _tells_several(found, actors)
    body = telling_words(article.full_text)
    return [
        Telling(
            article_id=article.id,
            told_at=article.published or article.first_seen,
            mention=mention,
            name=name,
            office=held,
            focus=telling_words(_focus(article, mention, several=several)),
            body=body,
            named=_capitalised(mention.sentence if several else article.full_text),
            several=several,
            known_as=_addresses(article, article.url, article.platform_id),
            answers=_addresses(article, article.reply_to, article.thread),
        )
        for mention, (name, held) in zip(found, actors, strict=True)
    ]


def _addresses(article: Article, *told: str) -> frozenset[str]:
    """Addresses as they are, and the platform's ids together with its name."""
    return frozenset(
        one.rstrip("/") if "://" in one else f"{article.platform} {one}" for one in told if one
    )


def _actor(mention: Mention) -> tuple[str, Office]:
    """Name and office; of some offices initials at their end are the name ("Camat GTH")."""
    actor = mention.actor
    initials = _INITIALS.fullmatch(actor.position)
    if initials is None or name_words(actor.name):
        return actor.name, office(actor.position, actor.agency)
    return initials["name"], office(initials["office"], actor.agency)


def _without_places(actors: Sequence[tuple[str, Office]]) -> list[tuple[str, Office]]:
    """Takes away what was taken for a name and is the unit of one of the offices."""
    units = frozenset[str]().union(*(held.unit for _, held in actors))
    return [
        (NO_NAME if units.issuperset(name_words(name)) else name, held) for name, held in actors
    ]


def _focus(article: Article, mention: Mention, *, several: bool) -> str:
    if several:
        return mention.sentence
    if len(article.full_text) <= _SHORT_TEXT:
        return article.full_text
    return f"{article.title} {mention.sentence}"


def _capitalised(text: str) -> frozenset[str]:
    return frozenset(word.lower() for word in re.findall(r"\b[A-Z][\w'’]{2,}", text))


def _tells_several(mentions: Sequence[Mention], actors: Sequence[tuple[str, Office]]) -> bool:
    """Whether an article's mentions speak of several events.

    Of two regions they do, and of two persons who each hold an office of their own. Others
    who are named together did one thing together: five teachers in one group chat.
    """
    codes = {m.region_code[:REGION_WIDTH] for m in mentions if m.region_code}
    if len({code for code in codes if len(code) == REGION_WIDTH}) > 1:
        return True
    return any(_two_heads(a, b) for a, b in combinations(actors, 2))


def _two_heads(a: tuple[str, Office], b: tuple[str, Office]) -> bool:
    (one, his), (other, hers) = a, b
    if his.holders not in OWN_OFFICE or hers.holders not in OWN_OFFICE:
        return False
    name = likeness(one, other)
    if name >= Likeness.INITIALS:
        return False
    return name is Likeness.DIFFERENT or fit(his, hers) is Fit.DIFFERENT
