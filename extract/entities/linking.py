"""Which regions a text is about, from everything in it that points to one.

Each sign (a dateline, "Kota Batam", "Bawaslu Kendal", "Camat Bandar") votes for the codes it may
mean. Signs that can mean several regions are settled by those that mean one; what stays open
gives the province that all readings share, or nothing.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .agencies import Organisation
from .places import Place
from .positions import Position
from .regions import covers, level, narrow
from .tokens import Words, lexicon

_TYPED, _OFFICE, _ELECTION, _BARE, _SEAT, _DISTRICT = 3.0, 3.0, 3.5, 1.5, 2.0, 1.5
_IN_TITLE = 1.5
_DATELINE = 4.0
_DESK = 1.4
"""Of a dateline from a province's seat or from Jakarta, where papers have their desks."""
_PASSED = 0.5
"""Of a place something comes from or goes to: "lolos MTQ di", "dirujuk ke", "sampai"."""
_RUNNER_UP = 0.6
"""Share of the best region's votes from which on another is one of the article's regions too."""


@dataclass(frozen=True, slots=True)
class Sign:
    """One place in the text that points to a region."""

    start: int
    """Code point."""
    sent: int
    codes: tuple[str, ...]
    weight: float


class Linker:
    """The regions of one text."""

    def __init__(
        self,
        words: Words,
        places: Sequence[Place],
        agencies: Sequence[Organisation],
        positions: Sequence[Position],
        source_region: str | None,
    ) -> None:
        self._words = words
        self._has_title = not words.whole.startswith("\n")
        self._seats = frozenset(lexicon("places")["seats"]["codes"])
        self._elsewhere = frozenset(lexicon("places")["elsewhere"]["words"])
        self._source = source_region
        self._local = any(p.office.agency or p.office.role == "asn" for p in positions)
        signs = list(self._signs(places, agencies, positions))
        signs.sort(key=lambda sign: sign.start)
        self._signs_settled = self._settle(signs, agencies, positions)
        self.codes = self._article()

    def settle(self, codes: Iterable[str]) -> str | None:
        """The one region among ``codes`` that fits this text; None where several may be meant."""
        codes = tuple(codes)
        if not codes:
            return None
        if len(codes[0]) == 8 and self.codes:
            codes = tuple(c for c in codes if any(covers(code, c) for code in self.codes))
            return codes[0] if codes else None
        for context in (self.codes, self._seen, (self._source,) if self._source else ()):
            kept = narrow(codes, context)
            if len({code[:5] for code in kept}) == 1:
                return kept[0]
        return codes[0] if len({code[:5] for code in codes}) == 1 else None

    def region_at(self, start: int) -> str | None:
        """The region of what is told at code point ``start``."""
        sent = self._sentence(start)
        here = [s for s in self._signs_settled if s.sent == sent and s.weight > _DESK]
        own = [s.codes[0] for s in here]
        for code in self.codes:
            if any(covers(code, c) for c in own):
                return code
        strong = [s.codes[0] for s in here if s.weight >= _OFFICE and len(s.codes[0]) >= 5]
        if strong:
            return strong[0][:5]
        before = [s for s in self._signs_settled if s.start <= start and s.weight > _DESK]
        for sign in reversed(before):
            for code in self.codes:
                if covers(code, sign.codes[0]):
                    return code
        return self.codes[0] if self.codes else None

    def _sentence(self, start: int) -> int:
        i = bisect_right(self._words.start, start) - 1
        return self._words.sent[i] if i >= 0 else 0

    def _signs(
        self,
        places: Sequence[Place],
        agencies: Sequence[Organisation],
        positions: Sequence[Position],
    ) -> Iterable[Sign]:
        inside = {p.place[0] for p in positions if p.place is not None}
        for place in places:
            if not place.codes:
                continue
            if place.start in inside:
                weight = _OFFICE if level(place.codes[0]) != "district" else _DISTRICT
            elif place.level == "district":
                weight = _DISTRICT
            elif place.level == "seat":
                weight = _SEAT
            else:
                weight = _TYPED if place.typed else _BARE
            if self._dateline(place):
                desk = all(code in self._seats or len(code) == 2 for code in place.codes)
                weight = _DESK if desk else _DATELINE
            elif self._passed(place):
                weight = _PASSED
            yield self._sign(place.start, place.codes, weight)
        for agency in agencies:
            if agency.codes and not agency.full.startswith("Universitas"):
                election = agency.kind.role == "election_body"
                weight = _ELECTION if election else _OFFICE
                if agency.kind.role not in ("agency", "election_body", "security"):
                    weight = _BARE
                if level(agency.codes[0]) == "district":
                    weight = _DISTRICT
                yield self._sign(agency.start, agency.codes, weight)
        for position in positions:
            if position.codes and position.place is None:
                yield self._sign(position.start, position.codes, _OFFICE)

    def _sign(self, i: int, codes: tuple[str, ...], weight: float) -> Sign:
        words = self._words
        if self._has_title and words.sent[i] == 0:
            weight *= _IN_TITLE
        return Sign(words.start[i], words.sent[i], codes, weight)

    def _passed(self, place: Place) -> bool:
        """ "dirujuk ke Kupang", "dari Pekanbaru": where the text is not, but what it points to."""
        words = self._words
        i = place.start
        return i > 0 and words.joined(i - 1, i) and words.fold[i - 1] in self._elsewhere

    def _dateline(self, place: Place) -> bool:
        words = self._words
        if not words.first[place.start] or words.sent[place.start] > 3:
            return False
        after = words.text[place.end] if place.end < len(words) else ""
        titled = self._has_title and words.sent[place.start] == 0
        return after in ("-", "–", "—", "|", ",", "(") and not titled

    def _settle(
        self,
        signs: list[Sign],
        agencies: Sequence[Organisation],
        positions: Sequence[Position],
    ) -> list[Sign]:
        """Make each sign point to one region, dropping those that cannot be told."""
        sure = [s for s in signs if len({c[:5] for c in s.codes}) == 1 and len(s.codes[0]) == 5]
        provinces = {s.codes[0] for s in signs if len(s.codes) == 1 and len(s.codes[0]) == 2}
        known = {s.codes[0] for s in sure}
        kind = self._kind_of_head(agencies, positions)
        self._seen = tuple(known) + tuple(provinces)
        settled: list[Sign] = []
        votes: dict[str, float] = defaultdict(float)
        for sign in sure:
            votes[sign.codes[0]] += sign.weight
        for sign in signs:
            codes = sign.codes
            if len(codes) > 1:
                codes = narrow(codes, known)
            if len(codes) > 1:
                codes = narrow(codes, provinces)
            if len({c[:5] for c in codes}) > 1 and kind:
                codes = tuple(c for c in codes if level(c) == kind) or codes
            if len({c[:5] for c in codes}) > 1 and self._source:
                codes = narrow(codes, (self._source,))
            if len({c[:5] for c in codes}) > 1:
                best = max(codes, key=lambda c: votes.get(c[:5], 0.0))
                if votes.get(best[:5]):
                    codes = (best,)
                elif len({c[:2] for c in codes}) == 1 and len(codes[0]) == 5:
                    codes = (codes[0][:2],)
                else:
                    continue
            alone = not any(covers(k, codes[0]) for k in known | provinces)
            if len(codes[0]) == 8 and alone and len(sign.codes) > 1:
                continue
            settled.append(Sign(sign.start, sign.sent, codes, sign.weight))
        return settled

    def _kind_of_head(self, agencies: Sequence[Organisation], positions: Sequence[Position]) -> str:
        """Whether the text speaks of a regency or a city, from its heads and governments."""
        count = {"regency": 0, "city": 0}
        for position in positions:
            if position.office.role == "elected_official":
                name = " ".join(self._words.fold[position.start : position.head])
                if "bupati" in name or "wabup" in name:
                    count["regency"] += 1
                elif "kota" in name or ("wa" in name[:2] and "gub" not in name):
                    count["city"] += 1
        for agency in agencies:
            if agency.kind.full == "Pemerintah Kabupaten":
                count["regency"] += 1
            elif agency.kind.full == "Pemerintah Kota":
                count["city"] += 1
        if count["regency"] == count["city"]:
            return ""
        return "regency" if count["regency"] > count["city"] else "city"

    def _of_one_place(self) -> bool:
        """Whether the title names a kabupaten or kota and no province."""
        codes = [sign.codes[0] for sign in self._signs_settled if sign.sent == 0]
        return self._has_title and any(len(c) > 2 for c in codes) and all(len(c) > 2 for c in codes)

    def _article(self) -> tuple[str, ...]:
        votes: dict[str, float] = defaultdict(float)
        first: dict[str, int] = {}
        for sign in self._signs_settled:
            code = sign.codes[0][:5]
            votes[code] += sign.weight
            first.setdefault(code, sign.start)
        local = {c: v for c, v in votes.items() if len(c) == 5}
        if local:
            best = max(local.values())
            provinces = {c: v for c, v in votes.items() if len(c) == 2}
            wider = max(provinces.values(), default=0.0)
            named = {s.codes[0][:5] for s in self._signs_settled if s.weight > _DESK}
            several = [
                c for c, v in local.items() if v == best or (v >= _RUNNER_UP * best and c in named)
            ]
            spread = wider >= best and len(several) > 1
            # "Bawaslu Jateng Catat 40 Kasus, Terbanyak di Pemalang"
            of_province = spread or wider >= 2 * best
            weighty = best >= _TYPED or best >= wider
            if self._of_one_place() or (weighty and not of_province):
                return tuple(sorted(several, key=lambda c: (-local[c], first[c])))
        provinces = {c: v for c, v in votes.items() if len(c) == 2}
        if provinces:
            best = max(provinces.values())
            return tuple(c for c, v in sorted(provinces.items()) if v == best)[:1]
        if self._source and self._local:
            return (self._source,)
        return ()
