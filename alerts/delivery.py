"""Hands mails over: to a folder of .eml files, or to an SMTP server.

    Transport
    ├── EmlFolder   the default: nothing to set up, mails open in any mail program
    └── Smtp        as settings.toml says

A failure that may pass raises DeliveryError, one that will not raises Refused; where the
server as a whole takes nothing from us, Unreachable: then no mail is to blame.
"""

from __future__ import annotations

import os
import re
import smtplib
import ssl
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from types import TracebackType
from typing import Protocol, Self

from pantau.config.models import Mail
from pantau.config.models import Smtp as SmtpSettings
from pantau.config.secrets import secret
from pantau.errors import DeliveryError, Refused
from pantau.tls import certificate_ends

_CLOSING, _TOO_LARGE = 421, 552


class Unreachable(DeliveryError):
    """The server cannot be reached or takes nothing from us: no fault of the mail at hand."""


class Transport(Protocol):
    """Hands over one mail at a time; a connection is kept between ``with`` and its end."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def send(self, message: bytes, *, message_id: str, recipient: str) -> None:
        """Hand a mail over for one recipient. Raises DeliveryError, Refused or Unreachable."""


def transport(settings: Mail, folder: Path, environment: Mapping[str, str]) -> Transport:
    """The way out that the settings ask for; ``folder`` takes the mails without SMTP."""
    if settings.smtp is None:
        return EmlFolder(folder)
    return Smtp(settings.smtp, settings.sender, password(settings.smtp, environment))


def password(settings: SmtpSettings, environment: Mapping[str, str]) -> str:
    """The password from where the settings say it stands.

    Raises ConfigError, which names the place and never what it holds.
    """
    if not settings.username:
        return ""
    found = secret(
        "settings.toml: mail.smtp.password",
        settings.password_env,
        settings.password_file,
        environment,
    )
    return found or ""


class WithoutLine:
    """Of a transport that keeps no connection open between two mails."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        pass


class EmlFolder(WithoutLine):
    """Writes each mail as a file named by its Message-ID: delivered twice, it is there once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, message: bytes, *, message_id: str, recipient: str) -> None:
        name = re.sub(r"[^\w@.-]", "_", message_id.strip("<>"))[:200]
        path = self.folder / f"{name}.eml"
        if path.exists():
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with NamedTemporaryFile(dir=self.folder, prefix=".", delete=False) as file:
                file.write(message)
                file.flush()
                os.fsync(file.fileno())
            Path(file.name).replace(path)
        except OSError as error:
            raise Unreachable(
                f"{self.folder}: mails cannot be written ({error.strerror})."
            ) from error


class Smtp:
    """An SMTP server, with STARTTLS, TLS or none, and login where a username is set."""

    def __init__(self, settings: SmtpSettings, sender: str, secret: str = "") -> None:
        self._settings = settings
        self._sender = sender
        self._secret = secret
        self._server: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._hang_up()

    def send(self, message: bytes, *, message_id: str, recipient: str) -> None:
        server = self._server or self._connect()
        try:
            server.sendmail(self._sender, [recipient], message)
        except smtplib.SMTPRecipientsRefused as error:
            code, text = next(iter(error.recipients.values()))
            self._unless_closing(code, text, error)
            raise _failure(code, text) from error
        except smtplib.SMTPSenderRefused as error:
            self._hang_up()
            if error.smtp_code == _TOO_LARGE:
                raise _failure(error.smtp_code, error.smtp_error) from error
            raise Unreachable(
                f"{self._name} takes no mail from {self._sender}: "
                f"{_shown(error.smtp_code, error.smtp_error)}"
            ) from error
        except smtplib.SMTPResponseException as error:
            self._unless_closing(error.smtp_code, error.smtp_error, error)
            self._hang_up()
            raise _failure(error.smtp_code, error.smtp_error) from error
        except UnicodeError as error:
            raise Refused(f"{recipient}: only addresses in ASCII can be written to.") from error
        except (smtplib.SMTPException, OSError) as error:
            # The line broke: whether the mail went through is not known, so it goes again.
            self._hang_up()
            raise DeliveryError(f"{self._name}: the connection was lost ({error}).") from error

    def greet(self) -> datetime | None:
        """Connect and log in, and send nothing. When the server's certificate ends; None where
        the line is not encrypted. Raises Unreachable."""
        line = (self._server or self._connect()).sock
        return certificate_ends(line) if isinstance(line, ssl.SSLSocket) else None

    @property
    def _name(self) -> str:
        return f"{self._settings.host}:{self._settings.port}"

    def _connect(self) -> smtplib.SMTP:
        settings, timeout = self._settings, self._settings.timeout.total_seconds()
        try:
            if settings.security == "tls":
                context = ssl.create_default_context()
                server: smtplib.SMTP = smtplib.SMTP_SSL(
                    settings.host, settings.port, timeout=timeout, context=context
                )
            else:
                server = smtplib.SMTP(settings.host, settings.port, timeout=timeout)
            self._server = server
            if settings.security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if settings.username:
                server.login(settings.username, self._secret)
        except smtplib.SMTPResponseException as error:
            self._hang_up()
            raise Unreachable(
                f"{self._name}: {_shown(error.smtp_code, error.smtp_error)}"
            ) from error
        except (smtplib.SMTPException, OSError) as error:
            self._hang_up()
            raise Unreachable(f"{self._name}: {error}") from error
        return server

    def _unless_closing(self, code: int, text: bytes | str, error: Exception) -> None:
        """421 closes the line, whatever it answers (RFC 5321, 3.8): no mail is to blame."""
        if code == _CLOSING:
            self._hang_up()
            raise Unreachable(f"{self._name}: {_shown(code, text)}") from error

    def _hang_up(self) -> None:
        server, self._server = self._server, None
        if server is None:
            return
        try:
            server.quit()
        except (smtplib.SMTPException, OSError):
            server.close()


def _failure(code: int, text: bytes | str) -> DeliveryError:
    """4xx may pass, 5xx will not (RFC 5321, 4.2.1)."""
    return (Refused if code >= 500 else DeliveryError)(_shown(code, text))


def _shown(code: int, text: bytes | str) -> str:
    told = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return f"{code} {' '.join(told.split())[:300]}"
