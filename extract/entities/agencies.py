"""Organisations built from a known word: agencies, schools, election bodies, police, parties.

A name is its opening ("Dinas Perhubungan", "Bawaslu", "SDN") and a tail: the region it serves or
the place it stands in.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from .boundaries import place_end
from .regions import Gazetteer, table
from .tokens import Phrases, Words, is_common, lexicon, lines

_ROMAN = re.compile(r"^(?:[IVX]{1,5}|[A-Z]|\d{1,4})$")
NONE: tuple[str, ...] = ()
NO_PLACES: frozenset[str] = frozenset()
_AFTER_PERSONS = frozenset({"RSUD"})
"""Kinds of agencies that are named after persons ("RSUD dr. Ben Mboi Ruteng")."""
_SMALL = frozenset({"dan", "&", "serta"})


@dataclass(frozen=True, slots=True)
class Kind:
    """One entry of ``data/agencies.toml``."""

    full: str
    role: str
    tail: str
    bare: bool = True
    """Whether it is a name also without a tail."""


_BODY = Kind("", "other", "region")


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation found in a text; ``start`` and ``end`` count words."""

    start: int
    end: int
    kind: Kind
    head: int
    """End (exclusive) of the opening; what follows up to ``end`` is the tail."""
    full: str
    """Full name without the region."""
    codes: tuple[str, ...] = ()
    """Codes its tail may mean; more than one where the name is shared."""


