"""What a person mended in an article's judgement, and its return in every later judgement.

A correction names what it is about by the words of the article: an entity by its text, an act
by its sentence. So it finds its place again however the machine cuts the text up next time, and
as long as the article still says those words. Of several about the same thing the last holds.

Rows are added and never changed: who withdraws a correction adds that they did. What the machine
said is kept beside what was mended, so that nothing of a withdrawn correction is left.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, get_args

from sqlalchemy import select
from sqlalchemy.orm import Session

from pantau.errors import PantauError
from pantau.records import NO_NAME, Article, Entity, Judgement, Label, Mention, Reason, Subject
from pantau.state import articles
from pantau.state.accounts import Who
from pantau.state.people_tables import CorrectionRow
from pantau.state.tables import ArticleRow

SAID_SO = "dikoreksi oleh pembaca di Bawaslu"
"""The reason that a judgement gives for what a person mended."""
WITHDRAWN = "withdrawn"
_SUBJECTS: tuple[Subject, ...] = get_args(Subject)


class CorrectionError(PantauError):
    """The article does not say what is to be corrected; the text is Indonesian."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class EntityCorrection:
    """What ``text`` names, wherever it stands in the article."""

    text: str
    label: Label | None
    """None: it names nothing."""
    roles: tuple[str, ...] = ()
    agency: str = ""
    norm: str = ""


@dataclass(frozen=True, slots=True)
class FormCorrection:
    """To which SKB forms the act of a sentence belongs."""

    sentence: str
    forms: tuple[int, ...]
    """None at all: it is no act of partisanship."""


@dataclass(frozen=True, slots=True)
class RegionCorrection:
    """Where the act of a sentence took place; of no sentence: what the whole article is about."""

    code: str | None
    sentence: str = ""


Correction = EntityCorrection | FormCorrection | RegionCorrection
_KINDS: dict[str, type[Correction]] = {
    "entity": EntityCorrection,
    "form": FormCorrection,
    "region": RegionCorrection,
}


@dataclass(frozen=True, slots=True)
class Made:
    """A correction as it was made."""

    id: int
    correction: Correction
    mention: Mention | None
    """Of an act's form: the mention as it stood, to put back where none is found any more."""
    note: str
    at: datetime
    by: str
    withdrawn_at: datetime | None = None
    withdrawn_by: str = ""


def of(session: Session, article_id: str) -> list[Made]:
    """An article's corrections that hold, oldest first."""
    return [one for one in ever(session, article_id) if one.withdrawn_at is None]


def ever(session: Session, article_id: str) -> list[Made]:
    """All corrections of an article, also those that were withdrawn, oldest first."""
    rows = session.scalars(
        select(CorrectionRow)
        .where(CorrectionRow.article_id == article_id)
        .order_by(CorrectionRow.id)
    ).all()
    withdrawn = {row.record[WITHDRAWN]: row for row in rows if row.kind == WITHDRAWN}
    made = []
    for row in rows:
        if row.kind != WITHDRAWN:
            end = withdrawn.get(row.id)
            correction, mention = _from_json(row.kind, row.record)
            made.append(
                Made(
                    id=row.id,
                    correction=correction,
                    mention=mention,
                    note=row.note,
                    at=row.at,
                    by=row.by,
                    withdrawn_at=end.at if end else None,
                    withdrawn_by=end.by if end else "",
                )
            )
    return made


def apply(session: Session, article: Article, judgement: Judgement) -> Judgement:
    """A new judgement with all that was mended by hand before."""
    return corrected(judgement, article.full_text, of(session, article.id))


def add(
    session: Session,
    article_id: str,
    correction: Correction,
    who: Who,
    now: datetime,
    note: str = "",
) -> Judgement:
    """Keep a correction and mend what is held, as a judgement of its own: the desk and the
    index take it up, and what was judged before stays to be read.

    Raises CorrectionError where the article does not say what is corrected.
    """
    row = session.get(ArticleRow, article_id, with_for_update=True)
    if row is None:
        raise CorrectionError("Artikel ini tidak ada.")
    article = articles.to_article(row)
    words = correction.text if isinstance(correction, EntityCorrection) else correction.sentence
    if _place(article.full_text, words) is None:
        raise CorrectionError(f"“{words}” tidak ada dalam artikel ini.")
    held = articles.judgement_of(session, row)
    mention = None
    if isinstance(correction, FormCorrection):
        mention = next(_about(held.mentions, article.full_text, correction.sentence), None)
        if mention is None:
            raise CorrectionError("Kalimat ini belum dicatat sebagai perbuatan.")
    made = CorrectionRow(
        article_id=article_id,
        kind=next(kind for kind, model in _KINDS.items() if isinstance(correction, model)),
        record={
            **asdict(correction),
            "mention": articles.mention_to_json(mention) if mention else None,
        },
        note=note,
        at=now,
        account_id=who.account_id,
        by=who.name,
    )
    session.add(made)
    session.flush()
    return _mend(session, row, article, held)


def withdraw(
    session: Session, article_id: str, correction_id: int, who: Who, now: datetime
) -> Judgement:
    """Take a correction back: what is held becomes what it would be without it.

    Raises CorrectionError where there is none of that number that still holds.
    """
    row = session.get(ArticleRow, article_id, with_for_update=True)
    if row is None or correction_id not in {one.id for one in of(session, article_id)}:
        raise CorrectionError("Perbaikan ini tidak ada, atau sudah ditarik.")
    session.add(
        CorrectionRow(
            article_id=article_id,
            kind=WITHDRAWN,
            record={WITHDRAWN: correction_id},
            at=now,
            account_id=who.account_id,
            by=who.name,
        )
    )
    session.flush()
    held = articles.judgement_of(session, row)
    return _mend(session, row, articles.to_article(row), held)


