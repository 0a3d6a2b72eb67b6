"""400 days through two elections with a clock that is moved: who is told what, and when.

Cases arrive by a seeded plan in three zones; five offices have each a rhythm of their own. What
each is to be told, and at which local hour, is worked out here by going through the half hours one
by one, and compared with the mails that were handed over. Karangan.
"""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from alerts import desk
from alerts.composing import compose
from alerts.sending import deliver
from alerts.weekly import tell_weekly
from extract.law import load as load_law
from pantau.config import Config, Subscription
from pantau.config.models import Alerts, Settings
from pantau.deadlines import deadlines
from pantau.records import Actor
from pantau.state import State, casework
from pantau.state.accounts import Who
from pantau.state.forgetting import forget_names
from pantau.state.tables import CaseRow, RunRow
from tests.alerts import world
from tests.alerts.conftest import Told
from tests.alerts.test_news import text

BEGIN = datetime(2023, 11, 14, 17, 0, tzinfo=UTC)
"""Before the campaign of one election; 400 days later the other is over."""
TICK = timedelta(minutes=30)
KEPT = timedelta(days=180)
ZONES = {"33.15": "Asia/Jakarta", "71.71": "Asia/Makassar", "81.71": "Asia/Jayapura"}
SECTIONS = {
    "DUGAAN BARU": "new",
    "SUDAH DITANGANI PENGAWAS": "handled",
    "PERKEMBANGAN": "update",
    "BELUM ADA YANG MENANGANI": "reminder",
    "BELUM TERVERIFIKASI": "unverified",
}
ENTRY = re.compile(r"\* (?:Dugaan|Lanjutan|Belum ditangani).*(Wa\w{6}), ")
HEADING = re.compile(r"^([A-Z ]+) \(\d+\)$")
SYLLABLES = ("ba", "di", "ku", "la", "me", "ni", "po", "ra", "su", "ta")


def office(name: str, region: str, **more: object) -> Subscription:
    regions = (region,) if region else ()
    zone = ZONES.get(region, "Asia/Jakarta")
    return world.subscription(
        id=name, recipients=(f"{name}@x.example",), regions=regions, zone=zone, **more
    )


OFFICES = (
    office("segera", "33.15", quiet="21:00-05:00", mails_per_hour=3),
    office("per-jam", "71.71", quiet="22:00-04:30", rhythm="hourly"),
    office("harian", "81.71", rhythm="daily"),
    office("malam", "33.15", quiet="22:00-05:00", rhythm="daily", digest_at=time(23, 0)),
    office("pusat", "", mails_per_hour=100),
)


@dataclass(frozen=True)
class Story:
    """One event: when its first report arrives, and what follows."""

    number: int
    region: str
    at: datetime
    kind: str
    """plain, followed (decided later), handled (by an office at first), post (a paper follows)."""
    follows: datetime
    taken: datetime | None
    none: datetime | None
    """When an office says that it was none."""

    @property
    def place(self) -> str:
        a, b, c = self.number // 100, self.number // 10 % 10, self.number % 10
        return f"Wa{SYLLABLES[a]}{SYLLABLES[b]}{SYLLABLES[c]}"


def plan(days: int) -> list[Story]:
    chance = random.Random(20240214)
    times = [
        (BEGIN + timedelta(days=day, minutes=chance.randrange(24 * 60)), region)
        for day in range(days - 25)
        for region in ZONES
        if chance.random() < 0.25
    ]
    times += [(BEGIN + timedelta(days=9, hours=4), "33.15")] * 8  # more than the ceiling
    stories = []
    for number, (at, region) in enumerate(sorted(times)):
        kind = chance.choices(("plain", "followed", "handled", "post"), (6, 2, 1, 2))[0]
        taken = {0: timedelta(days=1.5), 1: timedelta(days=4.2)}.get(number % 3)
        stories.append(
            Story(
                number,
                region,
                at,
                kind,
                follows=at + timedelta(days=chance.uniform(2, 12)),
                taken=at + taken if taken else None,
                none=at + timedelta(days=9) if number % 5 == 2 and not taken else None,
            )
        )
    return stories


# --- what is to be


def tick_of(at: datetime) -> datetime:
    """The first half hour at which something is seen."""
    return BEGIN - (BEGIN - at) // TICK * TICK


def is_quiet(one: Subscription, now: datetime) -> bool:
    if one.quiet is None:
        return False
    begin, end = one.quiet
    local = now.astimezone(ZoneInfo(one.zone or "")).time()
    return local >= begin or local < end


def told_at(one: Subscription, seen: datetime, *, digest: bool) -> datetime:
    """When a thing seen then is told, by going through the half hours."""
    now = seen
    if digest or one.rhythm != "immediate":
        now += TICK
        while not _hour_of(one, now):
            now += TICK
    while is_quiet(one, now):
        now += TICK
    return now


