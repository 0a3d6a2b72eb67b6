"""What the learner sees of a frame and of a text: named features, each a word or two.

A feature's name says what it is (``act:steering``, ``doer:asn_office``, ``w:membagikan``), so a
weight can be read by a person. Names, places and figures are masked before words are counted:
what is learned must not be who or where.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from extract.mentions.frames import ACTING, PARTICULAR, Frame
from extract.mentions.lexicon import groups
from extract.mentions.reading import Reading
from extract.mentions.sentences import EMOJI, Cue, Sentence
from extract.mentions.words import days_back, numbered, word_set

Features = Counter[str]
FLOOR = 1e-4
ITEM = re.compile(r"\s*(?:[-•*–·]|\(?\d{1,2}[.)]|[a-m][.)])\s+\S")
LONGEST_LIST = 25
NEGATIONS = word_set("negations")
NEGATION_REACH = 3
_DAYS = "|".join(re.escape(day) for day in (*numbered("weekdays", start=0), *days_back()))
_MONTHS = "|".join(numbered("months", start=1))
DATED = re.compile(
    rf"\b(?:{_DAYS}|pekan lalu|tadi)\b|\d{{1,2}}/\d{{1,2}}|\b\d{{1,2}} (?:{_MONTHS})\b",
    re.IGNORECASE,
)
YEAR = re.compile(r"\b(19[4-9]\d|20[0-3]\d)\b")
OLD_YEAR = 2017
"""Acts before this year are history wherever the corpus of watched sources begins."""
FIRST_PERSON = word_set("first_person")
SECOND_PERSON = word_set("second_person")
LEAD = 3
"""How many sentences from the top count as title and lead."""
HEAD = 2
"""How many sentences make the head of a text, where what is not so is said."""
EMPHASIS = 2.0
POINTING = frozenset({"itu", "tersebut", "ini"})
CLAUSE = 14
"""Words within which a clause after "yang" may point at somebody."""
DECIDING = frozenset({"dismissed", "retired", "resigned", "family"})
MUCH = 0.3
FORM_REACH = 3
"""How many sentences around the act's own may tell its form."""
FAR_ACT, FAR_WORD = 0.3, 0.5
"""What an act elsewhere in the text and a word near the act count for the form."""
PROCESS = frozenset({"viral", "reported", "examined", "proven", "dismissed"})
TURNING = frozenset({"ban", "appeal", "conditional", "future", "question", "rule"})


def frame_features(frames: Sequence[Frame], index: int) -> Features:
    """Features of the frame at ``index`` among the frames of its text."""
    frame = frames[index]
    found: Features = Counter()
    here = frame.sentence.groups
    for group in here:
        found[f"c:{group}"] = 1
    around = set(here)
    for offset in (-2, -1, 1):
        place = index + offset
        if 0 <= place < len(frames) and not frames[place].sentence.noise:
            side = "before" if offset < 0 else "after"
            near = frames[place].sentence.groups
            around |= near
            for group in near:
                found[f"{side}:{group}"] = 1
    found.update(_who(frame))
    found.update(_relations(frame, around))
    found.update(_manner(frame.sentence, frame.acts))
    found.update({f"head:{group}": 1 for group in _heading(frames, index)})
    found.update({f"w:{gram}": 1 for gram in grams(frame.sentence)})
    found["quoted"] = int(frame.sentence.quoted)
    found["title"] = int(frame.sentence.is_title)
    return found


def _who(frame: Frame) -> Iterator[str]:
    actor = frame.actor
    if actor is None:
        yield "doer:none"
        return
    yield f"doer:{actor.group}"
    yield f"doer:{'particular' if actor.particular else 'general'}"
    yield f"doer:{actor.how}"
    if actor.speaks:
        yield "doer:speaks"
    if actor.former:
        yield "doer:former"
    if frame.carried:
        yield "doer:carried" if frame.carried < 4 else "doer:far"
    for party in frame.parties:
        yield f"party:{party.group}"
        if party.former:
            yield "party:former"


def _manner(sentence: Sentence, acts: Sequence[Cue]) -> Iterator[str]:
    """How it is told: as an item of a list, in the passive, negated, with a day, a year, a name."""
    lower = sentence.lower
    if ITEM.match(sentence.text):
        yield "manner:item"
    for act in acts:
        if lower[act.first].startswith("di") and len(lower[act.first]) > 4:
            yield f"passive:{act.group}"
        before = lower[max(0, act.first - NEGATION_REACH) : act.first]
        if not NEGATIONS.isdisjoint(before):
            yield "manner:negated"
            yield f"negated:{act.group}"
    if DATED.search(sentence.text):
        yield "manner:dated"
    for year in YEAR.findall(sentence.text):
        yield "year:old" if int(year) < OLD_YEAR else "year:recent"
    if '"' in sentence.text or "“" in sentence.text:
        yield "manner:quotes"
    if not FIRST_PERSON.isdisjoint(lower):
        yield "manner:first person"
    if not SECOND_PERSON.isdisjoint(lower):
        yield "manner:second person"
    if any(word == "X" for word in masked(sentence)):
        yield "manner:names"


