"""When it was published: candidates with their evidence, weighed by plausibility.

Each place that may tell the date makes a candidate with a weight of trust. Candidates of
one day support each other; the day with most support wins, and within it the clock of the
most trusted candidate that has one. What lost is kept as a reason. No date is better than
a wrong one.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from extract.page import cut, dates, embedded
from extract.page.blocks import Block, heads_together, is_prose
from extract.page.dates import Stamp
from extract.page.title import Title, statements
from extract.page.view import View, is_article_node, types_of

_EARLIEST = datetime(1998, 1, 1, tzinfo=UTC)
_URL_DATE = re.compile(r"/((?:19|20)\d\d)[/-]?([01]\d)[/-]?([0-3]\d)(?=[/\-_]|\d{6}|$)")
_META: dict[str, Any] = tomllib.loads(
    (Path(__file__).with_name("data") / "dates.toml").read_text(encoding="utf-8")
)["meta"]
_PUBLISHED_META: dict[str, float] = _META["published"]
_MODIFIED_META: list[str] = _META["modified"]
_INDONESIAN = tuple(timedelta(hours=hours) for hours in (7, 8, 9))
_TIME = "<time> by the headline"
_DATELINE = re.compile(r"\s*\)?\s*[-–—]")


@dataclass(frozen=True, slots=True)
class Candidate:
    stamp: Stamp
    trust: float
    evidence: str
    visible: bool = False
    modified: bool = False
    from_address: bool = False


@dataclass(slots=True)
class Published:
    """What was found, and why."""

    published: datetime | None = None
    modified: datetime | None = None
    evidence: str = "none"
    lost: list[str] = field(default_factory=list)


def _is_hidden(block: Block) -> bool:
    """Whether nobody sees a block; what an attribute holds a style sheet may show."""
    return "hidden" in block.cues and "attribute" not in block.cues


def _machine(view: View, nodes: list[dict[str, Any]]) -> Iterator[Candidate]:
    for node in nodes:
        article = is_article_node(node)
        media = types_of(node) & {"VideoObject", "ImageObject", "MediaObject", "BroadcastEvent"}
        for key, trust in (("datePublished", 3.0), ("uploadDate", 2.5), ("dateCreated", 1.5)):
            value = node.get(key)
            if not isinstance(value, str) or not (stamp := dates.parse(value)):
                continue
            kind = "/".join(sorted(types_of(node)))
            if not (article or media):  # of the site or the page as such
                weak = 0.8 if stamp.timed and stamp.clock.time() != datetime.min.time() else 0.3
                yield Candidate(stamp, weak, f"JSON-LD {kind} {key}")
            else:
                yield Candidate(stamp, trust, f"JSON-LD {kind} {key}")
        value = node.get("dateModified")
        if isinstance(value, str) and (stamp := dates.parse(value)):
            yield Candidate(stamp, 1.0 if article else 0.3, "JSON-LD dateModified", modified=True)
    for name, trust in _PUBLISHED_META.items():
        for value in view.meta.get(name, [])[:1]:
            if stamp := dates.parse(value):
                yield Candidate(stamp, trust, f"meta {name}")
    for name in _MODIFIED_META:
        for value in view.meta.get(name, [])[:1]:
            if stamp := dates.parse(value):
                yield Candidate(stamp, 1.0, f"meta {name}", modified=True)


def _microdata(view: View) -> Iterator[Candidate]:
    """``itemprop=datePublished`` and hAtom's ``abbr class=published``; where a page has many,
    they are those of a list and only the first may be the article's."""
    for name, modified in (("datePublished", False), ("dateModified", True)):
        found = view.root.xpath(
            "//*[@itemprop=$name and not(self::meta)]|//meta[@itemprop=$name and @content]",
            name=name,
        )
        if not modified:
            found = found or view.root.xpath("//abbr[contains(@class, 'published')][@title]")
        for element in found[:1]:
            value = next(
                (v for key in ("content", "datetime", "title") if (v := element.get(key))),
                " ".join(element.itertext()),
            )
            if stamp := dates.parse(value):
                trust = 2.8 if len(found) <= 3 else 1.2
                yield Candidate(stamp, trust, f"itemprop {name}", modified=modified)


