"""The tables of the state database. ``docs/state.md`` says who writes each column and why."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class UtcTime(TypeDecorator[datetime]):
    """A time with its zone, kept as UTC; a time without one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone cannot be stored: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - declared so by SQLAlchemy
        datetime: UtcTime,
        dict[str, Any]: JSON,
        list[Any]: JSON,
    }


class SourceRow(Base):
    """The state of a source that stands in config/: when it is due, how it went."""

    __tablename__ = "sources"

    id: Mapped[str] = mapped_column(String(100), primary_key=True)
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    first_polled_at: Mapped[datetime | None]
    last_polled_at: Mapped[datetime | None]
    last_ok_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    """Runs in a row that brought no usable answer."""
    ways: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    """What each way in answered last, by its address: the validators and the hash of its body."""
    closed_ways: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    """Its ways in that are closed, or have moved for good, while another is read, by address:
    ``outcome, reason, runs`` (in a row), ``since``, and whether operators were ``told``."""
    last_new_at: Mapped[datetime | None]
    usual_gap: Mapped[float | None]
    """Seconds between two runs' worth of new articles, as it usually is."""
    trouble: Mapped[str] = mapped_column(String(20), default="", server_default="")
    """What keeps it from being read, as last told to operators; empty where nothing does."""
    trouble_since: Mapped[datetime | None]


class SourceEventRow(Base):
    """What operators are to be told of a source, once: a trouble, its end, a gap."""

    __tablename__ = "source_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[str] = mapped_column(String(100), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    """When operators were told; empty as long as that is to be done."""


class RunRow(Base):
    """One crawl of one source."""

    __tablename__ = "runs"

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[str] = mapped_column(String(100), index=True)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(Text, default="")
    found: Mapped[int] = mapped_column(default=0)
    fetched: Mapped[int] = mapped_column(default=0)


A_PART = "parent_id IS NOT NULL"
IN_A_CASE = "case_id IS NOT NULL"


class PageRow(Base):
    """A URL on its way: found, fetched, done (with its one disposition)."""

    __tablename__ = "pages"
    __table_args__ = (
        Index("ix_pages_status_claim", "status", "claimed_until"),
        Index("ix_pages_source_became", "source_id", "status", "disposition"),
        Index("ix_pages_source_latest", "source_id", "parent_id", "id"),
        # Of further pages only: else SQLite takes it to go through all pages that are none.
        Index(
            "ix_pages_parent_id",
            "parent_id",
            sqlite_where=text(A_PART),
            postgresql_where=text(A_PART),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    """Hash of the canonical form of ``url``: tracking parameters make no new page."""
    url: Mapped[str] = mapped_column(Text)
    source_id: Mapped[str] = mapped_column(String(100))
    run_id: Mapped[int | None] = mapped_column(ForeignKey("runs.id"))
    status: Mapped[str] = mapped_column(String(10), default="found")
    disposition: Mapped[str | None] = mapped_column(String(20), index=True)
    reason: Mapped[str] = mapped_column(Text, default="")
    title: Mapped[str] = mapped_column(Text, default="")
    published: Mapped[datetime | None]
    hint: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What the feed or listing said of it: title, published, content."""
    found_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    retry_at: Mapped[datetime | None]
    fetched_at: Mapped[datetime | None]
    final_url: Mapped[str] = mapped_column(Text, default="")
    http_status: Mapped[int | None]
    headers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    sha256: Mapped[str] = mapped_column(String(64), default="", index=True)
    claimed_until: Mapped[datetime | None]
    crashes: Mapped[int] = mapped_column(default=0)
    """How many workers died over it; a page that kills its workers is quarantined."""
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("pages.id"))
    """Of a further page of an article: its first page, with which it is read."""
    article_id: Mapped[str | None] = mapped_column(String(64), index=True)
    is_post: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether its bytes are a post in the form in which we keep one (``pantau.posts``)."""
    checked_at: Mapped[datetime | None]
    """Of a post: when it was last seen to be there still."""


WAITS_FOR_INDEX = "indexed_revision < revision AND refused_revision < revision"
GONE = "gone_at IS NOT NULL"


class ArticleRow(Base):
    __tablename__ = "articles"
    __table_args__ = (
        Index(
            "ix_articles_waiting",
            "first_seen",
            "id",
            sqlite_where=text(WAITS_FOR_INDEX),
            postgresql_where=text(WAITS_FOR_INDEX),
        ),
        # Of those that are gone only: else SQLite takes it to go through all that are not.
        Index(
            "ix_articles_gone",
            "gone_at",
            sqlite_where=text(GONE),
            postgresql_where=text(GONE),
        ),
    )

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    url: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(10))
    source_id: Mapped[str] = mapped_column(String(100), index=True)
    source_region: Mapped[str | None] = mapped_column(String(13))
    title: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(Text, default="")
    published: Mapped[datetime | None] = mapped_column(index=True)
    modified: Mapped[datetime | None]
    first_seen: Mapped[datetime]
    lang: Mapped[str] = mapped_column(String(10), default="id")
    images: Mapped[list[Any]] = mapped_column(default=list)
    platform: Mapped[str] = mapped_column(String(30), default="")
    context: Mapped[str] = mapped_column(Text, default="")
    handle: Mapped[str] = mapped_column(Text, default="", server_default="")
    official: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Of a post: whether an institution wrote it on its own account."""
    post: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    """Of a post: ``platform_id, reply_to, thread, links, media, counts``."""
    gone_at: Mapped[datetime | None]
    """Since when a post is known to be deleted: it is neither found nor shown any more."""
    erased_at: Mapped[datetime | None]
    """Of a deleted post: when its words were let go; empty while a sealed copy stays."""
    page_sha256: Mapped[str] = mapped_column(String(64))
    content_hash: Mapped[str] = mapped_column(String(64))
    revision: Mapped[int] = mapped_column(default=1)
    decision: Mapped[str] = mapped_column(String(20))
    score: Mapped[float]
    judgement: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Entities, regions and reasons; the mentions have rows of their own."""
    indexed_revision: Mapped[int] = mapped_column(default=0)
    """Less than ``revision`` as long as the index does not have it."""
    refused_revision: Mapped[int] = mapped_column(default=0)
    """The revision that the index will never take as it is; 0 for none."""
    refused_reason: Mapped[str] = mapped_column(Text, default="")
    copy_of: Mapped[str | None] = mapped_column(String(64), index=True)
    """The article seen first whose text this one repeats; itself no copy."""

    @property
    def citizen(self) -> bool:
        """Whether a person wrote it on an own account, which is not spread."""
        return self.kind == "post" and not self.official


class CopyBandRow(Base):
    """A band of an article's MinHash: two articles that share one may be copies. Thirty-two to an
    article, and let go when no new article can be its copy any more."""

    __tablename__ = "copy_bands"

    article_id: Mapped[str] = mapped_column(ForeignKey("articles.id"), primary_key=True)
    band: Mapped[int] = mapped_column(primary_key=True)
    value: Mapped[int] = mapped_column(BigInteger, index=True)
    day: Mapped[int] = mapped_column(index=True)
    """On which its article was first seen: the date's ordinal."""


