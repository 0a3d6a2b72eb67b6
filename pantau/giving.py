"""Takes what a person gives: its bytes into the archive, then its rows. While ``pantau run`` is at
work too: both write beside each other."""

from __future__ import annotations

from crawler.archive import Archive
from pantau import intake
from pantau.clock import Clock
from pantau.intake import Given, Mistake
from pantau.posts import Post
from pantau.state import State, audit, intakes, posts
from pantau.state.accounts import Who
from pantau.state.intake_tables import IntakeRow


def take(given: Given, *, added_by: str, state: State, archive: Archive, clock: Clock) -> IntakeRow:
    """Keep it. What becomes of it stands in the row: ``status`` and ``reason``.

    Raises Mistake where a file is another than it was when it was looked at.
    """
    for one in given.evidence:
        with one.open() as file:
            if archive.put_file(file) != one.sha256:
                raise Mistake("changed", name=one.name)
    kept = None
    if given.is_post and given.says_something:
        post = intake.post(given, held_of(given, state, archive))
        kept = archive.put(post.to_bytes()), post
    with state.write() as session:
        return intakes.take(session, given, kept, added_by=added_by, now=clock())


def held_of(given: Given, state: State, archive: Archive) -> Post | None:
    """The post as it is held, of whoever gave it before."""
    with state.read() as session:
        sha256 = intakes.held(session, intake.key(given))
    return Post.from_bytes(archive.get(sha256)) if sha256 else None


def gone(url: str, platform: str, *, who: Who, state: State, clock: Clock, address: str) -> bool:
    """Somebody says that a post which was given is deleted: it leaves search, pages and feeds, and
    where it tells an open case a sealed copy stays. Whether there was one. ``address``: of the
    request."""
    key = intake.key(Given(url=url, platform=platform))
    with state.write() as session:
        found = posts.gone(session, [key], clock()) > 0
        if found:
            subject = f"artikel:{key}"
            audit.note(session, who, "given_gone", now=clock(), subject=subject, address=address)
    return found
