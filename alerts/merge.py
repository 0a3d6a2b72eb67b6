"""Says what the reports of a case together tell. Pure; the order of the reports is no matter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TypeVar

from alerts.names import is_initials, name_words
from alerts.offices import office
from pantau.records import NO_NAME, Actor, Case, Mention, Report, Stage

T = TypeVar("T")

_RANK: dict[Stage, int] = {
    "alleged": 0,
    "reported": 1,
    "under_examination": 2,
    "proven": 3,
    "dismissed": 3,  # both are decisions: of two, the later counts
}


def merge(case_id: int, reports: Sequence[Report]) -> Case:
    """One case from its reports (at least one).

    The actor is told as exactly as any report tells it, the stage as far as it went, with
    the authority named for it. Where reports contradict each other, most of them count.
    """
    ordered = sorted(reports, key=lambda report: (_told_at(report), report.article_id))
    mentions = [report.mention for report in ordered]
    furthest = max(_RANK[mention.stage] for mention in mentions)
    last = [mention for mention in mentions if _RANK[mention.stage] == furthest][-1]
    said_by = [m.stage_by for m in mentions if m.stage == last.stage and m.stage_by]
    act_date = _act_date(mentions)
    # A phase told by a report that gives no day is that of its publication, so it does not count
    # beside the phase of the day that another report gives.
    dated = [m for m in mentions if m.act_date == act_date] if act_date else []
    return Case(
        id=case_id,
        subject=_most([m.subject for m in mentions]),
        actor=_actor([m.actor for m in mentions]),
        act=_most([m.act for m in mentions]),
        skb_forms=tuple(sorted({form for m in mentions for form in m.skb_forms})),
        region_code=_region(mentions),
        beneficiary=_most_told(m.beneficiary for m in mentions),
        act_date=act_date,
        stage=last.stage,
        stage_by=said_by[-1] if said_by else "",
        denied=any(m.denied for m in mentions),
        answer=next((m.answer for m in reversed(mentions) if m.answer), ""),
        phase=_most_told(m.phase for m in dated or mentions),
        first_seen=min(report.first_seen for report in reports),
        score=max(m.score for m in mentions),
    )


def _told_at(report: Report) -> datetime:
    return report.published or report.first_seen


def _most(said: Sequence[T]) -> T:
    """What most say; among equals what was said first."""
    return Counter(said).most_common(1)[0][0]


def _most_told(said: Iterable[str]) -> str:
    told = [text for text in said if text]
    return _most(told) if told else ""


def _actor(actors: Sequence[Actor]) -> Actor:
    """The most exact telling of each part: a full name before initials, a unit before a title."""
    named = [actor.name for actor in actors if actor.name and actor.name != NO_NAME]
    return Actor(
        name=max(named, key=lambda name: (not is_initials(name), len(name_words(name))))
        if named
        else NO_NAME,
        position=max((actor.position for actor in actors), key=_exactness),
        agency=max((actor.agency for actor in actors), key=len),
    )


def _exactness(position: str) -> tuple[bool, int, int]:
    told = office(position, "")
    return told.holders != "anyone", len(told.unit | told.agency), len(position)


def _region(mentions: Sequence[Mention]) -> str | None:
    codes = [m.region_code for m in mentions if m.region_code]
    return max(codes, key=lambda code: (len(code), codes.count(code), code), default=None)


def _act_date(mentions: Sequence[Mention]) -> date | None:
    """The day most reports tell; among equals the earliest, for later ones tell of the handling."""
    days = Counter(m.act_date for m in mentions if m.act_date)
    return min(days, key=lambda day: (-days[day], day), default=None)
