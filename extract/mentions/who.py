"""Who the actor of a frame is: name, position and agency, from the persons the text names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from extract.entities.tokens import is_common, lines
from extract.mentions.frames import ACTING, Frame, Party
from extract.mentions.initials import initials_after, initials_in, stands_for_thing
from extract.mentions.words import word_set, written_out
from pantau.records import NO_NAME, Actor, Subject

ROLE_GROUPS = (
    ("election_body", "watchdog"),
    ("asn", "asn_office"),
    ("village_official", "village"),
    ("security", "security"),
    ("candidate", "candidate_person"),
    ("elected_official", "elected"),
)
"""The actor group of a person by its roles: the first that applies."""
SUBJECTS: dict[str, Subject] = {
    "village": "village_official",
    "security": "security",
    "elected": "elected_official",
    "contract": "contract_staff",
}
APPOSITION = 60
"""How far a name may stand from the office it belongs to, in characters."""
BEFORE = 2
"""Sentences before an office "itu" in which the one it means is named."""
REFERRING = frozenset({"itu", "tersebut", "ini"})
DEGREE = re.compile(r"\b(?:[A-Z][a-z]{0,3}|dr|drg)\.")
"""Honorifics and degrees before a name, whose stop ends no sentence."""
INITIALS = re.compile(r"(?:berinisial|inisial)\s*([A-Z]{1,4})\b|\(([A-Z]{1,3})\)")
APPOSED_BEFORE = re.compile(r"\b([A-Z]{2,3}), (?:seorang |oknum )?$")
HONOURED = re.compile(r",\s*(?:(?:Hj?|Dra?s?|Ir|dr|drg)\.\s*)+((?:[A-Z][\w'’]+ ?){1,4})")
"""Initials before an office, and a name behind it that an honorific marks."""
NAMES = lines("name_words")
NO_NAMES = word_set("no_names")
APPOSING = word_set("apposing")
TAIL = re.compile(
    r"(?:[ ]+(?:(?:pada|di|dan|lingkungan|lingkup|negeri|salah satu|sebuah|kantor)\b"
    r"|[A-Z0-9][\w.&/-]*"
    r")){0,7}"
)
"""Capitalised words after an office that complete it."""
VERB = re.compile(
    r"(?:Di|Me[mn]|Men[gy]|Ter|Ber|Ng|Ny)[a-z]{3}|(?:Ikut|Kena|Jadi|Langgar|Dukung|Akui|Bagi|Hadir"
    r"|Pakai|Foto|Pose|Ajak|Pasang|Tak|Tidak|Bantah|Resmi|Usai|Viral|Ini|Soal|Dan)\b"
)
"""A headline's verbs and small words, which end an office there."""
MOSTLY = 0.6
IDLE = word_set("idle_in_office")
LINKING = frozenset(
    {"di", "dan", "pada", "lingkungan", "lingkup", "negeri", "salah", "satu", "sebuah"}
)
UNITS = word_set("unit_words")
"""Ordinary words that name what an office or its unit is for."""
STOP = re.compile(r"(?<=\w{4})\.(?:\s|$)|(?<=\d)\.\s")
"""The end of a sentence, not of an abbreviation ("Kec. Toili")."""
HEADED = word_set("headed_offices")
CALLED_AFTER = word_set("called_after")
"""Houses and places that bear the names of people."""
LOOSE = re.compile(r"(?:\s+(?:pada|di|dan|lingkungan|lingkup|salah satu|sebuah))+$")
LOOSE_WORDS = word_set("loose_behind_office")
TRAILING = re.compile(r"[^\w)]+$")
NYA = re.compile(r"^(\w{3,}?)nya\b")
""" "kadisnya": the office, not whose."""
VERBAL = re.compile(r"(?:me[mnr]|mel|men[gy]|ber|ter|di|ke$)")
""" "pegawai berpose": what is told of the office, not its name."""


@dataclass(frozen=True, slots=True)
class Named:
    """A person of the article, as the entities room gives it."""

    name: str
    group: str
    position: str
    agency: str
    spans: tuple[tuple[int, int], ...]


def spans(persons: Sequence[Named]) -> list[tuple[int, int, str, str]]:
    """What ``frames`` wants to know of the persons."""
    return [(a, b, p.group, p.name) for p in persons if p.group for a, b in p.spans]


def actor(frame: Frame, persons: Sequence[Named], text: str) -> Actor:
    """The actor of ``frame``; what the text does not tell stays empty."""
    return Actor() if frame.actor is None else of_party(frame.actor, persons, text)


