"""Who is told of a case, and what is news."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from alerts.routing import held_back, is_news, refusal, report_is_news, wants
from pantau.config.models import Alerts
from pantau.records import Report
from tests.alerts import world

NOW = world.NOW
HORIZON = timedelta(days=14)

REPORTS = [world.report()]


@pytest.mark.parametrize(
    ("regions", "without", "code", "told"),
    [
        (("33.15",), False, "33.15", True),
        (("33.15",), False, "33.15.05", True),
        (("33",), False, "33.15", True),
        (("33.15", "33.74"), False, "33.74", True),
        (("33.15",), False, "33.74", False),
        (("33.15",), False, "33", False),
        (("33.15",), False, None, False),
        (("33.15",), True, None, True),
        ((), False, "96.05", True),
        ((), False, None, True),
    ],
)
def test_regions(regions: Any, without: bool, code: str | None, told: bool) -> None:
    one = world.subscription(regions=regions, without_region=without)
    assert wants(one, world.case(region_code=code), REPORTS) is told


@pytest.mark.parametrize(
    ("conditions", "told"),
    [
        ({"forms": (5, 7)}, True),
        ({"forms": (7,)}, False),
        ({"stages": ("alleged", "reported")}, True),
        ({"stages": ("proven",)}, False),
        ({"subjects": ("village_official",)}, False),
        ({"subjects": ("asn", "village_official")}, True),
        ({"forms": (5,), "stages": ("proven",)}, False),
    ],
)
def test_conditions(conditions: dict[str, Any], told: bool) -> None:
    assert wants(world.subscription(**conditions), world.case(), REPORTS) is told


def test_a_refusal_names_the_condition() -> None:
    case = world.case()
    assert refusal(world.subscription(), case, REPORTS) == ""
    assert "region 33.15" in refusal(world.subscription(regions=("33.74",)), case, REPORTS)
    assert "forms 5" in refusal(world.subscription(forms=(1, 9)), case, REPORTS)
    assert "stage alleged" in refusal(
        world.subscription(stages=("proven",)), case, [world.report()]
    )
    assert "acts of asn" in refusal(
        world.subscription(subjects=("security",)), case, [world.report()]
    )


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


@pytest.mark.parametrize(
    ("published", "act", "first_seen", "watched", "news"),
    [
        (ago(1), None, ago(0.5), None, True),
        (ago(13.9), None, ago(13), None, True),
        (ago(14.1), None, ago(0.1), None, False),
        (ago(40), ago(3), ago(0.1), None, True),
        (ago(1), ago(300), ago(0.5), None, True),
        (None, ago(2), ago(0.1), None, True),
        (None, ago(200), ago(0.1), None, False),
        (None, None, ago(0.1), None, False),
        (None, None, ago(0.1), ago(0.2), False),
        (None, None, ago(0.1), ago(60), True),
        (None, None, ago(20), ago(60), False),
        (NOW + timedelta(days=3000), None, ago(0.1), ago(60), True),
        (NOW + timedelta(days=3000), None, ago(0.1), ago(0.2), False),
    ],
    ids=[
        "young report", "just within", "old report", "young act", "old act comes to light",
        "undated, young act", "undated, old act", "undated, source unknown",
        "undated, source new", "undated, source known", "undated, read long ago",
        "year 9999, source known", "year 9999, source new",
    ],
)  # fmt: skip
def test_news(
    published: datetime | None,
    act: datetime | None,
    first_seen: datetime,
    watched: datetime | None,
    news: bool,
) -> None:
    day: date | None = act.date() if act else None
    report = world.report(published=published, first_seen=first_seen, act_date=day)
    assert report_is_news(report, watched, horizon=HORIZON, now=NOW) is news
    assert is_news([(report, watched)], horizon=HORIZON, now=NOW) is news


def test_one_young_report_makes_a_case_news() -> None:
    old = (world.report(published=ago(90), act_date=None), None)
    young = (world.report(published=ago(2), act_date=None), None)
    assert is_news([old, young], horizon=HORIZON, now=NOW)
    assert not is_news([old], horizon=HORIZON, now=NOW)


def test_a_dismissal_alone_is_no_news() -> None:
    report = world.report(published=ago(1), stage="dismissed")
    assert not is_news([(report, None)], horizon=HORIZON, now=NOW)


OTHER_WORDS = "Ada video pak camat joget di panggung calon, ramai sekali."
POST = world.report(article_id="p1", kind="post", account="x @warga", published=ago(2))


@pytest.mark.parametrize(
    ("more", "held"),
    [
        ({"article_id": "p2", "kind": "post", "account": "x @lain", "sentence": OTHER_WORDS}, ""),
        ({"article_id": "p2", "kind": "post", "account": "x @lain"}, "unverified"),
        (
            {"article_id": "p2", "kind": "post", "account": "x @warga", "sentence": OTHER_WORDS},
            "unverified",
        ),
        (
            {
                "article_id": "p2", "kind": "post", "account": "x @lain",
                "sentence": OTHER_WORDS, "copy_of": "p1",
            },
            "unverified",
        ),
        ({"article_id": "n1", "kind": "news"}, ""),
        ({"article_id": "n1", "kind": "news", "copy_of": "p1"}, "unverified"),
        ({"article_id": "p2", "kind": "post", "official": True, "sentence": OTHER_WORDS}, ""),
    ],
    ids=[
        "another account", "the same words elsewhere", "the same account again",
        "a copy of its text", "a paper", "a paper that prints its text", "an institution",
    ],
)  # fmt: skip
def test_what_repeats_an_unverified_account_releases_nothing(
    more: dict[str, Any], held: str
) -> None:
    reports: list[Report] = [POST, world.report(published=ago(1), **more)]
    assert held_back([POST], Alerts()) == "unverified"
    assert held_back(reports, Alerts()) == held
    assert held_back(reports[::-1], Alerts()) == held
