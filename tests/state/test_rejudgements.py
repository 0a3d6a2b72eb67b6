"""A judging again goes on where it was cut off, and takes just what it is asked for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from pantau.records import Article, Disposition, Judgement
from pantau.state import State, articles, pages, rejudgements
from pantau.state.tables import PageRow

NOW = datetime(2024, 10, 16, 2, 0, tzinfo=UTC)
WEEK = timedelta(days=7)


def hold(state: State, name: str, published: datetime | None, first_seen: datetime = NOW) -> None:
    article = Article(
        id=name, title=name, text="", published=published, source_id="a", page_sha256="0" * 64
    )
    with state.write() as session:
        articles.store(session, article, Judgement(id=name, decision="none", score=0), first_seen)


def begin(state: State, judge: str = "one", since: datetime | None = None) -> int:
    with state.write() as session:
        return rejudgements.begin(session, judge, since, NOW).id


def waiting(state: State, run: int) -> list[str]:
    with state.read() as session:
        return [row.id for row in rejudgements.next_articles(session, run, 10)]


def test_what_was_done_before_the_cut_is_not_done_again(state: State) -> None:
    for name in "abc":
        hold(state, name, NOW)
    run = begin(state)
    with state.write() as session:
        rejudgements.articles_done(session, run, "b")

    assert begin(state) == run
    assert waiting(state, run) == ["c"]


def test_another_judge_another_question_or_a_finished_one_begins_anew(state: State) -> None:
    run = begin(state)
    other_judge = begin(state, "two")
    other_question = begin(state, "two", NOW - WEEK)
    assert len({run, other_judge, other_question}) == 3
    assert begin(state, "two", NOW - WEEK) == other_question
    with state.write() as session:
        rejudgements.end(session, other_question, NOW)
    assert begin(state, "two", NOW - WEEK) not in {run, other_judge, other_question}


def test_since_goes_by_publication_and_without_one_by_the_first_reading(state: State) -> None:
    hold(state, "old", NOW - 2 * WEEK)
    hold(state, "new", NOW)
    hold(state, "undated and old", None, NOW - 2 * WEEK)
    hold(state, "undated", None)
    assert waiting(state, begin(state, since=NOW - WEEK)) == ["new", "undated"]
    assert len(waiting(state, begin(state))) == 4


def test_off_topic_pages_are_read_again_once_while_their_bytes_are_kept(state: State) -> None:
    fate = {
        "kept": (Disposition.OFF_TOPIC, "1" * 64),
        "let go": (Disposition.OFF_TOPIC, ""),
        "indexed": (Disposition.INDEXED, "2" * 64),
    }
    with state.write() as session:
        ids = {}
        for name, (disposition, sha256) in fate.items():
            row = pages.found(
                session, url=f"https://a.example/{name}", source_id="a", run_id=None, now=NOW
            )
            assert row is not None
            row.fetched_at, row.sha256 = NOW, sha256
            pages.done(session, row.id, disposition, reason="neither")
            ids[name] = row.id
    run = begin(state)
    with state.write() as session:
        assert rejudgements.reopen_off_topic(session, run, 10) == [ids["kept"]]
        kept = session.get_one(PageRow, ids["kept"], populate_existing=True)
        assert (kept.status, kept.disposition, kept.reason) == ("fetched", None, "")
        pages.done(session, ids["kept"], Disposition.OFF_TOPIC)
    with state.write() as session:
        assert rejudgements.reopen_off_topic(session, run, 10) == []
