"""Offices and the positions people hold: the lexicon, and how a position is found in a text.

Others may read the lexicon too: :func:`lexicon_of_offices` and :func:`subject_of`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cache

from pantau.records import Subject

from .agencies import Organisation
from .boundaries import place_end
from .regions import Gazetteer, covers
from .tokens import Phrases, Words, fold, is_common, lexicon, lines

_FUSES = re.compile(r"^(?:Dis|Din|Dik)[a-z]+$")
_ORDINAL = re.compile(r"^(?:[IVX]{1,4}|[A-D]|\d{1,2})$")

SUBJECTS: Mapping[str, Subject] = {
    "asn": "asn",
    "village_official": "village_official",
    "security": "security",
    "elected_official": "elected_official",
    "contract_staff": "contract_staff",
}
"""Whose act it would be, by role; a role that is missing here is no subject of its own."""


@dataclass(frozen=True, slots=True)
class Office:
    """One entry of ``data/positions.toml``."""

    name: str
    """The first of its forms."""
    role: str
    follows: tuple[str, ...]
    agency: str
    lower: bool
    """Whether it is a position when written with a small letter beside a name."""
    sure: bool = False
    """Whether its holder is a civil servant also where no agency is named."""


@dataclass(frozen=True, slots=True)
class Position:
    """A position found in a text; ``start`` and ``end`` count words."""

    start: int
    end: int
    office: Office
    acting: str
    """The role an elected office has when held in this acting way; "" for who holds it fully."""
    head: int
    """End (exclusive) of the office's own words."""
    place: tuple[int, int] | None = None
    """Words of the place it is an office of."""
    codes: tuple[str, ...] = ()
    level: str = ""
    """Level of the place, when the text or the table tells it."""
    field: tuple[int, int] | None = None
    """Words of the division or the service ("Kadis Pendidikan")."""
    agency: Organisation | None = None

    @property
    def complete(self) -> bool:
        """Whether it names a place or an agency and so is a position without a name beside it."""
        if self.place or self.agency:
            return True
        return self.field is not None and "field" in self.office.follows

    def role(self, region: str | None) -> str:
        """Role of its holder in ``region`` (a code), "" where it cannot be told."""
        role = self.office.role
        if role == "elected_official" and self.acting:
            role = self.acting
        for exception in lexicon("positions")["exception"]:
            if exception["office"] == self.office.name and region:
                role = exception["role"] if covers(exception["region"], region) else role
        if role == "agency":
            return _role_at(self.agency)
        return role


def _role_at(agency: Organisation | None) -> str:
    if agency is None:
        return ""
    if agency.kind.role == "agency":
        return "asn"
    if agency.kind.role in ("election_body", "security"):
        return agency.kind.role
    if agency.kind.full.startswith("Dewan Perwakilan"):
        return "elected_official"
    return "other"


@cache
def lexicon_of_offices() -> tuple[tuple[str, Office], ...]:
    """Each written form of an office with the office."""
    offices = [
        (
            form,
            Office(
                o["forms"][0],
                o["role"],
                tuple(o["follows"]),
                o.get("agency", ""),
                "lower" in o,
                "sure" in o,
            ),
        )
        for o in lexicon("positions")["office"]
        for form in o["forms"]
    ]
    for agency in lexicon("agencies")["named"]:  # "Kadisdik", "Kadinkes" from "Disdik", "Dinkes"
        for form in agency["forms"]:
            if _FUSES.match(form) and agency["role"] == "agency":
                name = f"Ka{form.casefold()}"
                served = f"{agency['full']} {{place}}"
                offices.append((name, Office(name, "asn", ("place",), served, False)))
    return tuple(offices)


def subject_of(role: str) -> Subject | None:
    """Whose act it is when a holder of ``role`` acts."""
    return SUBJECTS.get(role)


