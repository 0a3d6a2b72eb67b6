"""What an office does with a case is logged, never overwritten, and says how the case stands."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from extract.law import load
from pantau.deadlines import deadlines
from pantau.state import State, cases, casework
from pantau.state.accounts import Who
from pantau.state.casework import CaseworkError, Standing

NOW = datetime(2024, 10, 16, 2, 0, tzinfo=UTC)
ANI, BUDI = Who("ani"), Who("budi@bawaslu.example", via="mail")


@pytest.fixture
def case(state: State) -> int:
    with state.write() as session:
        return cases.create(session, "asn", NOW)


def stands(state: State, case: int) -> Standing:
    with state.read() as session:
        return casework.standing(casework.log(session, case))


def do(state: State, case: int, verb: str, who: Who = ANI, **details: object) -> None:
    with state.write() as session:
        casework.note(session, case, verb, who, NOW, **details)  # type: ignore[arg-type]


def test_a_case_that_nobody_touched_waits(state: State, case: int) -> None:
    assert stands(state, case) == Standing(status="menunggu")


def test_who_takes_a_case_holds_it_until_it_is_handed_on(state: State, case: int) -> None:
    do(state, case, "take", BUDI)
    assert (stands(state, case).status, stands(state, case).holder) == ("ditangani", BUDI.name)
    do(state, case, "finding", number="003/Reg/LP/PB/33.15/X/2024")
    assert stands(state, case).holder == BUDI.name
    do(state, case, "transfer", office="Bawaslu Kabupaten Demak")
    now = stands(state, case)
    assert (now.status, now.holder, now.office) == ("dilimpahkan", "", "Bawaslu Kabupaten Demak")
    assert now.number == "003/Reg/LP/PB/33.15/X/2024"


def test_the_log_tells_all_in_order(state: State, case: int) -> None:
    do(state, case, "take")
    do(state, case, "stop", BUDI, note="tidak cukup bukti")
    do(state, case, "reopen", note="bukti baru")
    with state.read() as session:
        told = [entry.told for entry in casework.log(session, case)]
    assert told == [
        "ditangani ani",
        "penanganan dihentikan budi@bawaslu.example",
        "dibuka kembali oleh ani",
    ]
    assert not stands(state, case).closed


def test_a_link_that_is_opened_twice_notes_once(state: State, case: int) -> None:
    do(state, case, "take", BUDI)
    do(state, case, "take", BUDI)
    with state.read() as session:
        assert len(casework.log(session, case)) == 1


@pytest.mark.parametrize(
    ("verb", "details"),
    [
        ("finding", {}),
        ("forward", {"office": "  "}),
        ("stop", {}),
        ("duplicate", {}),
        ("known_on", {}),
        ("known_on", {"day": date(2024, 10, 18)}),
        ("duplicate", {"other_case": 99}),
        ("nonsense", {}),
    ],
)
def test_what_is_missing_or_wrong_is_told(
    state: State, case: int, verb: str, details: dict[str, object]
) -> None:
    with pytest.raises(CaseworkError):
        do(state, case, verb, **details)
    assert stands(state, case).status == "menunggu"


def test_a_case_is_no_duplicate_of_itself(state: State, case: int) -> None:
    with pytest.raises(CaseworkError):
        do(state, case, "duplicate", other_case=case)


def test_the_offices_own_day_counts_and_the_last_one_said(state: State, case: int) -> None:
    do(state, case, "known_on", day=date(2024, 10, 14))
    do(state, case, "known_on", day=date(2024, 10, 11))
    assert stands(state, case).known_on == date(2024, 10, 11)


def test_an_answer_of_the_accused_stays_whatever_follows(state: State, case: int) -> None:
    do(state, case, "answer", note="Saya hadir sebagai undangan.", link="https://a.example/jawab")
    do(state, case, "not_one")
    now = stands(state, case)
    assert [entry.note for entry in now.answers] == ["Saya hadir sebagai undangan."]
    assert now.closed


@pytest.mark.parametrize("verb", casework.verbs().values(), ids=lambda verb: verb.id)
def test_what_a_mail_offers_needs_no_more_than_a_number(verb: casework.Verb) -> None:
    assert not verb.in_mail or verb.takes in ((), ("other_case",))


def test_deadlines_are_counted_from_the_day_of_knowledge() -> None:
    (due,) = deadlines(
        load(), known_on=date(2024, 10, 11), act_date=date(2024, 10, 5), region="33.15"
    )
    assert (due.last_day, due.count) == (date(2024, 10, 18), "hari kalender")


def test_working_days_leave_weekends_out() -> None:
    found = deadlines(
        load(), known_on=date(2023, 12, 15), act_date=date(2023, 12, 14), region="33.15"
    )
    assert {due.kind: due.last_day for due in found} == {
        "temuan": date(2023, 12, 22),
        "laporan": date(2023, 12, 26),
    }


def test_before_candidates_are_determined_there_is_no_deadline() -> None:
    day = date(2024, 6, 3)
    assert deadlines(load(), known_on=day + timedelta(days=1), act_date=day, region="33.15") == ()