def _in_variables(view: View) -> Iterator[Candidate]:
    """The date that a page hands to its counters (``dataLayer``): of little weight, but it
    may know the clock of a day that the page shows."""
    for value in embedded.variables(view)["published"]:
        if stamp := dates.parse(value):
            yield Candidate(stamp, 1.2, "data for counters")


def _from_url(view: View) -> Iterator[Candidate]:
    if match := _URL_DATE.search(view.url):
        try:
            clock = datetime(int(match[1]), int(match[2]), int(match[3]))  # noqa: DTZ001
        except ValueError:
            return
        stamp = Stamp(clock, None, False, 0, 0)
        yield Candidate(stamp, 1.0, f"address {match[0]}", from_address=True)


def _visible(
    blocks: list[Block],
    title_at: int | None,
    body: tuple[int, int],
    now: datetime,
    american: bool,
) -> Iterator[Candidate]:
    """Dates between the headline and the text, just above the headline, and at the foot."""
    first, last = body
    start = title_at if title_at is not None else max(0, first - 12)
    for position in range(max(0, start - 4, first - 60), min(len(blocks), first + 1)):
        block = blocks[position]
        if "cards" in block.cues or _is_hidden(block) or position == title_at:
            continue
        if len(block.text) > 220:
            continue
        if position >= start:
            yield from _in_head(blocks, position, position == first, now, american)
        elif heads_together(blocks, position, start):
            for candidate in _in_head(blocks, position, False, now, american):
                yield replace(candidate, trust=candidate.trust - 0.6)
    for block in blocks[last + 1 : last + 8]:
        if cut.ends_article(block.text):
            return  # what follows are other articles' dates, or comments'
        if {"cards", "junk"} & set(block.cues) or len(block.text) > 160:
            continue
        yield from (replace(c, trust=0.9) for c in _time_element(block))
        if block.links:
            continue
        for stamp in dates.find(block.text, american=american):
            modified = dates.labelled_modified(block.text, stamp.start)
            told = f"foot “{block.text[:70]}”"
            yield Candidate(stamp, 0.8, told, visible=True, modified=modified)


def _in_head(
    blocks: list[Block], position: int, is_first: bool, now: datetime, american: bool
) -> Iterator[Candidate]:
    """The dates of one block near the headline."""
    block = blocks[position]
    stamps = dates.find(block.text, now=now, american=american)
    if is_first and is_prose(block):
        # The day in a text's first sentence is the event's; only a dateline's is its own.
        stamps = [s for s in stamps if s.start < 40 and _DATELINE.match(block.text, s.end)]
    for stamp in stamps:
        if len(block.text) > 120 and stamp.start > 60 and not stamp.timed:
            continue
        if not stamp.timed and block.text[: stamp.start].endswith("("):
            continue  # "Minggu (4/8/2024)" is how a text tells the day of an event
        modified = dates.labelled_modified(block.text, stamp.start)
        whole = stamp if stamp.timed else _with_clock_beside(blocks, position, stamp)
        trust = 2.6 if whole.timed else 2.2
        told = f"“{block.text[:70]}”"
        yield Candidate(whole, trust, told, visible=True, modified=modified)
    yield from _time_element(block)


def _with_clock_beside(blocks: list[Block], position: int, stamp: Stamp) -> Stamp:
    """The date with the time that some themes set in the box after it."""
    for block in blocks[position + 1 : position + 3]:
        if len(block.text) <= 24 and (found := dates.clock_alone(block.text)):
            (hour, minute, _), zone = found
            clock = stamp.clock.replace(hour=hour, minute=minute)
            return replace(stamp, clock=clock, zone=zone or stamp.zone, timed=True)
    return stamp


