"""The records that travel from room to room.

Plain, frozen values: a room is handed one and returns another, and none of them
knows a database, a socket or a clock. All times carry a zone; all offsets count
code points of ``Article.full_text`` (title, one newline, text).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

NO_NAME = "belum disebut"
"""What stands for an actor's name as long as no text has given it."""

Kind = Literal["news", "post"]
MediaType = Literal["photo", "video", "audio", "file"]
Subject = Literal["asn", "village_official", "security", "elected_official", "contract_staff"]
Stage = Literal["alleged", "reported", "under_examination", "proven", "dismissed"]
Decision = Literal["likely_violation", "none"]
Label = Literal["PER", "ORG", "LOC", "POSITION", "LAW", "EVENT"]
STAGES: tuple[Stage, ...] = ("alleged", "reported", "under_examination", "proven", "dismissed")


class Disposition(StrEnum):
    """How a fetched or found URL ended; each page ends in exactly one.

    A longer reason may follow in ``reason`` (``failed: timeout``).
    """

    INDEXED = "indexed"  # an article that stands in the index
    UNCHANGED = "unchanged"  # seen before, and it still says the same
    DUPLICATE = "duplicate"  # another address of an article already held
    OFF_TOPIC = "off topic"  # the topical gate let it fall
    PART = "part of an article"  # a further page of one that is cut into several
    NOT_ARTICLE = "not an article"  # list, search, video player, error page with status 200 ...
    TOO_OLD = "too old"
    ROBOTS_DENIED = "robots denied"
    BLOCKED = "blocked"  # 401, 403, captcha or WAF page
    FAILED = "failed"  # could not be fetched or read, reason given
    GONE = "gone"  # a post that its author or platform has deleted
    QUARANTINED = "quarantined"  # broke its worker; kept for a person to look at


