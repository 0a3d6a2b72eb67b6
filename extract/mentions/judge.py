"""The judgement: does an article report a civil servant's act of partisanship?

``Judge`` is the one thing other rooms call. It reads sentences and frames, lets the trained
linear models weigh them, and writes down for each act who, what, for whom, how far and why.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Self

from extract.entities import Recogniser
from extract.gate import Gate
from extract.law import load as load_law
from extract.mentions.answers import answer
from extract.mentions.beneficiary import beneficiary
from extract.mentions.dates import act_date
from extract.mentions.deciders import stage_by
from extract.mentions.doers import Doer, doer_at, doers, others_of_recap, outward
from extract.mentions.encoder import Encoder
from extract.mentions.features import (
    HEAD,
    ITEM,
    frame_features,
    logit,
    text_features,
    whoever,
)
from extract.mentions.forms import forms_of, telling
from extract.mentions.frames import Frame
from extract.mentions.letters import Letters
from extract.mentions.lexicon import groups
from extract.mentions.model import Linear, load, scaled
from extract.mentions.place import place_of, tells
from extract.mentions.reading import Reading, read_article
from extract.mentions.reasons import mention_reasons, text_reasons
from extract.mentions.service import Found, agency
from extract.mentions.stage import dismissal, stage_of
from extract.mentions.who import SUBJECTS, actor
from pantau.records import Article, Judgement, Mention, Subject

MODEL = Path(__file__).parent / "data" / "model.npz"
ENCODER = Path(__file__).parent / "data" / "encoder.npz"
LETTERS = Path(__file__).parent / "data" / "letters.npz"
ASN: Subject = "asn"
NOTHING: Mapping[int, float] = MappingProxyType({})
OTHER_SUBJECT = 0.4
"""From this probability on the act of somebody who is not ASN is kept as a mention."""
NEAR_MISS = 0.25
"""Share of the threshold from which a text that is no likely violation shows its mention: it makes
no case, but where a case is told again it belongs to it."""
MAX_MENTIONS = 6
SHORT = 3
LISTED = 5
"""Items of a list from which on it is one of rules."""


class Judge:
    """Judges articles; holds the models and the recogniser, no state between articles."""

    def __init__(
        self,
        recogniser: Recogniser,
        models: dict[str, Linear],
        encoder: Encoder,
        letters: Letters,
        numbers: dict[str, float],
        threshold: float,
    ) -> None:
        self._recogniser = recogniser
        self._models = models
        self._encoder = encoder
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
            Encoder.load(ENCODER),
            Letters.load(LETTERS),
            numbers,
            threshold,
        )

    def judge(self, article: Article) -> Judgement:
        """What ``article`` says about acts of partisanship."""
        reading = read_article(article, self._recogniser)
        scores = self.frame_scores(reading)
        shares = self.subject_shares(reading, scores)
        score = self.calibrated(reading, scores, logit(shares[ASN]))
        if (
            _refuted(reading.frames)
            or _lists_rules(reading.frames, scores)
            or (kind_of(reading) == "long" and not self._gate.of_election(reading.text))
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

    def calibrated(self, reading: Reading, scores: Sequence[float], linear: float) -> float:
        """The three votes as one probability, by weights fitted on texts the voters had not seen;
        each kind of text (see ``kind_of``) has its own shift."""
        n = self._numbers
        total = (
            n["linear"] * linear
            + n["encoder"] * self._encoder.logit(reading, scores)
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
        if score >= NEAR_MISS * min(self._threshold, 0.5):
            picked = doers(reading, scores)
            top = max((scores[doer.index] for doer in picked), default=1.0)
            mentions += [
                self._mention(
                    article,
                    reading,
                    doer,
                    subject=ASN,
                    score=score * scores[doer.index] / top,
                    stands=score >= self._threshold,
                    beside=telling(reading.frames, doer.index, scores)
                    if len(picked) == 1
                    else NOTHING,
                )
                for doer in picked
            ]
        elif (place := dismissal(reading.frames)) is not None:
            told = self._mention(
                article, reading, doer_at(reading, place), subject=ASN, score=score, stands=False
            )
            if told.stage == "dismissed" and told.stage_by:
                mentions.append(told)
                mentions += [
                    self._mention(article, reading, doer, subject=ASN, score=score, stands=True)
                    for doer in others_of_recap(reading, scores, place)
                ]
        for group, subject in SUBJECTS.items():
            if shares.get(subject, 0.0) >= OTHER_SUBJECT:
                index = _frame_of(group, reading.frames, scores)
                if index is not None:
                    frame = reading.frames[index]
                    who = actor(frame, reading.persons, article.full_text)
                    mentions.append(
                        self._mention(
                            article,
                            reading,
                            Doer(index, who, frame.actor),
                            subject=subject,
                            score=shares[subject],
                            stands=False,
                        )
                    )
        return tuple(sorted(mentions, key=lambda m: m.start)[:MAX_MENTIONS])

    def _mention(
        self,
        article: Article,
        reading: Reading,
        doer: Doer,
        *,
        subject: Subject,
        score: float,
        stands: bool,
        beside: Mapping[int, float] = NOTHING,
    ) -> Mention:
        """``stands``: the text as a whole counts as a likely violation, so no matter how a
        side remark sounds, its case is not dismissed. ``beside`` are other sentences that tell
        the act (see ``telling``)."""
        frames, index, who = reading.frames, doer.index, doer.actor
        sentence = frames[index].sentence
        published = article.published.date() if article.published else None
        day = act_date(
            sentence.text,
            near=_around(frames, index),
            published=published,
        )
        region = place_of(reading, doer)
        if subject == ASN:
            found = Found(reading.text, reading.entities)
            home = region if tells(reading, region) else None
            who = replace(who, agency=agency(who, doer.party, found, home))
        stage = stage_of(frames, self._models["stage"], stands=stands)
        forms = forms_of(frames, index, self._models["form"], beside=beside)
        law = load_law()
        denied, says = answer(frames, who)
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
            beneficiary=beneficiary(reading, index, forms=forms, day=day_of_phase),
            region_code=region,
            stage=stage,
            stage_by=stage_by(stage, frames, index),
            denied=denied,
            answer=says,
            phase=law.phase(day_of_phase, region).text if day_of_phase else "",
            score=round(score, 4),
            reasons=mention_reasons(frames, index, self._models["frame"]),
        )


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


def _lists_rules(frames: Sequence[Frame], scores: Sequence[float]) -> bool:
    """Whether what the text tells most clearly is an item of a list of acts without doers of
    their own: of what is forbidden, not of what was done."""
    items = [
        i
        for i, f in enumerate(frames)
        if not f.sentence.noise
        and f.acts
        and ITEM.match(f.sentence.text)
        and (f.actor is None or f.carried or f.actor.group == "asn_status")
    ]
    return len(items) >= LISTED and max(range(len(frames)), key=lambda i: (scores[i], -i)) in items


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
        for i in outward(index, len(frames))
        if i != index and not frames[i].sentence.noise and not frames[i].sentence.is_title
    ]
