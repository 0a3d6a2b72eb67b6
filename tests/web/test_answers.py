"""Links in mails: a case is answered without login, by a button, and by nobody else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from alerts import desk
from alerts.answering import VALID, Signer, Ticket
from alerts.composing import compose
from pantau.config import Config, Settings
from pantau.config.models import Alerts, Web
from pantau.records import Judgement
from pantau.state import alerts, articles, casework
from pantau.state.tables import OutboxRow
from pantau.web.context import WebContext
from tests.alerts import world
from tests.web.world import Clock

Browser = Callable[..., TestClient]
BASE = "https://pantau.bawaslu.example"
RECIPIENT = "penanganan@bawaslu.example"


@pytest.fixture(autouse=True)
def strangers_are_strangers(account: Callable[..., int]) -> None:
    """As long as there is no account, whoever is at this machine is let in."""
    account("pengelola", "admin")


@pytest.fixture
def served(context: WebContext) -> Config:
    """A configuration with a subscriber, and pages that mails can link to."""
    one = world.subscription()
    return replace(
        context.config,
        settings=Settings(alerts=Alerts(base_url=BASE)),
        subscriptions={one.id: one},
    )


@pytest.fixture
def mails(context: WebContext, served: Config, clock: Clock) -> Callable[[], list[str]]:
    """Works as the service does, and gives the plain text of every mail there is by then."""
    told = world.article(first_seen=clock(), published=clock(), source_id="kabar-tirta")
    with context.state.write() as session:
        judgement = Judgement(
            id=told.id, decision="likely_violation", score=0.9, mentions=(world.mention(),)
        )
        articles.store(session, told, judgement, clock())

    def work() -> list[str]:
        desk.open_cases(context.state, served, clock(), region_name=world.region_name)
        compose(
            context.state,
            served,
            clock(),
            region_name=world.region_name,
            archive_path=world.archive_path,
            signer=Signer(context.home.secret()),
        )
        with context.state.read() as session:
            rows = session.scalars(select(OutboxRow.message).order_by(OutboxRow.id)).all()
        found = [message_from_bytes(row, policy=default) for row in rows]
        return [one.get_body(("plain",)).get_content().replace("\r\n", "\n") for one in found]  # type: ignore[attr-defined]

    return work


def link(mail: str, label: str) -> str:
    [line] = [line for line in mail.splitlines() if line.startswith(f"{label}: ")]
    return line.removeprefix(f"{label}: {BASE}")


def status(context: WebContext) -> str:
    with context.state.read() as session:
        return casework.standings(session, [1])[1].status


def test_opening_a_link_changes_nothing_and_the_button_does(
    context: WebContext, browser: Browser, mails: Callable[[], list[str]]
) -> None:
    [mail] = mails()
    stranger = browser()
    shown = stranger.get(link(mail, "Saya tangani"))
    assert shown.status_code == 200
    assert "Dugaan foto bersama calon: Camat Tirtawangi" in shown.text
    assert "Bambang" not in shown.text
    assert status(context) == "menunggu"
    noted = stranger.post(link(mail, "Saya tangani"), data={"tindakan": "take"})
    assert "Tercatat" in noted.text
    assert status(context) == "ditangani"
    with context.state.read() as session:
        assert casework.standings(session, [1])[1].holder == RECIPIENT


def test_a_duplicate_needs_the_other_case(
    context: WebContext, browser: Browser, mails: Callable[[], list[str]]
) -> None:
    [mail] = mails()
    address = link(mail, "Duplikat")
    wrong = browser().post(address, data={"tindakan": "duplicate", "other_case": "77"})
    assert wrong.status_code == 422
    assert "Kasus 77 tidak ada." in wrong.text
    assert status(context) == "menunggu"


@pytest.mark.parametrize("verb", ["finding", "answer", "reopen", "nonsense", ""])
def test_only_what_a_mail_offers_can_be_answered(
    context: WebContext, browser: Browser, mails: Callable[[], list[str]], verb: str
) -> None:
    [mail] = mails()
    assert browser().post(link(mail, "Bukan"), data={"tindakan": verb}).status_code in (404, 422)
    assert status(context) == "menunggu"


def test_a_link_that_is_not_ours_or_too_old_opens_nothing(
    context: WebContext, browser: Browser, mails: Callable[[], list[str]], clock: Clock
) -> None:
    [mail] = mails()
    address = link(mail, "Bukan")
    broken = address.replace("/jawab/", "/jawab/x")
    assert browser().get(broken).status_code == 410
    other = Signer(b"another home's secret").token(Ticket(1, "grobogan", RECIPIENT), clock())
    assert browser().post(f"/jawab/{other}", data={"tindakan": "take"}).status_code == 410
    clock.forward(VALID + timedelta(seconds=1))
    assert browser().get(address).status_code == 410
    assert status(context) == "menunggu"


def test_a_page_elsewhere_cannot_press_the_button(
    context: WebContext, browser: Browser, mails: Callable[[], list[str]]
) -> None:
    [mail] = mails()
    answer = browser().post(
        link(mail, "Bukan"),
        data={"tindakan": "not_one"},
        headers={"Origin": "https://evil.example"},
    )
    assert answer.status_code == 403
    assert status(context) == "menunggu"


# --- who holds it, and reminders


def test_nobody_is_reminded_of_what_somebody_holds(
    context: WebContext, browser: Browser, mails: Callable[[], list[str]], clock: Clock
) -> None:
    [mail] = mails()
    browser().post(link(mail, "Saya tangani"), data={"tindakan": "take"})
    clock.forward(timedelta(days=6))
    assert len(mails()) == 1


def test_a_case_that_nobody_holds_is_brought_up_on_the_third_and_the_fifth_day(
    context: WebContext, mails: Callable[[], list[str]], clock: Clock
) -> None:
    numbers = []
    for _ in range(12):
        numbers.append(len(mails()))
        clock.forward(timedelta(days=1))
    assert numbers == [1, 1, 1, 2, 2, 3, 3, 3, 3, 3, 3, 3]
    assert "pengingat: belum ada yang menangani" in mails()[1]


def test_after_a_time_in_which_nothing_ran_one_reminder_is_enough(
    context: WebContext, mails: Callable[[], list[str]], clock: Clock
) -> None:
    mails()
    clock.forward(timedelta(days=7))
    assert len(mails()) == 2
    assert len(mails()) == 2


def test_colleagues_are_told_who_holds_it(
    context: WebContext, browser: Browser, mails: Callable[[], list[str]], clock: Clock
) -> None:
    [mail] = mails()
    browser().post(link(mail, "Saya tangani"), data={"tindakan": "take"})
    proven = world.mention(stage="proven", stage_by="Bawaslu Grobogan")
    later = world.article(id="a2", first_seen=clock(), published=clock(), source_id="kabar-tirta")
    with context.state.write() as session:
        judgement = Judgement(id="a2", decision="likely_violation", score=0.9, mentions=(proven,))
        articles.store(session, later, judgement, clock())
    _, update = mails()
    assert f"DIPEGANG OLEH\n{RECIPIENT}" in update


# --- no more mails


def test_one_click_ends_a_subscription_and_an_operator_takes_it_back(
    context: WebContext, browser: Browser, mails: Callable[[], list[str]], clock: Clock
) -> None:
    mails()
    with context.state.read() as session:
        [raw] = session.scalars(select(OutboxRow.message)).all()
    message = message_from_bytes(raw, policy=default)
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = message["List-Unsubscribe"].strip("<>").removeprefix(BASE)
    assert "tidak akan lagi menerima" in browser().get(address).text
    with context.state.read() as session:
        assert alerts.recipients(session, "grobogan", [RECIPIENT]) == [RECIPIENT]
    for _ in range(2):
        done = browser().post(address, data={"List-Unsubscribe": "One-Click"})
        assert done.status_code == 200
    clock.forward(timedelta(days=3))
    assert len(mails()) == 1  # no reminder
    with context.state.write() as session:
        assert alerts.recipients(session, "grobogan", [RECIPIENT, "b@x.example"]) == ["b@x.example"]
        alerts.resubscribe(session, "grobogan", RECIPIENT)
        assert alerts.recipients(session, "grobogan", [RECIPIENT]) == [RECIPIENT]


def test_the_way_out_of_a_subscription_answers_no_case(
    context: WebContext, browser: Browser, mails: Callable[[], list[str]], clock: Clock
) -> None:
    mails()
    token = Signer(context.home.secret()).token(Ticket(0, "grobogan", RECIPIENT), clock())
    assert browser().post(f"/jawab/{token}", data={"tindakan": "take"}).status_code in (404, 422)


# Whoever is wrongly named


def test_whoever_is_wrongly_named_learns_whom_to_write_to(
    browser: Browser, context: WebContext
) -> None:
    stranger = browser(address="203.0.113.9")
    page = stranger.get("/keberatan")
    assert page.status_code == 200
    assert "kantor Bawaslu kabupaten atau kota Anda" in page.text
    assert "180 hari" in page.text
    assert "/kasus" not in page.text  # nothing of the inside is shown outside
    settings = context.config.settings.model_copy(
        update={"web": Web(complaints="keberatan@bawaslu.example")}
    )
    context.config = replace(context.config, settings=settings)
    assert "mailto:keberatan@bawaslu.example" in stranger.get("/keberatan").text
