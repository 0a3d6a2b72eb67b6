"""What the trained tagger says, as far as the rules leave it a say."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import cached_property

from .agencies import Kind, Organisation
from .people import Name
from .places import Place, Places
from .positions import Position
from .regions import Gazetteer
from .tokens import Words, is_common, lexicon, lines

_UNKNOWN = Kind("", "other", "none")
_PAPER = Kind("", "media", "none")


class Opinion:
    """The tagger's entities of one document, counted in words."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._papers = frozenset(word.casefold() for word in lexicon("agencies")["media"]["papers"])
        self.labels = words.tag
        self._spans: list[tuple[int, int, str]] = []
        never = frozenset(lexicon("names")["never"])
        no_names = frozenset(lexicon("agencies")["no_names"]["phrases"])
        for first, last, label in words.named:
            start, end = first, last
            while start < end and not words.text[start][0].isalnum():
                start += 1
            while start < end and self._dangles(start, end):
                end -= 1
            while end > start + 1 and words.titled[start] and is_common(words.fold[end - 1]):
                end -= 1  # "Pegawai [Manokwari Siap Tak] Dukung" in a headline
            phrase = " ".join(words.fold[start:end])
            nameless = phrase in never or phrase in no_names
            if start == end or nameless or self._only_opens(start, end) or self._term(start, end):
                start = end
            for i in range(first, last):
                if not start <= i < end:
                    words.tag[i] = ""
            if start < end:
                self._spans.append((start, end, label))

    def _only_opens(self, start: int, end: int) -> bool:
        """Whether the capital of one ordinary word means only that a sentence begins: "Asas itu".

        "Akbar mengatakan" is a name, and so is what has its capital inside a sentence too.
        """
        words = self._words
        if end - start > 1 or words.small or not words.opens(start) or words.titled[start]:
            return False
        if not is_common(words.fold[start]) or words.text[start].isupper():
            return False
        if words.fold[start] in lines("name_words") or words.text[start] in self._inside:
            return False
        spoken = end < len(words) and words.fold[end] in lexicon("names")["speech"]
        return not spoken

    def _term(self, start: int, end: int) -> bool:
        """Whether the word abbreviates a term: "indeks pembangunan manusia ([IPM])"."""
        words = self._words
        size = len(words.text[start])
        if end - start > 1 or not words.text[start].isupper() or words.text[start - 1] != "(":
            return False
        spelled = range(start - 1 - size, start - 1)
        return (
            size > 1
            and spelled[0] >= 0
            and all(
                words.fold[k][0] == letter and not words.cap[k]
                for k, letter in zip(spelled, words.fold[start], strict=True)
            )
        )

    @cached_property
    def _inside(self) -> frozenset[str]:
        """Words written with a capital where a capital means something."""
        words = self._words
        return frozenset(
            text
            for i, text in enumerate(words.text)
            if words.cap[i] and not words.titled[i] and not words.opens(i)
        )

    def _dangles(self, start: int, end: int) -> bool:
        """Whether the last word is punctuation that closes nothing inside the span."""
        last = self._words.text[end - 1]
        if len(last) > 1 or last.isalnum():
            return False
        return not (last == ")" and "(" in self._words.text[start:end])

    def longer(self, agencies: Sequence[Organisation]) -> list[Organisation]:
        """The organisations of the rules, grown or dropped where the tagger reads on.

        "Kementerian Hukum [dan Hak Asasi Manusia]" grows, "[Gedung] DPR" is a place after all. A
        name that the rules saw through to its region stays.
        """
        kept: list[Organisation] = []
        no_names = frozenset(lexicon("agencies")["no_names"]["phrases"])
        for agency in map(self._parted, agencies):
            if " ".join(self._words.fold[agency.start : agency.end]) in no_names:
                continue
            around = next(
                (
                    span
                    for span in self._spans
                    if span[0] <= agency.start
                    and agency.end <= span[1]
                    and span[1] - span[0] > agency.end - agency.start
                ),
                None,
            )
            if around is None or agency.codes or agency.kind.role in ("election_body", "media"):
                kept.append(agency)
            elif around[2] == "LOC" and self._words.cap[around[0]]:
                continue
            elif (
                around[2] == "ORG" and around[0] == agency.start and self._reads_on(agency, around)
            ):
                start, end, _ = around
                name = self._words.slice(start, end)
                kept.append(Organisation(start, end, agency.kind, end, name))
            else:
                kept.append(agency)
        return kept

    def _parted(self, agency: Organisation) -> Organisation:
        """The organisation up to where the tagger parts another name from it.

        "[Bank Indonesia] Mutiara Sibarani", "[Bank Indonesia] dan OJK".
        """
        start, end = agency.start, agency.end
        own = next((e for s, e, label in self._spans if s == start and label == "ORG"), end)
        if agency.codes or own >= end:
            return agency
        linked = self._words.fold[own] in ("dan", "serta")
        other = (own + 1, "ORG", 1) if linked else (own, "PER", 2)  # "SDN 3 Giriwoyo Asri" is one
        if not any((s, label) == other[:2] and e - s >= other[2] for s, e, label in self._spans):
            return agency
        return Organisation(start, own, agency.kind, own, self._words.slice(start, own))

    def _reads_on(self, agency: Organisation, span: tuple[int, int, str]) -> bool:
        """Whether the further words can be a name's: no verb of a headline, no dash.

        "Badan Kepegawaian Negara (BKN)" are two names by our labels.
        """
        words = self._words
        if words.titled[agency.start] or agency.kind.tail in ("local", "numbered"):
            return False
        further = range(agency.end, span[1])
        known = lexicon("agencies")["named"]
        short = {form for entry in known for form in entry["forms"]}
        if any(words.text[k] in short for k in further):
            return False
        return all(
            words.fold[k] in ("dan", "atas", "untuk", "(", ")")
            or (words.cap[k] and (is_common(words.fold[k]) or words.text[k].isupper()))
            for k in further
        )

    def leave(self, words: Collection[int]) -> None:
        """Leave words to the rules that have named them."""
        self._spans = [s for s in self._spans if not any(k in words for k in range(s[0], s[1]))]
        for i in words:
            self._words.tag[i] = ""

    def forget_names(self, words: Words, names: Sequence[Name]) -> None:
        """Drop places and organisations that are only parts of persons' names of this text."""
        parts = {words.text[k] for name in names for k in range(name.start, name.end)}
        self._spans = [
            (start, end, label)
            for start, end, label in self._spans
            if label == "PER" or not all(words.text[k] in parts for k in range(start, end))
        ]

    def organisations(
        self, taken: Sequence[bool], offices: Sequence[Position], places: Places
    ) -> Iterator[Organisation]:
        """Organisations the rules do not know."""
        for start, end, label in self._spans:
            if label == "ORG" and not any(taken[start:end]) and self._is_name(start, end):
                if self._holder(start, offices) or self._is_place(start, end, places):
                    continue
                name = self._words.slice(start, end)
                paper = end - start > 1 and self._words.fold[end - 1] in self._papers
                yield Organisation(start, end, _PAPER if paper else _UNKNOWN, end, name)

    def places(
        self, taken: Sequence[bool], gazetteer: Gazetteer, offices: Sequence[Position]
    ) -> Iterator[Place]:
        """Places the rules do not know."""
        for start, end, label in self._spans:
            if label == "LOC" and not any(taken[start:end]) and self._is_name(start, end):
                if self._holder(start, offices):
                    continue
                known = gazetteer.region_at(self._words, start)
                if known is None or known[0] != end:
                    known = gazetteer.district_at(self._words, start)
                codes = known[1] if known is not None and known[0] == end else ()
                yield Place(start, end, "", codes)

    def agrees(self, places: Sequence[Place]) -> list[Place]:
        """The places whose sign is stronger than the tagger's contrary opinion."""
        return [place for place in places if not self._contradicts(place)]

    def _is_place(self, start: int, end: int, places: Places) -> bool:
        """Whether the words open as places do, whatever the tagger thinks."""
        return places.opens(self._words, start, end)

    def _holder(self, start: int, offices: Sequence[Position]) -> bool:
        """Whether a name stands where an office's holder is named."""
        comma = start > 0 and self._words.text[start - 1] == ","
        return comma and any(p.end == start - 1 and p.complete for p in offices)

    def _contradicts(self, place: Place) -> bool:
        if place.typed or place.level in ("site", "district", "village", "local"):
            return False
        labels = set(self.labels[place.start : place.end])
        span = range(place.start, place.end)
        if labels != {"PER"}:
            return False
        alone = not any(
            0 <= k < len(self.labels) and self.labels[k] == "PER"
            for k in (place.start - 1, place.end)
        )
        return not alone or any(self._words.fold[k] in lines("name_words") for k in span)

    def _is_name(self, start: int, end: int) -> bool:
        words = self._words
        if words.small:
            return True
        if not any(words.cap[k] for k in range(start, end)):
            return False
        return not all(is_common(words.fold[k]) for k in range(start, end)) or (
            not words.titled[start] and not words.first[start]
        )
