"""Places of a text: regions, villages, streets, buildings."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from .positions import Position
from .regions import Gazetteer
from .tokens import Phrases, Words, is_common, lexicon, lines

_PREPOSITIONS = frozenset({"di", "ke", "dari"})
_GOVERNED = frozenset({"province", "regency", "city"})


@dataclass(frozen=True, slots=True)
class Place:
    """A place found in a text; ``start`` and ``end`` count words."""

    start: int
    end: int
    level: str
    """province, regency, city, district, village, site, or "" where nothing tells."""
    codes: tuple[str, ...] = ()
    typed: bool = False
    """Whether a level word stands before it, so that the codes are no guess."""


class Places:
    """Finds places by level words, kinds of sites and the table of regions."""

    def __init__(self, tokenise: Callable[[str], list[str]], gazetteer: Gazetteer) -> None:
        data = lexicon("places")
        self._gazetteer = gazetteer
        self._sites = Phrases([(word, word) for word in data["sites"]["words"]], tokenise)
        self._common = lines("common_words")
        self._names = lines("name_words")
        self._never = frozenset(lexicon("names")["never"])
        self._directions = frozenset(data["further"]["directions"])
        self._introduce = frozenset(data["introduce"]["words"])

    def find(
        self, words: Words, positions: Sequence[Position], taken: Sequence[bool]
    ) -> list[Place]:
        """All places that do not lie in ``taken`` words, those inside positions included."""
        inside = {p.place[0]: p for p in positions if p.place is not None}
        local = self._local_names(words, positions)
        offices = {p.start for p in positions}
        within = {k for p in positions for k in range(p.start, p.end)}
        found: list[Place] = []
        i = 0
        while i < len(words):
            if i in inside:
                position = inside[i]
                assert position.place is not None
                end = position.place[1]
                level_word = self._gazetteer.level_at(words, i)
                found.append(Place(i, end, position.level, position.codes, level_word is not None))
                i = end
                continue
            place = None if taken[i] or i in within else self._at(words, i, local, offices)
            if place is None or any(taken[place.start : place.end]):
                i += 1
            else:
                found.append(place)
                i = place.end
        return found

    def opens(self, words: Words, start: int, end: int) -> bool:
        """Whether the words from ``start`` open with a site ("Alun-Alun") or are a region."""
        if self._sites.at(words, start) is not None and end > start + 1:
            return True
        seat = self._gazetteer.capital_at(words, start)
        region = self._gazetteer.named(words, start)
        return any(found is not None and found[0] == end for found in (seat, region))

    def _local_names(self, words: Words, positions: Sequence[Position]) -> frozenset[str]:
        """Names of kecamatan and villages that the text itself introduces with a level word."""
        names: set[str] = set()
        for p in positions:
            if p.place is not None and p.level in ("district", "local", "village"):
                names.add(words.slice(*p.place))
        for i in range(len(words) - 1):
            found = self._gazetteer.level_at(words, i) if words.cap[i] else None
            if found and found[1] in ("district", "village"):
                end = self._name_end(words, i, found[0])
                plain = words.titled[i] and end > found[0] and is_common(words.fold[found[0]])
                if end > found[0] and not plain:
                    names.add(words.slice(found[0], end))
        return frozenset(names)

    def _at(
        self, words: Words, i: int, local: frozenset[str], offices: Collection[int]
    ) -> Place | None:
        if not (words.cap[i] or words.small):
            return None
        level_word = self._gazetteer.level_at(words, i)
        if level_word is not None:
            typed = self._typed(words, i, *level_word)
            if typed is not None:
                return typed
        region = self._region(words, i)
        if region is not None:
            return region
        if words.small:
            small = self._gazetteer.district_at(words, i)
            if small is not None and small[0] > i + 1 and self._said_of_place(words, i):
                return Place(i, small[0], "district", small[1])
            return None
        site = self._sites.at(words, i)
        if site is not None:
            if self._not_named(words, site[0], offices):
                return None
            end = self._name_end(words, i, site[0])
            headline = words.titled[i] and is_common(words.fold[min(site[0], len(words) - 1)])
            if end > site[0] and not headline:
                return Place(i, end, "site")
        for size in (3, 2, 1):
            if i + size <= len(words) and words.slice(i, i + size) in local:
                known = self._gazetteer.district_at(words, i)
                codes = known[1] if known and known[0] == i + size else ()
                return Place(i, i + size, "district", codes)
        known = self._gazetteer.district_at(words, i)
        if known is not None and self._said_of_place(words, i) and not is_common(words.fold[i]):
            if known[0] > i + 1 or words.tag[i] == "LOC":
                return Place(i, known[0], "district", known[1])
        return self._after_preposition(words, i)

    def _not_named(self, words: Words, i: int, offices: Collection[int]) -> bool:
        """ "Kantor Bupati [Kabupaten Batang]", "Rumah Dinas [Wali Kota]": no name of a building."""
        level = self._gazetteer.level_at(words, i) if i < len(words) else None
        return i in offices or (level is not None and level[1] in _GOVERNED)

    def _typed(self, words: Words, i: int, start: int, level: str) -> Place | None:
        if start >= len(words) or not words.joined(i, start):
            return None
        if level in _GOVERNED:
            named = self._gazetteer.named(words, i)
            if named is not None:
                return Place(i, named[0], level, named[1], True)
        if level == "district":
            district = self._gazetteer.district_at(words, start)
            if district is not None:
                end = district[0]
                while words.part_of_place(end):
                    end += 1
                return Place(i, end, level, district[1] if end == district[0] else (), True)
        if words.small:
            return None
        end = self._name_end(words, i, start)
        if end == start or (words.titled[i] and is_common(words.fold[start])):
            return None
        return Place(i, end, level, (), True)

    def _region(self, words: Words, i: int) -> Place | None:
        """A bare name of a province, kabupaten, kota or seat of government."""
        seat = self._gazetteer.capital_at(words, i)
        found = self._gazetteer.region_at(words, i)
        if seat is not None and (found is None or seat[0] > found[0]):
            plain = words.fold[i] in self._names or is_common(words.fold[i]) or words.small
            if plain and not self._dateline(words, i, seat[0]):
                return None
            return Place(i, seat[0], "seat", seat[1])
        if found is None:
            return None
        end, codes = found
        name = words.slice(i, end)
        if self._gazetteer.is_common(name):
            sign = self._said_of_place(words, i) or self._dateline(words, i, end)
            if not sign or (words.small and not self._said_of_place(words, i)):
                return None
        elif self._part_of_name(words, i, end):
            return None
        while end < len(words) and words.joined(i, end) and words.cap[end]:
            if words.fold[end] not in self._directions or words.titled[end]:
                break
            end += 1  # "Bogor Timur" is a part of Bogor
        return Place(i, end, "", codes)

    def _said_of_place(self, words: Words, i: int) -> bool:
        if i > 1 and words.fold[i - 1] in ("dan", ",") and words.cap[i - 2]:
            return True
        return i > 0 and words.fold[i - 1] in self._introduce

    def _dateline(self, words: Words, i: int, end: int) -> bool:
        """ "BATANG, Pantura Pos –", "RUTENG –", "Antara, Banyuwangi -": at the start of a line."""
        if end >= len(words) or words.text[end] not in (",", "-", "–", "—", "|", "(", ":"):
            return False
        return words.first[i] or words.text[i].isupper()

    def _part_of_name(self, words: Words, i: int, end: int) -> bool:
        """ "Anggi Garut": a region's name that a person bears."""
        before = i > 0 and words.joined(i - 1, i) and words.cap[i - 1]
        return before and words.fold[i - 1] in self._names and words.fold[i] in self._names

    def _after_preposition(self, words: Words, i: int) -> Place | None:
        """An unknown capitalised word that follows "di", "ke" or "dari" in plain prose."""
        if i == 0 or words.fold[i - 1] not in _PREPOSITIONS or words.titled[i]:
            return None
        if not words.joined(i - 1, i) or words.fold[i] in self._common:
            return None
        text = words.text[i]
        if words.fold[i] in self._names or text.isupper() or not text.isalpha() or len(text) < 4:
            return None
        if words.fold[i] in self._never:
            return None
        end = self._name_end(words, i, i)
        return Place(i, end, "") if end > i else None

    def _name_end(self, words: Words, i: int, start: int) -> int:
        """End of the capitalised words of a place's name that begins at ``start``."""
        for known in (self._gazetteer.district_at, self._gazetteer.region_at):
            found = known(words, start) if start < len(words) else None
            if found is not None and found[0] > start + 1:
                end = found[0]
                while words.part_of_place(end):
                    end += 1
                return end
        end = start
        while end < len(words) and words.sent[end] == words.sent[i] and end - start < 4:
            text = words.text[end]
            if not (words.cap[end] or (end > start and text.isdigit() and len(text) < 3)):
                break
            if not text[0].isalnum():
                break
            if end > start and words.titled[end] and is_common(words.fold[end]):
                break
            if end > start and self._gazetteer.level_at(words, end):
                break
            if end > start and self._sites.at(words, end):
                break  # "Gedung Kesenian | Rumah Dinas Wali Kota"
            hyphen = end + 2 < len(words) and words.text[end + 1] == "-" and words.cap[end + 2]
            end += 3 if hyphen and words.end[end] == words.start[end + 1] else 1
        return end
