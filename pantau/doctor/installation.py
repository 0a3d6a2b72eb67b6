"""Looks at the home itself: configuration, state, disk."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from pantau.config import Config
from pantau.doctor.findings import Finding
from pantau.errors import PantauError
from pantau.home import Home
from pantau.state.engine import schema_of

_LOOKED_BACK = timedelta(days=14)
_SHORT = timedelta(days=30)
_MB = 1024 * 1024


def configuration(config: Config) -> Iterator[Finding]:
    """What may be left out, and is missed in an office."""
    settings = config.settings
    enabled = sum(source.enabled for source in config.sources.values())
    told = f"{enabled} sources, {len(config.subscriptions)} subscriptions in {config.folder}"
    yield Finding("configuration", "ok" if enabled else "wrong", told)
    if not config.subscriptions:
        told = "none: only who subscribed on the page is told of anything. Add [[subscription]]."
        yield Finding("subscriptions", "look", told)
    if not settings.operators.recipients:
        told = "nobody hears when Pantau is in trouble. Set operators.recipients."
        yield Finding("operators", "look", told)
    if not settings.crawl.contact:
        told = "a site's owner cannot write to you. Set crawl.contact."
        yield Finding("contact", "look", told)
    if settings.mail.smtp is None:
        yield Finding("mail", "look", "mails are only written to files. Set mail.smtp.")
    if not settings.alerts.base_url:
        told = "mails carry no links to answer, and none to unsubscribe. Set alerts.base_url."
        yield Finding("base_url", "look", told)


def state(home: Home, config: Config) -> Iterator[Finding]:
    """Whether the database opens, is whole and has today's schema."""
    url = home.database_url(config)
    path = home.root / "state.sqlite"
    if not config.settings.database and not path.is_file():
        yield Finding("state", "ok", f"none yet: the first crawl makes {path}")
        return
    try:
        present, newest = schema_of(url)
    except PantauError as error:
        yield Finding("state", "wrong", str(error))
        return
    if present != newest:
        told = f"its schema is {present}, this Pantau's {newest}. Run: pantau upgrade"
        yield Finding("state", "wrong", told)
        return
    if config.settings.database:
        yield Finding("state", "ok", f"schema {newest}")
        return
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            (verdict,) = database.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error as error:
        verdict = str(error)
    if verdict == "ok":
        yield Finding("state", "ok", f"whole, {path.stat().st_size / _MB:.0f} MiB, schema {newest}")
    else:
        told = f"it is damaged ({verdict}). Stop Pantau and restore the last backup."
        yield Finding("state", "wrong", told)


def disk(home: Home, config: Config, now: datetime) -> Iterator[Finding]:
    """How much is free, and for how long at the pace of the last fortnight."""
    place = home.root if home.root.exists() else home.root.parent
    try:
        free = shutil.disk_usage(place).free
    except OSError as error:
        yield Finding("disk", "wrong", f"{place}: {error.strerror}")
        return
    least = config.settings.operators.min_free_mb * _MB
    if free < least:
        told = f"{free // _MB} MiB are free at {place}, fewer than operators.min_free_mb."
        yield Finding("disk", "wrong", f"{told} Make room, or give it a larger disk.")
        return
    daily = growth(home, now)
    if daily is None:
        yield Finding("disk", "ok", f"{free // _MB} MiB free; how fast it fills is not known yet")
        return
    left = timedelta(days=min((free - least) / max(daily, 1), 36500))
    told = f"{free // _MB} MiB free, {daily / _MB:.0f} MiB a day: enough for {left.days} days"
    if left < _SHORT:
        yield Finding("disk", "look", f"{told}. Make room, or give it a larger disk.")
    else:
        yield Finding("disk", "ok", told)


def growth(home: Home, now: datetime) -> float | None:
    """Bytes a day by which a home has grown of late; None where it is younger than a day.

    The archive's files carry their dates; state and index are taken to grow as it does.
    """
    since = (now - _LOOKED_BACK).timestamp()
    every, recent, first = 0, 0, now.timestamp()
    for path in _files(home.archive, home.mail):
        try:
            stat = path.stat()
        except FileNotFoundError:
            continue
        every += stat.st_size
        first = min(first, stat.st_mtime)
        recent += stat.st_size if stat.st_mtime > since else 0
    days = (now.timestamp() - max(first, since)) / 86400
    if days < 1 or not every:
        return None
    beside = sum(
        path.stat().st_size for path in (home.index, home.root / "state.sqlite") if path.is_file()
    )
    return recent / days * (1 + beside / every)


def _files(*folders: Path) -> Iterator[Path]:
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_file():
                yield path
