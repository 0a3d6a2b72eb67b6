"""Decides which reports tell one event. Pure: values in, a decision with its reasons out.

A mention joins the case that speaks of the same person and the same act in the same region:

* **Where.** Two kabupaten or kota never share a case; a province goes with each of its own.
* **Who.** Name and office are compared with all a case knows. Another name, or another
  office that only one person holds, shuts the case.
* **What.** Points for telling words, forms, day and candidate in common. How many are
  needed depends on how sure the person is, so that two acts of one camat stay apart.
* **Below what.** A post that names nobody joins the case of what it answers.

The weights stand in ``data/clustering.toml``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Literal

from alerts.data import load
from alerts.names import Likeness, likeness, name_words
from alerts.offices import Fit, fit
from alerts.telling import OWN_OFFICE, REGION_WIDTH, Telling
from alerts.words import telling_words

_RULES = load("clustering.toml")
_NEEDED: dict[str, float] = _RULES["needed"]
_FOLLOW_UP: dict[str, float] = _RULES["follow_up"]
_POINTS: dict[str, float] = _RULES["points"]
_NEAR_FORMS = [frozenset(group) for group in _RULES["forms"]["near"]]
_NEVER = datetime.max.replace(tzinfo=UTC)

Sureness = Literal["sure", "likely", "near", "titled", "possible", "other", "nobody"]


@dataclass(frozen=True)
class OpenCase:
    """A case as far as joining needs to know it: its id and all its tellings."""

    id: int
    tellings: tuple[Telling, ...]

    @cached_property
    def region(self) -> str | None:
        """The most specific region its tellings name."""
        codes = {t.mention.region_code for t in self.tellings if t.mention.region_code}
        return max(codes, key=lambda code: (len(code), code), default=None)

    @cached_property
    def focus(self) -> frozenset[str]:
        return frozenset[str]().union(*(t.focus for t in self.tellings))

    @cached_property
    def body(self) -> frozenset[str]:
        return frozenset[str]().union(*(t.body for t in self.tellings if not t.several))


@dataclass(frozen=True, slots=True)
class Match:
    """The case a telling joins, or None: it opens one of its own."""

    case_id: int | None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Bid:
    """How well a case fits a telling it does not shut out."""

    who: Sureness
    points: float
    needed: float
    reasons: tuple[str, ...]


def join(telling: Telling, cases: Sequence[OpenCase]) -> Match:
    """Which of the open cases a telling belongs to.

    Deterministic: the best fit wins, among equals the oldest case.
    """
    fitting = fits(telling, cases)
    if not fitting:
        return Match(None, ("tidak ada kasus terbuka dengan tempat, pelaku, dan perbuatan sama",))
    return fitting[0]


def fits(telling: Telling, cases: Sequence[OpenCase]) -> list[Match]:
    """All open cases that a telling could belong to, the best first."""
    near = [case for case in cases if _same_place(telling, case) and _in_time(telling, case)]
    seen_elsewhere = _word_counts(near)
    bids = [
        (bid.points - bid.needed, -case.id, bid)
        for case in near
        if (bid := _bid(telling, case, seen_elsewhere, alone=_alone(telling, case, near)))
        and bid.points >= bid.needed
    ]
    bids.sort(key=lambda entry: entry[:2], reverse=True)
    return [Match(-negative_id, bid.reasons) for _, negative_id, bid in bids]


# --- where and when


def _same_place(telling: Telling, case: OpenCase) -> bool:
    one, other = telling.mention.region_code, case.region
    if one is None or other is None:
        return True
    one, other = one[:REGION_WIDTH], other[:REGION_WIDTH]
    return one.startswith(other) or other.startswith(one)


def _in_time(telling: Telling, case: OpenCase) -> bool:
    return _days_apart(telling, case) <= _POINTS["gone_days"]


def _days_apart(telling: Telling, case: OpenCase) -> int:
    """Days to the nearest telling of the case; none where a time is not known."""
    if telling.told_at is None:
        return 0
    return min(
        (abs((telling.told_at - t.told_at).days) for t in case.tellings if t.told_at), default=0
    )


# --- who


def _who(telling: Telling, case: OpenCase) -> tuple[Sureness, str] | None:
    """How sure it is that the case speaks of the same person; None where it does not.

    A case may know several persons who acted together: one who fits is enough.
    """
    names = [likeness(telling.name, t.name) for t in case.tellings]
    best = max(names)
    if best is Likeness.SAME:
        return "sure", f"nama sama: {telling.name}"
    if best >= Likeness.INITIALS:
        return _by_part(
            telling, [t for t, n in zip(case.tellings, names, strict=True) if n is best], best
        )
    if best is Likeness.DIFFERENT or Likeness.DIFFERENT in names:
        return None
    return _by_office(telling, case)


def _by_part(
    telling: Telling, fitting: Sequence[Telling], name: Likeness
) -> tuple[Sureness, str] | None:
    """Where part of a name or initials fit: the office says whether it may be that person."""
    place = max(fit(telling.office, t.office) for t in fitting)
    if place >= Fit.TITLE:
        return "sure", f"nama atau inisial dan jabatan cocok: {telling.name}"
    if place is Fit.UNKNOWN:
        return "likely", f"nama atau inisial cocok: {telling.name}"
    # A kecamatan goes by the name of its town, too: the name decides where it is told.
    if name is Likeness.PART and telling.office.title in {t.office.title for t in fitting}:
        return "possible", f"nama serupa: {telling.name}"
    return None


def _by_office(telling: Telling, case: OpenCase) -> tuple[Sureness, str] | None:
    """The same, where no two names can be compared."""
    places = {fit(telling.office, t.office) for t in case.tellings}
    position = telling.mention.actor.position or telling.mention.actor.agency
    if Fit.SAME in places:
        return "likely", f"jabatan sama: {position}"
    if Fit.UNIT in places:
        return "near", f"unit sama: {position}"
    if Fit.DIFFERENT in places:
        return None
    if any(_names_actor(telling, t) or _names_actor(t, telling) for t in case.tellings):
        return "likely", "nama pelaku disebut dalam kedua tulisan"
    if Fit.OTHER in places:
        return "other", f"jabatan lain: {position}"
    if Fit.TITLE in places and telling.office.holders in OWN_OFFICE:
        return "titled", f"sebutan jabatan sama: {position}"
    if telling.names_nobody:
        return "nobody", "pelaku belum disebut"
    return "possible", "pelaku tidak bertentangan"


def _names_actor(telling: Telling, other: Telling) -> bool:
    """Whether the text of one names the actor of the other in full."""
    words = name_words(other.name)
    return len(words) > 1 and telling.named.issuperset(words)


def _alone(telling: Telling, case: OpenCase, near: Sequence[OpenCase]) -> bool:
    """Whether no other case could be meant, going by the person."""
    return all(other.id == case.id or _who(telling, other) is None for other in near)


# --- what


def _bid(telling: Telling, case: OpenCase, seen: Counter[str], *, alone: bool) -> _Bid | None:
    if telling.mention.subject != case.tellings[0].mention.subject:
        return None
    if any(_one_passage(telling, other) for other in case.tellings):
        return _Bid("sure", _POINTS["words_at_most"], 0.0, ("bagian yang sama dari satu tulisan",))
    if any(_answers(telling, other) or _answers(other, telling) for other in case.tellings):
        return _Bid("likely", _POINTS["words_at_most"], 0.0, ("tanggapan atas tulisan itu",))
    known = _who(telling, case)
    if known is None:
        return None
    who, why = known
    counted = [*_words(telling, case, seen), *_facts(telling, case)]
    points = sum(value for value, _ in counted)
    needed = _NEEDED[who]
    if telling.mention.region_code is None or case.region is None:
        needed = max(needed, _NEEDED["elsewhere"] if who != "sure" else needed)
    elif alone and who in ("sure", "likely") and _follows_up(telling, case):
        needed = _FOLLOW_UP["needed"]
    return _Bid(who, points, needed, (why, *(reason for _, reason in counted)))


def _one_passage(one: Telling, other: Telling) -> bool:
    """Whether one article tells two mentions together: in the same words, or as one act of
    several persons ("lima ASN"), one of whom is named where the other's act is told."""
    if one.article_id != other.article_id:
        return False
    a, b = one.mention, other.mention
    if not one.several or (a.start < b.end and b.start < a.end):
        return True
    return _names_actor(one, other) or _names_actor(other, one)


