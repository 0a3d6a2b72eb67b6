"""From stored articles to mails in a folder: once each, whatever happens in between."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from sqlalchemy import func, select

from alerts import desk
from alerts.composing import compose
from alerts.delivery import EmlFolder, Unreachable
from alerts.sending import PAUSE, deliver
from pantau.clock import Clock
from pantau.config import Config
from pantau.errors import DeliveryError, Refused
from pantau.records import Actor
from pantau.state import State, open_state, outbox
from pantau.state.tables import AlertRow, CaseRow, MentionRow, OutboxRow
from tests.alerts import world
from tests.alerts.conftest import Told, make_config

NOW = world.NOW


def work(state: State, config: Config, now: datetime = NOW) -> Counter[str]:
    return desk.open_cases(state, config, now, region_name=world.region_name) + compose(
        state,
        config,
        now,
        region_name=world.region_name,
        archive_path=world.archive_path,
    )


def at(now: datetime) -> Clock:
    return lambda: now


def mails(state: State) -> list[OutboxRow]:
    with state.read() as session:
        return list(session.scalars(select(OutboxRow).order_by(OutboxRow.id)))


def test_one_event_told_twice_is_one_case_and_one_thread(
    state: State, config: Config, tell: Told, tmp_path: Path
) -> None:
    tell("a1", "Foto Dua Jari Camat Tirtawangi Beredar", world.mention())
    assert work(state, config) == {"mentions": 1, "cases": 1, "alerts": 1, "mails": 1}
    follow_up = world.mention(
        sentence="Bawaslu memeriksa Camat Tirtawangi soal foto dua jari di resepsi.",
        actor=Actor(position="Camat Tirtawangi"),
        stage="under_examination",
        stage_by="Bawaslu Grobogan",
    )
    tell("a2", "Camat Tirtawangi Diperiksa", follow_up)
    assert work(state, config) == {"mentions": 1, "alerts": 1, "mails": 1}
    with state.read() as session:
        case = session.scalars(select(CaseRow)).one()
        assert case.record["stage"] == "under_examination"
        assert case.record["actor"]["name"] == "Bambang Sutikno"
    folder = EmlFolder(tmp_path / "mail")
    assert deliver(state, folder, lambda: NOW) == {"sent": 2}
    assert deliver(state, folder, lambda: NOW) == {}
    files = {f"<{file.stem}>": file for file in (tmp_path / "mail").iterdir()}
    by_subject = {}
    for message_id, file in files.items():
        message = message_from_bytes(file.read_bytes(), policy=default)
        assert message["message-id"] == message_id
        by_subject[message["subject"]] = message["references"]
    assert set(by_subject) == {
        "Dugaan foto bersama calon: Camat Tirtawangi, Kab. Grobogan",
        "Lanjutan dugaan foto bersama calon: Camat Tirtawangi, Kab. Grobogan",
    }
    assert len(set(by_subject.values())) == 1


def test_running_again_on_the_same_articles_sends_nothing(
    state: State, config: Config, tell: Told
) -> None:
    tell("a1", "Foto Dua Jari", world.mention())
    work(state, config)
    assert work(state, config) == {}
    assert len(mails(state)) == 1


def test_each_recipient_has_a_mail_and_a_message_id_of_his_own(
    state: State, config: Config, tell: Told
) -> None:
    several = world.subscription(recipients=("a@x.example", "b@x.example", "a@x.example"))
    config = replace(config, subscriptions={several.id: several})
    tell("a1", "Foto Dua Jari", world.mention())
    assert work(state, config)["mails"] == 2
    assert len({row.message_id for row in mails(state)}) == 2


def test_two_acts_in_one_article_are_two_cases(state: State, config: Config, tell: Told) -> None:
    other = world.mention(
        sentence="Camat Sukarimba, Endang Lestari, membagikan mi instan berstiker paslon.",
        start=200,
        end=270,
        actor=Actor(name="Endang Lestari", position="Camat Sukarimba"),
        skb_forms=(10,),
    )
    tell("a1", "Dua Camat Diperiksa", world.mention(), other)
    assert work(state, config)["cases"] == 2


def test_an_unlikely_mention_opens_no_case(state: State, config: Config, tell: Told) -> None:
    tell("a1", "Camat Diingatkan", world.mention(), likely=False)
    assert work(state, config) == {"mentions": 1}
    with state.read() as session:
        assert session.scalar(select(func.count()).select_from(CaseRow)) == 0
        assert session.scalars(select(MentionRow)).one().clustered


@pytest.mark.parametrize("dismissed_first", [False, True])
def test_what_was_dismissed_is_told_by_the_case_and_not_mailed_later(
    state: State, config: Config, tell: Told, *, dismissed_first: bool
) -> None:
    def act() -> None:
        tell("a1", "Foto Dua Jari Camat Tirtawangi", world.mention())

    def dismissal() -> None:
        ended = world.mention(
            sentence="Bawaslu menghentikan perkara foto dua jari Camat Tirtawangi.",
            stage="dismissed",
            stage_by="Bawaslu Grobogan",
        )
        tell("a2", "Perkara Camat Tirtawangi Dihentikan", ended, likely=False)

    for step in (dismissal, act) if dismissed_first else (act, dismissal):
        step()
        work(state, config)
    with state.read() as session:
        assert session.scalars(select(CaseRow)).one().record["stage"] == "dismissed"
    assert len(mails(state)) == (0 if dismissed_first else 2)  # told, and then that it ended


def test_what_is_old_fills_the_index_and_is_mailed_only_when_new_reports_come(
    state: State, config: Config, tell: Told
) -> None:
    long_ago = NOW - timedelta(days=40)
    old = world.mention(act_date=None)
    tell("a1", "Foto Dua Jari Camat Tirtawangi", old, published=long_ago)
    assert work(state, config) == {"mentions": 1, "cases": 1}
    tell("a2", "Foto Dua Jari Camat Tirtawangi Kembali Disorot", old)
    assert work(state, config) == {"mentions": 1, "alerts": 1, "mails": 1}


def test_an_undated_report_is_news_only_from_a_source_that_is_known(
    state: State, config: Config, tell: Told
) -> None:
    undated = world.mention(act_date=None)
    started = NOW - timedelta(days=3)
    tell("a1", "Foto", undated, published=None, first_seen=started, watched_since=started)
    assert "alerts" not in work(state, config)
    tell("a2", "Foto dua jari", undated, published=None)
    assert work(state, config)["alerts"] == 1


def test_an_edited_article_stays_in_its_case(state: State, config: Config, tell: Told) -> None:
    tell("a1", "Foto Dua Jari Camat Tirtawangi", world.mention())
    work(state, config)
    tell("a1", "Foto Dua Jari Camat Tirtawangi (diperbarui)", world.mention(stage="reported"))
    assert work(state, config) == {"mentions": 1, "alerts": 1, "mails": 1}
    with state.read() as session:
        assert session.scalars(select(CaseRow)).one().record["stage"] == "reported"


def test_a_subscriber_of_another_region_hears_nothing(
    state: State, config: Config, tell: Told, tmp_path: Path
) -> None:
    elsewhere = world.subscription(id="semarang", regions=("33.74",))
    province = world.subscription(id="jateng", regions=("33",), recipients=("j@x.example",))
    [source] = config.sources.values()
    config = make_config(tmp_path, source, elsewhere, province)
    tell("a1", "Foto Dua Jari", world.mention())
    work(state, config)
    assert [row.recipient for row in mails(state)] == ["j@x.example"]
    with state.read() as session:
        assert session.scalars(select(AlertRow.subscription_id)).all() == ["jateng"]


class Scripted:
    """A transport that answers as it is told to, and notes what it took."""

    def __init__(self, *answers: Exception | None) -> None:
        self.answers = list(answers)
        self.taken: list[str] = []

    def __enter__(self) -> Scripted:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def send(self, message: bytes, *, message_id: str, recipient: str) -> None:
        answer = self.answers.pop(0) if self.answers else None
        if answer is not None:
            raise answer
        self.taken.append(recipient)


@pytest.fixture
def three_mails(state: State, config: Config, tell: Told) -> None:
    three = world.subscription(recipients=("a@x.example", "b@x.example", "c@x.example"))
    tell("a1", "Foto Dua Jari", world.mention())
    work(state, replace(config, subscriptions={three.id: three}))


@pytest.mark.usefixtures("three_mails")
def test_a_refused_recipient_blocks_nobody(state: State) -> None:
    way = Scripted(Refused("550 no such user"), DeliveryError("451 try later"), None)
    assert deliver(state, way, lambda: NOW) == {"gave_up": 1, "failed": 1, "sent": 1}
    assert [row.status for row in mails(state)] == ["gave_up", "failed", "sent"]
    assert mails(state)[0].last_error == "550 no such user"
    later = NOW + timedelta(minutes=2)
    assert deliver(state, way, lambda: later) == {"sent": 1}
    assert way.taken == ["c@x.example", "b@x.example"]


@pytest.mark.usefixtures("three_mails")
def test_a_server_down_for_a_day_costs_no_mail_and_no_order(state: State) -> None:
    now = NOW
    for _ in range(300):
        deliver(state, Scripted(Unreachable("connection refused")), at(now))
        now += PAUSE
    assert {row.attempts for row in mails(state)} == {0}
    up = Scripted()
    assert deliver(state, up, at(now)) == {"sent": 3}
    assert up.taken == ["a@x.example", "b@x.example", "c@x.example"]


@pytest.mark.usefixtures("three_mails")
def test_a_mail_is_given_up_after_three_days_of_failures(state: State) -> None:
    now = NOW
    with state.write() as session:
        for row in session.scalars(select(OutboxRow).offset(1)):
            row.status = "sent"
    while mails(state)[0].status != "gave_up":
        deliver(state, Scripted(DeliveryError("451 greylisted")), at(now))
        now = max(mails(state)[0].next_at, now + timedelta(seconds=1))
    assert timedelta(days=3) <= now - NOW <= timedelta(days=3, hours=5)


@pytest.mark.usefixtures("three_mails")
def test_what_a_killed_process_was_sending_is_taken_up_again_as_the_same_mail(
    state: State,
) -> None:
    class Killed(BaseException):
        pass

    class Dies(Scripted):
        def send(self, message: bytes, *, message_id: str, recipient: str) -> None:
            self.taken.append(message_id)
            raise Killed

    before = Dies()
    with pytest.raises(Killed):
        deliver(state, before, lambda: NOW)
    assert {row.status for row in mails(state)} == {"sending"}
    assert deliver(state, Scripted(), lambda: NOW + timedelta(seconds=5)) == {}
    after = Scripted()
    assert deliver(state, after, lambda: NOW + outbox.CLAIM) == {"sent": 3}
    assert before.taken == [mails(state)[0].message_id]
    assert len(after.taken) == 3


def test_two_mentions_of_one_act_in_one_article_are_one_case(
    state: State, config: Config, tell: Told
) -> None:
    again = world.mention(
        sentence="Ia tampak tersenyum di samping calon itu.", start=100, end=141, actor=Actor()
    )
    tell("a1", "Foto Dua Jari Camat Tirtawangi", world.mention(), again)
    assert work(state, config) == {"mentions": 2, "cases": 1, "alerts": 1, "mails": 1}


def test_many_processes_open_each_case_and_mail_once(
    state: State, config: Config, tell: Told, tmp_path: Path
) -> None:
    for place in range(12):
        act = world.mention(
            sentence=f"Camat Wana{'abcdefghijkl'[place]}karta membagikan kalender calon.",
            actor=Actor(position=f"Camat Wana{'abcdefghijkl'[place]}karta"),
        )
        tell(f"a{place}", f"Kalender di Wana{'abcdefghijkl'[place]}karta", act)
    others = [open_state(str(state.engine.url)) for _ in range(3)]
    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(lambda one: work(one, config), [state, *others]))
        folder = EmlFolder(tmp_path / "mail")
        sent = list(pool.map(lambda one: deliver(one, folder, at(NOW), 2), [state, *others]))
    assert sum(count["cases"] for count in counts) == 12
    assert sum(count["sent"] for count in sent) == 12
    assert len(list((tmp_path / "mail").iterdir())) == 12
    for other in others:
        other.close()


def test_an_article_that_is_read_anew_after_years_stays_in_its_case(
    state: State, config: Config, tell: Told
) -> None:
    tell("a1", "Foto Dua Jari Camat Tirtawangi", world.mention())
    work(state, config)
    tell("a1", "Foto Dua Jari Camat Tirtawangi (arsip)", world.mention(score=0.8))
    counts = work(state, config, NOW + timedelta(days=900))
    assert counts["mentions"] == 1
    assert counts["cases"] == 0
