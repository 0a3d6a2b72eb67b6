"""The judgement: does an article report a civil servant's act of partisanship?

``Judge`` is the one thing other rooms call. It reads sentences and frames, lets the trained
linear models weigh them, and writes down for each act who, what, for whom, how far and why.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Self

from extract.entities import Recogniser
from extract.entities.regions import government
from extract.gate import Gate
from extract.law import load as load_law
from extract.mentions.dates import act_date
from extract.mentions.details import answer, beneficiary, stage_by
from extract.mentions.features import (
    HEAD,
    form_features,
    frame_features,
    logit,
    text_features,
    whoever,
)
from extract.mentions.frames import ACTING, Frame
from extract.mentions.letters import Letters
from extract.mentions.lexicon import groups
from extract.mentions.model import Linear, load, scaled
from extract.mentions.nets import Nets
from extract.mentions.reading import Reading, read_article
from extract.mentions.reasons import mention_reasons, text_reasons
from extract.mentions.stage import stage_of
from extract.mentions.who import SUBJECTS, accused, actor, completed, referred
from extract.mentions.words import word_set
from pantau.records import NO_NAME, Actor, Article, Judgement, Mention, Subject

MODEL = Path(__file__).parent / "data" / "model.npz"
NETS = Path(__file__).parent / "data" / "nets.bin"
LETTERS = Path(__file__).parent / "data" / "letters.npz"
ASN: Subject = "asn"
NONE = "none"
MIN_FRAME = 0.25
"""A frame weaker than this is no mention beside the text's best one."""
OTHER_SUBJECT = 0.4
"""From this probability on the act of somebody who is not ASN is kept as a mention."""
SECOND_FORM = 0.5
MAX_MENTIONS = 6
SHORT = 3
TITLE_GIVES_WAY = 0.4
PROVINCE = 2
"""Length of a province's code."""
LOCAL = re.compile(r"(?:Kantor )?(?:Kecamatan|Camat|Kelurahan|Distrik|Kapanewon|Kemantren)\b", re.I)
"""Offices without staff of their own: who serves there is the regional government's."""
HANDLERS = tuple(sorted(word_set("handlers")))


