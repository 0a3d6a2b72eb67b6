"""Dates and times as Indonesian (and English) pages write them.

``find`` reads every form it knows out of a piece of text; what it returns says whether
a time and a zone were given, so that nobody mistakes midnight for a time. The words
(months, zones, labels) are data in ``data/dates.toml``, the zones of the provinces in
``data/zones.csv``.
"""

from __future__ import annotations

import csv
import functools
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from pathlib import Path
from typing import Any

_DATA = Path(__file__).with_name("data")
_WORDS: dict[str, Any] = tomllib.loads((_DATA / "dates.toml").read_text(encoding="utf-8"))
_MONTHS = {word: int(number) for number, words in _WORDS["months"].items() for word in words}
_ZONES: dict[str, int] = _WORDS["zones"]
_SPANS: dict[str, int] = _WORDS["relative"]
_DAYS: dict[str, int] = _WORDS["days"]

WIB, WITA, WIT = (timezone(timedelta(hours=h), n) for h, n in ((7, "WIB"), (8, "WITA"), (9, "WIT")))
_NAMED = {"WIB": WIB, "WITA": WITA, "WIT": WIT}


@dataclass(frozen=True, slots=True)
class Stamp:
    """A point in time as far as a text gives it."""

    clock: datetime
    """Naive: what the text says, without its zone."""
    zone: tzinfo | None
    timed: bool
    """Whether an hour and minute were given."""
    start: int
    end: int
    by_hour: bool = False
    """Told only as "so many hours ago": right to the hour or day, not to the minute."""

    def at(self, zone: tzinfo) -> datetime:
        """With its own zone, or ``zone`` where it has none."""
        return self.clock.replace(tzinfo=self.zone or zone)