def _time_element(block: Block) -> Iterator[Candidate]:
    for element in islice(block.element.iter("time"), 10):
        value = element.get("datetime") or element.get("content") or ""
        if stamp := dates.parse(value):
            names = f"{element.get('class') or ''} {element.get('itemprop') or ''}".lower()
            modified = ("updated" in names or "modified" in names) and "published" not in names
            yield Candidate(stamp, 2.4, _TIME, visible=True, modified=modified)


def _told_by_class(candidates: list[Candidate]) -> list[Candidate]:
    """Themes that set one ``time`` only call it "updated": where nothing visible is called
    published, and the words of none say that it is a change, that one is the date."""
    times = [c for c in candidates if c.evidence == _TIME]
    if not times or any(not c.modified for c in times):
        return candidates
    return [replace(c, modified=False) if c is times[0] else c for c in candidates]


def _zone(
    view: View, candidates: list[Candidate], region: str | None, configured: str | None
) -> tuple[tzinfo, str]:
    """The zone for clocks that name none: the page's own, else what is configured for the
    source, else that of the source's province."""
    for candidate in candidates:
        zone = candidate.stamp.zone
        if zone and zone in (dates.WIB, dates.WITA, dates.WIT) and candidate.visible:
            return zone, "zone of the page"
    if configured:
        return ZoneInfo(configured), "zone configured for the source"
    if zone := dates.zone_of_region(region):
        return zone, "zone of the source's province"
    for candidate in candidates:
        zone = candidate.stamp.zone
        if zone is not None and zone.utcoffset(None) in _INDONESIAN:
            return zone, "zone of another date on the page"
    marks = re.findall(r"\d{2}[:.]\d{2}\s*(WIB|WITA|WIT)\b", view.source)
    if marks:
        top = max(sorted(set(marks)), key=marks.count)
        return {"WIB": dates.WIB, "WITA": dates.WITA, "WIT": dates.WIT}[
            top
        ], "zone of other dates on the page"
    for name in (view.host, view.first_meta("og:site_name")):
        if zone := dates.zone_of_name(name):
            return zone, f"zone of a place in the site's name, {name}"
    return dates.WIB, "no zone given, WIB assumed"


def find(
    view: View,
    blocks: list[Block],
    headline: Title,
    body: tuple[int, int],
    *,
    region: str | None = None,
    source_zone: str | None = None,
    feed: datetime | None = None,
    stated: Iterable[tuple[str, bool]] = (),
    american: bool = False,
) -> Published:
    """The date and its evidence. ``region`` gives the zone where the page gives none,
    unless ``source_zone`` (an IANA name) does; ``stated`` are (date, whether of a change)
    from the data in the page's scripts; ``american`` tells how a page that says no more
    means "11/05/2024"."""
    now = view.page.fetched_at
    nodes = statements(view, headline.text)
    title_at = headline.block
    generator = view.first_meta("generator").casefold()  # Drupal's own form is the American
    candidates = [*_machine(view, nodes), *_microdata(view)]
    shown = _visible(blocks, title_at, body, now, american or "drupal" in generator)
    candidates += [*_told_by_class(list(shown)), *_from_url(view)]
    candidates += _in_variables(view)
    for value, modified in stated:
        if told := dates.parse(value):
            candidates.append(Candidate(told, 2.8, "script data", modified=modified))
    if feed is not None:
        stamp = Stamp(feed.replace(tzinfo=None), _fixed(feed), True, 0, 0)
        candidates.append(Candidate(stamp, 2.0, "feed"))
    zone, zone_from = _zone(view, candidates, region, source_zone)
    return choose(candidates, zone, zone_from, now)


def _fixed(moment: datetime) -> timezone | None:
    offset = moment.utcoffset()
    return timezone(offset) if offset is not None else None


