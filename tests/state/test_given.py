"""What people gave is let go when its time is over, and the log keeps that it was."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from crawler.archive import Archive
from pantau import retention
from pantau.config import Config
from pantau.config.models import Retention
from pantau.giving import take
from pantau.intake import Evidence, Given
from pantau.posts import Post
from pantau.state import State, casework, forgetting, intakes
from pantau.state.accounts import Who
from pantau.state.intake_tables import EvidenceRow, IntakeRow
from pantau.state.people_tables import AuditRow
from pantau.state.tables import PageRow
from tests.alerts import conftest, world
from tests.alerts.test_news import work

config, state, tell = conftest.config, conftest.state, conftest.tell
NOW = world.NOW
LATER = NOW + timedelta(days=400)
KEPT = timedelta(days=365)
URL = "https://www.facebook.com/wargatirta/posts/77"
JPEG = b"\xff\xd8\xff\xe0" + b"layar ponsel" * 20
FILE = Evidence(
    name="layar-bu-ratna.jpg",
    open=lambda: io.BytesIO(JPEG),
    sha256=hashlib.sha256(JPEG).hexdigest(),
    size=len(JPEG),
    media_type="image/jpeg",
    type="photo",
    description="Terlihat camat mengangkat dua jari.",
    taken_by="Bu Ratna",
    taken_at=NOW,
    taken_from="ponsel pelapor",
)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")


def give(state: State, archive: Archive, url: str = URL) -> IntakeRow:
    given = Given(
        url=url,
        platform="facebook",
        text="Camat Tirtawangi berpose dua jari.",
        author="Warga Tirta",
        handle="@wargatirta",
        evidence=(FILE,),
    )
    return take(given, added_by="staf-a", state=state, archive=archive, clock=lambda: NOW)


def tell_case(state: State, config: Config, tell: conftest.Told, intake: IntakeRow) -> None:
    """Have the desk make a case of the article that was given."""
    tell(intake.key, "", world.mention(), kind="post", published=NOW)
    work(state, config)


def let_go(state: State, archive: Archive, now: datetime = LATER) -> list[int]:
    """Let go of what is over by then; which intakes that were."""
    with state.read() as session:
        due = forgetting.given_to_let_go(session, now - KEPT, 10)
    retention.let_go(state, archive, Retention(given=KEPT), now)
    return due


def kept(state: State) -> str:
    """All words that the rows hold, as one text."""
    with state.read() as session:
        given = session.scalars(select(IntakeRow)).all()
        files = session.scalars(select(EvidenceRow)).all()
    told = [str(row.entered) for row in given]
    return " ".join(
        [*told, *(f"{f.name} {f.description} {f.taken_by} {f.taken_from}" for f in files)]
    )


def test_words_and_bytes_go_and_that_it_was_given_stays(state: State, archive: Archive) -> None:
    given = give(state, archive)
    [sha256] = [one.sha256 for one in evidence(state)]
    assert let_go(state, archive, NOW + KEPT) == []
    assert "Bu Ratna" in kept(state)
    assert archive.get(sha256) == JPEG

    assert let_go(state, archive) == [given.id]
    for word in ("Ratna", "pelapor", "Warga", "jari"):
        assert word not in kept(state)
    assert not archive.path(sha256).exists()
    with state.read() as session:
        row = session.scalars(select(IntakeRow)).one()
        assert (row.added_by, row.added_at, row.forgotten_at) == ("staf-a", NOW, LATER)
        file = session.scalars(select(EvidenceRow)).one()
        assert (file.sha256, file.size, file.media_type) == (sha256, len(JPEG), "image/jpeg")
        assert intakes.evidence_of(session, row.key) == []
        assert intakes.progress(session, row).evidence == ()
        entry = session.scalars(select(AuditRow)).one()
        assert (entry.action, entry.subject) == ("forget_given", f"masukan:{given.id}")
    assert let_go(state, archive) == []


def test_it_stays_as_long_as_its_case_moves(
    state: State, config: Config, archive: Archive, tell: conftest.Told
) -> None:
    tell_case(state, config, tell, give(state, archive))
    note(state, "verify", LATER - KEPT + timedelta(days=1))
    assert let_go(state, archive) == []
    assert let_go(state, archive, LATER + timedelta(days=2)) != []


def test_it_stays_while_an_office_has_its_case_in_hand(
    state: State, config: Config, archive: Archive, tell: conftest.Told
) -> None:
    tell_case(state, config, tell, give(state, archive))
    note(state, "take", NOW + timedelta(days=1))
    assert let_go(state, archive) == []
    note(state, "not_one", NOW + timedelta(days=2))
    assert let_go(state, archive) != []


def test_what_still_waits_for_its_platform_is_kept(state: State, archive: Archive) -> None:
    give(state, archive)
    with state.write() as session:
        session.scalars(select(IntakeRow)).one().status = "waiting"
    assert let_go(state, archive) == []


def test_bytes_that_were_given_twice_go_with_the_last(state: State, archive: Archive) -> None:
    first, other = give(state, archive), give(state, archive, URL + "8")
    with state.write() as session:
        session.get_one(IntakeRow, other.id).added_at = LATER
    assert let_go(state, archive) == [first.id]
    assert archive.get(evidence(state)[0].sha256) == JPEG


def test_what_several_people_say_of_a_post_is_kept_together(state: State, archive: Archive) -> None:
    give(state, archive)
    described = replace(FILE, description="Camat memegang alat peraga.")
    again = Given(
        url=URL, platform="facebook", published=NOW, region="32.05", evidence=(described,)
    )
    take(again, added_by="staf-b", state=state, archive=archive, clock=lambda: NOW)
    told = Given(url=URL.replace("www.", "m."), platform="facebook", text="Camat berpose. Lengkap.")
    take(told, added_by="staf-c", state=state, archive=archive, clock=lambda: NOW)
    page, post = held(state, archive)
    assert post.text == "Camat berpose. Lengkap."
    assert [item.description for item in post.media] == [FILE.description, described.description]
    assert (post.handle, post.published) == ("@wargatirta", NOW)
    assert page.hint["region"] == "32.05"


def test_a_post_that_its_platform_misses_twice_is_deleted(state: State, archive: Archive) -> None:
    given = Given(url="https://www.tiktok.com/@warga/video/7", platform="tiktok", text="Berpose")
    take(given, added_by="staf-a", state=state, archive=archive, clock=lambda: NOW)
    page, post = held(state, archive)
    with state.write() as session:
        assert intakes.waiting(session, NOW, 10)  # and its platform is asked for its words
        intakes.answered(session, 1, page.sha256, post, NOW)
        row = session.scalars(select(PageRow)).one()
        row.status, row.disposition = "done", "indexed"
    days = iter(NOW + timedelta(days=2 * number) for number in range(1, 10))

    def look(there: bool | None) -> str | None:
        day = next(days)
        with state.write() as session:
            [(key, one)] = intakes.to_look_after(session, day, 10)
            assert (key, one.url, one.platform) == (post.key, given.url, "tiktok")
            intakes.looked_for(session, key, day, there=there)
            assert intakes.to_look_after(session, day, 10) == []
        with state.read() as session:
            return session.scalars(select(PageRow.disposition)).one()

    assert [look(answer) for answer in (True, False, True, None, False, None)] == ["indexed"] * 6
    assert look(False) == "gone"


def test_what_no_interface_told_of_is_not_looked_for(state: State, archive: Archive) -> None:
    give(state, archive)
    tiktok = Given(url="https://www.tiktok.com/@warga/video/7", platform="tiktok", text="Berpose")
    take(tiktok, added_by="staf-a", state=state, archive=archive, clock=lambda: NOW)
    with state.write() as session:
        intakes.not_answered(session, 2, "http 404", NOW, final=True)
        for row in session.scalars(select(PageRow)):
            row.status, row.disposition = "done", "indexed"
        assert session.get_one(IntakeRow, 2).status == "done"  # what was said of it stands
        assert intakes.to_look_after(session, LATER, 10) == []


def held(state: State, archive: Archive) -> tuple[PageRow, Post]:
    with state.read() as session:
        page = session.scalars(select(PageRow)).one()
    return page, Post.from_bytes(archive.get(page.sha256))


def note(state: State, verb: str, at: datetime) -> None:
    with state.write() as session:
        casework.note(session, 1, verb, Who("Bu Ratna"), at)


def evidence(state: State) -> list[EvidenceRow]:
    with state.read() as session:
        return list(session.scalars(select(EvidenceRow)))
