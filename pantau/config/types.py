"""The forms in which a configuration's values are written, each with what a mistake is told."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from apscheduler.triggers.cron import CronTrigger
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def _duration(value: Any) -> Any:
    """``90s``, ``15m``, ``6h``, ``14d``."""
    if isinstance(value, timedelta):
        return value
    match = re.fullmatch(r"(\d+)([smhd])", str(value))
    if match is None:
        raise ValueError('a duration is written as a number and a unit: "90s", "15m", "6h", "14d"')
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def _region(value: str) -> str:
    if not re.fullmatch(r"\d\d(\.\d\d(\.\d\d)?)?", value):
        raise ValueError(
            'a region is a Kepmendagri code: "32" (province), "32.05" (kabupaten or kota)'
        )
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError(
            'a zone is an IANA name: "Asia/Jakarta", "Asia/Makassar" or "Asia/Jayapura"'
        ) from None
    return value


def _pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"this is no regular expression: {error}") from None
    return value


def _selector(value: str) -> str:
    if value:
        from lxml import cssselect  # noqa: PLC0415 - hardly any configuration has one

        try:
            cssselect.CSSSelector(value, translator="html")
        except cssselect.SelectorError as error:
            raise ValueError(f"this is no CSS selector: {error}") from None
    return value


def _cron(value: str) -> str:
    try:
        trigger = CronTrigger.from_crontab(value)
    except ValueError as error:
        raise ValueError(
            f'a cron line has five fields, such as "*/15 6-22 * * *": {error}'
        ) from None
    if trigger.get_next_fire_time(None, datetime.now(UTC)) is None:
        raise ValueError("this cron line never comes true")
    return value


def _address(value: str) -> str:
    if not re.fullmatch(r"[^@\s<>,;]+@[^@\s<>,;]+", value):
        raise ValueError('a mail address is written bare: "nama@bawaslu.example"')
    return value


def _web(value: str) -> str:
    if not re.match(r"https?://[^/\s]+", value):
        raise ValueError("an address starts with http:// or https:// and names a host")
    return value


def _web_or_none(value: str) -> str:
    return _web(value) if value else value


Duration = Annotated[timedelta, BeforeValidator(_duration)]
Region = Annotated[str, AfterValidator(_region)]
Zone = Annotated[str, AfterValidator(_zone)]
Pattern = Annotated[str, AfterValidator(_pattern)]
Selector = Annotated[str, AfterValidator(_selector)]
Cron = Annotated[str, AfterValidator(_cron)]
MailAddress = Annotated[str, AfterValidator(_address)]
WebAddress = Annotated[str, AfterValidator(_web)]
WebAddressOrNone = Annotated[str, AfterValidator(_web_or_none)]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
