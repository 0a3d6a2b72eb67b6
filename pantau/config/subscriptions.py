"""Who is told of which cases, when, and by which way. An unknown key is a mistake."""

from __future__ import annotations

import re
from datetime import time
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from pantau.config.types import MailAddress, Region, Strict, WebAddressOrNone, Zone
from pantau.errors import QueryError
from pantau.records import Kind, Stage, Subject


def _span(value: Any) -> Any:
    """``21:00-05:00``: from a time of day to a later one, over midnight where need be."""
    if not isinstance(value, str):
        return value
    match = re.fullmatch(r"(\d\d:\d\d)\s*-\s*(\d\d:\d\d)", value)
    if match is None or match[1] == match[2]:
        raise ValueError('a span of the day is written "21:00-05:00"')
    return match[1], match[2]


def _query(value: str) -> str:
    from search.query import parse  # noqa: PLC0415 - search reads its settings from here

    try:
        parse(value)
    except QueryError as error:
        raise ValueError(str(error)) from error
    return value


DaySpan = Annotated[tuple[time, time], BeforeValidator(_span)]
Query = Annotated[str, AfterValidator(_query)]
Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]


class Subscription(Strict):
    """Who is told of which cases, and when."""

    id: Id
    name: str
    recipients: tuple[MailAddress, ...] = ()
    ways: tuple[Id, ...] = ()
    """Other ways than mail, by the ids of ``[[way]]``; what is told there names nobody."""
    regions: tuple[Region, ...] = ()
    """None: everywhere. A province covers its kabupaten and kota."""
    without_region: bool = False
    """Whether cases whose place no text tells come here too."""
    forms: tuple[Annotated[int, Field(ge=1, le=13)], ...] = ()
    stages: tuple[Stage, ...] = ()
    subjects: tuple[Subject, ...] = ("asn",)
    kinds: tuple[Kind, ...] = ()
    """Where a case must have been told: in news or in posts; none: wherever."""
    candidates: tuple[str, ...] = ()
    """Words of which one must stand in the name of who gains; none: whoever."""
    query: Query = ""
    """What a search for it must find: one of the case's reports at least; none: whatever."""
    min_score: float = Field(default=0, ge=0, le=1)
    rhythm: Literal["immediate", "hourly", "daily"] = "immediate"
    digest_at: time = time(7)
    """Local time of the daily digest."""
    quiet: DaySpan | None = None
    """Hours in which no mail is sent; what falls into them is sent at their end."""
    zone: Zone | None = None
    """Of its times; without it the alerts' own."""
    mails_per_hour: int = Field(default=20, ge=1)
    """What goes beyond is told in one mail that lists it all."""

    @model_validator(mode="after")
    def somebody(self) -> Self:
        if not self.recipients and not self.ways:
            raise ValueError(f'subscription "{self.id}" tells nobody: give recipients or ways')
        return self


class WayOut(Strict):
    """Another way than mail. Each has a secret of its own, which stands outside of here."""

    id: Id
    kind: Literal["webhook", "messenger", "feed"]
    url: WebAddressOrNone = ""
    """Of a webhook: where to it is posted."""
    secret_env: str = ""
    secret_file: Path | None = None
    """A webhook's key for the signature; a messenger's Apprise address, which holds its token;
    a feed's token, which is part of its address."""

    @model_validator(mode="after")
    def whole(self) -> Self:
        if bool(self.secret_env) == (self.secret_file is not None):
            raise ValueError(f'way "{self.id}" needs its secret: give secret_env or secret_file')
        if bool(self.url) != (self.kind == "webhook"):
            told = "needs a url" if self.kind == "webhook" else f"is a {self.kind} and has no url"
            raise ValueError(f'way "{self.id}" {told}')
        if self.url and not is_safe(self.url):
            raise ValueError(f"{self.url} would be told in the open. Use https://")
        return self


class SubscriptionsFile(Strict):
    subscription: tuple[Subscription, ...] = ()
    way: tuple[WayOut, ...] = ()


def is_safe(host: str) -> bool:
    """Whether a secret may be sent there: encrypted, or never leaving this machine."""
    parts = urlsplit(host)
    return parts.scheme == "https" or parts.hostname in ("localhost", "127.0.0.1", "::1")
