"""What may stand in ``config/``, and what it means. An unknown key is a mistake."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from pantau.config.sources import Politeness, Source, SourcesFile, TermsAccepted, WayIn
from pantau.config.subscriptions import Subscription, SubscriptionsFile, WayOut, is_safe
from pantau.config.types import (
    Duration,
    MailAddress,
    Strict,
    WebAddress,
    WebAddressOrNone,
    Zone,
)

__all__ = [
    "Politeness",
    "Source",
    "SourcesFile",
    "Subscription",
    "SubscriptionsFile",
    "TermsAccepted",
    "WayIn",
    "WayOut",
]


def _host_and_port(value: Any) -> Any:
    """``127.0.0.1:9109``."""
    if not isinstance(value, str):
        return value
    match = re.fullmatch(r"([\w.-]+|\[[0-9a-fA-F:]+\]):(\d{1,5})", value)
    if match is None or int(match[2]) > 65535:
        raise ValueError('an address is written "127.0.0.1:9109"')
    return match[1].strip("[]"), int(match[2])


HostAndPort = Annotated[tuple[str, int], BeforeValidator(_host_and_port)]


class Crawl(Strict):
    user_agent: str = "Pantau/0.1 (pengawasan netralitas ASN)"
    contact: str = ""
    """A mail address or page that a site's owner can write to; sent with every request."""
    max_body: int = Field(default=8 * 1024 * 1024, ge=64 * 1024)
    """Bytes; larger answers are cut off and counted as failed."""
    max_pages_per_run: int = Field(default=2000, ge=1)
    max_run: Duration = timedelta(minutes=30)
    slowest: Annotated[Duration, Field(gt=timedelta(0))] = timedelta(hours=2)
    """How rarely a source that is seldom new is asked at most; a lively one as often as its
    ``every`` says."""
    parallel_sources: int = Field(default=16, ge=1)
    proxy: WebAddressOrNone = ""
    """The HTTP proxy through which an office reaches the web; empty: straight."""
    allow_private: tuple[str, ...] = ()
    """host:port of this machine's own test servers that may be asked although they are private."""

    @property
    def introduction(self) -> str:
        """What every request calls itself, with the address its recipient can write to."""
        return " ".join(part for part in (self.user_agent, self.contact) if part)


class Reading(Strict):
    workers: int = Field(default=2, ge=1)
    seconds_per_page: float = Field(default=10, gt=0)
    memory_mb: int = Field(default=500, ge=100)
    """What one page may use beyond the worker's own needs."""
    threshold: float = Field(default=0.5, ge=0, le=1)
    """Score from which an article is a likely violation."""
    max_age: Duration = timedelta(days=400)
    """Older articles are passed over: a site's archive is not news."""
    gate: bool = True


class Retention(Strict):
    off_topic: Duration = timedelta(days=7)
    names: Duration = timedelta(days=180)
    """How long a case that came to nothing (dismissed, or said to be none) keeps the names in it
    after its last change."""
    given: Duration = timedelta(days=365)
    """How long what people gave is kept, with what they said of it: after the last change of the
    cases that it tells, or after it was given where it tells none; while an office has such a case
    in hand it stays."""
    sealed_copies: bool = True
    """Whether a deleted post that tells an open case stays, sealed, for the office that holds the
    case until that closes; without it, it is erased at once."""


class Alerts(Strict):
    alert_horizon: Duration = timedelta(days=14)
    """Older acts and reports fill the index and are not mailed."""
    zone: Zone = "Asia/Jakarta"
    base_url: WebAddressOrNone = ""
    """Where cases and archived copies are served; without it mails name path and SHA-256."""
    handled: Literal["digest", "now"] = "digest"
    """When a case is told whose first report says that a supervisor already deals with it."""
    unverified: Literal["digest", "now"] = "digest"
    """When a case is told that rests on one unverified account: in the digest without name and
    words, until a second source or a paper tells it."""


class YouTube(Strict):
    key_env: str = "PANTAU_YOUTUBE_KEY"
    """Name of the environment variable that holds the key of the Data API."""
    key_file: Path | None = None
    """In its place."""
    units_per_day: int = Field(default=9000, ge=0)
    """Of the quota; a day begins at midnight Pacific time."""


class X(Strict):
    token_env: str = "PANTAU_X_TOKEN"  # noqa: S105 - the variable's name
    """Name of the environment variable that holds the bearer token."""
    token_file: Path | None = None
    """In its place."""
    dollars_per_month: float = Field(default=0, ge=0)
    """What searching may cost in a month (UTC); 0: nothing is asked."""
    per_post: float = Field(default=0.005, gt=0)
    per_user: float = Field(default=0.010, ge=0)
    per_count: float = Field(default=0.005, ge=0)
    """What the platform charges, in dollars, for a post, an account and a count that it tells."""


