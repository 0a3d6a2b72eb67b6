"""What the reports of a case together tell. Karangan."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime

from alerts.merge import merge
from pantau.records import NO_NAME, Actor
from tests.alerts import world


def at(day: int) -> datetime:
    return datetime(2024, 10, day, 3, 0, tzinfo=UTC)


POST = world.report(
    article_id="post",
    published=at(13),
    first_seen=at(20),
    actor=Actor(name=NO_NAME, position="Pak Camat"),
    act_date=None,
    region_code="33",
    score=0.6,
)
NEWS = world.report(
    article_id="news", published=at(14), first_seen=at(14), beneficiary="paslon nomor urut 2"
)
HEARD = world.report(
    article_id="heard",
    published=at(18),
    first_seen=at(18),
    actor=Actor(name="BS", position="Camat Tirtawangi"),
    act_date=date(2024, 10, 17),
    stage="under_examination",
    stage_by="Bawaslu Grobogan",
    denied=True,
    answer="Saya hanya tamu.",
    skb_forms=(10,),
)
ENDED = world.report(
    article_id="ended", published=at(28), first_seen=at(28), stage="dismissed", stage_by="BKN"
)
PROVEN = world.report(
    article_id="proven", published=at(26), first_seen=at(26), stage="proven", stage_by="Bawaslu"
)


def test_the_case_tells_the_most_exact_of_each() -> None:
    case = merge(3, [POST, NEWS, HEARD])
    assert case.id == 3
    assert case.actor.name == "Bambang Sutikno"
    assert case.actor.position == "Camat Tirtawangi"
    assert case.region_code == "33.15"
    assert case.skb_forms == (5, 10)
    assert case.act_date == date(2024, 10, 12)
    assert case.beneficiary == "paslon nomor urut 2"
    assert (case.stage, case.stage_by) == ("under_examination", "Bawaslu Grobogan")
    assert case.denied
    assert case.answer == "Saya hanya tamu."
    assert case.first_seen == at(14)
    assert case.score == 0.9


def test_the_order_of_the_reports_is_no_matter() -> None:
    reports = [POST, NEWS, HEARD, ENDED]
    told = {merge(1, list(order)) for order in itertools.permutations(reports)}
    assert len(told) == 1


def test_of_two_decisions_the_later_counts() -> None:
    case = merge(1, [ENDED, NEWS, PROVEN])
    assert (case.stage, case.stage_by) == ("dismissed", "BKN")


def test_an_old_report_does_not_undo_a_decision() -> None:
    assert merge(1, [ENDED, NEWS]).stage == "dismissed"


def test_a_case_whose_actor_no_report_names_says_so() -> None:
    assert merge(1, [POST]).actor.name == NO_NAME


def test_the_phase_is_that_of_the_day_of_the_act_where_a_report_tells_it() -> None:
    later = [
        world.report(article_id=str(n), act_date=None, phase="masa tenang Pilkada 2024")
        for n in range(2)
    ]
    case = merge(1, [*later, NEWS])
    assert case.act_date == date(2024, 10, 12)
    assert case.phase == "masa kampanye Pilkada 2024"
    assert merge(1, later).phase == "masa tenang Pilkada 2024"
