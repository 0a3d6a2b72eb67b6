"""What is kept is judged again: revisions, cases and mails follow, and nothing else changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from pantau import rejudge
from pantau.demo.verify import read_mails
from pantau.home import Home
from pantau.records import Article, Judgement
from pantau.state import State, corrections, open_state
from pantau.state.accounts import Who
from pantau.state.corrections import FormCorrection
from pantau.state.tables import ArticleRow, MentionRow
from tests.endtoend import paper as texts
from tests.endtoend.conftest import pages, pantau
from tests.endtoend.paper import Paper, make_home

pytestmark = pytest.mark.slow
ACT, OLD_ACT = "/berita/camat-dilaporkan", "/berita/lurah-dilaporkan"
APPEAL, SPORT = "/berita/imbauan", "/olahraga/voli"
DEAF = {"threshold": 1.0}
"""A judge who is never sure enough."""

Make = Callable[..., Paper]


@contextmanager
def opened(home: Home) -> Iterator[State]:
    state = open_state(home.database_url(home.load_config()))
    try:
        yield state
    finally:
        state.close()


def decisions(home: Home) -> dict[str, tuple[str, int]]:
    """What each article was judged to be, with the number of its revision, by path."""
    with opened(home) as state, state.read() as session:
        rows = session.scalars(select(ArticleRow)).all()
    return {"/" + row.url.split("/", 3)[3]: (row.decision, row.revision) for row in rows}


def change(home: Home, old: str, new: str) -> None:
    path = home.root / "config" / "settings.toml"
    before = path.read_text(encoding="utf-8")
    assert old in before
    path.write_text(before.replace(old, new), encoding="utf-8")


def hear(home: Home) -> None:
    """Let the deaf judge hear again."""
    change(home, "threshold = 1.0", "threshold = 0.5")


@pytest.fixture
def paper(open_paper: Make) -> Paper:
    paper = open_paper("kabar-tirta")
    paper.publish(SPORT, texts.SPORT_TITLE, texts.SPORT)
    paper.publish(APPEAL, texts.APPEAL_TITLE, texts.APPEAL)
    old = timedelta(days=40)
    paper.publish(OLD_ACT, texts.OTHER_ACT_TITLE, texts.OTHER_ACT, age=old)
    paper.publish(ACT, texts.ACT_TITLE, texts.ACT)
    return paper


@pytest.fixture
def home(paper: Paper, tmp_path: Path) -> Home:
    """A home whose judge has let everything pass."""
    home = make_home(tmp_path / "var", [paper], reading={"workers": 1} | DEAF)
    done = pantau(home, "crawl")
    assert done.code == 0, done
    assert {decision for decision, _ in decisions(home).values()} == {"none"}
    assert read_mails(home.mail) == []
    return home


def test_what_another_judge_finds_is_revised_indexed_and_mailed_if_it_is_news(
    home: Home, paper: Paper
) -> None:
    hear(home)

    done = pantau(home, "rejudge")

    assert done.code == 0, done
    assert "3 articles judged again" in done.out
    assert "2 with an act now" in done.out
    found = decisions(home)
    assert found[ACT] == found[OLD_ACT] == ("likely_violation", 2)
    assert found[APPEAL] == ("none", 1)
    hits = pantau(home, "search", "putusan:dugaan", "--json").json["hits"]
    assert {hit["url"] for hit in hits} == {paper.url(ACT), paper.url(OLD_ACT)}
    mails = read_mails(home.mail)
    assert {mail.recipient for mail in mails} == {"pusat@bawaslu.example", "garut@bawaslu.example"}
    assert all(paper.url(ACT) in mail.text for mail in mails)

    again = pantau(home, "rejudge")

    assert again.code == 0, again
    assert "changed" not in again.out
    assert decisions(home) == found
    assert len(read_mails(home.mail)) == len(mails)


def test_what_another_judge_finds_no_longer_leaves_its_case(home: Home) -> None:
    hear(home)
    pantau(home, "rejudge")
    change(home, "threshold = 0.5", "threshold = 1.0")

    done = pantau(home, "rejudge")

    assert "2 without one now" in done.out
    assert {decision for decision, _ in decisions(home).values()} == {"none"}
    with opened(home) as state, state.read() as session:
        in_cases = session.scalars(
            select(MentionRow).where(MentionRow.case_id.is_not(None), ~MentionRow.withdrawn)
        ).all()
    assert in_cases == []
    mails = read_mails(home.mail)
    corrected = [mail.recipient for mail in mails if mail.kind == "update"]
    assert sorted(corrected) == sorted(mail.recipient for mail in mails if mail.kind == "new")
    assert all(("Koreksi" in mail.text) == (mail.kind == "update") for mail in mails)


def test_only_what_is_new_enough_is_judged(home: Home) -> None:
    hear(home)
    since = (datetime.now(UTC) - timedelta(days=10)).date().isoformat()

    done = pantau(home, "rejudge", "--since", since)

    assert "2 articles judged again" in done.out
    found = decisions(home)
    assert found[ACT] == ("likely_violation", 2)
    assert found[OLD_ACT] == ("none", 1)


def test_pages_that_the_gate_let_fall_are_read_again_as_long_as_their_bytes_are_kept(
    home: Home,
) -> None:
    assert pages(home)[SPORT].disposition == "off topic"
    change(home, "[reading]", "[reading]\ngate = false")

    done = pantau(home, "rejudge")

    assert "1 off-topic pages read again" in done.out
    assert "1 became articles" in done.out
    assert pages(home)[SPORT].disposition == "indexed"
    assert decisions(home)[SPORT] == ("none", 1)


def test_what_a_person_corrected_holds(home: Home) -> None:
    hear(home)
    pantau(home, "rejudge")
    with opened(home) as state, state.write() as session:
        row = session.scalar(select(ArticleRow).where(ArticleRow.url.endswith(ACT)))
        assert row is not None
        mention = session.scalars(
            select(MentionRow).where(MentionRow.article_id == row.id, MentionRow.likely)
        ).all()
        for one in mention:
            nothing = FormCorrection(sentence=one.record["sentence"], forms=())
            corrections.add(session, row.id, nothing, Who("ani"), datetime.now(UTC))
    mended = decisions(home)[ACT]
    assert mended[0] == "none"

    change(home, "threshold = 0.5", "threshold = 0.4")
    done = pantau(home, "rejudge")

    assert done.code == 0, done
    assert decisions(home)[ACT] == mended


class Cut(Exception):
    """The process ends here."""


def test_one_that_was_cut_off_goes_on_where_it_was(home: Home) -> None:
    hear(home)
    record, judged = rejudge._record, []

    def until_the_second(session: Session, article: Article, judgement: Judgement) -> list[str]:
        judged.append(article.id)
        if len(judged) == 2:
            raise Cut
        return record(session, article, judgement)

    with (
        patch.object(rejudge, "BATCH", 1),
        patch.object(rejudge, "_record", until_the_second),
        pytest.raises(Cut),
    ):
        pantau(home, "rejudge")

    done = pantau(home, "rejudge")

    assert done.code == 0, done
    assert "2 articles judged again" in done.out
    found = decisions(home)
    assert found[ACT] == found[OLD_ACT] == ("likely_violation", 2)
    assert len(read_mails(home.mail)) == 2


def test_an_article_that_kills_its_reader_stays_as_it_was(home: Home) -> None:
    hear(home)

    with patch.object(rejudge, "judge_held", broken):
        done = pantau(home, "rejudge")

    assert done.code == 4, done
    assert "3 failed" in done.out
    assert {revision for _, revision in decisions(home).values()} == {1}


def broken(bench: object, article: Article) -> object:
    raise RuntimeError(article.id)
