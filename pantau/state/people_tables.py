"""The tables of what people do: accounts, casework, corrections, saved searches, the log.

``docs/state.md`` says who writes each column and why.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from pantau.state.tables import Base


class AccountRow(Base):
    """Somebody who may open the pages; never deleted, since the logs name them."""

    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    full_name: Mapped[str] = mapped_column(Text)
    email: Mapped[str] = mapped_column(Text, default="")
    """Under which an answer in a mail counts as theirs."""
    role: Mapped[str] = mapped_column(String(10))
    regions: Mapped[list[Any]] = mapped_column(default=list)
    """Codes; an empty list is everywhere."""
    password_hash: Mapped[str] = mapped_column(Text)
    password_at: Mapped[datetime]
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]


class SessionRow(Base):
    """A browser that is logged in; only the hash of its token is kept."""

    __tablename__ = "sessions"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    csrf_token: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class SearchRow(Base):
    """A search that somebody saved, with the token under which its feed is read."""

    __tablename__ = "searches"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    name: Mapped[str] = mapped_column(Text)
    query: Mapped[str] = mapped_column(Text)
    token: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]


class SubscriptionRow(Base):
    """A subscription that somebody made on a page, beside those of the configuration."""

    __tablename__ = "subscriptions"

    id: Mapped[str] = mapped_column(String(60), primary_key=True)
    record: Mapped[dict[str, Any]]
    """As ``pantau.config.Subscription`` writes it."""
    changed_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    by: Mapped[str] = mapped_column(Text)


class CaseworkRow(Base):
    """One thing that somebody did with a case. Rows are added and never changed."""

    __tablename__ = "casework"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    verb: Mapped[str] = mapped_column(String(20))
    """One of ``casework.toml``."""
    note: Mapped[str] = mapped_column(Text, default="")
    number: Mapped[str] = mapped_column(Text, default="")
    office: Mapped[str] = mapped_column(Text, default="")
    link: Mapped[str] = mapped_column(Text, default="")
    day: Mapped[date | None]
    other_case: Mapped[int | None]
    at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    by: Mapped[str] = mapped_column(Text)
    via: Mapped[str] = mapped_column(String(10))


class ApartRow(Base):
    """What a person told apart: two cases, or an article and a case. It holds for good."""

    __tablename__ = "apart"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    other_case: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    article_id: Mapped[str | None] = mapped_column(ForeignKey("articles.id"), index=True)
    at: Mapped[datetime]


class CorrectionRow(Base):
    """What a person mended in an article's judgement; it holds for every later judgement."""

    __tablename__ = "corrections"

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[str] = mapped_column(ForeignKey("articles.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    """entity, form, region, or withdrawn."""
    record: Mapped[dict[str, Any]] = mapped_column(default=dict)
    note: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    by: Mapped[str] = mapped_column(Text)


class AuditRow(Base):
    """Who looked at what is protected, took it out, or tried to come in."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_action_at", "action", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    by: Mapped[str] = mapped_column(Text)
    action: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(Text, default="")
    detail: Mapped[str] = mapped_column(Text, default="")
    address: Mapped[str] = mapped_column(String(45), default="")
