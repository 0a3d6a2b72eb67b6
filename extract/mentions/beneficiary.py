"""Who gains from an act: the candidate, pair or party that the text names beside it.

The words are told as they stand in the text. Where they mean a pair on the table of candidates
("paslon 02" in a text about Garut during its election), number, office and names are told with
them. How papers name who gains stands in ``data/beneficiary.toml``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from extract.entities.candidates import Pair
from extract.entities.regions import level, table
from extract.law import load as load_law
from extract.mentions.frames import Frame
from extract.mentions.lexicon import DATA
from extract.mentions.reading import Reading

OWN_CANDIDACY, PARTY_MEMBER = 8, 9
"""The forms of the joint decree in which the accused himself gains, and in which a party does."""
NUMBERED, NAMED, TOLD, OTHER = 3, 2, 1, 0
"""How exactly words tell who gains: with a number or a name, as a candidate, as a party or team."""
NUMBER_GROUPS = ("number", "figure", "paired", "bare")
JOINING = re.compile(r"(?:,|\s|[-–—&/]|\bdan\b|\bserta\b|\byaitu\b|\byakni\b){0,6}")
"""Between the words for a candidate and the name, and between the names of a pair."""
NEGATED = re.compile(r"\b(?:bukan|selain|lawan|melawan|menentang)\s+$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Side:
    """Words that name somebody who may gain; offsets count code points of the text."""

    start: int
    end: int
    text: str
    number: int
    """On the ballot, 0 where these words tell none."""
    exact: int
    office: bool


def beneficiary(
    reading: Reading, index: int, *, forms: Sequence[int] = (), day: date | None = None
) -> str:
    """Who gains from the act of the frame at ``index``; ``""`` where the text names nobody.

    The sentence of the act goes first, then what tells it more exactly nearby; the title, whose
    capitals hide where a name ends, comes last. ``day`` is that of the act or of publication: a
    number is only looked up in the table of candidates of an election that then ran.
    """
    own, party = forms[:1] == (OWN_CANDIDACY,), forms[:1] == (PARTY_MEMBER,)
    side = _chosen(reading, index, party=party)
    if side is None or (own and side.exact == OTHER):
        return "dirinya" if own else ""
    pair = _pair(reading, side, day)
    if pair is not None:
        return _in_full(pair)
    if own and side.exact == TOLD:
        return f"dirinya sebagai {side.text}"
    return side.text


def _chosen(reading: Reading, index: int, *, party: bool) -> Side | None:
    """The side named most exactly, of equals the nearest to the frame at ``index``; a party or
    team only where no candidate is named, or a ``party`` is meant."""
    best: tuple[tuple[float, ...], Side] | None = None
    for place, frame in enumerate(reading.frames):
        if frame.sentence.noise and place != index:
            continue
        for side in _sides(reading, frame):
            rank = (
                (side.exact == OTHER) == party,
                side.exact > TOLD,
                place == index,
                not frame.sentence.is_title,
                -abs(place - index),
                side.exact,
                side.office,
                -side.start,
            )
            if best is None or rank > best[0]:
                best = rank, side
    return best[1] if best else None


def _sides(reading: Reading, frame: Frame) -> Iterator[Side]:
    """All who may gain, as one sentence names them."""
    sentence = frame.sentence
    text = reading.text
    for match in _pattern().finditer(text, sentence.start, sentence.end):
        if NEGATED.search(text, max(sentence.start, match.start() - 12), match.start()):
            continue
        if match["bare"] and _before(text, match.start()) in _words("not_ballots"):
            continue
        number = _figure(next((match[g] for g in NUMBER_GROUPS if match[g]), ""))
        who = match["who"] or match["pair"] or ""
        end = _with_names(reading, match.end())
        if match["who"] and not number and not match["office"] and end == match.end():
            following = re.match(r"\s+(\w+)", text[end : end + 20])
            if following and following[1].lower() in _words("not_sides"):
                continue
        if number:
            told = " ".join([who, match["office"] or "", f"nomor urut {number}"]).strip()
            told = " ".join(told.split()) + text[match.end() : end]
        else:
            told = text[match.start() : end].strip()
        other = who.lower() in _others()
        exact = NUMBERED if number else NAMED if end > match.end() else OTHER if other else TOLD
        yield Side(match.start(), end, told, number, exact, bool(match["office"]))
    for one in reading.ballots:
        if sentence.start <= one.start < sentence.end:
            told = text[one.start : one.end]
            yield Side(one.start, one.end, told, 0, NAMED, office=False)


def _with_names(reading: Reading, end: int) -> int:
    """Where the names end that follow the words for a candidate: "paslon 2, A dan B"."""
    for entity in reading.entities:
        if entity.label != "PER" or entity.start < end or _official(entity.roles):
            continue
        gap = JOINING.fullmatch(reading.text, end, entity.start)
        if gap is None or entity.start - end > 8:
            break
        end = entity.end
    return end


def _official(roles: Sequence[str]) -> bool:
    return bool({"asn", "election_body", "village_official", "security"} & set(roles))


def _pair(reading: Reading, side: Side, day: date | None) -> Pair | None:
    """The pair of the table that ``side`` means, where the text does not name somebody else."""
    found = [one.pair for one in reading.ballots if one.start < side.end and one.end > side.start]
    if not found or day is None or len({pair.id for pair in found}) > 1:
        return None
    if not _words("other_elections").isdisjoint(re.findall(r"[a-z]+", side.text.lower())):
        return None
    pair = found[0]
    running = load_law().phase(day, pair.region).election
    if running is None or running.id != pair.id.partition("/")[0]:
        return None
    if side.number not in (0, pair.number):
        return None
    known = {word for one in (pair.head, pair.deputy) if one for word in one.words}
    named = [e for e in reading.entities if e.label == "PER" and "candidate" in e.roles]
    strangers = [e for e in named if "/" not in e.norm]
    if any(side.start <= e.start < side.end for e in strangers):
        told = {w.lower() for e in strangers if side.start <= e.start for w in e.text.split()}
        return pair if told & known else None
    return None if strangers and len(strangers) == len(named) else pair


def _in_full(pair: Pair) -> str:
    """ "calon bupati Garut nomor urut 2 (Abdusy Syakur Amin – Putri Karlina menurut daftar
    calon)"."""
    names = " – ".join(
        " ".join(one.words).title() for one in (pair.head, pair.deputy) if one is not None
    )
    title = _data()["title"][level(pair.region)]
    place = table()[pair.region].name
    return f"{title} {place} nomor urut {pair.number} ({names} menurut daftar calon)"