def _heading(frames: Sequence[Frame], index: int) -> frozenset[str]:
    """The cues of the line that opens the list this sentence is an item of."""
    if not ITEM.match(frames[index].sentence.text):
        return frozenset()
    for place in range(index - 1, max(-1, index - LONGEST_LIST), -1):
        if not ITEM.match(frames[place].sentence.text):
            return frames[place].sentence.groups
    return frozenset()


def _relations(frame: Frame, around: set[str]) -> Iterator[str]:
    """Conjunctions that a sum of single cues cannot express."""
    actor = frame.actor
    kind = "none" if actor is None else actor.group
    asn = actor is not None and kind in ACTING and not actor.former
    who = "asn" if asn else kind
    particular = asn and actor is not None and actor.particular
    partisan = bool(around & {"candidate", "team", "party", "campaign", "slogan"})
    close = bool(frame.sentence.groups & {"candidate", "team", "party"})
    process = frame.sentence.groups & {"reported", "examined", "proven", "dismissed", "viral"}
    acts = {cue.group for cue in frame.acts}
    for act in acts:
        yield f"{who}+{act}"
        if particular and (close or act == "breach"):
            yield f"particular+{act}+close"
        if partisan:
            yield f"{act}+partisan"
        if asn and partisan:
            yield f"asn+{act}+partisan"
    for stage in process:
        yield f"{who}+{stage}"
        if particular:
            yield f"particular+{stage}"
    if particular and acts and close:
        yield "frame:full"
    elif asn and acts and partisan:
        yield "frame:near"
    turning = _factuality(frame)
    for turn in turning:
        yield f"turn:{turn}"
        yield f"{who}+turn:{turn}"
    if acts and not turning:
        yield f"plain+{who}"
        if particular and (close or "breach" in acts):
            yield "plain+full"


def whoever(frame: Frame) -> bool:
    """Whether the sentence speaks of any such person and what awaits him (``ASN yang ... dapat
    dijatuhi``)."""
    actor, lower = frame.actor, frame.sentence.lower
    if actor is None or frame.carried or "future" not in frame.sentence.groups:
        return False
    if lower[actor.last + 1 : actor.last + 2] != ["yang"]:
        return False
    if not PARTICULAR.isdisjoint(lower[max(0, actor.first - 2) : actor.first]):
        return False
    if not POINTING.isdisjoint(lower[actor.last + 1 : actor.last + CLAUSE]):
        return False
    return actor.group == "asn_status" or actor.how in {"general", "bare"}


def _factuality(frame: Frame) -> set[str]:
    """What turns the sentence's act: cues before it (which hold it in their scope), a negation
    right before it, or that whoever does so is spoken of."""
    table = groups()
    cues: list[Cue] = [
        c
        for c in frame.sentence.cues
        if table[c.group].kind == "factuality" and table[c.group].scope == "sentence"
    ]
    last_act = frame.acts[-1].last if frame.acts else len(frame.sentence.tokens)
    turning = {c.group for c in cues if c.first <= last_act}
    if "manner:negated" in set(_manner(frame.sentence, frame.acts)):
        turning.add("negated")
    if whoever(frame):
        turning.add("whoever")
    return turning


def grams(sentence: Sentence) -> Iterator[str]:
    """Masked words and pairs of adjoining words."""
    before = ""
    for word in masked(sentence):
        yield word
        if before:
            yield f"{before} {word}"
        before = word


def masked(sentence: Sentence) -> Iterator[str]:
    """Lower-case words; figures become ``0``, capitalised words no lexicon knows ``X``.

    In a sentence written in capitals or title case every word is capitalised; there only words
    outside the lexicons' matches that also look like no common word would be masked, which
    cannot be told, so nothing is.
    """
    known: set[int] = set()
    for cue in sentence.cues:
        known.update(range(cue.first, cue.last + 1))
    letters = [t for t in sentence.tokens if t.text[0].isalpha()]
    upper = sum(t.text[0].isupper() for t in letters)
    titled = sentence.is_title or (len(letters) > 3 and upper > 0.6 * len(letters))
    for place, token in enumerate(sentence.tokens):
        text = token.text
        if text[0].isdecimal():
            yield "0"
        elif not text[0].isalpha():
            if ord(text[0]) >= EMOJI or text in '?!"':
                yield text
        elif not titled and place and text[0].isupper() and place not in known:
            yield "X"
        else:
            yield token.forms[-1]


