"""Every way a server can misbehave ends in its outcome and reason, and its neighbours come all the
same: the whole table of ``misbehaviour`` in one crawl."""

from __future__ import annotations

import re
import resource
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.run import RunOutcome, crawl, run_in_reactor
from pantau.config.models import Platforms, Politeness, Source, WayIn, X, YouTube
from pantau.config.sources import TermsAccepted
from pantau.state import open_state
from pantau.state.tables import PageRow
from tests.crawler.conftest import NOW, World, feed_way, source
from tests.crawler.misbehaviour.indexes import INDEXES
from tests.crawler.misbehaviour.pages import BAD_PAGES, ODD_PAGES
from tests.crawler.misbehaviour.platforms import PLATFORMS
from tests.crawler.misbehaviour.street import BAD, GOOD, ROBOTS, House, Street, rss
from tests.servers import Answer, LocalServer, habits, self_signed

ALL_INDEXES = INDEXES | PLATFORMS
DECIDED = TermsAccepted(by="Kepala Bagian Hukum", on=NOW.date())
HASTY, PATIENT = timedelta(seconds=1), timedelta(seconds=10)
"""How long an answer is waited for: of a server that never gives one, and of all others."""
KEYS = {"PANTAU_YOUTUBE_KEY": "kunci", "PANTAU_X_TOKEN": "tanda"}
WAYS: dict[str, Callable[..., WayIn]] = {
    "feed": lambda root, **told: WayIn(kind="feed", url=f"{root}/feed", **told),
    "listing": lambda root, **told: WayIn(kind="listing", url=f"{root}/", **told),
    "sitemap": lambda root, **told: WayIn(kind="sitemap", url=f"{root}/sitemap.xml", **told),
    "wordpress": lambda root, **told: WayIn(kind="wordpress", url=f"{root}/", **told),
    "telegram": lambda root, **told: WayIn(kind="telegram", url=f"{root}/s/kabarlembah", **told),
    "youtube": lambda root, **told: WayIn(
        kind="youtube", url="https://www.youtube.com/channel/UCkabar", api=root, **told
    ),
    "mastodon": lambda root, **told: WayIn(kind="mastodon", url=f"{root}/@lembah", **told),
    "bluesky": lambda root, **told: WayIn(
        kind="bluesky", url="https://bsky.app/profile/lembah.example", api=root, **told
    ),
    "x": lambda root, **told: WayIn(
        kind="x", url=f"{root}/2/tweets/search/recent", query="ASN kampanye", **told
    ),
}


@dataclass(frozen=True)
class Ran:
    """What came of one behaviour."""

    house: House
    outcome: RunOutcome
    pages: Mapping[str, PageRow]
    """By path."""


@dataclass(frozen=True)
class Crawled:
    runs: Mapping[str, Ran]
    world: World
    seconds: float
    grown: int
    """Bytes of memory that the crawl took at most."""


def watched(number: int, way: WayIn, *, hasty: bool) -> Source:
    politeness = Politeness(delay=timedelta(0), concurrency=2, timeout=HASTY if hasty else PATIENT)
    return source(way, id=f"situs-{number}", terms_accepted=DECIDED, politeness=politeness)


def built(street: Street) -> dict[str, tuple[House, Source]]:
    """A site for each line of the table."""
    made: dict[str, tuple[House, Source]] = {}
    for name, index in ALL_INDEXES.items():
        house = street.house()
        index.set_up(house)
        way = WAYS[index.kind](house.root, **index.way)
        made[name] = house, watched(len(made), way, hasty=index.hasty)
    for name, bad in BAD_PAGES.items():
        house = with_feed(street, BAD, GOOD)
        house.on(BAD, bad.habit)
        house.on(GOOD, "<p>isi")
        way = WAYS["feed"](house.root)
        made[f"page: {name}"] = house, watched(len(made), way, hasty=bad.reason == "timeout")
    for name, habit in ODD_PAGES.items():
        house = with_feed(street, BAD)
        house.on(BAD, habit)
        house.on(f"{BAD}?utama=1", "<p>isi")
        made[f"odd: {name}"] = house, watched(len(made), WAYS["feed"](house.root), hasty=False)
    return made


def with_feed(street: Street, *paths: str) -> House:
    house = street.house()
    house.on(ROBOTS, Answer(status=404))
    house.on("/feed", rss(house.root, *paths))
    return house


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory, empty_state: Path) -> Iterator[Crawled]:
    folder = tmp_path_factory.mktemp("hostile")
    shutil.copy(empty_state, folder / "state.sqlite")
    state = open_state(f"sqlite:///{folder / 'state.sqlite'}")
    world, street = World(folder, state), Street()
    made = built(street)
    plain = world.context()
    addresses = tuple(house.address for house, _ in made.values())
    context = replace(
        plain,
        settings=plain.settings.model_copy(update={"allow_private": addresses}),
        platforms=Platforms(youtube=YouTube(), x=X(dollars_per_month=1000)),
        environment=KEYS,
    )
    before, begun = _peak(), time.monotonic()
    with street.server:
        sources = [one for _, one in made.values()]
        # What is not waited for long is crawled while nothing else is.
        hasty = [one for one in sources if one.politeness.timeout == HASTY]
        patient = [one for one in sources if one.politeness.timeout == PATIENT]
        told = run_in_reactor(lambda: crawl(hasty, context=context))
        told += run_in_reactor(lambda: crawl(patient, context=context))
    seconds, grown = time.monotonic() - begun, _peak() - before
    outcomes = {outcome.source_id: outcome for outcome in told}
    pages = world.pages_by_source()
    runs = {
        name: Ran(house, outcomes[one.id], pages.get(one.id, {}))
        for name, (house, one) in made.items()
    }
    yield Crawled(runs, world, seconds, grown)
    state.close()


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def test_the_table_is_long_enough_and_holds_every_kind() -> None:
    kinds = Counter(index.kind for index in ALL_INDEXES.values())
    assert len(ALL_INDEXES) + len(BAD_PAGES) + len(ODD_PAGES) > 180
    assert all(kinds[kind] >= 6 for kind in WAYS), kinds
    assert sum("robots.txt" in name for name in ALL_INDEXES) >= 15


