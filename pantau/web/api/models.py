"""What the API takes and gives."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from pantau.records import Case
from pantau.state.casework import Entry, Standing
from pantau.state.corrections import (
    Correction,
    EntityCorrection,
    FormCorrection,
    RegionCorrection,
)
from pantau.web.security.masks import text_shown

Text = Annotated[str, Field(max_length=5000, pattern=r"^[^\x00]*$")]
Line = Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")]


class Given(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Told(BaseModel):
    """A refusal."""

    detail: Any


class Credentials(Given):
    name: Line
    password: Text


class Token(BaseModel):
    token: str
    expires_in_s: int


class Me(BaseModel):
    name: str
    role: str
    regions: list[str]


class FoundArticle(BaseModel):
    """A hit. Of a post the address is empty: it holds a citizen's account."""

    id: str
    url: str
    title: str
    kind: str
    source: str
    published: datetime | None
    first_seen: datetime
    decision: str
    score: float
    forms: list[int]
    stages: list[str]
    regions: list[str]
    passage: str
    highlights: list[tuple[int, int]]
    """Spans of the asked words in ``passage``, in code points."""


class Found(BaseModel):
    total: int
    hits: list[FoundArticle]
    facets: dict[str, dict[str, int]]
    instead: dict[str, str]
    """Nothing was found as asked: the words that were searched instead."""


class ShownArticle(BaseModel):
    id: str
    url: str
    title: str
    text: str
    kind: str
    author: str
    source: str
    published: datetime | None
    first_seen: datetime
    revision: int
    page_sha256: str
    decision: str
    score: float
    regions: list[str]
    mentions: list[dict[str, Any]]
    """As ``pantau check --json`` prints them, each with the number of its ``case``."""
    corrections: list[dict[str, Any]]


class StandingTold(BaseModel):
    status: str
    closed: bool
    holder: str
    known_on: date | None
    number: str
    office: str
    verified: bool

    @classmethod
    def of(cls, now: Standing) -> StandingTold:
        return cls(
            status=now.status,
            closed=now.closed,
            holder=now.holder,
            known_on=now.known_on,
            number=now.number,
            office=now.office,
            verified=now.verified,
        )


class EntryTold(BaseModel):
    verb: str
    told: str
    at: datetime
    by: str
    via: str
    note: str
    link: str

    @classmethod
    def of(cls, entry: Entry) -> EntryTold:
        return cls(
            verb=entry.verb.id,
            told=entry.told,
            at=entry.at,
            by=entry.by,
            via=entry.via,
            note=text_shown(entry.note),
            link=entry.link,
        )


class CaseTold(BaseModel):
    """An alleged event, never a verdict."""

    id: int
    subject: str
    actor: dict[str, str]
    act: str
    forms: list[int]
    region: str | None
    beneficiary: str
    act_date: date | None
    stage: str
    stage_by: str
    denied: bool
    answer: str
    phase: str
    first_seen: datetime
    score: float
    withdrawn: bool
    """Whether no article tells it any more."""
    standing: StandingTold

    @classmethod
    def of(cls, case: Case, standing: Standing) -> CaseTold:
        actor = case.actor
        return cls(
            id=case.id,
            subject=case.subject,
            actor={"name": actor.name, "position": actor.position, "agency": actor.agency},
            act=case.act,
            forms=list(case.skb_forms),
            region=case.region_code,
            beneficiary=case.beneficiary,
            act_date=case.act_date,
            stage=case.stage,
            stage_by=case.stage_by,
            denied=case.denied,
            answer=text_shown(case.answer),
            phase=case.phase,
            first_seen=case.first_seen,
            score=case.score,
            withdrawn=case.withdrawn,
            standing=StandingTold.of(standing),
        )


class Cases(BaseModel):
    cases: list[CaseTold]
    before: int | None
    """Where to go on from; null at the end."""


class CaseWithLog(CaseTold):
    log: list[EntryTold]
    articles: list[str]
    """Ids of the articles that tell it."""


class Done(Given):
    """Something done with a case; the verbs stand in ``casework.toml``."""

    verb: Line
    note: Text = ""
    number: Line = ""
    office: Line = ""
    link: Annotated[str, Field(max_length=1000, pattern=r"^(https?://[^\s\x00]*)?$")] = ""
    day: date | None = None
    other_case: Annotated[int, Field(ge=1, lt=2**31)] | None = None


class EntityMended(Given):
    kind: Literal["entity"]
    text: Annotated[str, Field(min_length=1, max_length=500)]
    label: Literal["PER", "ORG", "LOC", "POSITION", "LAW", "EVENT"] | None
    roles: list[Line] = Field(default=[], max_length=10)
    agency: Line = ""
    norm: Line = ""
    note: Text = ""

    def correction(self) -> Correction:
        return EntityCorrection(self.text, self.label, tuple(self.roles), self.agency, self.norm)


class FormMended(Given):
    kind: Literal["form"]
    sentence: Annotated[str, Field(min_length=1, max_length=5000)]
    forms: list[Annotated[int, Field(ge=1, le=13)]] = Field(max_length=13)
    note: Text = ""

    def correction(self) -> Correction:
        return FormCorrection(self.sentence, tuple(dict.fromkeys(self.forms)))


class RegionMended(Given):
    kind: Literal["region"]
    code: Annotated[str, Field(pattern=r"^\d\d(\.\d\d(\.\d\d)?)?$")] | None
    sentence: Text = ""
    note: Text = ""

    def correction(self) -> Correction:
        return RegionCorrection(self.code, self.sentence)


Mended = Annotated[EntityMended | FormMended | RegionMended, Field(discriminator="kind")]


class SavedSearch(BaseModel):
    id: int
    name: str
    query: str
    feed: str
    """Path of its feed; whoever knows it can read it."""


class NewSearch(Given):
    name: Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00]*\S[^\x00]*$")]
    query: Annotated[str, Field(max_length=4000, pattern=r"^[^\x00]*$")] = ""
