"""Real SMTP on loopback: with TLS and login, greylisting, refusing, dropping the line."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from alerts.delivery import EmlFolder, Smtp, Unreachable, password, transport
from pantau.config.models import Mail
from pantau.config.models import Smtp as SmtpSettings
from pantau.errors import ConfigError, DeliveryError, Refused

SENDER = "pantau@bawaslu.example"
MESSAGE = (
    b"From: pantau@bawaslu.example\r\nTo: a@x.example\r\nSubject: Dugaan\r\n"
    b"Message-ID: <abc@bawaslu.example>\r\n\r\n.titik di awal baris\r\n"
)
SECRET = "rahasia-sekali"


class Mailbox:
    """A server's side: keeps what it accepted and answers as a test asks."""

    def __init__(self) -> None:
        self.accepted: list[Envelope] = []
        self.on_rcpt = "250 OK"
        self.on_mail = "250 OK"
        self.on_data: Callable[[SMTP], str] = lambda _server: "250 OK"

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        if self.on_mail.startswith("250"):
            envelope.mail_from = address
        return self.on_mail

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        if self.on_rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.on_rcpt

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = self.on_data(server)
        if answer.startswith("250"):
            self.accepted.append(envelope)
        return answer


Started = Callable[..., SmtpSettings]


@pytest.fixture
def box() -> Mailbox:
    return Mailbox()


@pytest.fixture
def serve(box: Mailbox) -> Iterator[Started]:
    """Start a server and return the settings that reach it."""
    running: list[Controller] = []

    def start(**options: Any) -> SmtpSettings:
        told = {key: options.pop(key) for key in list(options) if key in SmtpSettings.model_fields}
        controller = Controller(box, hostname="localhost", port=_free_port(), **options)
        controller.start()
        running.append(controller)
        usual = {"security": "none", "timeout": timedelta(seconds=5)}
        return SmtpSettings(host="localhost", port=controller.port, **{**usual, **told})

    yield start
    for controller in running:
        controller.stop()


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A server's context, whose certificate this process trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "server.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(path)
    return context


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        port: int = probe.getsockname()[1]
        return port


def knows(server: SMTP, session: Session, envelope: Envelope, kind: str, data: Any) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (
        b"pantau",
        SECRET.encode(),
    )
    return AuthResult(success=right, handled=False)


def send(way: Smtp | EmlFolder, recipient: str = "a@x.example") -> None:
    with way:
        way.send(MESSAGE, message_id="<abc@bawaslu.example>", recipient=recipient)


def test_a_mail_arrives_as_it_was_made(serve: Started, box: Mailbox) -> None:
    send(Smtp(serve(), SENDER))
    [envelope] = box.accepted
    assert envelope.content == MESSAGE
    assert (envelope.mail_from, envelope.rcpt_tos) == (SENDER, ["a@x.example"])


def test_several_mails_go_over_one_connection(serve: Started, box: Mailbox) -> None:
    peers = set()

    def note(server: SMTP) -> str:
        peers.add(server.session.peer)  # type: ignore[union-attr]
        return "250 OK"

    box.on_data = note
    with Smtp(serve(), SENDER) as way:
        for _ in range(3):
            way.send(MESSAGE, message_id="<abc@bawaslu.example>", recipient="a@x.example")
    assert len(box.accepted) == 3
    assert len(peers) == 1


def test_starttls_and_login(serve: Started, box: Mailbox, certificate: ssl.SSLContext) -> None:
    settings = serve(
        security="starttls",
        username="pantau",
        password_env="PW",
        tls_context=certificate,
        require_starttls=True,
        authenticator=knows,
        auth_required=True,
    )
    send(Smtp(settings, SENDER, SECRET))
    assert len(box.accepted) == 1


def test_tls_from_the_first_byte(serve: Started, box: Mailbox, certificate: ssl.SSLContext) -> None:
    settings = serve(security="tls", ssl_context=certificate)
    send(Smtp(settings, SENDER))
    assert len(box.accepted) == 1