def choose(candidates: list[Candidate], zone: tzinfo, zone_from: str, now: datetime) -> Published:
    """The candidate that stands, with the losers as reasons."""
    result = Published()
    limit = now + timedelta(hours=14)
    sound: list[Candidate] = []
    for candidate in candidates:
        moment = candidate.stamp.at(zone)
        if not _EARLIEST <= moment <= limit:
            result.lost.append(f"{candidate.evidence}: {moment.date()} is not plausible")
        else:
            sound.append(candidate)
    sound = [_rezoned(candidate, sound, zone) for candidate in sound]
    changed = [c for c in sound if c.modified]
    original = [c for c in sound if not c.modified]
    if changed:
        best = max(changed, key=lambda c: (c.stamp.timed, c.trust))
        result.modified = best.stamp.at(zone)
    if not original:
        # A page that tells when it was changed, and nothing else, was out by then.
        shown = [c for c in changed if c.visible]
        if not shown:
            return result
        original = shown
        result.modified = None
    support: dict[date, float] = {}
    for candidate in original:
        day = candidate.stamp.at(zone).astimezone(zone).date()
        trust = candidate.trust
        if _generated(candidate, changed, zone, now):
            trust *= 0.2
        support[day] = support.get(day, 0.0) + trust
    day = max(support, key=lambda d: (support[d], -d.toordinal()))
    same = [c for c in original if c.stamp.at(zone).astimezone(zone).date() == day]
    timed = [c for c in same if c.stamp.timed and not _midnight(c, same)]
    if not timed:
        timed = [c for c in original if c.stamp.timed and _same_when_local(c, day)]
    chosen = max(timed or same, key=lambda c: (not c.stamp.by_hour, c.trust))
    moment = chosen.stamp.at(zone)
    result.published = moment
    result.evidence = chosen.evidence + ("" if chosen.stamp.zone else f" ({zone_from})")
    for candidate in original:
        if candidate is not chosen and candidate.stamp.at(zone).astimezone(zone).date() != day:
            result.lost.append(f"{candidate.evidence}: {candidate.stamp.clock} has less support")
    if result.modified is not None and result.modified < moment:
        result.modified = None
    return result


def _generated(candidate: Candidate, changed: list[Candidate], zone: tzinfo, now: datetime) -> bool:
    """Whether a date is the moment in which the page was made up for this answer."""
    moment = candidate.stamp.at(zone)
    if candidate.visible or "JSON-LD Art" in candidate.evidence:
        return False
    return any(c.stamp.at(zone) == moment for c in changed) or abs(now - moment) < timedelta(
        minutes=2
    )


def _midnight(candidate: Candidate, others: list[Candidate]) -> bool:
    """Midnight sharp is mostly a missing time."""
    clock = candidate.stamp.clock
    return clock.hour == clock.minute == clock.second == 0 and any(
        o.stamp.timed and o.stamp.clock.time() != clock.time() for o in others
    )


def _same_when_local(candidate: Candidate, day: date) -> bool:
    return candidate.stamp.clock.date() == day


def _rezoned(candidate: Candidate, others: list[Candidate], zone: tzinfo) -> Candidate:
    """Where the page shows the very clock that a machine-readable date gives for UTC or
    another zone, or the day of that clock and not the day that it would be here, the site
    wrote local time under a wrong zone: what readers see counts."""
    if candidate.visible or not candidate.stamp.timed or candidate.stamp.zone is None:
        return candidate
    clock = candidate.stamp.clock.replace(second=0, microsecond=0)
    for other in others:
        shown = other.stamp.clock.replace(second=0, microsecond=0)
        if other.visible and other.stamp.timed and shown == clock:
            stamp = replace(candidate.stamp, zone=other.stamp.zone or zone)
            return replace(candidate, stamp=stamp)
    here = candidate.stamp.at(zone).astimezone(zone).date()
    if here != clock.date():
        told = {
            other.stamp.clock.date()
            for other in others
            if (other.visible or other.from_address) and not other.modified
        }
        if clock.date() in told and here not in told:
            return replace(candidate, stamp=replace(candidate.stamp, zone=zone))
    return candidate


__all__ = ["Candidate", "Published", "choose", "find"]