class Judge:
    """Judges articles; holds the models and the recogniser, no state between articles."""

    def __init__(
        self,
        recogniser: Recogniser,
        models: dict[str, Linear],
        nets: Nets,
        letters: Letters,
        numbers: dict[str, float],
        threshold: float,
    ) -> None:
        self._recogniser = recogniser
        self._models = models
        self._nets = nets
        self._letters = letters
        self._gate = Gate.load()
        self._numbers = numbers
        self._threshold = threshold

    @classmethod
    def load(cls, *, threshold: float = 0.5, candidates: Path | None = None) -> Self:
        """``threshold`` is the calibrated score from which an article counts as a likely
        violation; ``candidates`` a table of candidates for the recogniser."""
        models, numbers = load(MODEL)
        return cls(
            Recogniser.load(candidates),
            models,
            Nets.load(NETS),
            Letters.load(LETTERS),
            numbers,
            threshold,
        )

    def judge(self, article: Article) -> Judgement:
        """What ``article`` says about acts of partisanship."""
        reading = read_article(article, self._recogniser)
        scores = self.frame_scores(reading)
        shares = self.subject_shares(reading, scores)
        score = self.calibrated(reading, logit(shares[ASN]))
        if _refuted(reading.frames) or (
            kind_of(reading) == "long" and not self._gate.of_election(reading.text)
        ):
            score = min(score, self._threshold / 2)
        decision = "likely_violation" if score >= self._threshold else "none"
        mentions = self._mentions(article, reading, scores, shares, score)
        if decision == "likely_violation" and not any(m.subject == ASN for m in mentions):
            decision = "none"
        return Judgement(
            id=article.id,
            decision="likely_violation" if decision == "likely_violation" else "none",
            score=round(score, 4),
            mentions=mentions,
            entities=tuple(reading.entities),
            region_codes=tuple(reading.region_codes),
            reasons=text_reasons(reading.frames, self._models["text"]),
        )

    def pipe(self, articles: Iterable[Article]) -> Iterator[Judgement]:
        """One judgement for each article, in order, holding one article at a time."""
        for article in articles:
            yield self.judge(article)

    def frame_scores(self, reading: Reading) -> list[float]:
        """For each frame the probability that it tells an ASN's act."""
        model = self._models["frame"]
        return [
            0.0
            if frame.sentence.noise
            else model.probabilities(scaled(frame_features(reading.frames, index)))["1"]
            for index, frame in enumerate(reading.frames)
        ]

    def subject_shares(self, reading: Reading, scores: Sequence[float]) -> dict[str, float]:
        """For each subject, ``asn`` and ``none`` among them, the probability that the text
        reports such a one's act."""
        return self._models["text"].probabilities(scaled(text_features(reading, scores)))

    def calibrated(self, reading: Reading, linear: float) -> float:
        """The three votes as one probability, by weights fitted on texts the voters had not seen;
        each kind of text (see ``kind_of``) has its own shift."""
        n = self._numbers
        total = (
            n["linear"] * linear
            + n["nets"] * self._nets.logit(reading.frames)
            + n["letters"] * self._letters.logit(reading.frames)
            + n[kind_of(reading)]
        )
        return 1 / (1 + math.exp(-total))

    def _mentions(
        self,
        article: Article,
        reading: Reading,
        scores: Sequence[float],
        shares: dict[str, float],
        score: float,
    ) -> tuple[Mention, ...]:
        mentions: list[Mention] = []
        if score >= min(self._threshold, 0.5) / 2:
            picked = _best_frames(reading, scores)
            top = max((scores[index] for index, _ in picked), default=1.0)
            mentions += [
                self._mention(
                    article,
                    reading,
                    index,
                    subject=ASN,
                    who=who,
                    score=score * scores[index] / top,
                    stands=score >= self._threshold,
                )
                for index, who in picked
            ]
        for group, subject in SUBJECTS.items():
            if shares.get(subject, 0.0) >= OTHER_SUBJECT:
                index = _frame_of(group, reading.frames, scores)
                if index is not None:
                    who = actor(reading.frames[index], reading.persons, article.full_text)
                    mentions.append(
                        self._mention(
                            article,
                            reading,
                            index,
                            subject=subject,
                            who=who,
                            score=shares[subject],
                            stands=False,
                        )
                    )
        return tuple(sorted(mentions, key=lambda m: m.start)[:MAX_MENTIONS])

    def _mention(
        self,
        article: Article,
        reading: Reading,
        index: int,
        *,
        subject: Subject,
        who: Actor,
        score: float,
        stands: bool,
    ) -> Mention:
        """``stands``: the text as a whole counts as a likely violation, so no matter how a
        side remark sounds, its case is not dismissed."""
        frames = reading.frames
        sentence = frames[index].sentence
        published = article.published.date() if article.published else None
        day = act_date(
            sentence.text,
            near=_around(frames, index),
            published=published,
        )
        region = reading.region_at(sentence.start)
        if subject == ASN:
            who = _made_out(reading, index, who)
            if region and len(region) == PROVINCE:
                region = next((c for c in reading.region_codes if c[:2] == region != c), region)
        if subject == ASN and region and (not who.agency or LOCAL.match(who.agency)):
            who = replace(who, agency=government(region))
        stage = stage_of(frames, self._models["stage"], stands=stands)
        forms = self._forms(frames, index)
        law = load_law()
        denied, says = answer(frames, [who.name, *who.position.split()[:1]])
        day_of_phase = day or published
        return Mention(
            sentence=sentence.text,
            start=sentence.start,
            end=sentence.end,
            subject=subject,
            actor=who,
            act=law.forms[forms[0]].act,
            skb_forms=forms,
            act_date=day,
            beneficiary=beneficiary(frames, index),
            region_code=region,
            stage=stage,
            stage_by=stage_by(stage, frames, _outward(index, len(frames))),
            denied=denied,
            answer=says,
            phase=law.phase(day_of_phase, region).text if day_of_phase else "",
            score=round(score, 4),
            reasons=mention_reasons(frames, index, self._models["frame"]),
        )

    def _forms(self, frames: Sequence[Frame], index: int) -> tuple[int, ...]:
        """The likeliest form first, then others that are likely too."""
        logits = self._models["form"].logits(scaled(form_features(frames, index)))
        forms = [int(name) for name in self._models["form"].classes]
        order = sorted(range(len(forms)), key=lambda i: (-logits[i], i))
        extra = math.log(SECOND_FORM / (1 - SECOND_FORM))
        return (forms[order[0]], *(forms[i] for i in order[1:3] if logits[i] > extra))