def test_a_server_whose_certificate_is_not_trusted_gets_nothing(
    serve: Started,
    box: Mailbox,
    certificate: ssl.SSLContext,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    settings = serve(security="starttls", tls_context=certificate)
    with pytest.raises(Unreachable, match="certificate"):
        send(Smtp(settings, SENDER))
    assert box.accepted == []


def test_a_server_without_starttls_gets_nothing(serve: Started, box: Mailbox) -> None:
    settings = serve(security="starttls")
    with pytest.raises(Unreachable, match="STARTTLS"):
        send(Smtp(settings, SENDER))
    assert box.accepted == []


def test_a_wrong_password_is_no_fault_of_the_mail_and_is_not_shown(
    serve: Started, certificate: ssl.SSLContext
) -> None:
    settings = serve(
        security="starttls",
        username="pantau",
        password_env="PW",
        tls_context=certificate,
        authenticator=knows,
    )
    with pytest.raises(Unreachable) as caught:
        send(Smtp(settings, SENDER, "salah-sandi"))
    assert "535" in str(caught.value)
    assert "salah-sandi" not in str(caught.value)


def test_greylisting_may_pass(serve: Started, box: Mailbox) -> None:
    box.on_rcpt = "451 4.7.1 Greylisted, try again"
    way = Smtp(serve(), SENDER)
    with pytest.raises(DeliveryError, match="451") as caught:
        send(way)
    assert not isinstance(caught.value, (Refused, Unreachable))
    box.on_rcpt = "250 OK"
    send(way)
    assert len(box.accepted) == 1


@pytest.mark.parametrize("answer", ["550 5.1.1 no such user", "554 5.7.1 spam"])
def test_a_refusal_is_for_good(serve: Started, box: Mailbox, answer: str) -> None:
    box.on_rcpt = answer
    with pytest.raises(Refused, match=answer[:3]):
        send(Smtp(serve(), SENDER))


def test_a_refusal_after_data_is_for_good(serve: Started, box: Mailbox) -> None:
    box.on_data = lambda _server: "552 5.3.4 message too big"
    with pytest.raises(Refused, match="552"):
        send(Smtp(serve(), SENDER))


def test_a_refused_recipient_leaves_the_connection_to_the_next(
    serve: Started, box: Mailbox
) -> None:
    with Smtp(serve(), SENDER) as way:
        box.on_rcpt = "550 no such user"
        with pytest.raises(Refused):
            way.send(MESSAGE, message_id="<1@x>", recipient="gone@x.example")
        box.on_rcpt = "250 OK"
        way.send(MESSAGE, message_id="<2@x>", recipient="a@x.example")
    assert [envelope.rcpt_tos for envelope in box.accepted] == [["a@x.example"]]


def test_a_sender_the_server_does_not_take_is_no_fault_of_the_mail(
    serve: Started, box: Mailbox
) -> None:
    box.on_mail = "553 sender not allowed"
    with pytest.raises(Unreachable, match="553"):
        send(Smtp(serve(), SENDER))


def test_a_line_dropped_after_data_is_tried_again_as_the_same_mail(
    serve: Started, box: Mailbox
) -> None:
    def drop(server: SMTP) -> str:
        server.transport.abort()  # type: ignore[union-attr]
        return "250 OK"

    box.on_data = drop
    way = Smtp(serve(), SENDER)
    with pytest.raises(DeliveryError, match="lost") as caught:
        send(way)
    assert not isinstance(caught.value, (Refused, Unreachable))
    box.on_data = lambda _server: "250 OK"
    send(way)
    assert [e.content for e in box.accepted] == [MESSAGE, MESSAGE]


@pytest.mark.parametrize("at", ["on_rcpt", "on_mail", "on_data"])
def test_a_server_that_closes_in_the_middle_is_no_fault_of_the_mail(
    serve: Started, box: Mailbox, at: str
) -> None:
    way = Smtp(serve(), SENDER)
    with way:
        way.send(MESSAGE, message_id="<1@x>", recipient="a@x.example")
        closing = "421 4.3.2 shutting down"
        setattr(box, at, closing if at != "on_data" else lambda _server: closing)
        with pytest.raises(Unreachable, match="421"):
            way.send(MESSAGE, message_id="<2@x>", recipient="a@x.example")
        setattr(box, at, "250 OK" if at != "on_data" else lambda _server: "250 OK")
        way.send(MESSAGE, message_id="<2@x>", recipient="a@x.example")
    assert len(box.accepted) == 2


def test_a_mail_beyond_the_servers_size_is_refused_for_good(serve: Started, box: Mailbox) -> None:
    with Smtp(serve(data_size_limit=100), SENDER) as way:
        with pytest.raises(Refused, match="552"):
            way.send(MESSAGE + b"x" * 200, message_id="<1@x>", recipient="a@x.example")
        way.send(b"Subject: x\r\n\r\nx\r\n", message_id="<2@x>", recipient="a@x.example")
    assert len(box.accepted) == 1


def test_a_server_too_slow_to_say_yes_is_tried_again(serve: Started, box: Mailbox) -> None:
    def slow(_server: SMTP) -> str:
        time.sleep(1.5)
        return "250 OK"

    box.on_data = slow
    with pytest.raises(DeliveryError, match="lost") as caught:
        send(Smtp(serve(timeout=timedelta(seconds=1)), SENDER))
    assert not isinstance(caught.value, (Refused, Unreachable))


def test_a_broken_starttls_gets_nothing() -> None:
    """It is offered, and then there is no TLS behind it: nothing is sent in the clear instead."""
    said: list[bytes] = []

    def serve_once(listening: socket.socket) -> None:
        line, _ = listening.accept()
        with line, line.makefile("rwb", buffering=0) as both:
            both.write(b"220 mx.example ESMTP\r\n")
            while command := both.readline():
                said.append(command)
                if command.upper().startswith(b"EHLO"):
                    both.write(b"250-mx.example\r\n250 STARTTLS\r\n")
                else:
                    both.write(b"220 go ahead\r\n")
                    line.recv(4096)
                    line.sendall(b"500 what was that?\r\n" * 3)
                    return

    with socket.create_server(("localhost", 0)) as listening:
        answering = Thread(target=serve_once, args=(listening,))
        answering.start()
        settings = SmtpSettings(
            host="localhost",
            port=listening.getsockname()[1],
            security="starttls",
            timeout=timedelta(seconds=5),
        )
        with pytest.raises(Unreachable):
            send(Smtp(settings, SENDER))
        answering.join()
    assert [command.split()[0].upper() for command in said] == [b"EHLO", b"STARTTLS"]


def test_a_server_that_says_nothing_is_left_after_the_timeout() -> None:
    with socket.create_server(("localhost", 0)) as silent:
        settings = SmtpSettings(
            host="localhost",
            port=silent.getsockname()[1],
            security="none",
            timeout=timedelta(seconds=1),
        )
        with pytest.raises(Unreachable, match="timed out"):
            send(Smtp(settings, SENDER))


def test_a_server_that_is_not_there() -> None:
    settings = SmtpSettings(host="localhost", port=_free_port(), security="none")
    with pytest.raises(Unreachable, match="refused"):
        send(Smtp(settings, SENDER))


def test_an_address_that_is_not_ascii_is_refused(serve: Started) -> None:
    with pytest.raises(Refused, match="ASCII"):
        send(Smtp(serve(), SENDER), recipient="pengawas@dæsa.example")


def test_a_mail_delivered_twice_is_one_file(tmp_path: Path) -> None:
    folder = tmp_path / "mail"
    for _ in range(2):
        send(EmlFolder(folder))
    [file] = folder.iterdir()
    assert file.name == "abc@bawaslu.example.eml"
    assert file.read_bytes() == MESSAGE


def test_a_message_id_never_leads_out_of_the_folder(tmp_path: Path) -> None:
    with EmlFolder(tmp_path / "mail") as way:
        way.send(MESSAGE, message_id="<../../evil/\x00@x>", recipient="a@x.example")
    [file] = (tmp_path / "mail").iterdir()
    assert "/" not in file.name
    assert [entry.name for entry in tmp_path.iterdir()] == ["mail"]


def test_a_folder_that_cannot_be_written_is_no_fault_of_the_mail(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("a file is in the way")
    with pytest.raises(Unreachable, match="cannot be written"):
        send(EmlFolder(tmp_path / "mail"))


def test_without_smtp_mails_go_to_the_folder(tmp_path: Path) -> None:
    assert isinstance(transport(Mail(), tmp_path, {}), EmlFolder)
    smtp = SmtpSettings(host="localhost", username="pantau", password_env="PW")
    assert isinstance(transport(Mail(smtp=smtp), tmp_path, {"PW": SECRET}), Smtp)


def test_the_password_comes_from_where_it_is_said_to_stand(tmp_path: Path) -> None:
    file = tmp_path / "pw"
    file.write_text(f"{SECRET}\n")
    from_env = SmtpSettings(host="x", username="pantau", password_env="PW")
    from_file = SmtpSettings(host="x", username="pantau", password_file=file)
    assert password(from_env, {"PW": SECRET}) == SECRET
    assert password(from_file, {}) == SECRET
    with pytest.raises(ConfigError, match="PW"):
        password(from_env, {})
    file.unlink()
    with pytest.raises(ConfigError, match=r"pw.*cannot be read"):
        password(from_file, {})
