"""The entity pipeline: an article in, its entities, persons and regions out.

Deterministic, without network or state. Spans that rules find by an explicit sign (an agency's
name, a level word, an office) stand; a trained tagger decides about the rest.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from pantau.records import Article, Entity

from . import hints, persons, sentences, serving  # noqa: F401  (registers their components)
from .agencies import Agencies, Kind, Organisation, full_name
from .candidates import Candidates, Pair
from .figures import Figure, group
from .linking import Linker
from .named_rules import Title, events, laws, outside
from .opinion import Opinion
from .people import Name, People
from .places import Place, Places
from .positions import Position, Positions
from .reading import cut, read
from .regions import Gazetteer
from .scene import Scene
from .tickets import Ticket, Tickets
from .tokens import Words, is_common, lexicon

MODEL = Path(__file__).parent / "model"
KECAMATAN = Kind("Kecamatan", "agency", "local")
BATCH = 64
"""Articles that share one memory zone in :meth:`Recogniser.pipe`, at most."""
BATCH_CHARACTERS = 200_000
"""Code points of a batch after which no further article joins it."""


@dataclass(frozen=True)
class Person:
    """One person of an article, with every place it is named."""

    name: str
    """The longest form in the text, without honorifics and degrees."""
    roles: tuple[str, ...]
    position: str
    agency: str
    status: str
    """PNS, PPPK, honorer or "" where the text does not tell."""
    spans: tuple[tuple[int, int], ...]
    """Code points of each name, short name, initials and title that stand for the person."""


@dataclass(frozen=True)
class Annotated:
    """An article with what was recognised in it.

    From :meth:`Recogniser.pipe` the ``doc`` may be used only until the next one is asked for.
    """

    article: Article
    doc: Doc
    entities: tuple[Entity, ...]
    persons: tuple[Person, ...]
    region_codes: tuple[str, ...]
    """The article's regions by weight of evidence; () where the text tells none."""
    tickets: tuple[Ticket, ...]
    """What means a pair of candidates without naming it in full: "paslon 02", "Dedi-Erwan"."""
    linkers: tuple[tuple[int, Linker], ...]
    """The parts the article was read in: first code point and evidence about regions."""

    def region_at(self, start: int) -> str | None:
        """Code of the region of an act told at code point ``start``; None without evidence."""
        part = max(bisect_right([first for first, _ in self.linkers], start) - 1, 0)
        return self.linkers[part][1].region_at(start)


@dataclass(frozen=True)
class Part:
    """What was recognised in one stretch of an article."""

    start: int
    entities: list[Entity]
    persons: list[Person]
    tickets: list[Ticket]
    linker: Linker


