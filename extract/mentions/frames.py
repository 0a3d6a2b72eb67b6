"""Frames: who is said to act in each sentence, and whether that one is a civil servant.

A frame is a sentence seen as an act somebody may have done: its acting party (found in the
sentence, or carried over from an earlier one through a pronoun or a name), what kind of party
that is, whether it merely speaks, and the cues around it. Frames propose; they decide nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from extract.mentions.sentences import Cue, Sentence
from extract.mentions.words import word_set

PARTIES = (
    "place",
    "family",
    "candidate_person",
    "contract",
    "village",
    "security",
    "elected",
    "party_side",
    "election_staff",
    "asn_office",
    "lurah",
    "asn_status",
    "watchdog",
    "institution",
)
"""Actor groups; of matches of equal length at one place the earlier in this list wins."""
DIY_VILLAGE = frozenset({"34", "34.01", "34.02", "34.03", "34.04"})
"""Regions whose lurah head a kalurahan, a village (Kota Yogyakarta's, 34.71, are ASN)."""
ACTING = frozenset({"asn_office", "lurah", "asn_status", "institution"})
OTHERS = {
    "village": "village_official",
    "security": "security",
    "elected": "elected_official",
    "contract": "contract_staff",
}
GENERIC_LEADS = word_set("generic_leads")
PARTICULAR_WAYS = frozenset({"named", "pointed", "bare"})
PARTICULAR = word_set("particular")
FORMER = word_set("former")
KIN = word_set("kin")
KIN_LINKS = word_set("kin_links")
BESIDE = frozenset({"party_side", "election_staff", "candidate_person"})
"""Parties that act where they open a sentence in which no other is able to."""
OPENING = 1
SPEECH_REACH = 2
CARRY = 8
"""How many sentences an actor is remembered without being named again."""


@dataclass(frozen=True, slots=True)
class Party:
    """A party named in a sentence."""

    group: str
    first: int
    last: int
    start: int
    end: int
    text: str
    particular: bool
    """Named, counted or pointed at, not ASN in general."""
    former: bool
    speaks: bool
    how: str = "bare"
    """``named`` with a name beside it, ``pointed`` at (oknum, seorang, itu), ``plural`` or
    ``bare``."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A sentence with its acting party."""

    sentence: Sentence
    parties: tuple[Party, ...]
    actor: Party | None
    """The likely doer among ``parties``, or carried over."""
    carried: int = 0
    """How many sentences back the actor was named; 0 for this one."""
    acts: tuple[Cue, ...] = ()


def frames(
    sentences: Sequence[Sentence],
    *,
    regions: Iterable[str] = (),
    persons: Sequence[tuple[int, int, str, str]] = (),
) -> list[Frame]:
    """One frame for each sentence.

    ``regions`` are the codes of the article's regions, most specific first; ``persons`` are
    ``(start, end, group, name)`` of the names found, with the actor group of their bearer.
    """
    diy = _village_lurah(sentences, regions)
    found: list[Frame] = []
    last: Party | None = None
    last_at = 0
    for sentence in sentences:
        parties = _parties(sentence, diy=diy, persons=persons)
        acts = tuple(sentence.of_kind("acts")) if not sentence.noise else ()
        actor = _doer(parties, acts)
        carried = 0
        if actor is None and last is not None and sentence.number - last_at <= CARRY:
            actor, carried = last, sentence.number - last_at
        elif _remembered(actor, last):
            last, last_at = actor, sentence.number
        found.append(Frame(sentence, parties, actor, carried, acts))
    return found


def _remembered(actor: Party | None, last: Party | None) -> bool:
    """Whether a later "ia" may mean this actor."""
    if actor is None or actor.speaks or actor.group in BESIDE:
        return False
    return actor.particular or last is None


def _village_lurah(sentences: Sequence[Sentence], regions: Iterable[str]) -> bool:
    codes = list(regions)
    if codes:
        return codes[0] in DIY_VILLAGE
    words = {word for sentence in sentences for word in sentence.lower}
    signs = {"kapanewon", "kalurahan", "sleman", "bantul", "gunungkidul", "kulonprogo", "dukuh"}
    return not words.isdisjoint(signs) and "kemantren" not in words


def _parties(
    sentence: Sentence, *, diy: bool, persons: Sequence[tuple[int, int, str, str]]
) -> tuple[Party, ...]:
    """Non-overlapping parties of a sentence, the longest match first."""
    cues = [cue for cue in sentence.cues if cue.group in PARTIES]
    cues.sort(key=lambda c: (-(c.last - c.first), PARTIES.index(c.group), c.first))
    taken: set[int] = set()
    chosen: list[Party] = []
    for cue in cues:
        span = set(range(cue.first, cue.last + 1))
        if span & taken:
            continue
        taken |= span
        if cue.group != "place":
            chosen.append(
                _party(sentence, cue, "village" if diy and cue.group == "lurah" else cue.group)
            )
    for start, end, group, _ in persons:
        if sentence.start <= start < sentence.end:
            first = next((i for i, t in enumerate(sentence.tokens) if t.end > start), None)
            if first is None or first in taken:
                continue
            last = max(i for i, t in enumerate(sentence.tokens) if t.start < end)
            taken |= set(range(first, last + 1))
            cue = Cue(group, first, last, start, end)
            chosen.append(_party(sentence, cue, group, particular=True))
    return tuple(sorted(chosen, key=lambda p: p.first))


def _party(sentence: Sentence, cue: Cue, group: str, *, particular: bool = False) -> Party:
    lower = sentence.lower
    before = lower[max(0, cue.first - 2) : cue.first]
    after = lower[cue.last + 1 : cue.last + 3]
    if group in ACTING and _of_kin(before):
        group = "family"
    return Party(
        group=group,
        first=cue.first,
        last=cue.last,
        start=cue.start,
        end=cue.end,
        text=" ".join(t.text for t in sentence.tokens[cue.first : cue.last + 1]),
        particular=particular or _how(sentence, cue, before, after) in PARTICULAR_WAYS,
        former=not FORMER.isdisjoint(before)
        or not FORMER.isdisjoint(lower[cue.first : cue.last + 1]),
        speaks=_speaks(sentence, cue),
        how="named" if particular else _how(sentence, cue, before, after),
    )


def _of_kin(before: list[str]) -> bool:
    """Whether the words before an office make its bearer somebody's relative (``istri camat``)."""
    if not before:
        return False
    return before[-1] in KIN or (len(before) > 1 and before[-1] in KIN_LINKS and before[-2] in KIN)


def _how(sentence: Sentence, cue: Cue, before: list[str], after: list[str]) -> str:
    """How definitely the party is meant."""
    if not GENERIC_LEADS.isdisjoint(before) or any(a.startswith("se-") for a in after):
        return "plural"
    following = sentence.tokens[cue.last + 1 : cue.last + 2]
    if cue.group != "asn_status" and following and following[0].text[:1].isupper():
        return "named"
    if (
        not PARTICULAR.isdisjoint(before)
        or not PARTICULAR.isdisjoint(after)
        or (after and after[0] in {"itu", "ini", "tersebut"})
        or any(
            c.group == "actor_person" and c.first - 1 <= cue.last and c.last + 1 >= cue.first
            for c in sentence.cues
        )
    ):
        return "pointed"
    return "general" if cue.group == "asn_status" else "bare"


def _speaks(sentence: Sentence, cue: Cue) -> bool:
    return any(
        c.group == "speech"
        and (0 < cue.first - c.last <= SPEECH_REACH or 0 < c.first - cue.last <= SPEECH_REACH + 4)
        for c in sentence.cues
    )


def _doer(parties: Sequence[Party], acts: Sequence[Cue]) -> Party | None:
    """The party an act of the sentence most likely belongs to: the nearest before an act, else
    the first that is no watchdog, candidate's side or speaker."""
    able = [p for p in parties if p.group in ACTING or p.group in OTHERS or p.group == "family"]
    if not able:
        return next((p for p in parties if p.group in BESIDE and p.first <= OPENING and acts), None)
    quiet = [p for p in able if not p.speaks] or able
    for act in acts:
        before = [p for p in quiet if p.last < act.first]
        if before:
            particular = [p for p in before if p.particular]
            return (particular or before)[-1]
    return next((p for p in quiet if p.particular), quiet[0])
