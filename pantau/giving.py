"""Takes what a person gives: its bytes into the archive, then its rows. While ``pantau run`` is at
work too: both write beside each other."""

from __future__ import annotations

from crawler.archive import Archive
from pantau import intake
from pantau.clock import Clock
from pantau.intake import Given, Mistake
from pantau.state import State, intakes
from pantau.state.intake_tables import IntakeRow


def take(given: Given, *, added_by: str, state: State, archive: Archive, clock: Clock) -> IntakeRow:
    """Keep it. What becomes of it stands in the row: ``status`` and ``reason``.

    Raises Mistake where a file is another than it was when it was looked at.
    """
    for one in given.evidence:
        with one.open() as file:
            if archive.put_file(file) != one.sha256:
                raise Mistake("changed", name=one.name)
    said = given.is_post and given.says_something
    sha256 = archive.put(intake.post(given).to_bytes()) if said else ""
    with state.write() as session:
        return intakes.take(session, given, added_by=added_by, now=clock(), sha256=sha256)