def _before(text: str, start: int) -> str:
    """The word right before ``start``, in small letters."""
    found = re.search(r"(\w+)\W{1,2}$", text[max(0, start - 20) : start])
    return found[1].lower() if found else ""


def same_side(one: str, other: str) -> bool:
    """Whether two descriptions may mean the same: the same number where ``one`` tells it, else no
    two offices and a word in common."""
    ours, theirs = _described(one), _described(other)
    number = {w for w in ours if w.isdigit()}
    if number:
        return bool(number & theirs)
    offices = _words("compared")
    if ours & offices and theirs & offices and not ours & theirs & offices:
        return False
    return bool(ours & theirs)


def _described(text: str) -> frozenset[str]:
    """The telling words of a description, numbers as figures."""
    data = _data()
    found = re.findall(r"[^\W_]+", re.sub(r"wali\s+kota", "walikota", text.lower()))
    written = [w for word in found for w in data["same"].get(word, word).split()]
    figures = [str(_figure(w)) if w in data["numbers"] or w.isdigit() else w for w in written]
    told = re.search(r"(?:satu|salah)\s+(?:satu\s+)?(?:pasangan|calon|paslon|cabup)", text.lower())
    return frozenset(figures) - _words("telling_nothing") - ({"1"} if told else set())


def _figure(written: str) -> int:
    if not written:
        return 0
    spoken = int(_data()["numbers"].get(written.lower(), 0))
    return spoken or int(written)


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    """The words for who gains, with an office and a number where told, or a bare number."""
    data = _data()
    spoken = "|".join(data["numbers"])
    figure = rf"0?\d{{1,2}}(?!\d|[.,/:]\d)|{spoken}"
    one = rf"0?[1-9](?!\w|[.,/:]\d)|(?:{spoken})\b"
    who = _either(data["candidates"] + data["others"])
    numbering, office = _either(data["numbering"]), _either(data["offices"])
    return re.compile(
        rf"\b(?:(?:{_either(data['leads'])})\s+)?(?:"
        rf"(?P<pair>{_either(data['paired'])})\s+(?P<paired>{one})"
        rf"|(?P<who>{who})(?:\s+(?P<office>{office}))?"
        rf"(?:\s+(?:{numbering})\s*(?P<number>{figure})\b)?"
        rf"|(?:{numbering})\s*(?P<figure>{figure})\b"
        r"|(?P<bare>(?<![\d/:.,-])0[1-9](?!\w|[/:.,-]\d)))",
        re.IGNORECASE,
    )


def _either(listed: str) -> str:
    return "|".join(
        rf"{line}\b" if line[-1].isalpha() else line for line in listed.split("\n") if line
    )


@lru_cache(maxsize=1)
def _others() -> frozenset[str]:
    return frozenset(_data()["others"].strip().splitlines())


@lru_cache(maxsize=8)
def _words(name: str) -> frozenset[str]:
    return frozenset(_data()[name].split())


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    with (DATA / "beneficiary.toml").open("rb") as file:
        return tomllib.load(file)
