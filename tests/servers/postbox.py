"""A mail server on loopback that keeps what it takes."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import cached_property
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope


@dataclass(frozen=True)
class Taken:
    """One mail as the server took it."""

    recipient: str
    content: bytes

    @cached_property
    def message(self) -> EmailMessage:
        parsed = message_from_bytes(self.content, policy=default)
        assert isinstance(parsed, EmailMessage)
        return parsed

    @property
    def message_id(self) -> str:
        return str(self.message["Message-ID"])

    @property
    def text(self) -> str:
        part = self.message.get_body(("plain",))
        assert part is not None
        return str(part.get_content())


class Postbox:
    """Says yes to every mail."""

    def __init__(self) -> None:
        self.mails: list[Taken] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        self.mails += [Taken(one, envelope.content) for one in envelope.rcpt_tos]
        return "250 OK"


@contextmanager
def serving_mail(handler: Any, **options: Any) -> Iterator[Controller]:
    """Serve on a free port (``controller.port``); ``options`` are those of aiosmtpd's SMTP."""
    controller = Controller(handler, hostname="127.0.0.1", port=free_port(), **options)
    controller.start()
    try:
        yield controller
    finally:
        controller.stop()


def free_port() -> int:
    """aiosmtpd wants a port's number beforehand."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
