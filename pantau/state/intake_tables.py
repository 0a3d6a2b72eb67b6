"""The tables of what people give: addresses, and pictures, video or sound as evidence."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from pantau.state.tables import Base


class IntakeRow(Base):
    """One address as a person gave it. Never changed but for how far its asking is, and emptied
    when it is not kept any longer."""

    __tablename__ = "intakes"
    __table_args__ = (Index("ix_intakes_status", "status", "retry_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), index=True)
    """Of its page, and of the article that is made of it."""
    url: Mapped[str] = mapped_column(Text)
    platform: Mapped[str] = mapped_column(String(30), default="")
    entered: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """``text, author, handle, published, seen, region`` as far as given."""
    added_by: Mapped[str] = mapped_column(Text)
    added_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(String(10))
    """``waiting``: its platform is to be asked; ``done``; ``failed``: that told nothing."""
    attempts: Mapped[int] = mapped_column(default=0)
    retry_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    forgotten_at: Mapped[datetime | None]
    """Since when what was entered and the evidence are let go."""


class EvidenceRow(Base):
    """A picture, video or sound that a person added; its bytes stand in the archive until its
    intake is let go."""

    __tablename__ = "evidence"

    id: Mapped[int] = mapped_column(primary_key=True)
    intake_id: Mapped[int] = mapped_column(ForeignKey("intakes.id"), index=True)
    key: Mapped[str] = mapped_column(String(64), index=True)
    """Of the article it belongs to."""
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int]
    """Bytes."""
    media_type: Mapped[str] = mapped_column(String(100))
    """By its first bytes."""
    name: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text, default="")
    taken_by: Mapped[str] = mapped_column(Text, default="")
    taken_at: Mapped[datetime | None]
    taken_from: Mapped[str] = mapped_column(Text, default="")
