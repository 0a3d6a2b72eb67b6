"""Hands briefs over by other ways than mail: to a program of an office, or to its messenger.

Transport
├── Webhook    a signed POST (https://www.standardwebhooks.com, specification 1.0)
└── Messenger  whatever Apprise can reach: Telegram, Signal, Matrix, Mattermost …
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from types import TracebackType
from typing import Self

import httpx

from alerts.delivery import Transport, Unreachable, WithoutLine
from pantau.clock import Clock
from pantau.config.secrets import secret
from pantau.config.subscriptions import WayOut
from pantau.errors import ConfigError, DeliveryError, Refused

_TIMEOUT_S = 20.0
_GONE = 410


def open_way(way: WayOut, environment: Mapping[str, str], clock: Clock) -> Transport:
    """The transport of a way out.

    Raises ConfigError where its secret, or the library that it needs, is not there.
    """
    hidden = secret_of(way, environment)
    return Webhook(way.url, hidden, clock) if way.kind == "webhook" else Messenger(way.id, hidden)


def secret_of(way: WayOut, environment: Mapping[str, str]) -> str:
    """What a webhook is signed with, a messenger's address, or the token of a feed."""
    where = f'subscriptions.toml: way "{way.id}": secret'
    hidden = secret(where, way.secret_env, way.secret_file, environment)
    if not hidden:
        raise ConfigError([f"{where} is empty."])
    return hidden


class Webhook:
    """Posts to one address. The receiver knows the message by its id, which stays the same when
    it is sent again, and us by the signature over id, time and body."""

    def __init__(self, url: str, key: str, clock: Clock) -> None:
        self._url = url
        self._key = key.encode()
        self._clock = clock
        self._client: httpx.Client | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None

    def send(self, message: bytes, *, message_id: str, recipient: str) -> None:
        self._client = self._client or httpx.Client(timeout=_TIMEOUT_S, follow_redirects=False)
        at = str(int(self._clock().timestamp()))
        headers = {
            "content-type": "application/json; charset=utf-8",
            "webhook-id": message_id,
            "webhook-timestamp": at,
            "webhook-signature": signature(self._key, message_id, at, message),
        }
        try:
            answer = self._client.post(self._url, content=message, headers=headers)
        except httpx.TransportError as error:
            raise Unreachable(f"{recipient}: {type(error).__name__}: {error}") from error
        if answer.status_code == _GONE:
            raise Refused(f"{recipient}: the address is gone for good (410).")
        if not answer.is_success:
            raise DeliveryError(f"{recipient}: answered with {answer.status_code}.")


def signature(key: bytes, message_id: str, at: str, body: bytes) -> str:
    """``v1,`` and the Base64 of HMAC-SHA256 over ``id.timestamp.body``."""
    signed = b".".join((message_id.encode(), at.encode(), body))
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


class Messenger(WithoutLine):
    """Tells a messenger; its Apprise address holds the token and is never shown."""

    def __init__(self, way_id: str, address: str) -> None:
        try:
            import apprise  # noqa: PLC0415 - an extra: most offices have mail only
        except ImportError as error:
            raise ConfigError(
                [
                    f'subscriptions.toml: way "{way_id}" needs Apprise. '
                    "Install it: pip install 'pantau[messengers]'"
                ]
            ) from error
        self._messenger = apprise.Apprise()
        if not self._messenger.add(address):
            raise ConfigError(
                [f'subscriptions.toml: way "{way_id}": its secret is no address Apprise knows.']
            )

    def send(self, message: bytes, *, message_id: str, recipient: str) -> None:
        told = json.loads(message)
        if not self._messenger.notify(title=told["title"], body=told["text"]):
            raise DeliveryError(f"{recipient}: the messenger did not take it.")