def _hour_of(one: Subscription, now: datetime) -> bool:
    local = now.astimezone(ZoneInfo(one.zone or "")).time()
    return local.minute == 0 if one.rhythm == "hourly" else local == one.digest_at


def expected(stories: list[Story], end: datetime) -> Counter[tuple[str, str, str, datetime]]:
    """Office, what, place and when, of everything that is to be told."""
    found = []
    for one in OFFICES:
        for story in stories:
            if not one.regions or story.region in one.regions:
                found += [(one.id, what, story.place, when) for what, when in _of(one, story)]
    return Counter(entry for entry in found if entry[3] < end)


def _of(one: Subscription, story: Story) -> Iterator[tuple[str, datetime]]:
    seen, follows = tick_of(story.at), tick_of(story.follows)
    if story.kind == "handled":
        yield "handled", told_at(one, seen, digest=True)
        return  # nobody is reminded of what was handled when it was first told
    if story.kind == "post":
        yield "unverified", told_at(one, seen, digest=True)
        seen = follows
    new = told_at(one, seen, digest=False)
    yield "new", new
    if story.kind == "followed":
        yield "update", told_at(one, follows, digest=False)
    for days in (3, 5):
        noted = new + timedelta(days=days)
        told = told_at(one, noted, digest=False)
        if story.taken is None or told < tick_of(story.taken):
            if story.none is None or told < tick_of(story.none):
                yield "reminder", told


# --- what is


class Recorder:
    """Takes every mail."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, EmailMessage]] = []

    def __enter__(self) -> Recorder:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def send(self, message: bytes, *, message_id: str, recipient: str) -> None:
        parsed = message_from_bytes(message, policy=default)
        assert isinstance(parsed, EmailMessage)
        self.mails.append((recipient.partition("@")[0], parsed))


def told(mails: list[tuple[str, EmailMessage]]) -> Iterator[tuple[str, str, str, datetime]]:
    """Office, what, place and when, of everything that mails tell of cases."""
    for office_id, mail in mails:
        when = mail["date"].datetime.astimezone(UTC)
        kind = mail["x-pantau-kind"]
        if kind == "digest":
            section = ""
            for line in text(mail).splitlines():
                if heading := HEADING.match(line):
                    section = SECTIONS[heading[1]]
                elif found := ENTRY.match(line):
                    yield office_id, section, found[1], when
        elif kind != "weekly":
            found = re.search(r"Wa\w{6}", mail["subject"])
            assert found, mail["subject"]
            yield office_id, kind, found[0], when


@pytest.mark.parametrize(
    "days",
    [
        pytest.param(45, marks=pytest.mark.slow),
        pytest.param(400, marks=[pytest.mark.endurance, pytest.mark.timeout(3600)]),
    ],
)
def test_everything_is_told_once_and_at_its_hour(
    state: State, config: Config, tell: Told, days: int
) -> None:
    settings = Settings(alerts=Alerts(base_url="https://pantau.example"))
    config = replace(config, settings=settings, subscriptions={one.id: one for one in OFFICES})
    stories = plan(days)
    arriving = arrivals(stories)
    recorder = Recorder()
    end = BEGIN + timedelta(days=days)
    now = BEGIN
    with state.write() as session:
        session.add(RunRow(source_id="kabar-tirta", started_at=BEGIN))
    numbers: dict[int, int] = {}
    while now < end:
        for what, story in arriving.pop(now, []):
            happen(state, tell, what, story, numbers, now)
        desk.open_cases(state, config, now, region_name=world.region_name)
        for story in [one for one in stories if tick_of(one.at) == now]:
            numbers[story.number] = case_of(state, story)
        compose(state, config, now, region_name=world.region_name, archive_path=world.archive_path)
        tell_weekly(state, config, now, world.region_name)
        deliver(state, recorder, lambda moment=now: moment)  # type: ignore[misc]
        if now.hour == 0 and now.minute == 0:
            with state.write() as session:
                while forget_names(session, now - KEPT, now, 50):
                    pass
        now += TICK

    due = expected(stories, end)
    assert sum(due.values()) > 2 * days
    assert Counter(told(recorder.mails)) == due
    assert_no_mail_in_quiet_hours(recorder.mails)
    assert_ceiling(recorder.mails)
    assert_weekly(recorder.mails, end)
    assert_names(state, stories, numbers, end)
    assert len({mail["message-id"] for _, mail in recorder.mails}) == len(recorder.mails)


def arrivals(stories: list[Story]) -> dict[datetime, list[tuple[str, Story]]]:
    """What happens before each half hour."""
    found: dict[datetime, list[tuple[str, Story]]] = defaultdict(list)
    for story in stories:
        found[tick_of(story.at)].append(("first", story))
        if story.kind in ("followed", "post"):
            found[tick_of(story.follows)].append((story.kind, story))
        if story.taken is not None:
            found[tick_of(story.taken)].append(("take", story))
        if story.none is not None:
            found[tick_of(story.none)].append(("not_one", story))
    return found


def happen(
    state: State, tell: Told, what: str, story: Story, numbers: dict[int, int], now: datetime
) -> None:
    if what in ("take", "not_one"):
        with state.write() as session:
            casework.note(session, numbers[story.number], what, Who("Bu Ratna"), now)
        return
    position = f"Camat {story.place}"
    act = world.mention(
        sentence=f"{position} membagikan kalender calon.",
        actor=Actor(name=f"Nama Orang{story.place}", position=position),
        region_code=story.region,
        act_date=None,
    )
    if what == "followed":
        act = replace(act, stage="proven", stage_by="BKN")
    elif story.kind == "handled":
        act = replace(act, stage="under_examination", stage_by="Bawaslu setempat")
    is_post = story.kind == "post" and what == "first"
    tell(
        f"{story.number}-{what}",
        "" if is_post else f"Kalender di {story.place}",
        act,
        published=now - timedelta(minutes=5),
        first_seen=now,
        kind="post" if is_post else "news",
    )


def case_of(state: State, story: Story) -> int:
    with state.read() as session:
        rows = session.scalars(select(CaseRow).order_by(CaseRow.id.desc()).limit(30))
        return next(row.id for row in rows if row.record["actor"]["position"].endswith(story.place))


def assert_no_mail_in_quiet_hours(mails: list[tuple[str, EmailMessage]]) -> None:
    offices = {one.id: one for one in OFFICES}
    for office_id, mail in mails:
        if mail["x-pantau-kind"] != "weekly":
            assert not is_quiet(offices[office_id], mail["date"].datetime)


def assert_ceiling(mails: list[tuple[str, EmailMessage]]) -> None:
    limits = {one.id: one.mails_per_hour for one in OFFICES}
    alone = defaultdict(list)
    for office_id, mail in mails:
        if mail["x-pantau-kind"] in ("new", "update", "reminder"):
            alone[office_id].append(mail["date"].datetime)
    for office_id, times in alone.items():
        for moment in times:
            within = [one for one in times if moment - timedelta(hours=1) < one <= moment]
            assert len(within) <= limits[office_id]


def assert_weekly(mails: list[tuple[str, EmailMessage]], end: datetime) -> None:
    """One each Monday, at the hour of the digest in the office's own zone."""
    for one in OFFICES:
        zone = ZoneInfo(one.zone or "")
        came = [
            mail["date"].datetime.astimezone(zone)
            for office_id, mail in mails
            if office_id == one.id and mail["x-pantau-kind"] == "weekly"
        ]
        day = BEGIN.astimezone(zone).date()
        mondays = []
        while day <= end.astimezone(zone).date():
            at = datetime.combine(day, one.digest_at, tzinfo=zone)
            if day.weekday() == 0 and BEGIN < at < end:
                mondays.append(at)
            day += timedelta(days=1)
        assert came == mondays


