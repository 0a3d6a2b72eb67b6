"""The judgement: does an article report a civil servant's act of partisanship?

``Judge`` is the one thing other rooms call. It reads sentences and frames, lets the trained
linear models weigh them, and writes down for each act who, what, for whom, how far and why.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Self

from extract.entities import Recogniser
from extract.law import load as load_law
from extract.mentions.dates import act_date
from extract.mentions.details import answer, beneficiary, stage_by
from extract.mentions.features import (
    form_features,
    frame_features,
    logit,
    stage_features,
    text_features,
)
from extract.mentions.frames import ACTING, Frame
from extract.mentions.model import Linear, load, scaled
from extract.mentions.nets import Nets
from extract.mentions.reading import Reading, read_article
from extract.mentions.reasons import mention_reasons, text_reasons
from extract.mentions.who import SUBJECTS, actor
from pantau.records import STAGES, Actor, Article, Judgement, Mention, Stage, Subject

MODEL = Path(__file__).parent / "data" / "model.npz"
NETS = Path(__file__).parent / "data" / "nets.bin"
ASN = "asn"
NONE = "none"
MIN_FRAME = 0.25
"""A frame weaker than this is no mention beside the text's best one."""
OTHER_SUBJECT = 0.4
"""From this probability on the act of somebody who is not ASN is kept as a mention."""
SECOND_FORM = 0.5
MAX_MENTIONS = 6


class Judge:
    """Judges articles; holds the models and the recogniser, no state between articles."""

    def __init__(
        self,
        recogniser: Recogniser,
        models: dict[str, Linear],
        nets: Nets,
        numbers: dict[str, float],
        threshold: float,
    ) -> None:
        self._recogniser = recogniser
        self._models = models
        self._nets = nets
        self._numbers = numbers
        self._threshold = threshold

    @classmethod
    def load(cls, *, threshold: float = 0.5, candidates: Path | None = None) -> Self:
        """``threshold`` is the calibrated score from which an article counts as a likely
        violation; ``candidates`` a table of candidates for the recogniser."""
        models, numbers = load(MODEL)
        return cls(Recogniser.load(candidates), models, Nets.load(NETS), numbers, threshold)

    def judge(self, article: Article) -> Judgement:
        """What ``article`` says about acts of partisanship."""
        reading = read_article(article, self._recogniser)
        scores = self.frame_scores(reading)
        shares = self.subject_shares(reading, scores)
        score = self.calibrated(logit(shares[ASN]), self._nets.logit(reading.frames))
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

    def calibrated(self, linear: float, nets: float) -> float:
        """The two log odds as one probability, by weights fitted on the corpus' tune part."""
        n = self._numbers
        return 1 / (1 + math.exp(-(n["linear"] * linear + n["nets"] * nets + n["shift"])))

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
            mentions += [
                self._mention(
                    article, reading, i, ASN, who, score * scores[i] / scores[picked[0][0]]
                )
                for i, who in picked
            ]
        for group, subject in SUBJECTS.items():
            if shares.get(subject, 0.0) >= OTHER_SUBJECT:
                index = _frame_of(group, reading.frames, scores)
                if index is not None:
                    who = actor(reading.frames[index], reading.persons, article.full_text)
                    mentions.append(
                        self._mention(article, reading, index, subject, who, shares[subject])
                    )
        return tuple(sorted(mentions, key=lambda m: m.start)[:MAX_MENTIONS])

    def _mention(
        self,
        article: Article,
        reading: Reading,
        index: int,
        subject: Subject,
        who: Actor,
        score: float,
    ) -> Mention:
        frames = reading.frames
        sentence = frames[index].sentence
        near = " ".join(f.sentence.text for f in frames[index + 1 : index + 2])
        published = article.published.date() if article.published else None
        day = act_date(sentence.text, near=near, published=published)
        region = reading.region_at(sentence.start)
        stage = self._stage(frames)
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

    def _stage(self, frames: Sequence[Frame]) -> Stage:
        shares = self._models["stage"].probabilities(scaled(stage_features(frames)))
        return max(STAGES, key=lambda stage: shares.get(stage, 0.0))

    def _forms(self, frames: Sequence[Frame], index: int) -> tuple[int, ...]:
        """The likeliest form first, then others that are likely too."""
        logits = self._models["form"].logits(scaled(form_features(frames, index)))
        forms = [int(name) for name in self._models["form"].classes]
        order = sorted(range(len(forms)), key=lambda i: (-logits[i], i))
        extra = math.log(SECOND_FORM / (1 - SECOND_FORM))
        return (forms[order[0]], *(forms[i] for i in order[1:3] if logits[i] > extra))


def _best_frames(reading: Reading, scores: Sequence[float]) -> list[tuple[int, Actor]]:
    """The strongest frame of each actor, strongest first; at least one where any sentence is."""
    chosen: dict[str, tuple[int, Actor]] = {}
    for index in sorted(range(len(scores)), key=lambda i: (-scores[i], i)):
        frame = reading.frames[index]
        if frame.sentence.noise or (chosen and scores[index] < MIN_FRAME):
            continue
        if chosen and (
            frame.actor is None or frame.actor.group not in ACTING or frame.actor.speaks
        ):
            continue
        who = actor(frame, reading.persons, reading.text)
        key = who.name if who.name != Actor().name else who.position.lower()
        anonymous = who.name == Actor().name
        if chosen and (anonymous or key in chosen):
            continue
        chosen[key] = (index, who)
    return list(chosen.values())


def _frame_of(group: str, frames: Sequence[Frame], scores: Sequence[float]) -> int | None:
    """The frame that most likely tells the act of a party of ``group``."""
    able = [
        i
        for i, f in enumerate(frames)
        if f.actor is not None and f.actor.group == group and not f.sentence.noise
    ]
    return max(able, key=lambda i: (bool(frames[i].acts), scores[i], -i)) if able else None


@lru_cache(maxsize=256)
def _outward(index: int, count: int) -> tuple[int, ...]:
    """All places, nearest to ``index`` first."""
    return tuple(sorted(range(count), key=lambda i: (abs(i - index), i)))
