"""Hands over the mails that are due, and notes what became of each."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from alerts.delivery import Transport, Unreachable
from pantau.clock import Clock
from pantau.errors import DeliveryError, Refused
from pantau.state import State, outbox
from pantau.state.tables import OutboxRow

BATCH = 20
"""Mails claimed at a time: even if each runs into its timeout, the claim outlasts them."""
PAUSE = timedelta(minutes=5)
"""Wait before a server that could not be reached is tried again."""


def deliver(
    state: State,
    transport: Transport,
    clock: Clock,
    limit: int = BATCH,
    *,
    way: str = outbox.MAIL,
) -> Counter[str]:
    """Hand over what is due by a way out, ``limit`` at a time, each recipient on its own.

    Counted: ``sent``, ``failed`` (tried again later), ``gave_up``, ``postponed`` (the server
    could not be reached).
    """
    counts: Counter[str] = Counter()
    while True:
        with state.write() as session:
            claimed = outbox.claim_due(session, limit, clock(), way)
        if not claimed:
            return counts
        with transport:
            for place, row in enumerate(claimed):
                try:
                    counts[_hand_over(state, transport, row, clock)] += 1
                except Unreachable as error:
                    rest = [later.id for later in claimed[place:]]
                    with state.write() as session:
                        outbox.postpone(session, rest, str(error), clock() + PAUSE)
                    counts["postponed"] += len(rest)
                    return counts


def _hand_over(state: State, transport: Transport, row: OutboxRow, clock: Clock) -> str:
    try:
        transport.send(row.message, message_id=row.message_id, recipient=row.recipient)
    except Unreachable:
        raise
    except Refused as error:
        with state.write() as session:
            outbox.gave_up(session, row.id, str(error))
        return "gave_up"
    except DeliveryError as error:
        with state.write() as session:
            return outbox.failed(session, row.id, str(error), clock())
    with state.write() as session:
        outbox.sent(session, row.id, clock())
    return "sent"
