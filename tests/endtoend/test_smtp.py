"""Mails by SMTP, with a login whose password stands in no file of ours and no output."""

from __future__ import annotations

import email
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword

from pantau.home import Home
from tests.endtoend import paper as texts
from tests.endtoend.conftest import Done, pantau
from tests.endtoend.paper import Paper, make_home

SECRET = "kata-sandi-yang-rahasia-7261"
VARIABLE = "PANTAU_TEST_SMTP_PASSWORD"


class Postbox:
    """Keeps what it is sent."""

    def __init__(self) -> None:
        self.mails: list[Envelope] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:
        self.mails.append(envelope)
        return "250 OK"


@pytest.fixture
def server() -> Iterator[Controller]:
    def authenticate(
        server: Any, session: Any, envelope: Any, mechanism: str, data: LoginPassword
    ) -> AuthResult:
        return AuthResult(success=data.password == SECRET.encode(), handled=False)

    controller = Controller(
        Postbox(),
        hostname="127.0.0.1",
        port=free_port(),
        authenticator=authenticate,
        auth_required=True,
        auth_require_tls=False,
    )
    controller.start()
    yield controller
    controller.stop()


def free_port() -> int:
    """aiosmtpd wants a port's number beforehand."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def by_smtp(root: Path, paper: Paper, port: int, **secret: str) -> Home:
    smtp = {"host": "127.0.0.1", "port": port, "security": "none", "username": "pantau"} | secret
    return make_home(root, [paper], mail={"sender": "pantau@bawaslu.example", "smtp": smtp})


def kept_secret(home: Home, *runs: Done) -> bool:
    """Whether the password stands in no output and in no file of the home."""
    told = "".join(run.out + run.err for run in runs)
    files = [path for path in home.root.rglob("*") if path.is_file()]
    return SECRET not in told and not any(SECRET.encode() in path.read_bytes() for path in files)


@pytest.fixture
def paper(open_paper: Callable[[str], Paper]) -> Paper:
    opened = open_paper("kabar-tirta")
    opened.publish("/berita/camat", texts.ACT_TITLE, texts.ACT)
    return opened


@pytest.mark.slow
@pytest.mark.parametrize("where", ["environment", "file"])
def test_each_recipient_gets_the_mail_by_smtp(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: Controller, paper: Paper, where: str
) -> None:
    file = tmp_path / "secret"
    file.write_text(SECRET + "\n", encoding="utf-8")
    if where == "environment":
        monkeypatch.setenv(VARIABLE, SECRET)
        home = by_smtp(tmp_path / "var", paper, server.port, password_env=VARIABLE)
    else:
        home = by_smtp(tmp_path / "var", paper, server.port, password_file=str(file))

    done = pantau(home, "crawl")

    assert done.code == 0, done
    mails = server.handler.mails
    assert sorted(mail.rcpt_tos[0] for mail in mails) == [
        "garut@bawaslu.example",
        "pusat@bawaslu.example",
    ]
    for mail in mails:
        message = email.message_from_bytes(mail.content)
        assert message["To"] == mail.rcpt_tos[0]
        assert "<pantau@bawaslu.example>" in message["From"]
    assert not home.mail.exists()
    assert kept_secret(home, done, pantau(home, "status", "--json"))
    assert pantau(home, "crawl").code == 0
    assert len(mails) == 2


@pytest.mark.slow
def test_a_wrong_password_is_told_and_the_mails_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: Controller, paper: Paper
) -> None:
    monkeypatch.setenv(VARIABLE, "salah")
    home = by_smtp(tmp_path / "var", paper, server.port, password_env=VARIABLE)
    done = pantau(home, "crawl")
    assert "Traceback" not in done.out + done.err
    assert "postponed" in done.out
    waiting = pantau(home, "status", "--json").json["waiting"]["mails"]
    told = pantau(home, "why", paper.url("/berita/camat"), "--json").json
    assert waiting == 2
    assert "535" in told["cases"][0]["told"][0]["error"]
    assert server.handler.mails == []


@pytest.mark.parametrize("secret", ["password_env", "password_file"])
def test_a_missing_secret_is_a_mistake_told_before_anything_is_crawled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, paper: Paper, secret: str
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    value = VARIABLE if secret == "password_env" else str(tmp_path / "tidak-ada")
    home = by_smtp(tmp_path / "var", paper, 2525, **{secret: value})
    for command in ("crawl", "run"):
        done = pantau(home, command)
        assert done.code == 2
        assert value in done.err
        assert "Traceback" not in done.err
    assert paper.site.paths() == []


def test_a_login_without_a_place_for_its_password_is_a_mistake(
    tmp_path: Path, paper: Paper
) -> None:
    home = by_smtp(tmp_path / "var", paper, 2525)
    done = pantau(home, "sources", "check-config")
    assert done.code == 2
    assert "give password_env or password_file" in done.err
