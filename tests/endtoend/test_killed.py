"""Killed at each of the points between a feed and a mail: everything is told, nothing twice.

The mails go to a real SMTP server, which counts what it took: nothing but the point between
its yes and our note of it may bring a mail again, and then with the same Message-ID.
"""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select

from pantau.home import Home
from pantau.state import open_state
from pantau.state.tables import MentionRow, OutboxRow, PageRow
from tests.endtoend import paper as texts
from tests.endtoend.conftest import pantau
from tests.endtoend.killed import POINTS, TOLD_TWICE, Killer
from tests.endtoend.paper import Paper, make_home
from tests.servers.postbox import Postbox, serving_mail

KILLS = 20
RECIPIENTS = ("garut@bawaslu.example", "pusat@bawaslu.example")
NAMES = (
    "Rahmat Sujana", "Endang Lestari", "Bambang Sutikno", "Wahyu Prabandaru", "Nining Kartika",
    "Hamka Surbakti", "Fenti Larasati", "Yoseph Manurung", "Tuti Alawiah", "Gatot Purnomo",
    "Ineu Rahmawati", "Dadang Kosasih", "Lilis Suryani", "Maman Abdurahman", "Ratna Juwita",
    "Slamet Riyadi", "Puspa Ningrum", "Johan Pattinasarany", "Cecep Hidayat", "Widya Astuti",
)  # fmt: skip


@dataclass(frozen=True)
class Act:
    """One of twenty acts, each of another person in another place (karangan)."""

    number: int

    @property
    def place(self) -> str:
        return f"Suka{'abcdefghijklmnoprstu'[self.number]}indung"

    def publish(self, paper: Paper) -> None:
        def of_this(text: str) -> str:
            first = NAMES[self.number].partition(" ")[0]
            named = text.replace("Rahmat Sujana", NAMES[self.number]).replace("Rahmat", first)
            return named.replace("Sukalindung", self.place)

        text = tuple(of_this(line) for line in texts.ACT)
        paper.publish(f"/berita/camat-{self.number}", of_this(texts.ACT_TITLE), text)


@pytest.fixture
def postbox() -> Iterator[Controller]:
    with serving_mail(Postbox()) as server:
        yield server


def home_of(root: Path, paper: Paper, server: Controller) -> Home:
    smtp = {"host": server.hostname, "port": server.port, "security": "none"}
    home = make_home(root, [paper], mail={"sender": "pantau@bawaslu.example", "smtp": smtp})
    subscriptions = home.root / "config" / "subscriptions.toml"
    subscriptions.write_text(
        texts.SUBSCRIPTIONS.replace('name = "', 'mails_per_hour = 100\nname = "'), encoding="utf-8"
    )
    return home


@pytest.fixture(scope="module")
def killer() -> Iterator[Killer]:
    with Killer() as running:
        yield running


def killed_at(killer: Killer, home: Home, point: str) -> None:
    """Run a crawl that dies at the point; where it does not get there, the test is none."""
    code, said = killer.run("--home", str(home.root), "crawl", point=point)
    assert code == -signal.SIGKILL, said


def finished(killer: Killer, home: Home) -> None:
    code, said = killer.run("--home", str(home.root), "crawl")
    assert code == 0, said


def dispositions(home: Home) -> Counter[str | None]:
    state = open_state(home.database_url(home.load_config()))
    with state.read() as session:
        found = Counter(session.scalars(select(PageRow.disposition)))
        assert set(session.scalars(select(MentionRow.clustered))) == {True}
        assert set(session.scalars(select(OutboxRow.status))) == {"sent"}
    state.close()
    return found


def assert_told_once(postbox: Postbox, acts: list[Act], point: str) -> None:
    """Each recipient has one mail about each act; what came again is the very same mail."""
    taken = Counter((mail.recipient, mail.message_id) for mail in postbox.mails)
    different = {(mail.recipient, mail.message_id): mail for mail in postbox.mails}
    for recipient in RECIPIENTS:
        told = Counter(
            act.place
            for (whose, _), mail in different.items()
            for act in acts
            if whose == recipient and act.place in mail.text
        )
        assert told == Counter({act.place: 1 for act in acts}), recipient
    assert len(different) == len(RECIPIENTS) * len(acts)
    if point != TOLD_TWICE:
        assert set(taken.values()) == {1}


@pytest.mark.slow
@pytest.mark.parametrize("point", POINTS)
def test_killed_once(
    tmp_path: Path,
    open_paper: Callable[[str], Paper],
    postbox: Controller,
    killer: Killer,
    point: str,
) -> None:
    paper, act = open_paper("kabar-tirta"), Act(0)
    act.publish(paper)
    paper.publish("/berita/imbauan", texts.APPEAL_TITLE, texts.APPEAL)
    home = home_of(tmp_path / "var", paper, postbox)

    killed_at(killer, home, point)
    finished(killer, home)

    assert dispositions(home) == {"indexed": 2}
    assert_told_once(postbox.handler, [act], point)
    assert pantau(home, "search", "camat", "--json").json["total"] == 1


@pytest.mark.endurance
@pytest.mark.parametrize("point", POINTS)
def test_killed_twenty_times(
    tmp_path: Path,
    open_paper: Callable[[str], Paper],
    postbox: Controller,
    killer: Killer,
    point: str,
) -> None:
    """Each time something new is published, so that each time there is something to die over."""
    paper, acts = open_paper("kabar-tirta"), [Act(number) for number in range(KILLS)]
    home = home_of(tmp_path / "var", paper, postbox)
    for act in acts:
        act.publish(paper)
        killed_at(killer, home, point)
    finished(killer, home)

    assert dispositions(home) == {"indexed": KILLS}
    assert_told_once(postbox.handler, acts, point)
    assert pantau(home, "search", "camat", "--json").json["total"] == KILLS
