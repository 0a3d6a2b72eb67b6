"""Personal names in a text.

A name is a run of capitalised words that are neither common words nor places, beside something
that speaks for a person: an office, an honorific, a speech verb, a degree, an age, a trained
tagger's opinion. What the text has once named it is then found again by part of the name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from .positions import Position
from .regions import Gazetteer
from .tokens import Phrases, Words, is_common, lexicon, lines

_NAME = re.compile(r"^[^\W\d_][\w'’.-]*$")
_INITIALS = re.compile(r"^[A-Z]{2,4}$|^[A-Z]\.?$")
_AGE = re.compile(r"^\d{2}$")
_LONGEST = 6


@dataclass(frozen=True, slots=True)
class Name:
    """A personal name; ``start`` and ``end`` count words, honorifics and degrees left out."""

    start: int
    end: int


class People:
    """Finds personal names."""

    def __init__(self, tokenise: Callable[[str], list[str]], gazetteer: Gazetteer) -> None:
        data = lexicon("names")
        self._gazetteer = gazetteer
        self._honorifics = Phrases([(h, h) for h in data["honorifics"]], tokenise)
        self._honorific_words = frozenset(h.rstrip(".") for h in data["honorifics"] if " " not in h)
        self._in_name = frozenset(data["in_name"])
        self._degrees = frozenset(d.replace(".", "").casefold() for d in data["degrees"])
        self._binders = frozenset(data["binders"])
        self._introducers = frozenset(data["introducers"])
        self._speech = frozenset(data["speech"])
        self._bearers = frozenset(data["bearers"])
        self._never = frozenset(data["never"])
        self._world = frozenset(lexicon("places")["world"]["names"])
        self._support = frozenset(lexicon("tickets")["support"]["words"])
        self._names = lines("name_words")

    def find(
        self,
        words: Words,
        positions: Sequence[Position],
        taken: Sequence[bool],
    ) -> list[Name]:
        """The names of the text that do not touch ``taken`` words."""
        opens = {p.end: p for p in positions}
        starts = {p.start for p in positions}
        found: dict[int, Name] = {}
        doubtful: list[tuple[int, int]] = []
        i = 0
        while i < len(words):
            run = self._run(words, i, taken, starts, opens)
            if run is None:
                i += 1
                continue
            start, end = run
            if self._is_person(words, start, end, opens=opens, starts=starts):
                found[start] = Name(start, end)
            else:
                doubtful.append(run)
            i = end
        self._again(words, found, doubtful, taken)
        return [found[key] for key in sorted(found)]

    def is_degree(self, text: str) -> bool:
        return (
            bool(text)
            and text.replace(".", "").casefold() in self._degrees
            and ("." in text or text[:1].isupper())
        )

    def honorific_end(self, words: Words, i: int) -> int:
        """Index after the honorifics that begin at word ``i``."""
        while i < len(words):
            found = self._honorifics.at(words, i)
            if found is None or words.text[i].rstrip(".") in self._in_name:
                return i
            i = found[0]
        return i

    def honorific_start(self, words: Words, i: int) -> int:
        """Index of the first of the honorifics that end right before word ``i``."""
        while i > 0 and words.text[i - 1].rstrip(".") in self._honorific_words:
            if not words.joined(i - 1, i):
                break
            i -= 1
        return i

    def _run(
        self,
        words: Words,
        i: int,
        taken: Sequence[bool],
        starts: set[int],
        ends: Collection[int],
    ) -> tuple[int, int] | None:
        """The longest name-like run that begins at word ``i`` (honorifics cut off)."""
        introduced = i > 0 and words.fold[i - 1] in self._introducers
        start = i if introduced else self.honorific_end(words, i)
        if start + 1 < len(words) and words.opens(start) and is_common(words.fold[start]):
            if words.cap[start + 1] and not taken[start + 1] and words.joined(start, start + 1):
                start += 1  # "Nama Sarwono Budiarjo kembali disebut"
        end = start
        while end < len(words) and end - start < _LONGEST:
            if taken[end] or end in starts or words.sent[end] != words.sent[start]:
                break
            if words.fold[end] in ("al", "el") and words.text[end + 1 : end + 2] == ["-"]:
                end = min(end + 3, len(words))  # "Faruq El-Shara"
                continue
            if end > start and words.text[end] in self._binders and end + 1 < len(words):
                if words.cap[end + 1] and not taken[end + 1]:
                    end += 2
                    continue
                break
            if not self._name_like(words, end, end > start):
                break
            end += 1
        if "PER" in words.tag[start:end]:  # "Presiden Sudan Omar Beshir": the tagger parts them
            while words.tag[start] != "PER" and words.fold[start] not in self._names:
                parted = words.tag[start] == "LOC"  # "Menteri Kesehatan Kongo | Felix Numbi"
                if not parted and (start in ends or self._apposed(words, start, ends)):
                    break  # what follows an office is its holder
                start += 1
            holder = start in ends or self._apposed(words, start, ends)
            while words.tag[end - 1] in ("ORG", "LOC") and not holder:
                end -= 1
        while end > start + 1 and words.titled[start] and is_common(words.fold[end - 1]):
            end -= 1  # "Wahyudi Chaniago [Siap]" in a headline
        while end > start + 1 and self.is_degree(words.text[end - 1]):
            end -= 1
        return (start, end) if end > start else None

    def _apposed(self, words: Words, start: int, ends: Collection[int]) -> bool:
        """ "Inspektur Ogan Ilir, [Ferawati] Cik Ujang", "Pelapor, [Rambu] Ana Hamu"."""
        if start < 2 or words.text[start - 1] != "," or not words.joined(start - 2, start):
            return False
        return start - 1 in ends or words.fold[start - 2] in self._bearers

    def _name_like(self, words: Words, i: int, inside: bool) -> bool:
        text, fold = words.text[i], words.fold[i]
        if not _NAME.match(text) or fold in self._never:
            return False
        if words.small:
            initials = text.isupper() and i > 0 and words.fold[i - 1] in self._introducers
            return initials or (fold in self._names and not is_common(fold))
        if not words.cap[i]:
            return False
        if words.tag[i] == "PER":
            return True
        if text.isupper() and len(text) > 1 and not self._shouted(words, i):
            return bool(_INITIALS.match(text)) and (
                text[-1] == "."
                or (i > 0 and words.fold[i - 1] in self._introducers)
                or self._explained(words, i)
            )
        if fold in self._never or text in self._world:
            return False
        if is_common(fold):
            if words.titled[i] or words.first[i]:
                return False
            following = i + 1 < len(words) and (
                words.fold[i + 1] in self._names or words.tag[i + 1] == "PER"
            )
            return inside or (following and words.cap[i + 1])
        return self._gazetteer.level_at(words, i) is None

    def _explained(self, words: Words, i: int) -> bool:
        """ "AH, dosen PNS di Ternate": initials and who bears them."""
        if i + 2 >= len(words) or words.text[i + 1] != "," or not words.joined(i, i + 2):
            return False
        return words.fold[i + 2] in self._bearers and not words.cap[i + 2]

    def _shouted(self, words: Words, i: int) -> bool:
        """Whether the sentence around word ``i`` is written in capitals."""
        near = range(max(0, i - 3), min(len(words), i + 4))
        return all(words.text[k].isupper() or not words.text[k].isalpha() for k in near)

    def _is_person(
        self,
        words: Words,
        start: int,
        end: int,
        *,
        opens: dict[int, Position],
        starts: set[int],
    ) -> bool:
        before = self.honorific_start(words, start)
        honoured = before < start
        left = words.fold[before - 1] if before and words.joined(before - 1, start) else ""
        right = words.text[end] if end < len(words) and words.joined(start, end) else ""
        known = sum(words.fold[k] in self._names for k in range(start, end))
        tagger = any(words.tag[k] == "PER" for k in range(start, end))
        place = self._gazetteer.region_at(words, start)
        if place is not None and place[0] >= end and not honoured and left != ",":
            return tagger and known > 0
        office = opens.get(before) or (opens.get(before - 1) if left == "," else None)
        thing = words.tag[start] in ("ORG", "LOC")
        if office is not None and (office.complete or tagger or (known and not thing)):
            return True
        fused = office is not None and office.office.follows == ("place",)
        if fused and place is None and not is_common(words.fold[start]):
            return True  # "Bu Kadinkes Hargiyanti": only a region could follow as a place
        if words.titled[start] or words.opens(start):
            if all(is_common(words.fold[k]) for k in range(start, end)):
                return False
        initials = end == start + 1 and bool(_INITIALS.match(words.text[start]))
        introduced = left in self._introducers
        trusted = introduced or initials or not thing
        if (introduced or honoured) and not words.titled[start] and trusted:
            return True
        if initials:
            return tagger or self._explained(words, start)
        if self._paired(words, start, end) and not thing:
            return True
        if right in (",", "(") and self._described(words, end + 1):
            return True
        if thing and not tagger:
            return False
        if tagger or (known and (self.is_degree(right) or (right == "," and end + 1 in starts))):
            return True
        if right == "," and self._bearer_behind(words, end + 1) and not words.titled[start]:
            return True
        if words.titled[start]:
            return known >= 2 or (known == 1 and end - start >= 2)
        if words.tag[start] or not known:
            return False
        if left in self._speech or right.casefold() in self._speech:
            return True
        if left in self._bearers or (left == "," and self._bearer_before(words, before - 2)):
            return True
        return known * 2 >= end - start

    def _age(self, words: Words, i: int) -> bool:
        if i + 1 >= len(words) or not _AGE.match(words.text[i]):
            return False
        return words.text[i + 1] in ("tahun", ")", "th")

    def _paired(self, words: Words, start: int, end: int) -> bool:
        """ "kampanye [Chaidar]-[Suhartina]": two names joined behind a word of support."""
        if end > start + 1 or is_common(words.fold[start]):
            return False
        ends_first = words.text[end : end + 1] == ["-"] and end + 1 < len(words)
        if ends_first and words.cap[end + 1]:
            other, before = end + 1, start - 1
        elif start > 1 and words.text[start - 1] == "-" and words.cap[start - 2]:
            other, before = start - 2, start - 3
        else:
            return False
        behind = before >= 0 and words.fold[before] in self._support
        return behind and not is_common(words.fold[other]) and words.text[other].isalpha()

    def _described(self, words: Words, i: int) -> bool:
        """ "Sugeng Prihanto, [S.IP.]", "Kornelia Jemumu, [29] tahun"."""
        return i < len(words) and (self.is_degree(words.text[i]) or self._age(words, i))

    def _bearer_behind(self, words: Words, i: int) -> bool:
        """ "Desmawati, guru PPPK di …": who the person is, in small letters."""
        return i < len(words) and words.fold[i] in self._bearers and not words.cap[i]

    def _bearer_before(self, words: Words, i: int) -> bool:
        """ "warga Desa X, Tarmuji", "juru bicara tim, Pieter": a word for a person close before."""
        low = max(0, i - 5)
        return any(words.fold[k] in self._bearers and words.joined(k, i) for k in range(low, i + 1))

    def _again(
        self,
        words: Words,
        found: dict[int, Name],
        doubtful: list[tuple[int, int]],
        taken: Sequence[bool],
    ) -> None:
        """Add the later and earlier mentions by part of a name that stands elsewhere."""
        parts: set[str] = set()
        for name in found.values():
            for k in range(name.start, name.end):
                text = words.text[k]
                strong = len(text) > 2
                initials = name.end == name.start + 1 and bool(_INITIALS.match(text))
                if (strong and not text.isupper()) or initials:
                    parts.add(text)
        for first, end in doubtful:
            start = next((k for k in range(first, end) if words.text[k] in parts), end)
            stop = start
            while stop < end and words.text[stop] in parts:
                stop += 1
            if stop > start and self._free(words, start, stop):
                found[start] = Name(start, stop)
        covered = {k for name in found.values() for k in range(name.start, name.end)}
        for i, text in enumerate(words.text):
            if text in parts and i not in covered and not taken[i]:
                ordinary = is_common(words.fold[i]) and not text.isupper()
                if ordinary and (words.first[i] or words.titled[i]):
                    continue
                if self._free(words, i, i + 1):
                    found[i] = Name(i, i + 1)

    def _free(self, words: Words, start: int, end: int) -> bool:
        """Not a place after a preposition that merely shares a word with a person's name."""
        before = words.fold[start - 1] if start else ""
        if before in ("di", "ke", "dari") and not any(t == "PER" for t in words.tag[start:end]):
            return False
        if self._gazetteer.region_at(words, start) is None:
            return True
        return not all(t in ("ORG", "LOC") for t in words.tag[start:end])