def assert_names(
    state: State, stories: list[Story], numbers: dict[int, int], end: datetime
) -> None:
    """What was none fades after half a year, and nothing else does."""
    faded = 0
    with state.read() as session:
        for story in stories:
            if tick_of(story.at) >= end:
                continue
            record = session.get_one(CaseRow, numbers[story.number]).record
            last = story.none and max(
                tick_of(story.none),
                tick_of(story.follows) if story.kind in ("followed", "post") else story.none,
            )
            gone = last is not None and last + KEPT + timedelta(days=1) < end
            kept = last is None or last + KEPT > end
            if gone:
                assert story.place not in record["actor"]["name"], story
                faded += 1
            elif kept:
                assert story.place in record["actor"]["name"], story
    assert faded > 10 or end - BEGIN < KEPT


def working_days_after(day: date, count: int) -> date:
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


def test_deadlines_are_counted_from_the_offices_own_date_on_every_day_of_both_elections() -> None:
    law = load_law()
    day = date(2023, 12, 1)
    while day < date(2024, 2, 10):
        due = deadlines(law, known_on=day, act_date=day - timedelta(days=1), region="33.15")
        assert {one.kind: one.last_day for one in due} == {
            "temuan": day + timedelta(days=7),
            "laporan": working_days_after(day, 7),
        }
        day += timedelta(days=1)
    day = date(2024, 9, 26)
    while day < date(2024, 11, 26):
        due = deadlines(law, known_on=day, act_date=day - timedelta(days=1), region="33.15")
        assert {one.last_day for one in due} == {day + timedelta(days=7)}
        day += timedelta(days=1)
