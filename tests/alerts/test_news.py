"""What becomes of a case after it was opened: updates, digests, corrections, the ceiling."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from sqlalchemy import select

from alerts import desk
from alerts.composing import compose
from pantau.config import Config, Subscription
from pantau.config.models import Alerts, Settings
from pantau.records import Actor, Mention
from pantau.state import State
from pantau.state.tables import AlertRow, OutboxRow
from tests.alerts import world
from tests.alerts.conftest import Told

NOW = world.NOW  # 09.00 in Jakarta
MORNING = NOW + timedelta(hours=22)


def work(
    state: State, config: Config, now: datetime = NOW, *, nothing_runs_after: bool = False
) -> None:
    desk.open_cases(state, config, now, region_name=world.region_name)
    compose(
        state,
        config,
        now,
        region_name=world.region_name,
        archive_path=world.archive_path,
        nothing_runs_after=nothing_runs_after,
    )


def mails(state: State) -> list[EmailMessage]:
    with state.read() as session:
        found = session.scalars(select(OutboxRow).order_by(OutboxRow.id)).all()
    return [message_from_bytes(row.message, policy=default) for row in found]  # type: ignore[misc]


def text(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def subscribed(config: Config, **conditions: Any) -> Config:
    one = world.subscription(**conditions)
    return replace(config, subscriptions={one.id: one})


def set_alerts(config: Config, **changes: Any) -> Config:
    return replace(config, settings=Settings(alerts=Alerts(**changes)))


UNNAMED = world.mention(actor=Actor(position="Camat Tirtawangi"))
POST = world.mention(sentence="Pak Camat Tirtawangi pose dua jari bareng calon bupati, Bambang!")


# --- updates


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        (
            world.mention(),
            world.mention(stage="proven", stage_by="Bawaslu Grobogan"),
            "dinyatakan melanggar oleh Bawaslu Grobogan; sebelumnya disebut sebagai dugaan",
        ),
        (UNNAMED, world.mention(), "Nama kini disebut sumber: Bambang Sutikno"),
        (world.mention(), world.mention(skb_forms=(5, 10)), "bentuk 10"),
        (world.mention(region_code="33"), world.mention(), "Kabupaten Grobogan"),
        (world.mention(), world.mention(denied=True), "membantah"),
        (
            world.mention(),
            world.mention(stage="dismissed", stage_by="Bawaslu Grobogan"),
            "tidak terbukti atau dihentikan",
        ),
    ],
)
def test_a_new_fact_is_told_once_and_says_what_is_new(
    state: State, config: Config, tell: Told, first: Mention, second: Mention, said: str
) -> None:
    config = subscribed(config, regions=("33",))
    tell("a1", "Foto Dua Jari Camat Tirtawangi", first)
    work(state, config)
    tell("a2", "Foto Dua Jari Camat Tirtawangi, Kelanjutannya", second)
    work(state, config)
    tell("a3", "Foto Dua Jari Camat Tirtawangi, Sekali Lagi", second)
    work(state, config)
    new, update = mails(state)
    assert update["subject"].startswith("Lanjutan dugaan")
    assert said in text(update)
    assert update["references"] == new["references"]


def test_further_reports_are_counted_and_not_mailed(
    state: State, config: Config, tell: Told
) -> None:
    for number in range(5):
        tell(f"a{number}", "Foto Dua Jari Camat Tirtawangi", world.mention())
        work(state, config)
    assert len(mails(state)) == 1


def test_what_is_new_before_the_first_mail_went_out_stands_in_it(
    state: State, config: Config, tell: Told
) -> None:
    config = subscribed(config, quiet="08:00-10:00")
    tell("a1", "Foto Dua Jari Camat Tirtawangi", UNNAMED)
    work(state, config)
    assert mails(state) == []
    tell("a2", "Foto Dua Jari Camat Tirtawangi", world.mention())
    work(state, config)
    work(state, config, NOW + timedelta(hours=1))
    [one] = mails(state)
    assert "Bambang Sutikno" in text(one)


# --- corrections


def test_an_act_that_was_edited_away_is_taken_back(
    state: State, config: Config, tell: Told
) -> None:
    tell("a1", "Foto Dua Jari Camat Tirtawangi", world.mention())
    work(state, config)
    tell("a1", "Ralat: Bukan Camat Tirtawangi", likely=False)
    work(state, config)
    work(state, config)
    _, correction = mails(state)
    assert "Koreksi: perbuatan ini tidak lagi terbaca" in text(correction)


def test_a_case_that_others_still_tell_is_not_taken_back(
    state: State, config: Config, tell: Told
) -> None:
    tell("a1", "Foto Dua Jari Camat Tirtawangi", world.mention())
    tell("a2", "Foto Dua Jari Camat Tirtawangi di Resepsi", world.mention())
    work(state, config)
    tell("a1", "Ralat: Bukan Camat Tirtawangi", likely=False)
    work(state, config)
    assert len(mails(state)) == 1


def test_an_act_edited_away_before_it_was_mailed_is_never_mailed(
    state: State, config: Config, tell: Told
) -> None:
    config = subscribed(config, rhythm="daily")
    tell("a1", "Foto Dua Jari Camat Tirtawangi", world.mention())
    work(state, config)
    tell("a1", "Ralat: Bukan Camat Tirtawangi", likely=False)
    work(state, config, MORNING)
    assert mails(state) == []
    with state.read() as session:
        [row] = session.scalars(select(AlertRow)).all()
        assert row.due_at is None
        assert row.told_at is None


# --- digests


HANDLED = world.mention(stage="under_examination", stage_by="Bawaslu Kabupaten Grobogan")


def test_what_an_office_already_deals_with_waits_for_the_digest(
    state: State, config: Config, tell: Told
) -> None:
    tell("a1", "Bawaslu Periksa Camat Tirtawangi", HANDLED)
    work(state, config)
    assert mails(state) == []
    work(state, config, MORNING)
    [one] = mails(state)
    assert one["subject"] == "Ringkasan: 1 sudah ditangani"
    assert "SUDAH DITANGANI PENGAWAS (1)" in text(one)
    assert world.mention().sentence in text(one)


def test_a_single_post_is_told_by_office_only_until_a_paper_tells_it(
    state: State, config: Config, tell: Told
) -> None:
    tell("p1", "", POST, kind="post")
    work(state, config)
    work(state, config, MORNING)
    [one] = mails(state)
    assert "BELUM TERVERIFIKASI (1)" in text(one)
    assert "Camat Tirtawangi" in text(one)
    for part in one.iter_parts():
        assert "Bambang" not in part.get_content()  # type: ignore[attr-defined]
    tell("a2", "Foto Dua Jari Camat Tirtawangi", world.mention())
    work(state, config, MORNING)
    _, new = mails(state)
    assert new["subject"].startswith("Dugaan foto bersama calon")
    assert "Bambang Sutikno" in text(new)


def test_copies_of_one_post_are_one_account_and_a_second_account_releases_it(
    state: State, config: Config, tell: Told
) -> None:
    tell("p1", "", POST, kind="post")
    tell("p2", "", POST, kind="post")
    work(state, config)
    assert mails(state) == []
    other = world.mention(sentence="Camat Tirtawangi ikut acungkan dua jari pas foto, ada videonya")
    tell("p3", "", other, kind="post")
    work(state, config)
    assert len(mails(state)) == 1
    work(state, config, MORNING)
    assert len(mails(state)) == 1


def test_what_is_told_released_before_the_digest_is_not_told_twice(
    state: State, config: Config, tell: Told
) -> None:
    tell("p1", "", POST, kind="post")
    work(state, config)
    tell("a1", "Foto Dua Jari Camat Tirtawangi", world.mention())
    work(state, config)
    work(state, config, MORNING)
    assert len(mails(state)) == 1


def test_both_can_be_told_at_once(state: State, config: Config, tell: Told) -> None:
    config = set_alerts(config, handled="now", unverified="now")
    tell("a1", "Bawaslu Periksa Camat Tirtawangi", HANDLED)
    work(state, config)
    assert len(mails(state)) == 1


def test_a_daily_subscriber_gets_one_mail_with_all(
    state: State, config: Config, tell: Told
) -> None:
    config = subscribed(config, rhythm="daily")
    acts(tell, 5)
    work(state, config)
    assert mails(state) == []
    work(state, config, MORNING)
    work(state, config, MORNING)
    [one] = mails(state)
    assert one["subject"] == "Ringkasan: 5 dugaan baru"
    for number in range(5):
        assert place(number) in text(one)


def test_where_nothing_runs_after_digests_do_not_wait(
    state: State, config: Config, tell: Told
) -> None:
    config = subscribed(config, rhythm="daily")
    tell("a1", "Foto Dua Jari", world.mention())
    work(state, config, nothing_runs_after=True)
    assert len(mails(state)) == 1


def test_quiet_hours_hold_even_where_nothing_runs_after(
    state: State, config: Config, tell: Told
) -> None:
    config = subscribed(config, quiet="08:00-10:00")
    tell("a1", "Foto Dua Jari", world.mention())
    work(state, config, nothing_runs_after=True)
    assert mails(state) == []


# --- the ceiling


def place(number: int) -> str:
    return f"Wana{'abcdefghijklmnopqrst'[number]}karta"


def acts(tell: Told, count: int, begin: int = 0) -> None:
    for number in range(begin, begin + count):
        position = f"Camat {place(number)}"
        act = world.mention(
            sentence=f"{position} membagikan kalender calon.", actor=Actor(position=position)
        )
        tell(f"a{number}", f"Kalender di {place(number)}", act)


def test_what_is_beyond_the_ceiling_is_listed_in_one_mail(
    state: State, config: Config, tell: Told
) -> None:
    config = subscribed(config, mails_per_hour=3)
    acts(tell, 8)
    work(state, config)
    *alone, listed = mails(state)
    assert len(alone) == 3
    assert listed["subject"] == "Ringkasan: 5 dugaan baru"
    told = " ".join(map(text, mails(state)))
    assert all(place(number) in told for number in range(8))
    acts(tell, 2, begin=8)
    work(state, config, NOW + timedelta(minutes=1))
    assert len(mails(state)) == 4
    work(state, config, NOW + timedelta(minutes=6))
    assert mails(state)[-1]["subject"] == "Ringkasan: 2 dugaan baru"
    acts(tell, 1, begin=10)
    work(state, config, NOW + timedelta(minutes=62))
    assert mails(state)[-1]["subject"].startswith("Dugaan")


# --- who is told


@pytest.mark.parametrize(
    ("conditions", "told"),
    [
        ({"min_score": 0.95}, 0),
        ({"min_score": 0.9}, 1),
        ({"kinds": ("post",)}, 0),
        ({"kinds": ("news", "post")}, 1),
        ({"candidates": ("Nomor Urut 2",)}, 1),
        ({"candidates": ("nomor urut 1",)}, 0),
    ],
)
def test_the_conditions_of_a_subscription(
    state: State, config: Config, tell: Told, conditions: dict[str, Any], told: int
) -> None:
    config = subscribed(config, **conditions)
    act = world.mention(beneficiary="calon bupati nomor urut 2")
    tell("a1", "Foto Dua Jari Camat Tirtawangi", act)
    work(state, config)
    assert len(mails(state)) == told


def test_a_subscription_that_is_gone_for_a_while_loses_nothing(
    state: State, config: Config, tell: Told
) -> None:
    away: dict[str, Subscription] = {}
    config = subscribed(config, rhythm="daily")
    tell("a1", "Foto Dua Jari", world.mention())
    work(state, config)
    work(state, replace(config, subscriptions=away), MORNING)
    work(state, config, MORNING + timedelta(hours=1))
    assert len(mails(state)) == 1
