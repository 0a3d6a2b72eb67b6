"""One article as the judgement reads it: sentences, frames, persons, regions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from extract.entities import Annotated, Person, Recogniser
from extract.entities.candidates import Pair
from extract.entities.regions import table
from extract.entities.tokens import lexicon
from extract.mentions.frames import Frame, frames
from extract.mentions.patterns import words
from extract.mentions.sentences import Sentence, read
from extract.mentions.who import ROLE_GROUPS, Named, may_be_name, spans
from extract.mentions.words import word_set
from pantau.records import Article, Entity

OFFICIAL_ACCOUNTS = tuple(sorted(word_set("official_accounts")))


@dataclass(frozen=True, slots=True)
class Ballot:
    """Words that mean a pair of candidates: "paslon 02", an alias, a candidate's own name."""

    start: int
    end: int
    pair: Pair


@dataclass(frozen=True)
class Reading:
    text: str
    frames: Sequence[Frame]
    persons: Sequence[Named]
    """Those whose name can be one; frames are made of all that were found."""
    entities: Sequence[Entity]
    region_codes: Sequence[str]
    region_at: Callable[[int], str | None]
    context: Sequence[Sentence]
    """Of a post: the text it answers, for its cues only."""
    kind: str
    official: bool
    """Whether the author is an agency's own account."""
    source_region: str | None = None
    """Code of the region of the paper or account."""
    author: str = ""
    thread: str = ""
    """Of a post: the words of the text it answers."""
    ballots: Sequence[Ballot] = ()
    """Whatever in the text means a pair on the table of candidates, in order."""


def read_article(article: Article, recogniser: Recogniser) -> Reading:
    annotated = recogniser.recognise(article)
    found = [(s.start_char, s.end_char) for s in annotated.doc.sents]
    persons = [
        Named(
            name=p.name,
            group=_group(p),
            position=p.position,
            agency=p.agency,
            spans=tuple(p.spans),
        )
        for p in annotated.persons
    ]
    sentences = read(article.full_text, found, len(article.title))
    author = article.author.lower()
    return Reading(
        text=article.full_text,
        frames=frames(sentences, regions=annotated.region_codes, persons=spans(persons)),
        persons=[
            p
            for p in persons
            if may_be_name(p, article.full_text)
            and not is_place(p.name, annotated.entities, annotated.region_codes)
        ],
        entities=annotated.entities,
        region_codes=annotated.region_codes,
        region_at=annotated.region_at,
        context=_context(article.context),
        kind=article.kind,
        official=any(sign in author for sign in OFFICIAL_ACCOUNTS),
        source_region=article.source_region,
        author=article.author,
        thread=article.context,
        ballots=tuple(_ballots(annotated, recogniser)),
    )


def is_place(name: str, entities: Sequence[Entity], codes: Sequence[str]) -> bool:
    """Whether what was taken for a person bears the name, or a part of it, of a place of the text:
    "Panewu Girisemaya Kulon [Progo]"."""
    parts = set(name.lower().split())
    places = [e.text for e in entities if e.label == "LOC"]
    for code in codes:
        places += [table()[code].name, *lexicon("places")["aliases"].get(code, ())]
    return any(parts <= set(place.lower().split()) for place in places)


def _ballots(annotated: Annotated, recogniser: Recogniser) -> Iterator[Ballot]:
    """Tickets and candidates' names whose pair the table of candidates knows."""
    told = [(t.start, t.end, t.pair) for t in annotated.tickets]
    told += [(e.start, e.end, e.norm) for e in annotated.entities if "candidate" in e.roles]
    for start, end, key in sorted(told):
        pair = recogniser.pair(key)
        if pair is not None:
            yield Ballot(start, end, pair)


def _group(person: Person) -> str:
    if person.status == "honorer":
        return "contract"
    return next((group for role, group in ROLE_GROUPS if role in person.roles), "")


def _context(text: str) -> list[Sentence]:
    if not words(text):
        return []
    return read(f"\n{text}", [(1, len(text) + 1)], 0)