class Recogniser:
    """Finds who, which office and where in articles."""

    def __init__(self, nlp: Language, candidates: Candidates) -> None:
        def tokenise(text: str) -> list[str]:
            return [token.text for token in nlp.tokenizer(text)]

        self._nlp = nlp
        self._candidates = candidates
        self._gazetteer = Gazetteer(tokenise)
        self._agencies = Agencies(tokenise, self._gazetteer)
        self._positions = Positions(tokenise, self._gazetteer)
        self._places = Places(tokenise, self._gazetteer)
        self._people = People(tokenise, self._gazetteer)

    @classmethod
    def load(cls, candidates: Path | None = None) -> Recogniser:
        """Load the shipped model; ``candidates`` is a folder of elections (see ``candidates``)."""
        return cls(spacy.load(MODEL), Candidates.load(candidates))

    def pair(self, key: str) -> Pair | None:
        """The pair whose id, or whose head's or deputy's id, is ``key``; None for any other."""
        return self._candidates.pair(key)

    def recognise(self, article: Article) -> Annotated:
        """Recognise one article. For many, :meth:`pipe` keeps memory flat."""
        (doc,) = read(self._nlp, [article.full_text])
        return self._annotate(article, doc)

    def pipe(self, articles: Iterable[Article]) -> Iterator[Annotated]:
        """Recognise a stream of articles in flat memory, in order.

        The words of a batch are forgotten with it: use an item's ``doc`` before asking for the
        next item, and do not call :meth:`recognise` in between.
        """
        for batch in _batches(articles):
            with self._nlp.memory_zone():
                docs = read(self._nlp, [article.full_text for article in batch])
                for article, doc in zip(batch, docs, strict=True):
                    yield self._annotate(article, doc)

    def _annotate(self, article: Article, doc: Doc) -> Annotated:
        """Read the document in one part, or in several where it is far longer than news is."""
        parts = [self._part(article, doc, start, end) for start, end in cut(doc)]
        codes = Counter(code for part in parts for code in part.linker.codes)
        return Annotated(
            article,
            doc,
            tuple(entity for part in parts for entity in part.entities),
            tuple(person for part in parts for person in part.persons),
            parts[0].linker.codes if len(parts) == 1 else tuple(c for c, _ in codes.most_common(3)),
            tuple(ticket for part in parts for ticket in part.tickets),
            tuple((part.start, part.linker) for part in parts),
        )

    def _part(self, article: Article, doc: Doc, start: int, end: int) -> Part:
        words = Words(doc, start, end)
        opinion = Opinion(words)
        agencies = self._agencies.find(words)
        titles = outside([*laws(words), *events(words, self._gazetteer)], agencies)
        named = {k for title in titles for k in range(title.start, title.end)}
        opinion.leave(named)
        agencies = [a for a in agencies if a.start not in named]
        positions = self._positions.find(words, agencies, named)
        inside = {k for p in positions if p.field is not None for k in range(*p.field)}
        agencies = opinion.longer([a for a in agencies if a.start not in inside])
        agencies = sorted([*agencies, *_offices_as_agencies(positions)], key=lambda a: a.start)
        taken = _covered(len(words), [*agencies, *positions, *titles])
        agencies.extend(_staffed(words, self._gazetteer, taken))
        taken = _covered(len(words), [*agencies, *positions, *titles])
        first = self._people.find(words, positions, taken)
        opinion.forget_names(words, first)
        holders = _covered(len(words), [n for n in first if n.start in {p.end for p in positions}])
        agencies = sorted(
            [*agencies, *opinion.organisations(taken, positions, self._places)],
            key=lambda a: a.start,
        )
        taken = _covered(len(words), [*agencies, *titles])
        places = self._places.find(words, [p for p in positions if not _is_agency(p)], taken)
        places = [p for p in opinion.agrees(places) if not holders[p.start]]
        places.extend(_held_in(titles))
        taken = _covered(len(words), [*agencies, *positions, *places, *titles])
        places = sorted(
            [*places, *opinion.places(taken, self._gazetteer, positions)], key=lambda p: p.start
        )
        taken = _covered(len(words), [*agencies, *positions, *places, *titles])
        names = self._people.find(words, positions, taken)
        linker = Linker(words, places, agencies, positions, article.source_region)
        figures = group(words, names)
        scene = Scene(words, self._people, positions, agencies, names)
        persons.read(scene, figures)
        kept = [p for p in positions if persons.is_entity(scene, p)]
        tickets = Tickets(words, self._candidates, linker.codes).find()
        fused = dict(pair for ticket in tickets for pair in ticket.halves())
        entities: list[Entity] = []
        found: list[Person] = []
        for figure in figures:
            person, spans = self._person(words, figure, linker, agencies, fused)
            found.append(person)
            entities.extend(spans)
        entities.extend(self._other(words, agencies, places, kept, linker))
        entities.extend(_titles(words, titles))
        entities.sort(key=lambda e: (e.start, -e.end))
        return Part(words.start[0] if len(words) else 0, entities, found, tickets, linker)

    def _person(
        self,
        words: Words,
        figure: Figure,
        linker: Linker,
        agencies: list[Organisation],
        fused: Mapping[tuple[int, int], str],
    ) -> tuple[Person, list[Entity]]:
        roles = set(figure.roles)
        for position in figure.offices:
            role = serving.role_of(words, position, linker, agencies)
            if role == "contract_staff":
                figure.status, role = "honorer", "other"
            if role:
                roles.add(role)
        candidate = serving.candidate_id(words, figure, self._candidates, linker.codes)
        for one in figure.names:
            span = words.start[one.start], words.end[one.end - 1]
            candidate = candidate or fused.get(span, "")
        if candidate:
            roles.add("candidate")
        if len(roles) > 1:
            roles.discard("other")
        ordered = tuple(role for role in ROLES if role in roles) or ("other",)
        agency = serving.serves(words, figure, linker, agencies) if "asn" in ordered else ""
        longest = max(figure.names, key=lambda n: (n.end - n.start, -n.start))
        name = words.slice(longest.start, longest.end)
        position_text = ""
        if figure.offices:
            position_text = words.slice(figure.offices[0].start, figure.offices[0].end)
        spans = [(words.start[n.start], words.end[n.end - 1]) for n in figure.names]
        refers = [(words.start[a], words.end[b - 1]) for a, b in figure.refers]
        person = Person(
            name, ordered, position_text, agency, figure.status, tuple(sorted(spans + refers))
        )
        text = words.whole
        return person, [
            Entity(
                start=start,
                end=end,
                text=text[start:end],
                label="PER",
                roles=ordered,
                agency=agency,
                norm=candidate or name,
            )
            for start, end in spans
        ]

    def _other(
        self,
        words: Words,
        agencies: list[Organisation],
        places: list[Place],
        positions: list[Position],
        linker: Linker,
    ) -> Iterator[Entity]:
        text = words.whole
        for agency in agencies:
            start, end = words.start[agency.start], words.end[agency.end - 1]
            settled = linker.settle(agency.codes)
            here = settled or linker.region_at(start)
            yield Entity(
                start=start,
                end=end,
                text=text[start:end],
                label="ORG",
                roles=(agency.kind.role,),
                norm=full_name(agency, settled, here),
            )
        for place in places:
            start, end = words.start[place.start], words.end[place.end - 1]
            code = linker.settle(place.codes) or ""
            yield Entity(start=start, end=end, text=text[start:end], label="LOC", norm=code)
        for position in positions:
            start, end = words.start[position.start], words.end[position.end - 1]
            yield Entity(
                start=start,
                end=end,
                text=text[start:end],
                label="POSITION",
                agency=serving.agency_of(words, position, linker, agencies),
            )