def of_party(party: Party, persons: Sequence[Named], text: str, *, apposed: bool = False) -> Actor:
    """The one whom the words of ``party`` mean; with ``apposed`` a name counts only where nothing
    is told between it and the office, as where one sentence names several."""
    named = bearer(party, persons, text)
    if named is not None and apposed and not _beside_each_other(party, named, text):
        named = None
    if named is not None:
        office = "" if _is_name(party, named) else position(party, text)
        return Actor(
            name=named.name or NO_NAME,
            position=named.position or office,
            agency=named.agency,
        )
    office = position(party, text)
    closing = initials_after(office) or _name_behind(office)
    return Actor(
        name=closing or _beside(party, office, text) or NO_NAME,
        position=office.removesuffix(f" {closing}"),
    )


def _name_behind(office: str) -> str:
    """A name that closes the words of an office: "Kepala Dinas Kesehatan Yunus Kogoya". Of a
    kecamatan, a school or a house called after somebody it would be a part."""
    words = office.split()
    if words[:1] == [] or words[0].lower() not in HEADED:
        return ""
    behind = words[2:]
    named = [i for i, word in enumerate(behind) if word.lower() in NAMES and not is_common(word)]
    whole = len(named) > 1 and named == list(range(named[0], len(behind)))
    if not whole or not CALLED_AFTER.isdisjoint(word.lower() for word in words):
        return ""
    return " ".join(behind[named[0] :])


def _beside_each_other(party: Party, named: Named, text: str) -> bool:
    for start, end in named.spans:
        between = text[min(end, party.end) : max(start, party.start)]
        told = [word for word in re.findall(r"[^\W\d_]+", between) if word.islower()]
        if abs(start - party.end) <= APPOSITION or abs(party.start - end) <= APPOSITION:
            if set(told) <= APPOSING:
                return True
    return False


def _beside(party: Party, office: str, text: str) -> str:
    """What the one who holds ``office`` is called before or behind it: initials, or a name that an
    honorific marks ("Kepala SD di Barabai, Hj. Mastura")."""
    behind = INITIALS.search(text, party.start, party.end + APPOSITION)
    before = APPOSED_BEFORE.search(text, max(0, party.start - APPOSITION), party.start)
    honoured = HONOURED.match(text, party.start + len(office))
    if behind is not None and behind[2] and stands_for_thing(behind[2]):
        behind = None  # "penerima bantuan (PKH)"
    if before is not None and stands_for_thing(before[1]):
        before = None
    found = behind or honoured or before
    return next((name.strip() for name in found.groups() if name), "") if found else ""


def may_be_name(named: Named, text: str) -> bool:
    """Whether what stands like a name may be one: no ordinary word or title, no abbreviation; and
    what only a headline writes so has a word that names have."""
    parts = named.name.lower().split()
    if named.name[:1].islower():
        return False
    if stands_for_thing(named.name):
        return named.name in initials_in(text)  # "berinisial HP"
    if all(part in NO_NAMES or is_common(part) for part in parts):
        return False
    if NAMES.isdisjoint(parts) and all(_written_small(part, text) for part in parts):
        return False  # "Perajin itu ... dua perajin"
    headline = all(_titled(text, start) for start, _ in named.spans)
    return not headline or named.name.isupper() or not NAMES.isdisjoint(parts)


def _written_small(word: str, text: str) -> bool:
    """Whether the text writes the word without a capital elsewhere, so that it is no name."""
    return re.search(rf"(?<![\w@#./]){re.escape(word)}(?:nya)?\b", text) is not None


Told = tuple[Actor, Party | None]
"""An actor, and the words of the text that tell the office."""


def accused(
    frames: Sequence[Frame], order: Sequence[int], persons: Sequence[Named], text: str
) -> Told:
    """The civil servant whom the first frame in ``order`` names as doing something, else the
    first that is unnamed; for a frame whose own party is nobody or somebody else (an audience of
    village heads, say)."""
    unnamed: Told = (Actor(), None)
    for index in order:
        party = frames[index].actor
        if party is None or party.group not in ACTING or not party.particular or party.speaks:
            continue
        who, place = completed(actor(frames[index], persons, text), frames, order, persons, text)
        if who.name != NO_NAME:
            return who, place or party
        unnamed = unnamed if unnamed[0].position else (who, party)
    return unnamed


def completed(
    who: Actor,
    frames: Sequence[Frame],
    order: Sequence[int],
    persons: Sequence[Named],
    text: str,
) -> Told:
    """``who`` with the office that a sentence elsewhere gives a bare name, and where it stands."""
    if who.name == NO_NAME or who.position:
        return who, None
    for index in order:
        for party in frames[index].parties:
            if party.group not in ACTING:
                continue
            named = bearer(party, persons, text)
            if named is not None and named.name == who.name and not _is_name(party, named):
                return replace(who, position=position(party, text)), party
    return who, None


def referred(frame: Frame, before: Sequence[Frame], persons: Sequence[Named], text: str) -> Told:
    """Whom "camat itu", "pegawai tersebut" means: the civil servant named last before it."""
    party = frame.actor
    following = frame.sentence.lower[party.last + 1 : party.last + 4] if party else []
    if REFERRING.isdisjoint(following):
        return Actor(), None
    for earlier in reversed(before):
        if earlier.sentence.noise or earlier.actor is None or earlier.carried:
            continue
        if earlier.actor.group in ACTING and not earlier.actor.speaks:
            who = actor(earlier, persons, text)
            if who.name != NO_NAME:
                return who, earlier.actor
    return _bare_name(frame, before, persons, text), party


