"""The law as data."""

from __future__ import annotations

from datetime import date

import pytest

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
    ],
)
def test_phase(day: date, region: str | None, text: str) -> None:
    assert load().phase(day, region).text == text


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