ROLES = (
    "asn",
    "candidate",
    "elected_official",
    "village_official",
    "security",
    "election_body",
    "other",
)


def _batches(articles: Iterable[Article]) -> Iterator[list[Article]]:
    batch: list[Article] = []
    size = 0
    for article in articles:
        batch.append(article)
        size += len(article.text)
        if len(batch) == BATCH or size >= BATCH_CHARACTERS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _held_in(titles: Sequence[Title]) -> Iterator[Place]:
    """The regions of elections: "Pilbup [Kulon Progo] 2024"."""
    for title in titles:
        if title.place is not None:
            yield Place(*title.place, "", title.codes)


def _titles(words: Words, titles: Sequence[Title]) -> Iterator[Entity]:
    for title in titles:
        start, end = words.start[title.start], words.end[title.end - 1]
        yield Entity(start=start, end=end, text=words.whole[start:end], label=title.label)


def _covered(
    size: int, spans: Sequence[Organisation | Position | Place | Title | Name]
) -> list[bool]:
    taken = [False] * size
    for span in spans:
        taken[span.start : span.end] = [True] * (span.end - span.start)
    return taken


def _is_agency(position: Position) -> bool:
    """ "Kepala Seksi Kesejahteraan Sosial [Kecamatan Poleang]": the kecamatan is the agency."""
    return (
        position.level in ("district", "village")
        and "unit" in position.office.follows
        and position.office.role in ("asn", "agency")
    )


def _staffed(words: Words, gazetteer: Gazetteer, taken: Sequence[bool]) -> Iterator[Organisation]:
    """ "pegawai [Kelurahan Rawasari]": behind its staff a kecamatan or kelurahan is an agency."""
    staff = frozenset(lexicon("persons")["civil_servant"]["behind"])
    for i in range(1, len(words)):
        if words.fold[i - 1] not in staff or not words.cap[i] or taken[i]:
            continue
        level = gazetteer.level_at(words, i)
        if level is None or words.fold[i] not in ("kelurahan", "kecamatan", "distrik"):
            continue
        end = level[0]
        district = gazetteer.district_at(words, end) if end < len(words) else None
        end = district[0] if district else end
        if end == level[0] and end < len(words) and words.cap[end]:
            end += not is_common(words.fold[end])
        while end > level[0] and words.part_of_place(end):
            end += 1
        if end > level[0]:
            yield Organisation(i, end, KECAMATAN, end, words.slice(i, end))


def _offices_as_agencies(positions: list[Position]) -> Iterator[Organisation]:
    for position in positions:
        if position.place is not None and _is_agency(position):
            start, end = position.place
            yield Organisation(start, end, KECAMATAN, end, KECAMATAN.full, position.codes)