def kind_of(reading: Reading) -> str:
    """``post``, ``short`` (a headline or summary) or ``long``."""
    if reading.kind == "post":
        return "post"
    body = sum(not f.sentence.noise for f in reading.frames)
    return "short" if body <= SHORT else "long"


def _refuted(frames: Sequence[Frame]) -> bool:
    """Whether the head of the text says that it was not so (dismissed, abroad ...), or all its
    acts are those of whoever may do such a thing."""
    table = groups()
    body = [f for f in frames if not f.sentence.noise]
    if any(table[g].veto for f in body[:HEAD] for g in f.sentence.groups):
        return True
    acting = [f for f in body if f.acts]
    return bool(acting) and all(whoever(f) for f in acting)


def _best_frames(reading: Reading, scores: Sequence[float]) -> list[tuple[int, Actor]]:
    """The strongest frame of each actor, strongest first; at least one where any sentence is.

    The title gives way to a sentence of the body that tells the act too. Where somebody is named,
    an unnamed actor ("seorang camat") is taken for the same and leaves its frame to the named one.
    Somebody of an office that handles such cases is taken only where nobody else is told of.
    """
    order = sorted(
        (i for i, f in enumerate(reading.frames) if not f.sentence.noise),
        key=lambda i: (-(scores[i] - TITLE_GIVES_WAY * reading.frames[i].sentence.is_title), i),
    )
    chosen: dict[str, tuple[int, Actor]] = {}
    unnamed: tuple[int, Actor] | None = None
    handling: tuple[int, Actor] | None = None
    for index in order:
        frame = reading.frames[index]
        if (chosen or unnamed) and (
            scores[index] < MIN_FRAME or frame.sentence.is_title or not _doing(frame)
        ):
            continue
        who = actor(frame, reading.persons, reading.text)
        if who.name == NO_NAME:
            unnamed = unnamed or (index, who)
        elif _official(who):
            handling = handling or (index, who)
        elif who.name not in chosen:
            chosen[who.name] = (index, who)
    if unnamed and chosen:
        first, (index, who) = next(iter(chosen.items()))
        if scores[unnamed[0]] > scores[index] and not reading.frames[unnamed[0]].sentence.is_title:
            chosen[first] = (unnamed[0], who)
    return list(chosen.values()) or [one for one in (unnamed or handling,) if one is not None]


def _made_out(reading: Reading, index: int, who: Actor) -> Actor:
    """``who`` acts in the sentence at ``index``, made out from the sentences around it where the
    sentence itself names nobody, somebody who is no civil servant, or a bare name."""
    frames, persons, text = reading.frames, reading.persons, reading.text
    order = _outward(index, len(frames))
    party = frames[index].actor
    if party is None or party.group in SUBJECTS:
        return accused(frames, order, persons, text)
    if who.name == NO_NAME:
        named = referred(frames[index], frames[:index], persons, text)
        return named if named.name != NO_NAME else who
    return completed(who, frames, order, persons, text)


def _doing(frame: Frame) -> bool:
    """Whether the frame's actor is a civil servant who does something, not a speaker."""
    who = frame.actor
    return who is not None and who.group in ACTING and not who.speaks and not who.former


def _official(who: Actor) -> bool:
    """Whether the office is one that handles such cases, and so rather speaks of another's."""
    office = f"{who.position} {who.agency}".lower()
    return any(word in office for word in HANDLERS)


def _frame_of(group: str, frames: Sequence[Frame], scores: Sequence[float]) -> int | None:
    """The frame that most likely tells the act of a party of ``group``."""
    able = [
        i
        for i, f in enumerate(frames)
        if f.actor is not None and f.actor.group == group and not f.sentence.noise
    ]
    return max(able, key=lambda i: (bool(frames[i].acts), scores[i], -i)) if able else None


def _around(frames: Sequence[Frame], index: int) -> list[str]:
    """The other sentences of the body, the nearest to the one at ``index`` first."""
    return [
        frames[i].sentence.text
        for i in _outward(index, len(frames))
        if i != index and not frames[i].sentence.noise and not frames[i].sentence.is_title
    ]


@lru_cache(maxsize=256)
def _outward(index: int, count: int) -> tuple[int, ...]:
    """All places, nearest to ``index`` first."""
    return tuple(sorted(range(count), key=lambda i: (abs(i - index), i)))