HARDLY_ANY_TEXT = "hardly any text"
"""How the reason of an off-topic page begins that may only look so: it shows no text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a URL answered."""

    url: str
    """The address that was asked for."""
    final_url: str
    """The address that answered, after redirects."""
    status: int
    headers: dict[str, str]
    """Response headers, names in lower case."""
    body: bytes
    """The answer's bytes, content coding removed."""
    fetched_at: datetime
    source_id: str
    sha256: str
    """Of ``body``; also the body's name in the archive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A picture, film or sound in a post."""

    type: MediaType
    url: str = ""
    description: str = ""
    """What its author says is in it, for those who cannot see it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What a reader sees. The judgement reads nothing else."""

    id: str
    title: str
    text: str
    """Paragraphs parted by one empty line; no markup."""
    url: str = ""
    """Canonical address."""
    kind: Kind = "news"
    author: str = ""
    published: datetime | None = None
    modified: datetime | None = None
    first_seen: datetime | None = None
    lang: str = "id"
    images: tuple[str, ...] = ()
    """Absolute addresses of the pictures in the text, the lead picture first."""
    source_id: str = ""
    source_region: str | None = None
    """Kepmendagri code of the source's own region, such as ``32`` or ``32.05``."""
    platform: str = ""
    context: str = ""
    """Of a post: the text it answers or the thread it stands in."""
    handle: str = ""
    """Of a post: its account, as the platform writes it (``@nama``)."""
    official: bool = False
    """Of a post: whether an institution wrote it on its own account, which may be named."""
    platform_id: str = ""
    """Of a post: its id on the platform."""
    reply_to: str = ""
    """Of a post: the platform's id of what it answers."""
    thread: str = ""
    """Of a post: the platform's id of what the conversation began with."""
    links: tuple[str, ...] = ()
    """Of a post: the addresses it leads to."""
    media: tuple[Media, ...] = ()
    counts: tuple[tuple[str, int], ...] = ()
    """Of a post: ``like, reply, repost, view`` as far as told, when it was taken."""
    gone: bool = False
    """Of a post: whether it was deleted since."""
    page_sha256: str = ""
    copy_of: str = ""
    """Id of the article whose text this one repeats (agency copy), the first that was seen."""

    @property
    def full_text(self) -> str:
        return f"{self.title}\n{self.text}"

    @property
    def content_hash(self) -> str:
        """Changes when a reader would see other words; a revision is made then."""
        return hashlib.sha256(self.full_text.encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def citizen(self) -> bool:
        """Whether a person wrote it on an own account, which is not spread."""
        return self.kind == "post" and not self.official


@dataclass(frozen=True, slots=True, kw_only=True)
class NoArticle:
    """What ``extract`` returns for a page that holds no article."""

    disposition: Disposition
    reason: str
    title: str = ""
    published: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A span that names somebody or something."""

    start: int
    end: int
    text: str
    label: Label
    roles: tuple[str, ...] = ()
    """Of a PER: asn, candidate, elected_official, village_official, security,
    election_body, other. Of an ORG: agency, party, election_body, security, media, other."""
    agency: str = ""
    """Of a PER or POSITION: the full name of the agency the person serves."""
    norm: str = ""
    """Normal form: a PER's longest name in the text, an agency's full name, a LOC's
    region code, a candidate's id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    name: str = NO_NAME
    position: str = ""
    agency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One cue that counted for a mention or against it."""

    cue: str
    """The cue's name, in Indonesian, as a watcher would read it."""
    effect: Literal["for", "against"]
    span: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One act, told in a sentence or in a few adjoining ones."""

    sentence: str
    """The words that tell it, as they stand in the article."""
    start: int
    end: int
    subject: Subject
    actor: Actor
    act: str
    """The act in a few Indonesian words, from the form's data ("membagikan ajakan memilih")."""
    skb_forms: tuple[int, ...]
    act_date: date | None = None
    beneficiary: str = ""
    region_code: str | None = None
    stage: Stage = "alleged"
    stage_by: str = ""
    """The authority that decided the stage, as named in the text."""
    denied: bool = False
    answer: str = ""
    """What the accused answers, quoted from the text."""
    phase: str = ""
    """Of the day of the act; where ``act_date`` is None, of the day of publication."""
    score: float = 0.0
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What an article says about acts of partisanship."""

    id: str
    decision: Decision
    score: float
    mentions: tuple[Mention, ...] = ()
    entities: tuple[Entity, ...] = ()
    region_codes: tuple[str, ...] = ()
    """The article's regions, most specific first."""
    reasons: tuple[Reason, ...] = ()
    machine: Judgement | None = None
    """Where a person mended it: what the machine said, from which all is mended again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One alleged event, as far as all its reports tell it."""

    id: int
    subject: Subject
    actor: Actor
    act: str
    skb_forms: tuple[int, ...]
    region_code: str | None
    beneficiary: str
    act_date: date | None
    stage: Stage
    stage_by: str
    denied: bool
    answer: str
    phase: str
    first_seen: datetime
    """When a text about it was first read: never Bawaslu's date of knowledge."""
    score: float
    withdrawn: bool = False
    """No text tells it any longer: its sources changed theirs, or they were judged anew."""
    also: tuple[int, ...] = ()
    """Numbers of other cases that turned out to be this one."""
    rectification: str = ""
    """The last answer (hak jawab) that somebody entered for the person named, in their words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One article's telling of a case: what a mail or page lists under it."""

    article_id: str
    title: str
    url: str
    source_name: str
    published: datetime | None
    first_seen: datetime
    page_sha256: str
    mention: Mention
    kind: Kind = "news"
    official: bool = False
    """Of a post: whether an institution wrote it on its own account."""
    gone: bool = False
    """Of a post: whether it was deleted since. Its words are then not told any more."""
    account: str = ""
    """Of a post: platform and handle, or the thread where it has none. Compared, never shown."""
    copy_of: str = ""
    """Id of the article whose text this one repeats."""

    @property
    def citizen(self) -> bool:
        """Whether it is a citizen's post: its address is not spread, for it holds the handle."""
        return self.kind == "post" and not self.official


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """What one subscriber is told of one case."""

    case: Case
    kind: Literal["new", "update", "reminder"]
    subscription_id: str
    reports: tuple[Report, ...] = field(default=())
    changes: tuple[str, ...] = ()
    """Of an update: what is new, in Indonesian."""
    holder: str = ""
    """Who at an office has taken the case up; empty as long as nobody has."""
    known_as: tuple[Case, ...] = ()
    """The case as the subscriber was first told of it, once for each number it had then; empty
    where this is the first time."""
