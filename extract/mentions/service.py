"""The office of an actor in full: its words, the agency it serves, the region that agency is of.

One convention, written down in ``data/service.toml``: a unit that the text names is the agency,
with its region; where none is named, the government of the region is.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from extract.entities.regions import government, table
from extract.mentions.frames import Party
from extract.mentions.lexicon import DATA
from extract.mentions.words import word_set, written_out
from pantau.records import Actor, Entity

PROVINCE, REGENCY = 2, 5
"""Length of the code of a province, and of a kabupaten or kota."""
JAKARTA = "31"
"""Its kota are administrative: whoever serves there serves the province (UU 2/2024, Pasal 8)."""
BEHIND = 40
"""How far behind an office its agency may begin, in characters."""
HANDLERS = tuple(sorted(word_set("handlers")))
WORD = re.compile(r"[^\W_]+")
GOVERNMENT = "Pemerintah "
SCHOOL = re.compile(r"\b(?:SMA|SMAN|SMK|SMKN|SLB|SLBN|SMP|SMPN|SD|SDN|TK|PAUD)\b")
"""A school's kind, as a text writes it behind or before who works there."""
UNITS = word_set("unit_words")
LINKS = word_set("links_in_agency")
VERBS = word_set("no_names")


@dataclass(frozen=True, slots=True)
class Found:
    """The entities of a text, by what an office needs of them."""

    text: str
    entities: Sequence[Entity]

    def within(self, start: int, end: int, label: str) -> Iterator[Entity]:
        """The entities of ``label`` that touch the span, in order."""
        return (e for e in self.entities if e.label == label and e.start < end and e.end > start)

    def named(self, written: str) -> Entity | None:
        """The organisation that the text writes so."""
        return next((e for e in self.entities if e.label == "ORG" and e.text == written), None)


def agency(who: Actor, party: Party | None, found: Found, region: str | None) -> str:
    """The full name of the agency ``who`` serves; ``""`` where neither text nor law tells it.

    ``party`` is where the text names the office, ``region`` the code of the place of the act as
    the text tells it: what only the paper's own place tells makes no government of it.
    """
    words = _words(who.position)
    if _head().match(" ".join(words)):
        return _government(words, region)
    told = _named_part(_told(who, party, found)) or _named_part(_in_words(who.position))
    if not told or told.startswith(GOVERNMENT):
        words = [*words, *_school(words, party, found.text)]
        always = _known(" ".join(words))
        if always or _any(words, "central"):
            return always
        if not told or _any(words, "provincial"):
            return _government(words, region)
    if _strange(told, who.position):
        return _known(" ".join(words)) or _government(words, region)
    return _in_full(told, found, region)


def _known(office: str) -> str:
    """The agency that those of an office always serve; ``""`` where it is another everywhere."""
    return next((str(name) for part, name in _data()["known"].items() if part in office), "")


def _in_words(office: str) -> str:
    """The unit that the words of an office name: "Staf [Dishub]", "perawat PNS [RSUD]"."""
    words = office.split()
    for place, word in enumerate(words):
        plain = word.lower()
        opens = plain in _data()["units"]["words"].split()
        spelled = written_out(plain)
        short = len(spelled) > 1 and spelled[0] in _data()["units"]["spelled"].split()
        if place and (opens or short):
            behind = words[place:]
            stop = behind.index("di") if "di" in behind else len(behind)
            return " ".join(behind[:stop])
    return ""


def _school(words: Sequence[str], party: Party | None, text: str) -> list[str]:
    """The kind of school where somebody of a school works, as the text tells it first."""
    if not _any(words, "schools") or _any(words, "schooled"):
        return []
    beside = SCHOOL.search(text, party.start, party.end + BEHIND) if party is not None else None
    found = beside or SCHOOL.search(text)
    return [found.group().lower()] if found else []


def _named_part(told: str) -> str:
    """``told`` up to where the words of a name end: "Puskesmas Lampesue [Langgar]", "Dinas
    perdagangan[. klien minta]"; ``""`` where a bare "Dinas" is left."""
    kept: list[str] = []
    for word in told.split():
        plain = word.strip('.,;:!?()"').lower()
        if kept and (
            not plain
            or (word[0].islower() and plain not in UNITS | LINKS)
            or (plain in VERBS and plain not in UNITS)
        ):
            break
        kept.append(word)
        if word[-1] in ".;:!?" and len(plain) > len("kec"):
            break
    while kept and kept[-1].lower() in LINKS:
        kept.pop()
    name = " ".join(kept).rstrip(" .,;:!?")
    if set(_words(name)) <= set(_data()["bare"]["words"].split()):
        return ""
    head = _data()["parts"].get(name.split()[0].lower())
    return str(head) if head is not None else name


def _told(who: Actor, party: Party | None, found: Found) -> str:
    """The agency as the text names it: of the person, of the office, or right behind it."""
    if who.agency:
        return who.agency
    if party is None:
        return ""
    for office in found.within(party.start, party.end, "POSITION"):
        inside = next(_agencies(found, office.start, office.end), None)
        if inside is not None:
            return inside.text
        if office.agency and not office.agency.startswith("Pemerintah"):
            return office.agency
    for unit in _agencies(found, party.start, party.end + BEHIND):
        if unit.end <= party.start:
            continue
        between = _words(found.text[party.end : max(party.end, unit.start)])
        if (
            set(between) <= set(_data()["between"]["words"].split())
            and "." not in (found.text[party.end : unit.start])
        ):
            return unit.text
    return ""


def _agencies(found: Found, start: int, end: int) -> Iterator[Entity]:
    return (e for e in found.within(start, end, "ORG") if "agency" in e.roles)


def _in_full(told: str, found: Found, region: str | None) -> str:
    """``told`` with its abbreviation written out and the region it is of."""
    entity = found.named(told)
    levels = set(_data()["level"]["words"].split())
    short = told.isupper() and " " not in told
    name = told
    if entity is not None and (short or levels & set(_words(entity.norm))):
        name = entity.norm or told
    if region is None or name.startswith("Pemerintah") or _any(_words(name), "central"):
        return name
    place = table()[region[:REGENCY]]
    own = set(_words(name))
    if own & levels or set(_words(place.name)) <= own or name == "BKKBN":
        return name
    if _any(_words(name), "provincial"):
        place = table()[region[:PROVINCE]]
    return f"{name} {place.full}"


def _government(words: Sequence[str], region: str | None) -> str:
    """The government of a region that has one; of a province alone nothing follows for those who
    do not serve it."""
    if region is None:
        return ""
    if _any(words, "provincial") or region.startswith(JAKARTA):
        return government(region[:PROVINCE])
    return government(region) if len(region) >= REGENCY else ""


def _strange(told: str, position: str) -> bool:
    """Whether the agency handles such cases and the office does not name it: it is another's."""
    name, office = told.lower(), position.lower()
    others = (*HANDLERS, *_data()["strange"]["phrases"])
    return any(word in name and word not in office for word in others)


def _any(words: Sequence[str], group: str) -> bool:
    data = _data()[group]
    listed = set(data["words"].split())
    joined = f" {' '.join(words)} "
    return bool(listed & set(words)) or any(f" {p} " in joined for p in data.get("phrases", ()))


def _words(text: str) -> list[str]:
    return WORD.findall(text.lower())


@lru_cache(maxsize=1)
def _head() -> re.Pattern[str]:
    heads = _data()["heads"]
    return re.compile(heads["lead"] + heads["office"])


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    with (DATA / "service.toml").open("rb") as file:
        return tomllib.load(file)