class Platforms(Strict):
    """Keys of the platforms that want one, and what may be spent there."""

    youtube: YouTube = YouTube()
    x: X = X()


class Operators(Strict):
    """Who is told when Pantau itself is in trouble."""

    recipients: tuple[MailAddress, ...] = ()
    min_free_mb: int = Field(default=1024, ge=0)
    """Less free disk than this, in MiB, is a trouble."""
    late: Duration = timedelta(hours=1)
    """Pages, articles or mails that wait longer than this are a trouble."""


class Smtp(Strict):
    host: str
    port: int = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str = ""
    password_env: str = ""
    """Name of the environment variable that holds the password."""
    password_file: Path | None = None
    timeout: Duration = timedelta(seconds=30)

    @model_validator(mode="after")
    def one_secret(self) -> Self:
        if self.username and bool(self.password_env) == (self.password_file is not None):
            raise ValueError("username needs its password: give password_env or password_file")
        return self


class Mail(Strict):
    sender: MailAddress = "pantau@localhost.invalid"
    smtp: Smtp | None = None
    """Without it mails are written as .eml files."""


class Search(Strict):
    """Where the index stands. There is no switch to leave certificates unchecked."""

    hosts: tuple[WebAddress, ...] = ()
    """Nodes of one Elasticsearch cluster, ``https://host:9200``; none: the embedded index."""
    index: str = Field(default="pantau", pattern=r"^[a-z0-9][a-z0-9_-]*$")
    """The alias under which the index is asked; indices ``NAME-000001`` stand behind it."""
    api_key_env: str = ""
    api_key_file: Path | None = None
    username: str = ""
    password_env: str = ""
    password_file: Path | None = None
    ca_file: Path | None = None
    """Certificates of the authority that signed the server's; empty for the system's."""
    timeout: Duration = timedelta(seconds=10)
    synonyms: bool = True
    """Whether ``synonyms.toml`` is used."""

    @model_validator(mode="after")
    def one_secret(self) -> Self:
        password = [bool(self.password_env), self.password_file is not None].count(True)
        api_key = [bool(self.api_key_env), self.api_key_file is not None].count(True)
        if password != bool(self.username):
            raise ValueError("username needs its password: give password_env or password_file")
        if password + api_key > 1:
            raise ValueError("give one secret: an API key, or a username with its password")
        if password + api_key and (bare := [host for host in self.hosts if not is_safe(host)]):
            raise ValueError(f"{bare[0]} would be sent the secret in the open. Use https://")
        return self


class Web(Strict):
    """Who comes in to the pages, and for how long."""

    session: Annotated[Duration, Field(gt=timedelta(0))] = timedelta(hours=12)
    idle: Annotated[Duration, Field(gt=timedelta(0))] = timedelta(hours=2)
    """After so long without a request a session is over too."""
    login_tries: int = Field(default=5, ge=1)
    """Wrong passwords for one account from one address, before it has to wait; ten times as
    many from one address for whatever account, and for one account from wherever."""
    max_upload: int = Field(default=200_000_000, ge=1_000_000)
    """Bytes that one form may bring with its files, on the page where people give what they saw."""
    complaints: MailAddress | Literal[""] = ""
    """Where a person who finds himself wrongly named can write to; told on an open page."""
    login_wait: Annotated[Duration, Field(gt=timedelta(0))] = timedelta(minutes=15)


class Service(Strict):
    tick: Duration = timedelta(seconds=30)
    """How often ``pantau run`` looks for what is due, and whether the configuration changed."""
    memory_mb: int = Field(default=1500, ge=200)
    """What its main process may hold before it begins itself anew, with nothing lost."""
    monitor: HostAndPort | None = None
    """Where it answers a monitoring system, as ``127.0.0.1:9109``; without it nowhere."""
    log: Literal["lines", "json"] = "lines"


class Settings(Strict):
    database: str = ""
    """SQLAlchemy URL; empty for the SQLite file in the home folder."""
    crawl: Crawl = Crawl()
    platforms: Platforms = Platforms()
    reading: Reading = Reading()
    retention: Retention = Retention()
    alerts: Alerts = Alerts()
    operators: Operators = Operators()
    mail: Mail = Mail()
    search: Search = Search()
    web: Web = Web()
    service: Service = Service()


class SynonymsFile(Strict):
    group: tuple[Annotated[tuple[str, ...], Field(min_length=2)], ...] = ()