def test_all_of_them_together_take_neither_long_nor_much(crawled: Crawled) -> None:
    """Bombs and endless answers among them, each is bounded."""
    assert crawled.seconds < 100
    assert crawled.grown < 400 * 1024 * 1024


@pytest.mark.parametrize("name", ALL_INDEXES)
def test_an_index_that_misbehaves_names_the_outcome(crawled: Crawled, name: str) -> None:
    expected, ran = ALL_INDEXES[name], crawled.runs[name]
    told = ran.outcome
    reason = re.sub(r"for \d+ s$", "for … s", told.reason)
    assert (told.outcome, reason) == (expected.outcome, expected.reason)
    assert told.found == expected.found
    assert len(ran.house.paths) <= 15  # nothing goes on for ever
    if expected.outcome == "robots" or expected.reason.startswith("robots.txt unreachable"):
        assert set(ran.house.paths) <= {ROBOTS, "/sitemap.xml"}


@pytest.mark.parametrize("name", BAD_PAGES)
def test_a_bad_page_ends_in_its_reason(crawled: Crawled, name: str) -> None:
    case, ran = BAD_PAGES[name], crawled.runs[f"page: {name}"]
    page = ran.pages[BAD]
    assert (page.disposition, page.reason) == (case.disposition, case.reason)
    assert (page.retry_at is not None) == (case.disposition is None)
    assert ran.pages[GOOD].status == "fetched"
    outcome = ran.outcome
    assert (outcome.outcome, outcome.found, outcome.fetched) == ("partly", 2, 1)
    assert outcome.reason == f"1 × {case.reason}"


@pytest.mark.parametrize("name", ODD_PAGES)
def test_what_is_odd_but_readable_is_kept(crawled: Crawled, name: str) -> None:
    ran = crawled.runs[f"odd: {name}"]
    page = ran.pages[BAD]
    assert (ran.outcome.outcome, page.status, page.http_status) == ("ok", "fetched", 200)
    body = crawled.world.archive.get(page.sha256)
    assert body == b"" if name == "an empty page" else body.startswith(b"<p>isi")
    assert page.final_url.startswith(ran.house.root + BAD)


def test_every_run_is_noted_as_it_was_told(crawled: Crawled) -> None:
    rows = {row.source_id: row for row in crawled.world.runs()}
    for name, ran in crawled.runs.items():
        row = rows[ran.outcome.source_id]
        assert (row.outcome, row.reason) == (ran.outcome.outcome, ran.outcome.reason), name
        assert row.ended_at == NOW


def test_an_untrusted_certificate_is_refused_unless_the_source_says_otherwise(
    world: World, tmp_path: Path
) -> None:
    with LocalServer(tls=self_signed(tmp_path)) as site:
        site.on("/feed", rss(site.root, GOOD))
        site.on(GOOD, "<p>isi")
        [refused] = world.crawl(source(feed_way(site)), site)
        assert (refused.outcome, refused.reason) == ("tls", "robots.txt unreachable: tls")
        assert site.seen == []
        fresh = World(world.folder, world.state)
        [taken] = fresh.crawl(source(feed_way(site), verify_tls=False), site)
        assert taken.outcome == "ok"


def test_a_host_without_a_name_is_told_as_dns(world: World) -> None:
    way = WayIn(kind="feed", url="http://tidak-ada.invalid/feed")
    [outcome] = world.crawl(source(way))
    assert (outcome.outcome, outcome.reason) == ("dns", "robots.txt unreachable: dns")


def test_a_closed_port_is_told_as_refused(world: World) -> None:
    with LocalServer() as gone:
        way = feed_way(gone)
    [outcome] = world.crawl(source(way), gone)
    assert outcome.reason == "robots.txt unreachable: connection refused"


def test_memory_stays_bounded_while_bodies_do_not(
    world: World, site: LocalServer, peak: Callable[[], int]
) -> None:
    paths = [f"/berita/tanpa-akhir-{number}" for number in range(20)]
    site.on("/feed", rss(site.root, *paths))
    for path in paths:
        site.on(path, habits.endless)
    before = peak()
    world.crawl(source(feed_way(site)), site, max_body=4 * 1024 * 1024)
    assert {page.reason for page in world.pages().values()} == {"too large"}
    assert peak() - before < 150 * 1024 * 1024