class RevisionRow(Base):
    """What an article said before it was changed, and what it says now."""

    __tablename__ = "revisions"
    __table_args__ = (UniqueConstraint("article_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[str] = mapped_column(ForeignKey("articles.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    page_sha256: Mapped[str] = mapped_column(String(64), index=True)
    seen_at: Mapped[datetime]


class CaseRow(Base):
    """One alleged event; ``record`` is what its reports together tell."""

    __tablename__ = "cases"

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(20))
    region_code: Mapped[str | None] = mapped_column(String(13), index=True)
    record: Mapped[dict[str, Any]] = mapped_column(default=dict)
    first_seen: Mapped[datetime] = mapped_column(index=True)
    updated_at: Mapped[datetime]
    forgotten_at: Mapped[datetime | None]
    """Since when it no longer names its actor, because it came to nothing."""
    merged_into: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    """The case that it turned out to be; its number leads there."""


class MentionRow(Base):
    __tablename__ = "mentions"
    __table_args__ = (
        UniqueConstraint("article_id", "revision", "ordinal"),
        Index(
            "ix_mentions_in_a_case",
            "article_id",
            "revision",
            sqlite_where=text(IN_A_CASE),
            postgresql_where=text(IN_A_CASE),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[str] = mapped_column(ForeignKey("articles.id"), index=True)
    revision: Mapped[int]
    ordinal: Mapped[int]
    subject: Mapped[str] = mapped_column(String(20))
    likely: Mapped[bool]
    """Whether the article's decision makes it a matter for a case."""
    clustered: Mapped[bool] = mapped_column(default=False, index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    own_case_id: Mapped[int | None]
    """The case it was given at first; ``case_id`` is another where the two were merged since."""
    withdrawn: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether its article stands in the case no longer: edited, or judged anew."""
    record: Mapped[dict[str, Any]] = mapped_column(default=dict)


class AlertRow(Base):
    """That one subscriber is to be told of one case: once, by the unique key."""

    __tablename__ = "alerts"
    __table_args__ = (
        UniqueConstraint("case_id", "subscription_id", "kind", "news"),
        Index("ix_alerts_subscription_due", "subscription_id", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    subscription_id: Mapped[str] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(10))
    news: Mapped[str] = mapped_column(String(64), default="")
    """Of an update: what it tells, so that each piece of news is told once."""
    section: Mapped[str] = mapped_column(String(10), default="", server_default="")
    """Where in a digest it stands; empty: it is a mail of its own."""
    created_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    """When it is to be told; empty once that is settled."""
    told: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """The case as it was told; empty where it was not, because nothing of it was left to tell."""
    told_at: Mapped[datetime | None]
    digest_id: Mapped[int | None] = mapped_column(ForeignKey("digests.id"), index=True)


class DigestRow(Base):
    """Several alerts that a subscriber is told in one mail."""

    __tablename__ = "digests"

    id: Mapped[int] = mapped_column(primary_key=True)
    subscription_id: Mapped[str] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(10), default="digest", server_default="digest")
    """digest, or weekly: what was read, also when nothing was found."""
    created_at: Mapped[datetime]


class UnsubscribedRow(Base):
    """A recipient who wants no more mails of a subscription."""

    __tablename__ = "unsubscribed"
    __table_args__ = (UniqueConstraint("subscription_id", "recipient"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subscription_id: Mapped[str] = mapped_column(String(100))
    recipient: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class OutboxRow(Base):
    """One mail to one recipient, rendered once and then only handed over."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_status_next", "status", "next_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    alert_id: Mapped[int | None] = mapped_column(ForeignKey("alerts.id"), index=True)
    digest_id: Mapped[int | None] = mapped_column(ForeignKey("digests.id"), index=True)
    """What it tells: one alert, or a digest of several."""
    way: Mapped[str] = mapped_column(String(100), default="mail", server_default="mail")
    """By which way out: mail, or the id of another."""
    recipient: Mapped[str] = mapped_column(Text)
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    message: Mapped[bytes] = mapped_column(LargeBinary)
    status: Mapped[str] = mapped_column(String(10), default="pending")
    """pending, sending, sent, failed (to be tried again), gave_up."""
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime]
    """When it is next due; while it is being sent, when another may take it up."""
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(Text, default="")


class TroubleRow(Base):
    """Something that keeps Pantau from its work, from its begin to its end."""

    __tablename__ = "troubles"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(Text, default="")
    """Which source, region or address; empty where there is one only."""
    detail: Mapped[str] = mapped_column(Text, default="")
    since: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(index=True)
    next_at: Mapped[datetime | None] = mapped_column(index=True)
    """When operators are to be told, of its begin, again, or of its end; empty once they know."""
    told: Mapped[int] = mapped_column(default=0)
    """How often they were told that it is there."""


class PauseRow(Base):
    """A time in which no mail is sent; every row keeps waiting."""

    __tablename__ = "pauses"

    id: Mapped[int] = mapped_column(primary_key=True)
    begun_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text, default="")


class SpendingRow(Base):
    """What was spent of a platform's quota or of money in a time, noted before it is asked."""

    __tablename__ = "spendings"

    budget: Mapped[str] = mapped_column(String(40), primary_key=True)
    """``youtube`` (units), ``x`` (thousandths of a dollar)."""
    period: Mapped[str] = mapped_column(String(10), primary_key=True)
    """The day (``2026-11-22``) or month (``2026-11``) it counts for."""
    spent: Mapped[int]


class PictureRow(Base):
    """A picture in the text of an article with a mention, to be kept as evidence."""

    __tablename__ = "pictures"
    __table_args__ = (UniqueConstraint("article_id", "url"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[str] = mapped_column(ForeignKey("articles.id"))
    source_id: Mapped[str] = mapped_column(String(100))
    url: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(10), default="found", index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    sha256: Mapped[str] = mapped_column(String(64), default="", index=True)
    media_type: Mapped[str] = mapped_column(String(100), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    fetched_at: Mapped[datetime | None]