def _mend(session: Session, row: ArticleRow, article: Article, held: Judgement) -> Judgement:
    mended = corrected(held, article.full_text, of(session, article.id))
    articles.judged_again(session, row, mended)
    return mended


def corrected(judgement: Judgement, text: str, made: Iterable[Made]) -> Judgement:
    """What the machine said of ``text`` with these corrections, oldest first. Pure."""
    machine = judgement.machine or judgement
    judgement = machine
    for one in made:
        match one.correction:
            case EntityCorrection() as entity:
                judgement = _with_entity(judgement, text, entity)
            case FormCorrection() as form:
                judgement = _with_forms(judgement, text, form, one.mention)
            case RegionCorrection() as region:
                judgement = _with_region(judgement, text, region)
    if judgement == machine:
        return machine
    return replace(_decided(judgement), machine=machine)


def _decided(judgement: Judgement) -> Judgement:
    """What is left of an article's acts decides, and an act that a person named."""
    acts = [mention for mention in judgement.mentions if mention.subject == "asn"]
    if not acts:
        return replace(judgement, decision="none")
    named = any(reason.cue == SAID_SO for mention in acts for reason in mention.reasons)
    return replace(judgement, decision="likely_violation") if named else judgement


def _with_entity(judgement: Judgement, text: str, said: EntityCorrection) -> Judgement:
    places = list(_places(text, said.text))
    if not places:
        return judgement
    kept = [
        entity
        for entity in judgement.entities
        if not any(entity.start < end and start < entity.end for start, end in places)
    ]
    if said.label is not None:
        kept += [
            Entity(
                start=start,
                end=end,
                text=text[start:end],
                label=said.label,
                roles=said.roles,
                agency=said.agency,
                norm=said.norm or said.text,
            )
            for start, end in places
        ]
    names = {said.text} | {
        entity.norm for entity in judgement.entities if entity.text == said.text and entity.norm
    }
    return replace(
        judgement,
        entities=tuple(sorted(kept, key=lambda entity: entity.start)),
        mentions=tuple(
            mended
            for mention in judgement.mentions
            if (mended := _with_actor(mention, said) if mention.actor.name in names else mention)
        ),
    )


def _with_actor(mention: Mention, said: EntityCorrection) -> Mention | None:
    """An act whose actor was mended: another name, office or standing, or no person at all.

    None where the actor turns out to be nobody who is bound to be neutral.
    """
    if said.label != "PER":
        return replace(mention, actor=replace(mention.actor, name=NO_NAME))
    mended = replace(
        mention,
        actor=replace(
            mention.actor,
            name=said.norm or said.text,
            agency=said.agency or mention.actor.agency,
        ),
    )
    if not said.roles:
        return mended
    subject = next((role for role in said.roles if role in _SUBJECTS), None)
    return replace(mended, subject=subject) if subject is not None else None


def _with_forms(
    judgement: Judgement, text: str, said: FormCorrection, before: Mention | None
) -> Judgement:
    place = _place(text, said.sentence)
    if place is None:
        return judgement
    mentions = list(judgement.mentions)
    about = list(_about(mentions, text, said.sentence))
    if not about and said.forms and before is not None:
        start, end = place
        about = [replace(before, start=start, end=end, sentence=text[start:end])]
        mentions += about
    if not said.forms:
        return replace(judgement, mentions=tuple(m for m in mentions if m not in about))
    return replace(
        judgement,
        mentions=tuple(_by_person(m, said.forms) if m in about else m for m in mentions),
    )


def _with_region(judgement: Judgement, text: str, said: RegionCorrection) -> Judgement:
    if said.sentence:
        about = {id(mention) for mention in _about(judgement.mentions, text, said.sentence)}
        return replace(
            judgement,
            mentions=tuple(
                replace(m, region_code=said.code) if id(m) in about else m
                for m in judgement.mentions
            ),
        )
    return replace(
        judgement,
        region_codes=(said.code,) if said.code else (),
        mentions=tuple(replace(m, region_code=said.code) for m in judgement.mentions),
    )


def _by_person(mention: Mention, forms: tuple[int, ...]) -> Mention:
    reasons = tuple(reason for reason in mention.reasons if reason.cue != SAID_SO)
    return replace(
        mention,
        skb_forms=forms,
        score=1.0,
        reasons=(*reasons, Reason(cue=SAID_SO, effect="for")),
    )


def _about(mentions: Iterable[Mention], text: str, sentence: str) -> Iterator[Mention]:
    """The mentions that the sentence tells, however it was cut."""
    place = _place(text, sentence)
    if place is not None:
        start, end = place
        yield from (m for m in mentions if m.start < end and start < m.end)


def _place(text: str, words: str) -> tuple[int, int] | None:
    return next(_places(text, words), None) if words else (0, 0)


def _places(text: str, words: str) -> Iterator[tuple[int, int]]:
    """Where words stand whole in a text, whatever space parts them."""
    pattern = r"\s+".join(map(re.escape, words.split()))
    if pattern:
        for match in re.finditer(rf"(?<!\w){pattern}(?!\w)", text):
            yield match.span()


def _from_json(kind: str, record: dict[str, Any]) -> tuple[Correction, Mention | None]:
    mention = record.get("mention")
    fields: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in record.items()
        if name != "mention"
    }
    return _KINDS[kind](**fields), articles.mention_from_json(mention) if mention else None
