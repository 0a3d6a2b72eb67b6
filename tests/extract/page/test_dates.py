"""The forms in which Indonesian pages write dates."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from extract.page import dates
from extract.page.dates import WIB, WIT, WITA, Stamp
from extract.page.published import Candidate, choose

NOW = datetime(2024, 9, 1, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "clock", "zone"),
    [
        ("Rabu, 21 Agustus 2024 19:05 WIB", "2024-08-21 19:05", WIB),
        ("Selasa, 20 Agustus 2024 pukul 08.05 WIB", "2024-08-20 08:05", WIB),
        ("12 Agu 2024, 10:15 WITA", "2024-08-12 10:15", WITA),
        ("27 Agt 2024 - 10:48 WIB", "2024-08-27 10:48", WIB),
        ("Kam, 5 Sept 2024 | 07.30 WIT", "2024-09-05 07:30", WIT),
        ("Jum'at, 30 Agustus 2024 - 13:39 WITA", "2024-08-30 13:39", WITA),
        ("Senin, 19 Agustus 2024 | 21:14 WIB", "2024-08-19 21:14", WIB),
        ("21/08/2024, 07:00 WIB", "2024-08-21 07:00", WIB),
        ("21-08-2024 07.00", "2024-08-21 07:00", None),
        ("Juli 31, 2024 19:40", "2024-07-31 19:40", None),
        ("Sept 3, 2024 5:04 PM", "2024-09-03 17:04", None),
        ("19 Pebruari 2024 00.10 wib", "2024-02-19 00:10", WIB),
        ("3 Nopember 2023 12:00", "2023-11-03 12:00", None),
        ("10.15 WIB, Senin 12 Agustus 2024", "2024-08-12 10:15", WIB),
        ("2024/04/04 11:30:58", "2024-04-04 11:30", None),
        ("Tayang: Rabu, 21 Agustus 2024 19:05 WIB", "2024-08-21 19:05", WIB),
        ("9 Sep '24 08.00", "2024-09-09 08:00", None),
        ("Kemarin, 10.15 WIB", "2024-08-31 10:15", WIB),
    ],
)
def test_visible_forms(text, clock, zone):
    (stamp,) = dates.find(text, now=NOW)
    assert f"{stamp.clock:%Y-%m-%d %H:%M}" == clock
    assert stamp.timed
    assert stamp.zone == zone


def test_a_day_without_a_time_says_so():
    (stamp,) = dates.find("Diterbitkan 20 Juni 2024")
    assert not stamp.timed


@pytest.mark.parametrize(
    ("text", "ago", "exact"),
    [("2 jam lalu", timedelta(hours=2), False), ("5 menit yang lalu", timedelta(minutes=5), True)],
)
def test_relative_forms_count_from_the_fetch(text, ago, exact):
    (stamp,) = dates.find(text, now=NOW)
    assert stamp.at(WIB) == NOW - ago
    assert stamp.by_hour is not exact


@pytest.mark.parametrize(
    "text", ["29 Februari 2023", "32 Agustus 2024", "Rp 12.500.000", "2024", "081234567890", "3-0"]
)
def test_what_is_no_date_gives_none(text):
    assert dates.find(text, now=NOW) == []


def test_zones_of_the_provinces():
    assert dates.zone_of_region("32.05") is WIB
    assert dates.zone_of_region("71") is WITA
    assert dates.zone_of_region("95.01") is WIT
    assert dates.zone_of_region(None) is None
    assert dates.zone_of_region("xx") is None


def candidate(text: str, trust: float, evidence: str, **more: bool) -> Candidate:
    (stamp,) = dates.find(text)
    return Candidate(stamp, trust, evidence, **more)


def test_the_day_with_most_support_wins_and_losers_are_named():
    found = choose(
        [
            candidate("2024-08-12T09:33:00+08:00", 3.0, "JSON-LD"),
            candidate("12 Agustus 2024 09:33 WITA", 2.6, "headline", visible=True),
            candidate("2024-08-10", 1.0, "address"),
        ],
        WIB,
        "assumed",
        NOW,
    )
    assert found.published == datetime(2024, 8, 12, 9, 33, tzinfo=WITA)
    assert any(lost.startswith("address") for lost in found.lost)


def test_a_date_made_for_this_answer_loses_to_the_visible_one():
    made = f"{NOW:%Y-%m-%dT%H:%M:%S}+00:00"
    found = choose(
        [
            candidate(made, 1.0, "meta date"),
            candidate(made, 1.0, "meta last-modified", modified=True),
            candidate("20 Agustus 2024 08.05 WIB", 2.6, "headline", visible=True),
        ],
        WIB,
        "assumed",
        NOW,
    )
    assert found.published == datetime(2024, 8, 20, 8, 5, tzinfo=WIB)
    assert found.modified == NOW


def test_local_time_under_a_wrong_zone_follows_what_readers_see():
    found = choose(
        [
            candidate("2024-08-21T19:05:00+00:00", 3.0, "JSON-LD"),
            candidate("Rabu, 21 Agustus 2024 19:05 WIB", 2.6, "headline", visible=True),
        ],
        WIB,
        "page",
        NOW,
    )
    assert found.published == datetime(2024, 8, 21, 19, 5, tzinfo=WIB)


def test_dates_in_the_future_or_of_the_year_9999_are_not_plausible():
    stamp = Stamp(datetime(9999, 1, 1), None, True, 0, 4)  # noqa: DTZ001
    found = choose([Candidate(stamp, 3.0, "meta")], WIB, "page", NOW)
    assert found.published is None
    assert "not plausible" in found.lost[0]


def test_without_candidates_there_is_no_date():
    assert choose([], WIB, "page", NOW).published is None


def test_a_zone_is_taken_from_the_source_where_the_page_gives_none():
    (stamp,) = dates.find("12 Agustus 2024 09:33")
    found = choose([Candidate(stamp, 2.6, "x", visible=True)], WIT, "province", NOW)
    assert found.published is not None
    assert found.published.utcoffset() == timedelta(hours=9)
    assert "province" in found.evidence


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("makassar.sindonews.com", WITA),
        ("sulteng.antaranews.com", WITA),
        ("tanatidung.bawaslu.go.id", WITA),
        ("Papua Pagi", WIT),
        ("maluku-kini.example", WIT),
        ("bali.kabarnusa.example", WITA),
        ("balitbang.example", None),
        ("jateng.tribunnews.com", None),
        ("kabarseruni.example", None),
        ("", None),
    ],
)
def test_a_place_in_the_sites_name_gives_its_zone(name, zone):
    assert dates.zone_of_name(name) is zone


def test_an_english_weekday_tells_the_american_order():
    (american,) = dates.find("Tue, 11/05/2024 - 09:18")
    assert (american.clock.month, american.clock.day) == (11, 5)
    (plain,) = dates.find("Sat, 11/05/2024 - 09:18")
    assert (plain.clock.month, plain.clock.day) == (5, 11)
    (unsaid,) = dates.find("11/05/2024 - 09:18")
    assert (unsaid.clock.month, unsaid.clock.day) == (5, 11)
    (told,) = dates.find("11/05/2024 - 09:18", american=True)
    assert (told.clock.month, told.clock.day) == (11, 5)


def test_an_indonesian_weekday_tells_the_american_order_too():
    (stamp,) = dates.find("Sel, 08/06/2024 - 15:19")
    assert (stamp.clock.month, stamp.clock.day) == (8, 6)


def test_the_day_that_readers_see_tells_local_time_under_a_wrong_zone():
    found = choose(
        [
            candidate("2024-08-21T19:05:00+00:00", 3.0, "JSON-LD"),
            candidate("21 Agustus 2024", 2.2, "headline", visible=True),
        ],
        WIB,
        "page",
        NOW,
    )
    assert found.published == datetime(2024, 8, 21, 19, 5, tzinfo=WIB)


def test_a_page_that_shows_only_when_it_was_changed_was_out_by_then():
    shown = candidate("21 Agustus 2024 19.05 WIB", 2.6, "headline", visible=True, modified=True)
    found = choose([shown], WIB, "page", NOW)
    assert found.published == datetime(2024, 8, 21, 19, 5, tzinfo=WIB)
    assert found.modified is None
    hidden = candidate("2024-08-21T19:05:00+07:00", 1.0, "meta", modified=True)
    assert choose([hidden], WIB, "page", NOW).published is None