def _answers(one: Telling, other: Telling) -> bool:
    """Whether a post that names nobody stands below what tells the one event of the other: whoever
    writes "I saw him do it" there speaks of the one who is named above."""
    return one.names_nobody and not other.several and not one.answers.isdisjoint(other.known_as)


def _follows_up(telling: Telling, case: OpenCase) -> bool:
    """Whether the later of the two tells how the act was dealt with.

    A new allegation against somebody who is being examined is a new act instead.
    """
    if _days_apart(telling, case) > _FOLLOW_UP["days"]:
        return False
    if _comes_first(telling, case):
        return any(t.handled for t in case.tellings)
    return telling.handled


def _comes_first(telling: Telling, case: OpenCase) -> bool:
    """Whether a telling that arrives late was published before all the case has."""
    told = [t.told_at for t in case.tellings if t.told_at]
    return bool(telling.told_at and told and telling.told_at < min(told))


def _words(telling: Telling, case: OpenCase, seen: Counter[str]) -> list[tuple[float, str]]:
    """Points for telling words in common with the one report of the case that has most.

    A word that other cases have as well counts less.
    """
    points, shown = max(_shared_words(telling, other, seen) for other in case.tellings)
    if not points:
        return []
    return [(min(points, _POINTS["words_at_most"]), f"kata yang sama: {', '.join(shown)}")]


