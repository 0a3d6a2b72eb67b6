"""The commands by which an operator tries out, stops and lets go on what is mailed."""

from __future__ import annotations

from pathlib import Path

import pytest

from pantau.demo.verify import read_mails
from pantau.home import Home
from tests.endtoend.conftest import pantau

SUBSCRIPTION = """
[[subscription]]
id = "garut"
name = "Bawaslu Garut"
recipients = ["a@b.example"]
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "var")
    made.init()
    return made


def test_a_pause_is_shown_until_it_ends(home: Home) -> None:
    assert pantau(home, "pause", "--reason", "libur").code == 0
    assert "already" in pantau(home, "pause").out
    assert pantau(home, "status", "--json").json["paused"] is not None
    assert "libur" in pantau(home, "status").out
    assert pantau(home, "resume").code == 0
    assert "not stopped" in pantau(home, "resume").out
    assert pantau(home, "status", "--json").json["paused"] is None


def test_a_test_mail_arrives(home: Home) -> None:
    done = pantau(home, "alerts", "test-mail", "a@b.example")
    assert done.code == 0
    [mail] = read_mails(home.mail)
    assert (mail.recipient, mail.subject) == ("a@b.example", "Pantau: surel percobaan")


def test_a_subscription_can_be_previewed_before_it_is_saved(home: Home, tmp_path: Path) -> None:
    unknown = pantau(home, "alerts", "preview", "garut")
    assert unknown.code == 2
    assert "subscriptions.toml" in unknown.err
    file = tmp_path / "new.toml"
    file.write_text(SUBSCRIPTION)
    done = pantau(home, "alerts", "preview", "garut", "--file", str(file))
    assert done.code == 0
    assert "0 cases in 30 days" in done.out
