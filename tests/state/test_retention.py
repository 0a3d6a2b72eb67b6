"""What is kept for a time only goes with its bytes, and never those that something else needs."""

from __future__ import annotations

import gzip
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from crawler.archive import Archive
from pantau import retention
from pantau.config.models import Retention
from pantau.giving import take
from pantau.intake import Given, read_evidence
from pantau.posts import Post
from pantau.records import Article, Disposition, Judgement
from pantau.state import State, articles, bodies, pages, pictures, posts
from pantau.state.tables import PageRow, PictureRow

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
JPEG = b"\xff\xd8\xff\xe0" + b"panggung" * 40
PICTURE = "https://platform.example/panggung.jpg"


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")


def let_go(state: State, archive: Archive, *, days: int = 8) -> None:
    retention.let_go(state, archive, Retention(), NOW + timedelta(days=days))


def agree(state: State, archive: Archive) -> set[str]:
    """That the archive holds what the rows need, whole, and nothing else; its names."""
    there = {path.name.removesuffix(".gz"): path for path in archive.root.rglob("*.gz")}
    with state.read() as session:
        assert bodies.held(session) == set(there)
    assert all(gzip.decompress(path.read_bytes()) for path in there.values())
    return set(there)


def hold_post(state: State, archive: Archive, number: int) -> Post:
    """A post with a picture, read and fetched."""
    url = f"https://platform.example/lembah/{number}"
    one = Post(platform="telegram", id=f"lembah/{number}", url=url, text="Panen", published=NOW)
    sha256 = archive.put(one.to_bytes())
    article = Article(
        id=one.key, title="", text=one.text, kind="post", url=url, page_sha256=sha256,
        source_id="lembah", images=(PICTURE,),
    )  # fmt: skip
    with state.write() as session:
        posts.taken(session, [(sha256, one)], source_id="lembah", run_id=None, now=NOW)
        [row] = pages.claim_fetched(session, 10, NOW)
        articles.store(session, article, Judgement(id=one.key, decision="none", score=0), NOW)
        pages.done(session, row.id, Disposition.INDEXED, article=one.key, published=NOW)
        pictures.add(session, article)
    with state.write() as session:
        query = select(PictureRow.id).where(PictureRow.article_id == one.key)
        name = archive.put(JPEG)
        pictures.fetched(
            session, session.scalars(query).one(), sha256=name, media_type="image/jpeg", now=NOW
        )
    return one


def delete(state: State, post: Post) -> None:
    with state.write() as session:
        posts.gone(session, [post.key], NOW)


def test_bytes_go_with_the_last_row_that_needs_them(state: State, archive: Archive) -> None:
    first, other = hold_post(state, archive, 1), hold_post(state, archive, 2)
    picture = archive.put(JPEG)
    delete(state, first)
    let_go(state, archive)
    assert picture in agree(state, archive)
    delete(state, other)
    let_go(state, archive)
    assert agree(state, archive) == set()


def test_evidence_stays_when_the_post_it_shows_is_deleted(state: State, archive: Archive) -> None:
    post = hold_post(state, archive, 1)
    evidence = read_evidence("a.jpg", lambda: io.BytesIO(JPEG), {}, zone=UTC, now=NOW)
    given = Given(url="https://facebook.com/x/1", platform="facebook", text="Camat berkampanye",
                  evidence=(evidence,))  # fmt: skip
    take(given, added_by="ani", state=state, archive=archive, clock=lambda: NOW)
    delete(state, post)
    let_go(state, archive)
    assert evidence.sha256 in agree(state, archive)
    let_go(state, archive, days=366)
    assert evidence.sha256 not in agree(state, archive)


def test_a_post_that_is_there_again_needs_only_what_it_says_now(
    state: State, archive: Archive
) -> None:
    post = hold_post(state, archive, 1)
    delete(state, post)
    let_go(state, archive)
    hold_post(state, archive, 1)
    assert len(agree(state, archive)) == 2


def test_a_page_off_the_topic_leaves_no_bytes_but_those_of_another(
    state: State, archive: Archive
) -> None:
    with state.write() as session:
        for number, body in enumerate((b"a", b"a", b"b")):
            session.add(
                PageRow(
                    key=f"{number}",
                    url=f"https://kabar.example/{number}",
                    source_id="kabar",
                    found_at=NOW,
                    fetched_at=NOW,
                    status="done",
                    sha256=archive.put(body),
                    disposition=("off topic", "not an article", "off topic")[number],
                )
            )
    let_go(state, archive, days=6)
    assert len(agree(state, archive)) == 2
    let_go(state, archive)
    assert agree(state, archive) == {archive.put(b"a")}