def _shared_words(
    telling: Telling, other: Telling, seen: Counter[str]
) -> tuple[float, tuple[str, ...]]:
    names = {*name_words(telling.name), *name_words(other.name)}
    names |= telling_words(" ".join(telling.office.unit))
    mine = frozenset[str]() if telling.several else telling.body
    theirs = frozenset[str]() if other.several else other.body
    if _other_forms(telling.mention.skb_forms, other.mention.skb_forms):
        # A later text tells of earlier acts as background; what is only there does not count.
        if (telling.told_at or _NEVER) < (other.told_at or _NEVER):
            theirs = frozenset()
        else:
            mine = frozenset()
    close = (telling.focus & other.focus) - names
    loose = ((telling.focus & theirs) | (mine & other.focus)) - names - close
    far = (mine & theirs) - names - close - loose
    points = sum(
        _POINTS[weight] / max(1, seen[word])
        for weight, words in (("word", close), ("body_word", loose), ("far_word", far))
        for word in words
    )
    return points, tuple(sorted(close or loose or far)[:6])


def _word_counts(cases: Sequence[OpenCase]) -> Counter[str]:
    """In how many of the cases a word stands."""
    return Counter(word for case in cases for word in case.focus | case.body)


def _forms(case: OpenCase) -> frozenset[int]:
    return frozenset(form for t in case.tellings for form in t.mention.skb_forms)


def _other_forms(one: Iterable[int], other: Iterable[int]) -> bool:
    """Whether the forms are such that one act would not be told as both."""
    mine, theirs = frozenset(one), frozenset(other)
    if not mine or not theirs or mine & theirs:
        return False
    return not any(near & mine and near & theirs for near in _NEAR_FORMS)


def _facts(telling: Telling, case: OpenCase) -> list[tuple[float, str]]:
    mention, others = telling.mention, [t.mention for t in case.tellings]
    counted: list[tuple[float, str]] = []
    forms = _forms(case)
    if _other_forms(mention.skb_forms, forms):
        counted.append((_POINTS["other_form"], "bentuk pelanggaran lain"))
    elif forms.intersection(mention.skb_forms):
        counted.append((_POINTS["same_form"], "bentuk pelanggaran sama"))
    # Of how an act was dealt with, the day that is told is often that of the hearing.
    days = {t.mention.act_date for t in case.tellings if t.mention.act_date and not t.handled}
    if mention.act_date and days and not telling.handled:
        apart = min(abs((mention.act_date - day).days) for day in days)
        key = {0: "same_day", 1: "next_day"}.get(apart, "other_day")
        counted.append((_POINTS[key], f"tanggal peristiwa berselisih {apart} hari"))
    sides = {_side(other.beneficiary) for other in others} - {""}
    if sides and (side := _side(mention.beneficiary)):
        same = side in sides
        counted.append(
            (_POINTS["same_side" if same else "other_side"], f"calon {'sama' if same else 'lain'}")
        )
    if any(t.article_id == telling.article_id for t in case.tellings):
        counted.append((_POINTS["same_article"], "dalam tulisan yang sama"))
    apart = _days_apart(telling, case)
    if apart <= _POINTS["soon_days"]:
        counted.append((_POINTS["soon"], "terbit berdekatan"))
    elif apart > _POINTS["late_days"] and not telling.handled:
        counted.append((_POINTS["late"], f"terbit berselisih {apart} hari"))
    return counted


def _side(beneficiary: str) -> str:
    """Who gains, by the ballot number where one is told; else nothing that can be compared."""
    number = re.search(r"(?:nomor(?: urut)?|no\.?|nmr|paslon)\s*0*(\d{1,2})\b", beneficiary.lower())
    return number[1] if number else ""