def _bare_name(frame: Frame, before: Sequence[Frame], persons: Sequence[Named], text: str) -> Actor:
    """Who "penilik itu" is where the sentences right before name one person and no office of
    his: "Nurlaila mengambil mikrofon. ... PNS itu"."""
    near = [f.sentence for f in before[-BEFORE:] if not f.sentence.noise]
    if frame.actor is None or not near:
        return Actor()
    named = {
        p.name
        for p in persons
        if p.group == "" and may_be_name(p, text)
        if any(s.start <= start < s.end for s in near for start, _ in p.spans)
    }
    if len(named) != 1:
        return Actor()
    return Actor(name=named.pop(), position=position(frame.actor, text))


def office_of(office: str, persons: Sequence[Named]) -> Named | None:
    """The one person of the text who holds ``office``, however either is written ("Kadishub" and
    "Kepala Dinas Perhubungan"); None where it fits nobody or several."""
    wanted = _office_words(office)
    fitting = {
        p.name: p
        for p in persons
        if p.group in ACTING and p.position and wanted and _one_office(wanted, p.position)
    }
    return next(iter(fitting.values())) if len(fitting) == 1 else None


def same_office(one: str, other: str) -> bool:
    """Whether two ways to write an office may mean the same."""
    wanted = _office_words(one)
    return bool(wanted) and _one_office(wanted, other)


def _one_office(wanted: frozenset[str], position: str) -> bool:
    other = _office_words(position)
    return bool(other) and (wanted.issubset(other) or other.issubset(wanted))


def _office_words(office: str) -> frozenset[str]:
    """The telling words of an office, abbreviations written out."""
    found = re.findall(r"[^\W_]+", office.lower())
    return frozenset(w for word in found for w in written_out(word)) - IDLE


def _is_name(party: Party, named: Named) -> bool:
    """Whether the party is found by the person's name alone."""
    return any(start <= party.start and party.end <= end for start, end in named.spans)


def bearer(party: Party, persons: Sequence[Named], text: str) -> Named | None:
    """The person named by the party's own words, or in apposition to them."""
    best: tuple[int, Named] | None = None
    for person in persons:
        if not may_be_name(person, text):
            continue
        for start, end in person.spans:
            if start >= party.start and end <= party.end:
                return person
            gap = start - party.end if start >= party.end else party.start - end
            between = text[min(end, party.end) : max(start, party.start)]
            fits = person.group in ("", party.group) or {person.group, party.group} <= {
                "asn_office",
                "lurah",
                "asn_status",
            }
            between = DEGREE.sub(" ", between)
            near = 0 <= gap <= APPOSITION and not re.search(r"[.;!?\n]\s", between)
            if near and fits and (best is None or gap < best[0]):
                best = (gap, person)
    return best[1] if best else None


def position(party: Party, text: str) -> str:
    """The office with the capitalised words that complete it (``Camat`` + `` Karangwuni``)."""
    end = party.start + len(_own_words(party.text))
    tail = TAIL.match(text, party.end) if end == party.end else None
    found = text[party.start : tail.end() if tail else end].strip()
    if _titled(text, party.start):
        found = _before_common(found, end - party.start)
    stop = STOP.search(found)
    found = TRAILING.sub("", found[: stop.start()] if stop else found)
    return NYA.sub(r"\1", LOOSE.sub("", found))


def _own_words(office: str) -> str:
    """An office without a word behind it that tells not what it is: "petugas [memang]", "pegawai
    [berpose]", "sekretarisnya[:]"."""
    first, *rest = office.split()
    kept = [first]
    for word in rest:
        plain = word.lower()
        ends = VERBAL.match(plain) and plain not in UNITS and is_common(plain)
        if not plain[0].isalnum() or plain in LOOSE_WORDS or ends:
            break
        kept.append(word)
    return " ".join(kept)


def _titled(text: str, place: int) -> bool:
    """Whether the line is a headline, in which every word may have a capital."""
    line = text[text.rfind("\n", 0, place) + 1 : (text.find("\n", place) + 1 or len(text) + 1) - 1]
    words = re.findall(r"[^\W\d_]\w*", line)
    return bool(sum(word[0].isupper() for word in words) > MOSTLY * len(words))


def _before_common(office: str, known: int) -> str:
    """A headline's office up to the first ordinary word: "PNS [Acungkan Satu Jari]"."""
    for match in re.finditer(r"[^\W_]+", office[known:]):
        word = match.group().lower()
        ordinary = word not in LINKING and is_common(word) and word not in UNITS
        if ordinary or VERB.match(match.group()):
            return office[: known + match.start()].strip()
    return office