def text_features(reading: Reading, scores: Sequence[float]) -> Features:
    """Features of a whole text: its frames' scores in brief, and what holds for all of it."""
    found: Features = Counter()
    body = [i for i, f in enumerate(reading.frames) if not f.sentence.noise]
    found.update(_score_features([scores[i] for i in body]))
    counts: Counter[str] = Counter()
    for index in body:
        counts.update(set(_text_cues(reading.frames[index])))
    size = max(1, len(body))
    for cue, count in counts.items():
        found[f"t:{cue}"] = 1
        if count > 1:
            found[f"t2:{cue}"] = 1
        if count / size > MUCH:
            found[f"t30:{cue}"] = 1
    found.update(_evidence([reading.frames[i] for i in body]))
    for index in body[:LEAD]:
        frame = reading.frames[index]
        place = "title" if frame.sentence.is_title else "lead"
        found.update({f"{place}:{cue}": 1 for cue in _text_cues(frame)})
        found.update({f"{place[0]}w:{gram}": 1 for gram in grams(frame.sentence)})
    if body:
        best = max(body, key=lambda i: (scores[i], -i))
        found.update(
            {f"b:{n}": 1 for n in frame_features(reading.frames, best) if not n.startswith("w:")}
        )
    for sentence in reading.context:
        found.update({f"context:{group}": 1 for group in sentence.groups})
    found["official account"] = int(reading.official)
    found["post"] = int(reading.kind == "post")
    found[f"length:{min(4, size // 6)}"] = 1
    return found


def _evidence(body: Sequence[Frame]) -> dict[str, float]:
    """What speaks about the text as a whole, given more weight than its parts: cues against it
    at its head (dismissed, hoax, pledge ...) and the kind of its first doer."""
    table = groups()
    against = {n for n, g in table.items() if g.kind == "factuality"} | DECIDING
    found: dict[str, float] = {}
    for frame in body[:HEAD]:
        found.update({f"doc:head:{g}": EMPHASIS for g in frame.sentence.groups & against})
    for frame in body[:LEAD]:
        if (
            frame.actor is not None
            and not frame.carried
            and (frame.acts or frame.sentence.is_title)
        ):
            actor = frame.actor
            kind = "asn" if actor.group in ACTING and not actor.former else actor.group
            found[f"doc:doer:{kind}"] = EMPHASIS
            break
    return found


def _text_cues(frame: Frame) -> Iterator[str]:
    """The frame's cue groups, its doer where named in it, and the conjunctions of the two."""
    yield from frame.sentence.groups
    yield from _manner(frame.sentence, frame.acts)
    if not frame.carried:
        yield from _who(frame)
        yield from _relations(frame, set(frame.sentence.groups))


def _score_features(scores: Sequence[float]) -> dict[str, float]:
    ordered = sorted((logit(s) for s in scores), reverse=True)
    return {
        "score:best": ordered[0] / 3 if ordered else -2.0,
        "score:second": ordered[1] / 3 if len(ordered) > 1 else -1.0,
    }


def logit(share: float) -> float:
    """Log odds, kept finite."""
    share = min(max(share, FLOOR), 1 - FLOOR)
    return math.log(share / (1 - share))


def stage_features(frames: Sequence[Frame]) -> Features:
    """What tells how far a case has come: process cues that are not turned, and their words."""
    found: Features = Counter()
    for frame in frames:
        sentence = frame.sentence
        process = sentence.groups & PROCESS
        if sentence.noise or not process:
            continue
        turned = bool(sentence.groups & TURNING)
        place = "title" if sentence.is_title else "lead" if sentence.number < LEAD else "text"
        for group in process:
            found[f"{place}:{group}"] = 1
            found[f"{'turned' if turned else 'plain'}:{group}"] = 1
            if "watchdog" in sentence.groups:
                found[f"watchdog:{group}"] = 1
        if not turned or place != "text":
            found.update({f"w:{gram}": 1 for gram in grams(sentence)})
    return found


def form_features(frames: Sequence[Frame], index: int) -> Features:
    """What tells the form: acts and words of the sentence, its neighbours and the title."""
    found: Features = Counter()
    found.update({f"w:h {gram}": 1 for gram in grams(frames[index].sentence)})
    for place, frame in enumerate(frames):
        sentence = frame.sentence
        if sentence.noise:
            continue
        for act in frame.acts:
            found.update({f"all:{act.group}": FAR_ACT})
        if place in {0, index - 1, index, index + 1}:
            side = "here" if place == index else "near"
            found.update({f"{side}:{group}": 1 for group in sentence.groups})
            found.update({f"w:{gram}": 1 for gram in grams(sentence)})
        if place != index and abs(place - index) <= FORM_REACH:
            found.update({f"w:n {gram}": FAR_WORD for gram in grams(sentence)})
    return found
