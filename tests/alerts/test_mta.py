"""A simulated day's mails through a real mail server into real mailboxes, read back. Karangan.

Some are turned away at first (greylisting), some wait in the server's queue, one address is
nobody's, and the server is away for hours: in the end each mail lies in its box once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from sqlalchemy import select

from alerts.delivery import Smtp
from alerts.sending import deliver
from pantau.clock import Clock
from pantau.config import Config
from pantau.config.models import Smtp as SmtpSettings
from pantau.records import Actor
from pantau.state import State
from pantau.state.tables import OutboxRow
from tests.alerts import world
from tests.alerts.conftest import Told
from tests.alerts.test_news import work
from tests.conftest import require_service
from tests.servers import exim
from tests.servers.postbox import free_port

DAY = world.NOW
CASES = 50
BOXES = tuple(
    f"{name}@{domain}"
    for domain in ("kantor.example", "abu.example", "lambat.example")
    for name in ("garut", "demak", "kudus", "blora", "tegal", "pati", "rembang")
)
NOBODY = "pindah@kantor.example"
SYLLABLES = ("ba", "di", "ku", "la", "me", "ni", "po", "ra", "su", "ta")

pytestmark = [pytest.mark.slow, pytest.mark.service]


@pytest.fixture
def server() -> Iterator[exim.Exim]:
    require_service(exim.EXIM is not None, "Exim (apt-get install exim4-daemon-light)")
    with exim.serving(*BOXES) as running:
        yield running


def place(number: int) -> str:
    return f"Wana{SYLLABLES[number // 10]}{SYLLABLES[number % 10]}karta"


def tell_cases(tell: Told, hour: int) -> None:
    for number in range(hour, CASES, 24):
        position = f"Camat {place(number)}"
        act = world.mention(
            sentence=f'{position} membagikan kalender <b>calon</b> & "stiker" \u202enomor 2.',
            actor=Actor(position=position),
        )
        when = DAY + timedelta(hours=hour)
        tell(f"a{number}", f"Kalender di {place(number)}", act, published=when, first_seen=when)


def smtp(port: int) -> Smtp:
    settings = SmtpSettings(host="127.0.0.1", port=port, security="none")
    return Smtp(settings, "pantau@bawaslu.example")


def text(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())


@pytest.mark.timeout(900)
def test_a_day_of_a_thousand_mails_lies_in_the_mailboxes_each_once(
    state: State, config: Config, tell: Told, server: exim.Exim
) -> None:
    offices = {
        box: world.subscription(id=f"kantor-{n}", recipients=(box,), mails_per_hour=100)
        for n, box in enumerate(BOXES)
    }
    offices[NOBODY] = world.subscription(id="pindah", recipients=(NOBODY,))
    config = replace(config, subscriptions={one.id: one for one in offices.values()})
    away = smtp(free_port())
    counts: Counter[str] = Counter()
    for hour in range(24):
        now = DAY + timedelta(hours=hour)
        tell_cases(tell, hour)
        work(state, config, now)
        counts += deliver(state, away if 6 <= hour < 10 else smtp(server.port), at(now))
        server.run_queue()
        if hour == 12:
            server.knows_the_sender()
    assert server.waiting() >= 300
    for hour in range(24, 60, 2):
        counts += deliver(state, smtp(server.port), at(DAY + timedelta(hours=hour)))
    server.open_mailboxes()
    server.run_queue()

    with state.read() as session:
        rows = session.scalars(select(OutboxRow)).all()
    sent = {row.message_id: row for row in rows if row.status == "sent"}
    assert len(sent) == CASES * len(BOXES) >= 1000
    assert {row.recipient for row in rows if row.status != "sent"} == {NOBODY}
    assert {row.status for row in rows if row.recipient == NOBODY} == {"gave_up"}
    assert counts["failed"] > 0
    assert counts["postponed"] > 0
    assert server.waiting() == 0
    for box in BOXES:
        mails = server.mails(box)
        assert Counter(mail["Message-ID"] for mail in mails) == Counter(
            {row.message_id: 1 for row in sent.values() if row.recipient == box}
        )
        told = Counter(number for mail in mails for number in range(CASES)
                       if place(number) in mail["subject"])  # fmt: skip
        assert told == Counter(range(CASES))
        for mail in mails:
            assert_well_formed(mail, sent[mail["Message-ID"]].message)


def at(now: datetime) -> Clock:
    return lambda: now


def assert_well_formed(mail: EmailMessage, made: bytes) -> None:
    """It is what we made, and parses without a defect."""
    ours = message_from_bytes(made, policy=default)
    assert isinstance(ours, EmailMessage)
    assert not any(part.defects for part in mail.walk())
    for name in ("Subject", "From", "To", "References", "Auto-Submitted"):
        assert mail[name] == ours[name]
    for kind in ("plain", "html"):
        assert text(mail, kind).split() == text(ours, kind).split()
    assert "<b>calon</b>" in text(mail, "plain")
    assert "&lt;b&gt;calon&lt;/b&gt;" in text(mail, "html")
    assert "\u202e" not in text(mail, "plain") + text(mail, "html")
