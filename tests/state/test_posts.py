"""Posts as rows: edited while they are read, deleted while they are indexed, and what is spent."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

from pantau.posts import Post
from pantau.records import Article, Disposition, Judgement
from pantau.state import State, articles, pages, posts, spending
from pantau.state.tables import ArticleRow, PageRow, RevisionRow

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def post(text: str = "Panen raya", number: int = 1) -> Post:
    url = f"https://platform.example/lembah/{number}"
    return Post(platform="telegram", id=f"lembah/{number}", url=url, text=text, published=NOW)


def take(state: State, one: Post, sha256: str = "a" * 64) -> posts.Taken:
    with state.write() as session:
        return posts.taken(session, [(sha256, one)], source_id="lembah", run_id=None, now=NOW)


def hold(state: State, one: Post) -> None:
    """The post is read and stands as an article."""
    article = Article(id=one.key, title="", text=one.text, kind="post", url=one.url,
                      page_sha256="a" * 64, source_id="lembah")  # fmt: skip
    with state.write() as session:
        [row] = pages.claim_fetched(session, 10, NOW)
        articles.store(session, article, Judgement(id=one.key, decision="none", score=0), NOW)
        pages.done(session, row.id, Disposition.INDEXED, article=one.key, published=NOW)


def test_what_was_edited_while_it_was_read_is_read_again(state: State) -> None:
    take(state, post())
    with state.write() as session:
        [claimed] = pages.claim_fetched(session, 10, NOW)
    assert take(state, post("Panen gagal"), "b" * 64).edited == 1
    with state.write() as session:
        assert not pages.still_to_be_read(session, claimed)
        [again] = pages.claim_fetched(session, 10, NOW)
        assert again.sha256 == "b" * 64
        assert pages.still_to_be_read(session, again)


def test_what_was_deleted_while_it_was_read_is_not_stored(state: State) -> None:
    take(state, post())
    with state.write() as session:
        [claimed] = pages.claim_fetched(session, 10, NOW)
    with state.write() as session:
        assert posts.gone(session, [post().key], NOW) == 1
    with state.write() as session:
        assert not pages.still_to_be_read(session, claimed)
        assert posts.let_go_unread(session, 10) == ["a" * 64]


def test_what_was_deleted_while_it_was_indexed_is_taken_out_again(state: State) -> None:
    take(state, post())
    hold(state, post())
    with state.write() as session:
        posts.gone(session, [post().key], NOW)
    with state.write() as session:
        articles.indexed(session, {post().key: 1})  # the index had it by then
    with state.write() as session:
        assert [row.id for row in articles.not_indexed(session, 10)] == [post().key]
        articles.indexed(session, {post().key: 1}, gone=True)
        assert not articles.not_indexed(session, 10)


def test_a_post_that_is_there_again_is_an_article_again(state: State) -> None:
    take(state, post())
    hold(state, post())
    with state.write() as session:
        posts.gone(session, [post().key], NOW)
    assert take(state, post()).edited == 1
    hold(state, post())
    with state.read() as session:
        row = session.get_one(ArticleRow, post().key)
        assert row.gone_at is None
        assert row.indexed_revision < row.revision


def test_an_erased_post_leaves_no_word(state: State) -> None:
    take(state, post("Panen raya di lembah"))
    hold(state, post("Panen raya di lembah"))
    with state.write() as session:
        posts.gone(session, [post().key], NOW)
        [article_id] = posts.to_let_go(session, sealed=True, limit=10)
        assert posts.let_go(session, article_id, NOW) == ["a" * 64]
    with state.read() as session:
        told = [
            str(vars(row))
            for table in (ArticleRow, PageRow, RevisionRow)
            for row in session.query(table)
        ]
        assert not posts.to_let_go(session, sealed=True, limit=10)
    assert not any("Panen" in row or "platform.example" in row for row in told)


def test_the_longest_unseen_are_looked_for_and_those_that_are_dear_more_rarely(
    state: State,
) -> None:
    for number in (1, 2):
        take(state, post(number=number))
        hold(state, post(number=number))
    with state.write() as session:
        posts.seen(session, [post(number=1).key], NOW + timedelta(hours=1))
    later = NOW + timedelta(days=3)
    with state.read() as session:
        found = posts.to_check(session, "lembah", later, 10)
        assert [one for _, one in found] == ["lembah/2", "lembah/1"]
        dear = timedelta(days=7)
        assert not posts.to_check(session, "lembah", later, 10, again_after=dear)
        assert not posts.to_check(session, "lembah", NOW + timedelta(days=400), 10)


def test_no_two_spend_the_same(state: State) -> None:
    taken: list[bool] = []

    def spend() -> None:
        for _ in range(10):
            with state.write() as session:
                taken.append(spending.reserve(session, "youtube", "2026-11-22", 3, 100))

    threads = [threading.Thread(target=spend) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert taken.count(True) == 33
    with state.write() as session:
        assert spending.spent(session, "youtube", "2026-11-22") == 99
        spending.give_back(session, "youtube", "2026-11-22", 9)
        assert spending.told(session) == {"youtube": "90 units on 2026-11-22"}
        spending.use_up(session, "youtube", "2026-11-22", 100)
        assert not spending.reserve(session, "youtube", "2026-11-22", 1, 100)