class Agencies:
    """Finds organisations that ``data/agencies.toml`` knows how to name."""

    def __init__(self, tokenise: Callable[[str], list[str]], gazetteer: Gazetteer) -> None:
        data = lexicon("agencies")
        self._gazetteer = gazetteer
        named: list[tuple[str, Kind]] = []
        for entry in data["named"]:
            kind = Kind(entry["full"], entry["role"], entry["tail"], _stands_bare(entry))
            for form in dict.fromkeys([entry["full"], *entry["forms"]]):
                named.append((form, kind))
                if kind.role == "party":
                    for office in data["party_offices"]["forms"]:
                        named.append((f"{office} {form}", Kind(kind.full, "party", "region")))
        self._named = Phrases(named, tokenise)
        self._families = Phrases(
            [
                (head, Kind("", entry["role"], entry["tail"], bare=False))
                for entry in data["family"]
                for head in entry["heads"]
            ],
            tokenise,
        )
        self._fields = frozenset(data["fields"]["words"])
        self._small = frozenset(data["small"]["heads"])
        self._islands = frozenset(word.casefold() for word in lexicon("places")["islands"]["names"])
        self._no_bodies = frozenset(
            [
                *data["no_names"]["phrases"],
                *lexicon("names")["never"],
                *lexicon("persons")["civil_servant"]["words"],
            ]
        )
        self._fused = re.compile(data["fused"]["pattern"])
        self._not_fused = frozenset(data["fused"]["never"])
        self._media = Phrases([(name, name) for name in data["media"]["known"]], tokenise)
        self._closing = frozenset(word.casefold() for word in data["media"]["closing"])
        self._told_to = frozenset(data["media"]["told_to"])
        self._common = lines("common_words")
        self._further = frozenset(lexicon("places")["further"]["words"])
        self._heads = frozenset(
            fold
            for form, _ in named
            for fold in [form.split()[0].casefold()]
            if form.split()[0].casefold() not in self._common
        )

    def find(self, words: Words) -> list[Organisation]:
        """All organisations of the text, none inside another, in order."""
        found: list[Organisation] = []
        i = 0
        while i < len(words):
            organisation = self.at(words, i)
            if organisation is None:
                i += 1
            else:
                found.append(organisation)
                i = organisation.end
        return found

    def at(self, words: Words, i: int) -> Organisation | None:
        """The organisation that begins at word ``i``."""
        if words.fold[i] in ("pemerintah", "puskesmas") and not words.cap[i]:
            return self._government(words, i)
        if words.fold[i] in self._small and not (words.cap[i] or words.small):
            return self._written_small(words, i)
        if not (words.cap[i] or words.small):
            return None
        named = self._named.at(words, i, anycase=words.small)
        dateline = self._dateline(words, i) if named is None else None
        if dateline is not None:
            return dateline
        family = self._families.at(words, i)
        if family is not None and not words.small:
            organisation = self._family(words, i, *family)
            if organisation is not None and (named is None or organisation.end > named[0] + 1):
                return organisation
        if named is not None:
            return self._with_tail(words, i, *named)
        return self._media_house(words, i) or self._fused_name(words, i) or self._acronym(words, i)

    def _government(self, words: Words, i: int) -> Organisation | None:
        """ "pemerintah Kabupaten Cilacap" with a small letter."""
        named = self._named.at(words, i, anycase=True)
        if named is None or named[0] == i + 1:
            return None
        organisation = self._with_tail(words, i, *named)
        return organisation if organisation and organisation.codes else None

    def _written_small(self, words: Words, i: int) -> Organisation | None:
        """ "kepsek sdn 3 Labuhan Sereh": the short name of a house with small letters."""
        named = self._named.at(words, i, anycase=True)
        organisation = self._with_tail(words, i, *named) if named is not None else None
        return organisation if organisation and organisation.end > organisation.head else None

    def _with_tail(self, words: Words, i: int, head: int, kind: Kind) -> Organisation | None:
        end, codes = head, NONE
        if kind.tail in ("region", "none"):
            if kind.tail == "region":
                end, codes = self._region_tail(words, i, head)
            if end == head and head < len(words) and words.text[head] == "RI":
                end += 1
        else:
            end, codes = self._local_tail(words, head, kind)
        if end == head and not kind.bare:
            return None
        full = kind.full
        if not codes and end == head and kind.full.startswith("Biro"):
            over = self._secretariat(words, head)
            if over is not None:
                return Organisation(i, over.end, kind, head, full, over.codes)
        if kind.tail in ("local", "numbered"):
            full = f"{kind.full} {words.slice(head, end)}" if end > head else kind.full
        elif kind.role == "party" and words.fold[i] in ("dpc", "dpd", "dpw", "dpp", "pac"):
            full = f"{words.text[i]} {kind.full}"
        return Organisation(i, end, kind, head, full, codes)

    def _region_tail(self, words: Words, i: int, head: int) -> tuple[int, tuple[str, ...]]:
        if head >= len(words) or not words.joined(i, head):
            return head, ()
        if words.text[head] == "(":  # "Badan Pengawas Pemilu (Bawaslu) Kabupaten Bogor": no tail
            return head, ()
        named = self._gazetteer.named(words, head)
        if named is None:
            return head, ()
        return named

    def _local_tail(self, words: Words, head: int, kind: Kind) -> tuple[int, tuple[str, ...]]:
        end = head
        sentence = words.sent[head - 1]
        codes: tuple[str, ...] = ()
        numbered = kind.tail == "numbered"
        while end < len(words) and words.sent[end] == sentence and end - head < 5:
            text, fold = words.text[end], words.fold[end]
            school = text.isdigit() and end > head and kind.full == "Unit Pelaksana Teknis"
            if _ROMAN.match(text) and (numbered or school or text.isupper()):
                end += 1
                continue
            if text in ("dr.", "Dr.", "dr", "H.", "Hj.", "Prof.", "Drs.") and kind.full == "RSUD":
                end += 1
                continue
            if end == head and words.cap[end] and self._families.at(words, end) is not None:
                break  # "Kabid Pembinaan SD [Dinas Pendidikan]"
            named = self._gazetteer.named(words, end) if words.cap[end] else None
            district = self._gazetteer.district_at(words, end) if words.cap[end] else None
            opens = end == head  # "Pasar Kuala [Simpang Raya]" is not in Simpang Raya
            if district is not None and (named is None or district[0] >= named[0]):
                end, codes = district[0], district[1] if opens else ()
                continue
            if named is not None:
                end, codes = named
                if words.part_of_place(end):
                    codes = ()
                    continue
                break
            known = text[0].isupper() and text[0].isalpha()
            chained = end == head and kind.full == "Unit Pelaksana Teknis"
            if not known or (fold in self._heads and not chained):
                break
            if words.titled[end] and is_common(fold) and fold not in self._further:
                after = end + 1 < len(words) and words.joined(end, end + 1) and words.cap[end + 1]
                if end > head or not after or is_common(words.fold[end + 1]):
                    break
            person = words.tag[end] == "PER" and end > head and words.tag[end - 1] != "PER"
            if person and fold not in self._further and kind.full not in _AFTER_PERSONS:
                break
            if is_common(fold) and end > head + 2:
                break
            end, codes = end + 1, ()
        split = kind.full not in _AFTER_PERSONS and not self._closed(words, end)
        if not codes and end > head + 1 and split:
            stop = place_end(words, head, end, NO_PLACES)
            # "SDN 173 Pangaribuan", "SDN Hulu Banyu 2"
            numbered = words.text[stop - 1].isdigit() or words.text[end - 1].isdigit()
            end = stop if stop > head and not numbered else end
        return end, codes

    def _closed(self, words: Words, k: int) -> bool:
        """Whether a comma parts the name from what follows."""
        return k + 1 < len(words) and words.text[k] == "," and words.cap[k + 1]

    def _family(self, words: Words, i: int, head: int, kind: Kind) -> Organisation | None:
        end = head
        last = head
        while end < len(words) and words.sent[end] == words.sent[i] and end - head < 10:
            text, fold = words.text[end], words.fold[end]
            if fold in _SMALL or (text == "," and kind.role == "agency"):
                end += 1
                continue
            if not words.cap[end] or not text[0].isalpha():
                break
            if self._gazetteer.level_at(words, end) and kind.role == "agency":
                break
            if kind.role == "agency":
                known = fold in self._fields or (last > head and fold in self._islands)
                if not known and not (_ROMAN.match(text) and last > head):
                    break
            elif fold in self._common and words.titled[end]:
                break
            end += 1
            last = end
        if last == head:
            return None
        # a comma belongs to the name only before one more field and "dan"
        comma = next((k for k in range(head, last) if words.text[k] == ","), None)
        if comma is not None and not any(words.fold[k] in _SMALL for k in range(comma, last)):
            last = comma
        nameless = " ".join(words.fold[i:last]) in self._no_bodies
        if last == head or nameless:
            return None
        end, codes = last, NONE
        if kind.tail == "region":
            end, codes = self._region_tail(words, i, last)
        full = words.slice(i, last)
        over = self._secretariat(words, last) if end == last else None
        if over is not None and words.fold[i] in ("biro", "bagian"):
            end, codes = over.end, over.codes
        return Organisation(i, end, Kind(full, kind.role, kind.tail), last, full, codes)

    def _secretariat(self, words: Words, i: int) -> Organisation | None:
        """ "Biro Umum [Setda Sultra]": the secretariat a bureau belongs to is part of its name."""
        if i >= len(words) or not words.cap[i] or not words.joined(i - 1, i):
            return None
        named = self._named.at(words, i)
        if named is None or named[1].full != "Sekretariat Daerah":
            return None
        return self._with_tail(words, i, *named)

    def _dateline(self, words: Words, i: int) -> Organisation | None:
        """The paper in "BATANG, Pantura Pos –" and "JANTHO | Rencong Kini –"."""
        if i < 2 or words.text[i - 1] not in (",", "|") or words.titled[i]:
            return None
        k = i - 2
        while k > 0 and not words.first[k] and i - k < 5:
            k -= 1
        if not words.first[k] or not words.cap[k]:
            return None
        end = i
        while end < len(words) and words.cap[end] and end - i < 5:
            end += 1
        if end == i or end >= len(words) or words.text[end] not in ("-", "–", "—", "|"):
            return None
        if self._gazetteer.region_at(words, i) and end == i + 1:
            return None
        name = words.slice(i, end)
        return Organisation(i, end, Kind("", "media", "none"), end, name)

    def _fused_name(self, words: Words, i: int) -> Organisation | None:
        """A service no list knows: "Disporabudpar Kota Tasikmalaya"."""
        if not self._fused.match(words.text[i]) or words.fold[i] in self._not_fused:
            return None
        if words.fold[i] in self._common or words.tag[i] == "PER":
            return None
        end, codes = self._region_tail(words, i, i + 1)
        if not codes:
            return None
        return Organisation(i, end, Kind("", "agency", "region"), i + 1, words.text[i], codes)

    def _acronym(self, words: Words, i: int) -> Organisation | None:
        """A body no list knows, by its acronym and region: "HNSI Kabupaten Serang"."""
        text = words.text[i]
        capitals = sum(letter.isupper() for letter in text)
        if not (text.isalpha() and 3 <= len(text) <= 8 and capitals * 2 > len(text)):
            return None
        shouted = i + 1 >= len(words) or words.text[i + 1].isupper()
        if shouted or words.fold[i] in self._no_bodies or self._gazetteer.region_at(words, i):
            return None
        level = self._gazetteer.level_at(words, i + 1)
        if level is None or level[1] not in ("regency", "city", "province"):
            return None
        end, codes = self._region_tail(words, i, i + 1)
        return Organisation(i, end, _BODY, i + 1, text, codes) if codes else None

    def _media_house(self, words: Words, i: int) -> Organisation | None:
        """A paper named in a dateline or after "kepada": "BATANG, Pantura Pos –"."""
        known = self._media.at(words, i)
        kind = Kind("", "media", "none")
        if known is not None:
            return Organisation(i, known[0], kind, known[0], known[1])
        text = words.text[i]
        if "." in text[1:-1] and re.search(r"\.(?:com|id|co|net|news)$", text, re.IGNORECASE):
            return Organisation(i, i + 1, kind, i + 1, text)
        end = i
        while end < len(words) and end - i < 4 and words.cap[end] and words.joined(i, end):
            if not words.text[end][0].isalpha():
                break
            end += 1
        if end - i < 2 or words.fold[end - 1] not in self._closing or words.titled[i]:
            return None
        before = words.text[i - 1] if i else ""
        after = words.text[end] if end < len(words) else ""
        if (words.first[i] and after in ("-", "–", "—")) or before.casefold() in self._told_to:
            name = words.slice(i, end)
            return Organisation(i, end, kind, end, name)
        return None


def _stands_bare(entry: dict[str, str]) -> bool:
    if entry["tail"] in ("local", "numbered"):
        return False
    return not entry["full"].startswith("Pemerintah")


def full_name(organisation: Organisation, region: str | None, here: str | None) -> str:
    """Full name with its region: "Dinas Pendidikan Kota Medan".

    ``region`` is the code its own tail means; ``here``, the region of the text around it, stands
    in for agencies of a region that are named without one.
    """
    kind = organisation.kind
    if kind.tail != "region" or kind.role in ("party", "media"):
        return organisation.full
    if region is None and not organisation.codes and kind.role == "agency":
        region = here
    if region is None:
        return organisation.full
    opening = organisation.full
    for level in ("Kabupaten", "Kota", "Provinsi"):
        opening = opening.removesuffix(f" {level}")
    return f"{opening} {table()[region[:5]].full}"
