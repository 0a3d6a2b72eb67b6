"""Lets go of what is kept for a time only; how long each is kept, ``[retention]`` of the settings
says.

In small transactions, each of which deletes from the archive before its rows let go: a kill
leaves no bytes that no row knows.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime

from sqlalchemy.orm import Session

from crawler.archive import Archive
from pantau.config.models import Retention
from pantau.state import State, bodies, copies, forgetting, pages, posts

BATCH = 64
"""Rows at a time: others write in between."""


def let_go(state: State, archive: Archive, kept: Retention, now: datetime) -> None:
    """Let go of all that is kept no longer: the bytes of pages off the topic, names in cases that
    came to nothing, deleted posts (but sealed copies for open cases), what people gave, and what
    copies are found by."""
    steps: tuple[Step, ...] = (_off_topic, _names, _unread_posts, _deleted_posts, _given)
    for step in steps:
        while _some(state, archive, step, kept, now):
            pass
    with state.write() as session:
        copies.forget_bands(session, now)


Step = Callable[[Session, Retention, datetime], tuple[int, Collection[str]]]
"""Lets go of some rows: how many (0 when none is left), and the names of their bytes."""


def _some(state: State, archive: Archive, step: Step, kept: Retention, now: datetime) -> bool:
    with state.write() as session:
        rows, names = step(session, kept, now)
        session.flush()
        for sha256 in bodies.let_go(session, names):
            archive.delete(sha256)
    return rows > 0


def _off_topic(session: Session, kept: Retention, now: datetime) -> tuple[int, Collection[str]]:
    names = pages.forget_off_topic(session, now - kept.off_topic, BATCH)
    return len(names), names


def _names(session: Session, kept: Retention, now: datetime) -> tuple[int, Collection[str]]:
    return forgetting.forget_names(session, now - kept.names, now, BATCH), ()


def _unread_posts(session: Session, kept: Retention, now: datetime) -> tuple[int, Collection[str]]:
    names = posts.let_go_unread(session, BATCH)
    return len(names), names


def _deleted_posts(session: Session, kept: Retention, now: datetime) -> tuple[int, Collection[str]]:
    left = posts.to_let_go(session, sealed=kept.sealed_copies, limit=BATCH)
    return len(left), [name for one in left for name in posts.let_go(session, one, now)]


def _given(session: Session, kept: Retention, now: datetime) -> tuple[int, Collection[str]]:
    due = forgetting.given_to_let_go(session, now - kept.given, BATCH)
    return len(due), [name for one in due for name in forgetting.let_go_of_given(session, one, now)]
