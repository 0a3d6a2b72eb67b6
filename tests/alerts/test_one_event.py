"""Two open cases that a later report shows to be one: told once, led on, parted by a person.

Karangan.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

import corpus
from alerts.evaluate import figures, gold_tellings
from alerts.grouping import arrive
from pantau.config import Config
from pantau.records import Actor, Mention
from pantau.state import State, casework, merging
from pantau.state.accounts import Who
from pantau.state.tables import AlertRow, CaseRow, MentionRow
from tests.alerts import world
from tests.alerts.conftest import Told
from tests.alerts.test_news import mails, text, work

NOW = world.NOW
RATNA = Who("Bu Ratna")

ACT = world.mention(
    sentence="Camat Sukarimba menyuruh warga mengambil mi instan berstiker paslon.",
    actor=Actor(position="Camat Sukarimba"),
    skb_forms=(10,),
    act_date=None,
)
"""What a paper tells of the act, by office only."""
HEARING = world.mention(
    sentence="Endang Lestari datang memenuhi panggilan dan diperiksa tiga jam.",
    actor=Actor(name="Endang Lestari"),
    skb_forms=(),
    act_date=None,
    stage="under_examination",
    stage_by="Bawaslu Grobogan",
)
"""What another tells of its handling, by name only: nothing shows yet that it is the same."""
BOTH = world.mention(
    sentence="Camat Sukarimba, Endang Lestari, diperiksa soal mi instan berstiker paslon.",
    actor=Actor(name="Endang Lestari", position="Camat Sukarimba"),
    skb_forms=(10,),
    act_date=None,
    stage="under_examination",
    stage_by="Bawaslu Grobogan",
)
REPORTS: dict[str, tuple[str, Mention]] = {
    "act": ("Mi Instan Berstiker Dibagikan saat Penyaluran Bantuan", ACT),
    "hearing": ("Bawaslu Periksa Endang Lestari", HEARING),
    "both": ("Camat Sukarimba Diperiksa soal Mi Instan Berstiker", BOTH),
}


@pytest.fixture
def handled_at_once(config: Config) -> Config:
    alerts = config.settings.alerts.model_copy(update={"handled": "now"})
    return replace(config, settings=config.settings.model_copy(update={"alerts": alerts}))


def report(tell: Told, name: str, hours: int = 5) -> None:
    title, mention = REPORTS[name]
    tell(name, title, mention, published=NOW - timedelta(hours=hours))


def cases(state: State) -> dict[int, int | None]:
    with state.read() as session:
        return {row.id: row.merged_into for row in session.scalars(select(CaseRow))}


def case_of(state: State, article_id: str) -> int | None:
    with state.read() as session:
        query = select(MentionRow.case_id).where(MentionRow.article_id == article_id)
        return session.scalars(query).one()


def enter(state: State, case_id: int, verb: str, other: int) -> None:
    with state.write() as session:
        casework.note(session, case_id, verb, RATNA, NOW, other_case=other)


@pytest.fixture
def two_told(state: State, handled_at_once: Config, tell: Told) -> Config:
    """Two cases, of both of which the subscriber was told."""
    report(tell, "act", 6)
    work(state, handled_at_once)
    report(tell, "hearing", 5)
    work(state, handled_at_once)
    assert cases(state) == {1: None, 2: None}
    assert len(mails(state)) == 2
    return handled_at_once


def test_who_was_told_of_both_gets_one_update_and_nobody_a_second_new(
    state: State, two_told: Config, tell: Told
) -> None:
    report(tell, "both", 4)
    work(state, two_told)
    work(state, two_told, NOW + timedelta(minutes=1))
    assert cases(state) == {1: None, 2: 1}
    assert {case_of(state, name) for name in REPORTS} == {1}
    first, second, update = mails(state)
    assert "Kasus 1, 2 ternyata satu peristiwa; selanjutnya dikabarkan sebagai kasus 1" in text(
        update
    )
    assert set(update["references"].split()) == {first["references"], second["references"]}
    with state.read() as session:
        kinds = [row.kind for row in session.scalars(select(AlertRow).order_by(AlertRow.id))]
    assert kinds == ["new", "new", "update"]


def test_two_that_still_wait_are_told_as_one(
    state: State, handled_at_once: Config, tell: Told
) -> None:
    one = world.subscription(rhythm="daily")
    config = replace(handled_at_once, subscriptions={one.id: one})
    for name in REPORTS:
        report(tell, name)
        work(state, config)
    work(state, config, NOW + timedelta(hours=22))
    [told] = mails(state)
    assert told["subject"] == "Ringkasan: 1 dugaan baru"


def test_who_was_told_of_one_hears_of_it_no_second_time(
    state: State, handled_at_once: Config, tell: Told
) -> None:
    """Another office that watches for handled cases only knows the second; it learns the number
    with the next news."""
    late = world.subscription(
        id="late", recipients=("late@x.example",), stages=("under_examination", "proven")
    )
    both = {**handled_at_once.subscriptions, late.id: late}
    config = replace(handled_at_once, subscriptions=both)
    for name, hours in (("act", 6), ("hearing", 5), ("both", 4)):
        report(tell, name, hours)
        work(state, config)
    proven = replace(BOTH, stage="proven", stage_by="BKN")
    tell("proven", "BKN: Camat Sukarimba Melanggar", proven)
    work(state, config)
    told = [mail for mail in mails(state) if mail["to"] == "late@x.example"]
    assert [mail["x-pantau-kind"] for mail in told] == ["new", "update", "update"]
    assert all(told[0]["references"] in mail["references"].split() for mail in told)


def test_a_person_parts_them_again_and_they_stay_apart(
    state: State, two_told: Config, tell: Told
) -> None:
    report(tell, "both", 4)
    work(state, two_told)
    enter(state, 1, "part", 2)
    work(state, two_told, NOW + timedelta(minutes=1))
    assert cases(state) == {1: None, 2: None}
    assert case_of(state, "hearing") == 2
    assert "Koreksi: kasus 2 ternyata peristiwa lain" in text(mails(state)[-1])
    tell("again", "Camat Sukarimba Diperiksa Lagi soal Mi Instan Berstiker", BOTH)
    work(state, two_told, NOW + timedelta(minutes=2))
    assert cases(state) == {1: None, 2: None}


def test_a_person_joins_two_that_we_would_not(state: State, config: Config, tell: Told) -> None:
    tell("a1", "Foto Dua Jari Camat Tirtawangi", world.mention())
    report(tell, "act")
    work(state, config)
    enter(state, 2, "duplicate", 1)
    work(state, config, NOW + timedelta(minutes=1))
    assert cases(state) == {1: None, 2: 1}
    assert "ternyata satu peristiwa" in text(mails(state)[-1])
    with state.read() as session:
        assert merging.leads_to(session, 2) == 1
        told = [entry.told for entry in casework.log(session, 1)]
    assert told == ["disatukan dengan kasus 2 oleh Bu Ratna"]


def test_a_report_that_a_person_took_out_does_not_come_back_when_it_is_edited(
    state: State, config: Config, tell: Told
) -> None:
    for name in ("a1", "a2"):
        tell(name, "Foto Dua Jari Camat Tirtawangi", world.mention())
    work(state, config)
    with state.write() as session:
        assert casework.split(session, 1, "a2", RATNA, NOW) == 2
    work(state, config, NOW + timedelta(minutes=1))
    tell("a2", "Foto Dua Jari Camat Tirtawangi (diperbarui)", world.mention())
    work(state, config, NOW + timedelta(minutes=2))
    with state.read() as session:
        placed = session.execute(select(MentionRow.article_id, MentionRow.case_id)).all()
    assert set(placed) == {("a1", 1), ("a2", 2)}
    assert cases(state) == {1: None, 2: None}


def test_what_an_office_did_with_either_counts_for_both(
    state: State, two_told: Config, tell: Told
) -> None:
    with state.write() as session:
        casework.note(session, 2, "take", RATNA, NOW)
    report(tell, "both", 4)
    work(state, two_told)
    with state.read() as session:
        assert casework.standings(session, [1])[1].holder == "Bu Ratna"
    assert "Bu Ratna" in text(mails(state)[-1])


def test_what_an_office_closed_is_not_drawn_into_another(
    state: State, two_told: Config, tell: Told
) -> None:
    with state.write() as session:
        casework.note(session, 1, "not_one", RATNA, NOW)
    report(tell, "both", 4)
    work(state, two_told)
    assert cases(state) == {1: None, 2: None}


@pytest.mark.parametrize("order", list(itertools.permutations(REPORTS)), ids="-".join)
def test_in_any_order_it_is_one_case_in_the_end(
    state: State, handled_at_once: Config, tell: Told, order: tuple[str, ...]
) -> None:
    hours = {"act": 6, "hearing": 5, "both": 4}
    for name in order:
        report(tell, name, hours[name])
        work(state, handled_at_once)
    assert len({case_of(state, name) for name in REPORTS}) == 1
    with state.read() as session:
        kinds = session.scalars(select(AlertRow.kind).where(AlertRow.told_at.is_not(None))).all()
    assert kinds.count("new") <= 2


def test_what_a_person_verified_is_told_like_any_other(
    state: State, config: Config, tell: Told
) -> None:
    tell("p1", "", ACT, kind="post")
    work(state, config)
    assert mails(state) == []
    with state.write() as session:
        casework.note(session, 1, "verify", RATNA, NOW)
    for minutes in (1, 2):
        work(state, config, NOW + timedelta(minutes=minutes))
    [told] = mails(state)
    assert told["x-pantau-kind"] == "new"


def told_more_than_once() -> list[dict[str, Any]]:
    """Texts of the corpus about events of which there are several reports."""
    events = defaultdict(list)
    for row in corpus.texts():
        if row["event"] and not isinstance(row["event"], list):
            if row["label"] == "violation" or row["stage"] == "dismissed":
                events[row["event"]].append(row)
    return [row for rows in events.values() if len(rows) > 1 for row in rows]


REPEATED = told_more_than_once()
TELLINGS = [telling for row in REPEATED for telling in gold_tellings(row)]
EVENTS = {row["id"]: frozenset([row["event"]]) for row in REPEATED}


def test_the_corpus_holds_enough_events_to_try_it_on() -> None:
    assert len(REPEATED) >= 100
    assert len(set(EVENTS.values())) >= 35


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(st.permutations(range(len(TELLINGS))))
def test_whatever_the_order_of_arrival_events_come_together_and_regions_stay_apart(
    order: list[int],
) -> None:
    found = figures(EVENTS, TELLINGS, arrive(TELLINGS, order))
    assert found.mixed == 0
    assert found.precision >= 0.97
    assert found.f1 >= 0.85