def _alternatives(words: Iterator[str] | list[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


_MONTH = rf"(?P<month>{_alternatives(list(_MONTHS))})\.?"
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_CLOCK = (
    r"(?P<hour>[01]?\d|2[0-4])[.:](?P<minute>[0-5]\d)(?:[.:](?P<second>[0-5]\d)(?:[.,]\d{1,9})?)?"
    r"\s*(?P<half>[ap]\.?m\b\.?)?"
)
_ZONE = r"(?P<zone>\(?\b(?:wib|wita|wit|utc|gmt)\b\)?(?:\s*[+-]\d{1,2})?|z\b|[+-]\d\d:?\d\d\b)"
_GAP = r"(?:[^\w:.]|T|&nbsp;|\b(?:pukul|pkl|jam|at|on)\b\.?:?){0,12}"
_AFTER = rf"(?:{_GAP}(?<![\d/])(?P<time>{_CLOCK})(?:\s*{_ZONE})?)?"

_DATES = [
    # 2024-08-21T19:05:32+07:00, 2024/04/04 11:30:58, 2024-06-20
    rf"(?<![\d/.\-]){_YEAR}[-/.](?P<mon>[01]?\d)[-/.]{_DAY}(?!\d|[-/.]\d){_AFTER}",
    # Rabu, 21 Agustus 2024 19:05 WIB; 12-Agu-2024; 27 Agt 2024 - 10:48 WIB
    rf"(?<!\d){_DAY}[\s\-./,]{{0,3}}{_MONTH}[\s\-.,/']{{0,4}}{_YEAR}(?!\d){_AFTER}",
    # 27 Agt '24
    rf"(?<!\d){_DAY}\s{{0,2}}{_MONTH}\s{{0,2}}[’'](?P<short>\d\d)(?!\d){_AFTER}",
    # Juli 31, 2024 19:40
    rf"(?<![^\W\d_]){_MONTH}\s{{0,2}}{_DAY}\s{{0,2}},?\s{{0,2}}{_YEAR}(?!\d){_AFTER}",
    # 21/08/2024, 21-8-2024, 21.08.2024
    rf"(?<![\d/.\-])(?P<day>[0-3]?\d)(?P<sep>[/.\-])(?P<mon>[0-3]?\d)(?P=sep){_YEAR}(?![\d/\-]){_AFTER}",
    # 21/08/24
    rf"(?<![\d/.\-])(?P<day>[0-3]?\d)/(?P<mon>[01]?\d)/(?P<short>[0-4]\d)(?![\d/\-]){_AFTER}",
]
_PATTERNS = [re.compile(pattern, re.I) for pattern in _DATES]
# The clock may stand before the date: "10.15 WIB, Senin 12 Agustus 2024".
_BEFORE = re.compile(
    rf"(?<![\d:.])(?P<time>{_CLOCK})(?:\s*{_ZONE})?[\s,|/\-–—•·()]{{1,6}}(?:[^\W\d_]{{4,7}}['’]?[^\W\d_]{{0,3}},?\s+)?$",
    re.I,
)
_AGO = re.compile(
    rf"(?<![\w.])(?P<count>\d{{1,3}}|se)\s?(?P<unit>{_alternatives(list(_SPANS))})"
    rf"\s+(?:yang\s+)?(?:lalu|ago)\b",
    re.I,
)
_RELATIVE_DAY = re.compile(rf"\b(?P<word>{_alternatives(list(_DAYS))})\b{_AFTER}", re.I)
_WEEKDAYS: dict[str, int] = _WORDS["weekdays"]
_WEEKDAY = re.compile(rf"\b({_alternatives(list(_WEEKDAYS))})[^\W\d_]*['’]?[^\W\d_]*,?\s*$", re.I)
_LOOKS_DATED = re.compile(r"\d")
_TIME_ALONE = re.compile(rf"\W*(?:pukul|jam|waktu)?\W*(?P<time>{_CLOCK})\s*{_ZONE}?\W*", re.I)


def _zone(text: str | None) -> timezone | None:
    if not text:
        return None
    word = text.strip(" ()").lower()
    offset = re.search(r"([+-])(\d{1,2}):?(\d\d)?$", word)
    if offset:
        minutes = int(offset[2]) * 60 + int(offset[3] or 0)
        if minutes > 14 * 60:
            return None
        return timezone(timedelta(minutes=minutes if offset[1] == "+" else -minutes))
    name = re.match(r"[a-z]+", word)
    if name is None or name[0] not in _ZONES:
        return None
    return _NAMED.get(name[0].upper()) or timezone(timedelta(minutes=_ZONES[name[0]]))


def _hour(match: re.Match[str]) -> tuple[int, int, int] | None:
    if not match["time"]:
        return None
    hour, minute, second = int(match["hour"]), int(match["minute"]), int(match["second"] or 0)
    if match["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match["half"][0].lower() == "p" else 0)
    return None if hour > 23 else (hour, minute, second)


def _month(match: re.Match[str]) -> int:
    groups = match.groupdict()
    if groups.get("month"):
        return _MONTHS[groups["month"].lower().rstrip(".")]
    return int(groups["mon"])


def _is_american(before: str, year: int, month: int, day: int, american: bool) -> bool:
    """Whether "11/05/2024" is 5 November: by the weekday before it if there is one, else by
    what is known of the page."""
    if not (min(month, day) >= 1 and max(month, day) <= 12):
        return False
    told = _WEEKDAY.search(before)
    if told is None:
        return american
    number = _WEEKDAYS[told[1].lower()]
    swapped, plain = date(year, day, month), date(year, month, day)
    return swapped.weekday() == number != plain.weekday()


def _stamp(match: re.Match[str], text: str, american: bool) -> Stamp | None:
    groups = match.groupdict()
    year = int(groups["year"]) if groups.get("year") else 2000 + int(groups["short"])
    start, end = match.span()
    hour, zone = _hour(match), _zone(match["zone"])
    if hour is None and (before := _BEFORE.search(text[max(0, start - 40) : start])):
        hour, zone = _hour(before), _zone(before["zone"])
    month, day = _month(match), int(match["day"])
    if (month > 12 >= day) or (
        groups.get("sep") and _is_american(text[:start], year, month, day, american)
    ):
        month, day = day, month  # the American order, where no other is possible
    try:
        clock = datetime(year, month, day, *(hour or (0, 0, 0)))  # noqa: DTZ001 (the zone is kept beside it)
    except ValueError:
        return None
    return Stamp(clock, zone, hour is not None, start, end)


def find(text: str, *, now: datetime | None = None, american: bool = False) -> list[Stamp]:
    """Every date in ``text``, in the order in which they stand.

    ``now`` (with zone) is when the page was fetched; without it "2 jam lalu" is not read.
    ``american`` is whether "11/05/2024" is read as 5 November where no weekday tells.
    """
    if not _LOOKS_DATED.search(text):
        return []
    found: list[Stamp] = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if any(match.start() < s.end and s.start < match.end() for s in found):
                continue
            if stamp := _stamp(match, text, american):
                found.append(stamp)
    if now is not None and not found:
        found.extend(_relative(text, now))
    return sorted(found, key=lambda s: s.start)


def _relative(text: str, now: datetime) -> Iterator[Stamp]:
    local = now.astimezone(WIB)
    for match in _AGO.finditer(text):
        count = 1 if match["count"].lower() == "se" else int(match["count"])
        span = _SPANS[match["unit"].lower()]
        clock = (local - timedelta(minutes=count * span)).replace(tzinfo=None)
        yield Stamp(clock, WIB, span < 1440, *match.span(), by_hour=span > 1)
    for match in _RELATIVE_DAY.finditer(text):
        hour = _hour(match)
        if hour is None:
            continue  # "kemarin" without a time is prose
        day = local - timedelta(days=_DAYS[match["word"].lower()])
        clock = datetime(day.year, day.month, day.day, *hour)  # noqa: DTZ001
        yield Stamp(clock, _zone(match["zone"]), True, *match.span())


def clock_alone(text: str) -> tuple[tuple[int, int, int], timezone | None] | None:
    """A time that stands for itself ("19:40 WIB"), for themes that set date and time in boxes
    of their own."""
    match = _TIME_ALONE.fullmatch(text)
    hour = _hour(match) if match else None
    return (hour, _zone(match["zone"])) if match and hour else None


def parse(text: str, *, now: datetime | None = None) -> Stamp | None:
    """The one date of a machine-readable value such as a ``meta`` content."""
    value = text.strip()
    if value.isdigit() and len(value) in (10, 13):
        seconds = int(value) / (1000 if len(value) == 13 else 1)
        moment = datetime.fromtimestamp(seconds, UTC)
        return Stamp(moment.replace(tzinfo=None), UTC, True, 0, len(value))
    found = find(value[:80], now=now)
    return found[0] if found else None


@functools.cache
def _zones_by_province() -> dict[str, timezone]:
    with (_DATA / "zones.csv").open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(line for line in lines if not line.startswith("#"))
        return {row["province"]: _NAMED[row["zone"]] for row in rows}


def zone_of_region(code: str | None) -> timezone | None:
    """The zone of a region by its Kemendagri code (``72`` or ``72.71``); None if unknown."""
    return _zones_by_province().get(code[:2]) if code else None


@functools.cache
def _zones_by_place() -> dict[str, timezone]:
    with (_DATA / "zone_places.csv").open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(line for line in lines if not line.startswith("#"))
        return {row["place"]: _NAMED[row["zone"]] for row in rows}


@functools.lru_cache(maxsize=2048)
def zone_of_name(name: str) -> timezone | None:
    """WITA or WIT, if a site's name or host holds a place there ("makassarkini", "Papua Pagi");
    short names of places must be a word of their own."""
    places = _zones_by_place()
    words = re.findall(r"[a-z]+", name.casefold())
    joined = re.sub(r"[^a-z]", "", name.casefold())
    for word in (*words, joined):
        bare = re.sub(r"(?:kab|kota)$", "", word)
        if bare in places:
            return places[bare]
        for place, zone in places.items():
            if (len(place) >= 6 and place in word) or (len(place) == 5 and word.startswith(place)):
                return zone
    return None


MODIFIED_LABELS: tuple[str, ...] = tuple(_WORDS["labels"]["modified"])
_MODIFIED = re.compile(
    rf"\b(?:{_alternatives(list(MODIFIED_LABELS))})\b[^\w]*(?:pada)?[^\w]*(?:[^\W\d_]{{4,7}}['’]?[^\W\d_]{{0,3}},?\s*)?$",
    re.I,
)


def labelled_modified(text: str, start: int) -> bool:
    """Whether the date at ``start`` is labelled as that of a later change."""
    return bool(_MODIFIED.search(text[max(0, start - 50) : start]))