class Positions:
    """Finds positions in the words of a text."""

    def __init__(self, tokenise: Callable[[str], list[str]], gazetteer: Gazetteer) -> None:
        data = lexicon("positions")
        self._acting = Phrases(
            [(form, entry["elected"]) for entry in data["acting"] for form in entry["forms"]],
            tokenise,
        )
        self._offices = Phrases(lexicon_of_offices(), tokenise)
        self._gazetteer = gazetteer
        self._local: frozenset[str] = frozenset()
        self._names = lines("name_words")
        self._titles = frozenset(
            fold(h) for h in lexicon("names")["honorifics"] if " " not in h
        ) - frozenset(fold(h) for h in lexicon("names")["in_name"])
        self._standing = frozenset(lexicon("persons")["civil_servant"]["words"])
        self._opening = frozenset(lexicon("names")["opening"])
        self._ranks = frozenset(lexicon("persons")["rank"]["words"])
        self._fields = frozenset(lexicon("agencies")["fields"]["words"])

    def find(
        self, words: Words, agencies: list[Organisation], titles: Collection[int] = ()
    ) -> list[Position]:
        """All positions of the text in order, also those that need a name beside them.

        None begins in a word of ``titles`` ("Surat Edaran [Menteri PANRB] Nomor 18").
        """
        by_start = {agency.start: agency for agency in agencies}
        within = {k for agency in agencies for k in range(agency.start + 1, agency.end)}
        self._local = self._introduced(words)
        found: list[Position] = []
        i = 0
        while i < len(words):
            named = i in within or i in titles
            position = None if named else self._at(words, i, by_start)
            if position is None:
                i += 1
            else:
                found.append(position)
                i = max(position.end, i + 1)
        return found

    def _at(self, words: Words, i: int, agencies: dict[int, Organisation]) -> Position | None:
        acting = self._acting.at(words, i, anycase=words.small)
        j, elected = acting if acting else (i, "")
        if j >= len(words) or (acting and not words.joined(i, j)):
            return None
        best: Position | None = None
        for head, office in self._offices.every(words, j, anycase=True):
            written_small = not (words.cap[j] or words.small or words.cap[i])
            position = self._complement(words, i, head, office, acting=elected, agencies=agencies)
            if written_small and office.role == "agency" and not office.lower:
                if position.agency is None or position.agency.kind.role != "agency":
                    continue  # "ketua", "anggota", "kepala" alone are everyday words
            if best is None or (position.end, position.agency is not None) > (
                best.end,
                best.agency is not None,
            ):
                best = position
        return best

    def _complement(
        self,
        words: Words,
        i: int,
        head: int,
        office: Office,
        *,
        acting: str,
        agencies: dict[int, Organisation],
    ) -> Position:
        while head < len(words) and words.fold[head] in self._standing and words.joined(i, head):
            head += 1  # "perawat PNS", "guru PPPK"
        end, field = head, None
        swallowed = agencies.get(head) if "field" in office.follows else None
        if swallowed is not None and words.joined(i, head):  # "Kadis [PUPR] Nabire"
            place_words = (swallowed.head, swallowed.end) if swallowed.codes else None
            return Position(
                i,
                swallowed.end,
                office,
                acting,
                head,
                place_words,
                swallowed.codes,
                "",
                (head, swallowed.head),
            )
        if "unit" in office.follows or "field" in office.follows:
            end = self._field(words, head, agencies)
            field = (head, end) if end > head else None
        agency = agencies.get(end) if end < len(words) and words.joined(i, end) else None
        if agency is not None and (
            "agency" in office.follows or ("place" in office.follows and field is None)
        ):
            if "agency" in office.follows:
                return Position(i, agency.end, office, acting, head, None, (), "", field, agency)
        elif "place" in office.follows or "local" in office.follows:
            place = self._place(words, i, end, office)
            if place is not None:
                stop, codes, level, begin = place
                return Position(
                    i, stop, office, acting, head, (begin, stop), codes, level, field, None
                )
        return Position(i, end, office, acting, head, None, (), "", field, None)

    def _field(self, words: Words, start: int, agencies: dict[int, Organisation]) -> int:
        """End of the words of a division: "Kepala Bidang [Sumber Daya Air] Yohanis"."""
        end = last = sure = start
        while end < len(words) and words.sent[end] == words.sent[start - 1]:
            text, fold = words.text[end], words.fold[end]
            if end in agencies or end - start > 8:
                break
            if fold in ("dan", "&") and last > start:
                end += 1
                continue
            if text == "," and last > start and end + 2 < len(words):
                follows = words.fold[end + 1]
                if follows not in self._fields or words.text[end + 2] == "," or end + 1 in agencies:
                    break
                end += 1
                continue
            small = fold in self._fields  # "staf tata usaha Puskesmas X"
            if self._gazetteer.level_at(words, end):
                break
            if not (words.cap[end] or words.small or small):
                break
            known = fold in self._fields or _ORDINAL.match(text)
            if not known and words.titled[end]:
                break
            if not known and not (text.isupper() and len(text) > 1):
                if fold in self._names or words.tag[end] == "PER":
                    break
                if self._gazetteer.region_at(words, end):
                    break
            if text.isupper() and self._gazetteer.region_at(words, end):
                break
            end += 1
            last = end
            plain = words.cap[end - 1] or words.small or not words.cap[start - 1]
            if plain and (known or is_common(fold) or text.isupper()):
                sure = end
        if last == sure or last >= len(words) or not words.joined(start - 1, last):
            return sure
        goes_on = last in agencies or self._gazetteer.level_at(words, last) is not None
        return last if goes_on or self._gazetteer.named(words, last) is not None else sure

    def _place(
        self, words: Words, i: int, start: int, office: Office
    ) -> tuple[int, tuple[str, ...], str, int] | None:
        """The place after an office: end, codes, level and first word of it."""
        if start >= len(words) or not words.joined(i, start):
            return None
        if not (words.cap[start] or words.small) or words.fold[start] in self._titles:
            return None
        local = "local" in office.follows
        named = self._gazetteer.named(words, start)
        if named is not None and not (local and self._gazetteer.level_at(words, start) is None):
            level_word = self._gazetteer.level_at(words, start)
            level = level_word[1] if level_word else ""
            stop = named[0]
            while level == "district" and words.part_of_place(stop):
                stop += 1  # "Kecamatan Bacan [Seberang]"
            return stop, named[1] if stop == named[0] else (), level, start
        begin, level = start, ""
        level_word = self._gazetteer.level_at(words, start)
        if level_word is not None:
            begin, level = level_word
            if begin >= len(words) or not words.cap[begin]:
                return None
        elif not local:
            return None
        district = self._gazetteer.district_at(words, begin)
        longer = self._gazetteer.region_at(words, begin)
        if longer is not None and (district is None or longer[0] > district[0]):
            district = longer
        end = self._run(words, i, begin)
        closed = self._closed(words, end)
        if closed and (district is None or district[0] < end):
            district = (
                None  # "Lurah Tanjung Sengkuang, Baharuddin": more than the table's "Tanjung"
            )
        if district is not None and not self._is_person(words, begin, district[0]):
            stop = district[0]
            while words.part_of_place(stop):
                stop += 1
            whole = stop == district[0] and office.role != "village_official"
            return stop, district[1] if whole else (), level or "district", start
        if not closed:  # no comma parts the place from a name
            end = min(end, self._name_opens(words, begin, end))
            end = place_end(words, begin, end, self._local)
        if words.small and local and self._unheard(words, begin):
            return begin + 1, (), level or "local", start
        if end == begin or words.small:
            return None
        return end, (), level or "local", start

    def _introduced(self, words: Words) -> frozenset[str]:
        """Places that the text itself names with a level word ("Desa Tontulow Mopusi")."""
        names: set[str] = set()
        for i in range(len(words) - 1):
            level = self._gazetteer.level_at(words, i) if words.cap[i] else None
            if level is not None and level[1] in ("district", "village"):
                end = self._run(words, i, level[0])
                if not self._closed(words, end):
                    end = place_end(words, level[0], end, frozenset())
                plain = words.titled[i] and is_common(words.fold[level[0]])
                if end > level[0] and not plain:
                    names.add(words.slice(level[0], end))
        return frozenset(names)

    def _run(self, words: Words, i: int, start: int) -> int:
        """End of the capitalised words from ``start``."""
        end = start
        while end < len(words) and words.sent[end] == words.sent[i] and end - start < 4:
            text, fold = words.text[end], words.fold[end]
            if not words.cap[end] or not (text[0].isalpha() or text.isdigit()):
                break
            if words.titled[end] and is_common(fold):
                break
            end += 1
        return end

    def _unheard(self, words: Words, i: int) -> bool:
        """ "camat wanasekar tuh": a long small word that is neither ordinary nor a name."""
        fold = words.fold[i]
        if len(fold) < 6 or not fold.isalpha() or fold.startswith(("ng", "ny")):
            return False
        return not is_common(fold) and fold not in self._names

    def _name_opens(self, words: Words, begin: int, end: int) -> int:
        """Index of the first word that opens a name: "Kapolsek Arse [Iptu] Tongam"."""
        return next(
            (
                k
                for k in range(begin + 1, end)
                if words.fold[k] in self._titles | self._ranks or words.text[k] in self._opening
            ),
            end,
        )

    def _closed(self, words: Words, k: int) -> bool:
        """Whether a comma and a capital follow: "Kepala Desa Wonokerto, Tarjono"."""
        return k + 1 < len(words) and words.text[k] == "," and words.cap[k + 1]

    def _is_person(self, words: Words, start: int, end: int) -> bool:
        """ "Camat Budi Santoso": a name that is also a kecamatan's is a person before a name."""
        return (
            words.fold[start] in self._names
            and end < len(words)
            and words.cap[end]
            and words.fold[end] in self._names
            and not is_common(words.fold[end])
            and end == start + 1
            and not self._closed(words, end)
        )
