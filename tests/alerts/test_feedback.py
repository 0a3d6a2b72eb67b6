"""What watchers answer is counted, and becomes labelled texts."""

from __future__ import annotations

import json
from datetime import timedelta

from alerts import feedback
from pantau.config import Config
from pantau.records import Actor
from pantau.state import State, casework
from pantau.state.accounts import Who
from tests.alerts import world
from tests.alerts.conftest import Told
from tests.alerts.test_news import acts, work

NOW = world.NOW


def answer(state: State, case_id: int, *verbs: str) -> None:
    with state.write() as session:
        for number, verb in enumerate(verbs):
            at = NOW + timedelta(minutes=number)
            casework.note(session, case_id, verb, Who("Bu Ratna"), at)


def test_precision_is_what_watchers_saw(state: State, config: Config, tell: Told) -> None:
    acts(tell, 5)
    work(state, config)
    answer(state, 1, "take")
    answer(state, 2, "trace")
    answer(state, 3, "take", "not_one")
    answer(state, 4, "release")  # says nothing about the mail
    with state.read() as session:
        told = feedback.figures(session, config)
        lines = [json.loads(line) for line in feedback.labelled(session, config)]
    assert (told["right"], told["wrong"], told["unanswered"]) == (2, 1, 2)
    assert told["precision"] == 2 / 3
    assert told["by"]["source"]["Kabar Tirta"]["right"] == 2
    assert told["by"]["form"]["5"]["wrong"] == 1
    assert "precision 0.67" in feedback.table(told)
    assert sorted(line["label"] for line in lines) == ["not_violation", "violation", "violation"]


def test_what_was_never_mailed_is_no_mail(state: State, config: Config, tell: Told) -> None:
    elsewhere = world.mention(region_code="33.74", actor=Actor(position="Camat Wanasari"))
    tell("a1", "Foto Dua Jari", elsewhere)
    work(state, config)
    answer(state, 1, "not_one")
    with state.read() as session:
        told = feedback.figures(session, config)
    assert (told["right"], told["wrong"], told["precision"]) == (0, 0, None)
