"""The law as data."""

from __future__ import annotations

from datetime import date

import pytest

from extract.entities.regions import table
from extract.law import OUTSIDE, load


@pytest.mark.parametrize(
    ("day", "region", "text"),
    [
        (date(2024, 9, 9), "21.04", "sebelum penetapan calon Pilkada 2024"),
        (date(2024, 9, 23), "21.04", "setelah penetapan calon Pilkada 2024"),
        (date(2024, 10, 12), None, "masa kampanye Pilkada 2024"),
        (date(2024, 11, 25), "32.05", "masa tenang Pilkada 2024"),
        (date(2024, 2, 1), "32.05", "masa kampanye Pemilu 2024"),
        (date(2025, 7, 27), "62.05", "masa kampanye PSU Pilkada Barito Utara 2025"),
        (date(2025, 7, 27), "62.01", OUTSIDE),
        (date(2026, 3, 1), None, OUTSIDE),
        (date(2018, 3, 1), "32.05", "masa kampanye Pilkada 2018"),
        (date(2018, 3, 1), "95.01", "masa kampanye Pilkada 2018"),
        (date(2017, 8, 1), "11.01", "sebelum penetapan calon Pilkada 2018"),
        (date(2017, 8, 1), "11.06", OUTSIDE),
        (date(2020, 11, 1), "73.71", "masa kampanye Pilkada 2020"),
        (date(2020, 11, 1), "32.73", OUTSIDE),
        (date(2020, 11, 1), None, "masa kampanye Pilkada 2020, bila daerah ini ikut memilih"),
        (date(2020, 11, 1), "32", "masa kampanye Pilkada 2020, bila daerah ini ikut memilih"),
        (date(2020, 11, 1), "13", "masa kampanye Pilkada 2020"),
        (date(2018, 9, 25), "33.01", "masa kampanye Pemilu 2019"),
        (date(2025, 4, 12), "32.06", "masa kampanye PSU Pilkada April 2025"),
        (date(2025, 4, 12), "32.05", OUTSIDE),
        (date(2025, 4, 12), None, OUTSIDE),
        (date(2025, 5, 8), "73.73", "masa kampanye PSU Pilkada Mei 2025"),
        (date(2025, 3, 20), "62.05", "masa tenang PSU Pilkada Maret 2025"),
    ],
)
def test_phase(day: date, region: str | None, text: str) -> None:
    assert load().phase(day, region).text == text


def test_each_wave_of_regional_elections_names_all_its_regions() -> None:
    """As many as the commission counted: provinces, kota, kabupaten. In 2017 and 2018 four of
    today's provinces still belonged to another."""
    counts = {}
    for election in load().elections:
        if election.partial:
            codes = election.regions
            assert len(set(codes)) == len(codes)
            assert set(codes) <= set(table()), election.id
            cities = sum(code[3:].startswith("7") for code in codes)
            provinces = sum(len(code) == 2 for code in codes)
            counts[election.id] = (provinces, cities, len(codes) - cities - provinces)
    assert counts == {
        "pilkada-2017": (7 + 1, 18, 76),
        "pilkada-2018": (17 + 3, 39, 115),
        "pilkada-2020": (9, 37, 224),
    }


def test_two_readings_of_one_act_by_calendar() -> None:
    law = load()
    before = law.rules_for((5,), subject="asn", day=date(2024, 9, 1), status="pns")
    after = law.rules_for((5,), subject="asn", day=date(2024, 10, 1), status="pns")
    assert "etik" in {rule.id for rule in before}
    assert "disiplin-berat" in {rule.id for rule in after}
    assert "etik" not in {rule.id for rule in after}


def test_unknown_status_shows_no_sanction() -> None:
    rules = load().rules_for((1, 10), subject="asn", day=date(2024, 10, 1))
    assert rules
    assert not any(rule.sanction for rule in rules)


def test_discipline_of_pns_is_not_shown_for_pppk() -> None:
    rules = load().rules_for((1,), subject="asn", day=date(2024, 10, 1), status="pppk")
    assert not any("PP 94/2021" in rule.basis for rule in rules)


def test_article_71_is_for_officials_and_village_heads() -> None:
    law = load()
    day = date(2024, 10, 1)
    official = law.rules_for((13,), subject="asn", day=day, status="official")
    teacher = law.rules_for((13,), subject="asn", day=day, status="pns")
    village = law.rules_for((13,), subject="village_official", day=day)
    assert "pilkada-71-1" in {r.id for r in official}
    assert "pilkada-71-1" not in {r.id for r in teacher}
    assert "pilkada-71-1" in {r.id for r in village}


def test_routes_change_with_the_day() -> None:
    law = load()
    old, new = law.route("asn", date(2023, 12, 1)), law.route("asn", date(2024, 10, 1))
    assert old is not None
    assert new is not None
    assert "KASN" in old.to
    assert "BKN" in new.to


def test_what_is_unverified_says_so() -> None:
    law = load()
    assert any(not rule.verified for rule in law.readings)
    assert all(rule.source for rule in (*law.readings, *law.articles))
