"""Posts go the whole way: taken, judged with what they answer, told without a citizen's account,
and let go when they were deleted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from crawler.archive import Archive
from pantau.demo.verify import read_mails
from pantau.home import Home
from pantau.state import State, casework, open_state
from pantau.state.accounts import Who
from pantau.state.tables import ArticleRow, MentionRow, PageRow, RevisionRow
from tests.endtoend import paper as texts
from tests.endtoend.conftest import pantau
from tests.endtoend.paper import make_home
from tests.servers import LocalServer
from tests.servers.telegram import Channel, Message

pytestmark = pytest.mark.slow
WORDS = texts.ACT[0]


@dataclass
class Told:
    channel: Channel
    home: Home
    state: State

    def crawl(self) -> None:
        done = pantau(self.home, "crawl")
        assert done.code == 0, done

    def article(self, number: int) -> ArticleRow:
        with self.state.read() as session:
            query = select(ArticleRow).where(
                ArticleRow.post["platform_id"].as_string() == f"{self.channel.handle}/{number}"
            )
            return session.scalars(query).one()

    def mails(self) -> str:
        return "\n".join(
            path.read_bytes().decode("utf-8", "replace") for path in self.home.mail.glob("*.eml")
        )

    def found(self, query: str) -> list[dict[str, Any]]:
        hits: list[dict[str, Any]] = pantau(self.home, "search", query, "--json").json["hits"]
        return hits


def message(number: int, text: str, **told: Any) -> Message:
    at = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=3) + timedelta(minutes=number)
    return Message(number, text, at, **told)


@pytest.fixture
def site() -> Iterator[LocalServer]:
    with LocalServer() as site:
        yield site


def watch(tmp_path: Path, site: LocalServer, *, official: bool, **settings: Any) -> Told:
    channel = Channel("suaralembah", "Suara Lembah")
    site.otherwise(channel)
    source = {
        "id": "suara-lembah",
        "name": "Kanal Suara Lembah",
        "region": "32.05",
        "every": "15m",
        "official": official,
        "politeness": {"delay": "0s", "timeout": "5s"},
        "ways": [{"kind": "telegram", "url": f"{site.root}/s/suaralembah"}],
    }
    crawl = {"allow_private": [site.address]}
    home = make_home(tmp_path / "var", [], source, crawl=crawl, **settings)
    path = home.config / "sources" / "papers.toml"
    terms = 'terms_accepted = { by = "Kepala Bagian Hukum", on = 2026-11-01 }\n'
    path.write_text(path.read_text("utf-8") + terms, "utf-8")
    return Told(channel, home, open_state(home.database_url(home.load_config())))


def test_a_citizens_post_is_judged_and_told_without_the_account(
    tmp_path: Path, site: LocalServer
) -> None:
    told = watch(tmp_path, site, official=False)
    told.channel.post(message(1, "Cuaca hari ini cerah."), message(2, WORDS))
    told.crawl()
    row = told.article(2)
    assert (row.kind, row.platform, row.handle, row.citizen) == (
        "post",
        "telegram",
        "@suaralembah",
        True,
    )
    assert row.decision == "likely_violation"
    mails = told.mails()
    assert "Unggahan media sosial" in mails
    assert "suaralembah" not in mails
    assert "Rahmat" not in mails
    [hit] = told.found("jenis:kiriman platform:telegram")
    assert hit["id"] == row.id


def test_an_institutions_post_is_told_by_name(tmp_path: Path, site: LocalServer) -> None:
    told = watch(tmp_path, site, official=True)
    told.channel.post(message(2, WORDS))
    told.crawl()
    [mail] = [one for one in read_mails(told.home.mail) if one.recipient.startswith("garut")]
    assert "Kanal Suara Lembah" in mail.text
    assert f"{site.root}/suaralembah/2" in mail.text


def test_what_a_post_answers_counts_in_its_judgement(tmp_path: Path, site: LocalServer) -> None:
    told = watch(tmp_path, site, official=False, reading={"gate": True})
    answered = (1, "Suara Lembah", "Camat Sukalindung ikut kampanye paslon nomor 2?")
    told.channel.post(message(2, "Iya, saya lihat sendiri di lapangan.", answers=answered))
    told.crawl()
    assert told.article(2).context == answered[2]


def test_an_edit_is_a_revision(tmp_path: Path, site: LocalServer) -> None:
    told = watch(tmp_path, site, official=True)
    told.channel.post(message(2, WORDS))
    told.crawl()
    told.channel.post(message(2, WORDS + " Diralat: kejadiannya hari Senin.", edited=True))
    told.crawl()
    row = told.article(2)
    assert (row.revision, "Diralat" in row.text) == (2, True)
    assert row.modified is not None


def gone(told: Told) -> ArticleRow:
    """The act is told between two other messages, then deleted, and the channel read again."""
    told.channel.post(message(1, "Pengumuman ASN soal pilkada."), message(2, WORDS))
    told.channel.post(message(3, "Pengumuman ASN soal pemilu."))
    told.crawl()
    row = told.article(2)
    with told.state.read() as session:
        kept = session.scalars(select(RevisionRow.page_sha256)).all()
    assert all(Archive(told.home.archive).path(sha256).exists() for sha256 in kept)
    told.channel.delete(2)
    told.crawl()
    return row


def test_a_deleted_post_leaves_search_and_its_case_keeps_a_sealed_copy_until_it_closes(
    tmp_path: Path, site: LocalServer
) -> None:
    told = watch(tmp_path, site, official=True)
    row = gone(told)
    now = told.article(2)
    assert now.gone_at is not None
    assert (now.erased_at, now.text) == (None, row.text)
    assert told.found("Sukalindung") == []
    assert "terbaca" not in json.dumps(told.found("jenis:kiriman"))
    with told.state.write() as session:
        [case] = set(session.scalars(select(MentionRow.case_id).where(MentionRow.case_id > 0)))
        assert case is not None
        casework.note(session, case, "take", Who("ani"), datetime.now(UTC))
    told.crawl()
    assert told.article(2).erased_at is None
    with told.state.write() as session:
        casework.note(session, case, "not_one", Who("ani"), datetime.now(UTC))
    told.crawl()
    with told.state.read() as session:
        left = session.get_one(ArticleRow, row.id)
        assert (left.text, left.title, left.author, left.handle, left.url) == ("",) * 5
        assert left.erased_at is not None
        mention = session.scalars(select(MentionRow).where(MentionRow.case_id == case)).one()
        assert mention.record["sentence"] == "[kiriman sudah dihapus]"
        assert not mention.withdrawn
        assert session.scalars(select(PageRow.sha256).where(PageRow.key == row.id)).one() == ""
    assert not Archive(told.home.archive).path(row.page_sha256).exists()


def test_without_sealed_copies_a_deleted_post_is_erased_at_once(
    tmp_path: Path, site: LocalServer
) -> None:
    told = watch(tmp_path, site, official=True, retention={"sealed_copies": False})
    row = gone(told)
    told.crawl()  # what it told leaves its case
    with told.state.read() as session:
        assert session.get_one(ArticleRow, row.id).text == ""
        assert all(session.scalars(select(MentionRow.withdrawn)))
    assert not Archive(told.home.archive).path(row.page_sha256).exists()
    assert told.found("Sukalindung") == []


def test_a_post_that_tells_no_case_is_erased_when_it_is_deleted(
    tmp_path: Path, site: LocalServer
) -> None:
    told = watch(tmp_path, site, official=True)
    for number in (1, 2, 3):
        told.channel.post(message(number, f"ASN diimbau netral dalam pilkada, imbauan {number}."))
    told.crawl()
    row = told.article(2)
    told.channel.delete(2)
    told.crawl()
    with told.state.read() as session:
        assert session.get_one(ArticleRow, row.id).erased_at is not None
    assert len(told.found("pilkada")) == 2
    assert pantau(told.home, "index", "rebuild").code == 0
    assert len(told.found("pilkada")) == 2


def test_a_dry_run_stores_nothing_and_shows_the_posts(tmp_path: Path, site: LocalServer) -> None:
    told = watch(tmp_path, site, official=True)
    told.channel.post(message(1, "Pengumuman ASN soal pilkada."))
    done = pantau(told.home, "sources", "test", "suara-lembah")
    assert done.code == 0
    assert f"{site.root}/suaralembah/1" in done.out
    with told.state.read() as session:
        assert session.scalars(select(PageRow)).all() == []
