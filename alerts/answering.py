"""Links by which a mail is answered without login: signed, for one recipient of one case, and
only for a while. They lead to a page with a button, because mail scanners follow links."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from itsdangerous import BadSignature, URLSafeSerializer

VALID = timedelta(days=60)
_SALT = "pantau.jawab"


@dataclass(frozen=True, slots=True)
class Ticket:
    """Who may answer for which case."""

    case_id: int
    """0: no case; it is the way out of the subscription."""
    subscription_id: str
    recipient: str


class Signer:
    """Makes and reads the tokens of such links. ``secret`` is the home's own."""

    def __init__(self, secret: bytes) -> None:
        self._serializer = URLSafeSerializer(secret, salt=_SALT)

    def token(self, ticket: Ticket, now: datetime) -> str:
        told = [ticket.case_id, ticket.subscription_id, ticket.recipient, int(now.timestamp())]
        token: str = self._serializer.dumps(told)
        return token

    def read(self, token: str, now: datetime) -> Ticket | None:
        """Whose token it is; None for one that is not ours or is too old."""
        try:
            case_id, subscription_id, recipient, made = self._serializer.loads(token)
        except BadSignature:
            return None
        if not timedelta() <= now - datetime.fromtimestamp(made, UTC) <= VALID:
            return None
        return Ticket(case_id, subscription_id, recipient)
