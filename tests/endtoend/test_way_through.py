"""One paper's day: what is new is judged, indexed and mailed once, and every answer is at hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from crawler.archive import Archive
from pantau.demo.verify import read_mails
from pantau.home import Home
from pantau.state import open_state
from pantau.state.tables import ArticleRow, PageRow, PictureRow, RevisionRow
from tests.endtoend import paper as texts
from tests.endtoend.conftest import Done, pages, pantau, serving
from tests.endtoend.paper import Paper, make_home
from tests.servers import Answer

ACT, OLD_ACT = "/berita/camat-dilaporkan", "/berita/lurah-dilaporkan"
APPEAL, SPORT = "/berita/imbauan", "/olahraga/voli"
PHOTO = b"\xff\xd8\xff\xe0" + b"foto dari lapangan" * 40
OTHER_PHOTO = b"\xff\xd8\xff\xe0" + b"foto apel pagi" * 40


@dataclass
class Day:
    paper: Paper
    home: Home
    first: Done
    asked: list[str]
    """Paths that the first crawl asked for."""

    def rows(self, query: object) -> list[object]:
        state = open_state(self.home.database_url(self.home.load_config()))
        with state.read() as session:
            rows = list(session.scalars(query))  # type: ignore[call-overload]
        state.close()
        return rows


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    with serving("kabar-tirta") as paper:
        paper.site.on("/foto/camat.jpg", Answer(PHOTO, "image/jpeg"))
        paper.site.on("/foto/apel.jpg", Answer(OTHER_PHOTO, "image/jpeg"))
        paper.publish(SPORT, texts.SPORT_TITLE, texts.SPORT)
        paper.publish(APPEAL, texts.APPEAL_TITLE, texts.APPEAL, pictures=("/foto/apel.jpg",))
        old = timedelta(days=40)
        paper.publish(OLD_ACT, texts.OTHER_ACT_TITLE, texts.OTHER_ACT, age=old)
        paper.publish(ACT, texts.ACT_TITLE, texts.ACT, pictures=("/foto/camat.jpg",))
        home = make_home(tmp_path_factory.mktemp("day") / "var", [paper])
        first = pantau(home, "crawl")
        yield Day(paper, home, first, paper.site.paths())


def test_the_first_crawl_goes_the_whole_way(day: Day) -> None:
    assert day.first.code == 0, day.first
    dispositions = {path: row.disposition for path, row in pages(day.home).items()}
    assert dispositions == {
        ACT: "indexed",
        OLD_ACT: "indexed",
        APPEAL: "indexed",
        SPORT: "off topic",
    }


def test_only_what_is_younger_than_the_horizon_is_mailed(day: Day) -> None:
    mails = read_mails(day.home.mail)
    assert sorted(mail.recipient for mail in mails) == [
        "garut@bawaslu.example",
        "pusat@bawaslu.example",
    ]
    for mail in mails:
        assert day.paper.url(ACT) in mail.text
        assert "Rahmat" not in mail.subject
    old = pantau(day.home, "search", "Tirtasana", "--json").json
    assert [hit["url"] for hit in old["hits"]] == [day.paper.url(OLD_ACT)]


def test_pictures_of_an_article_with_a_mention_are_kept_and_others_are_not_asked_for(
    day: Day,
) -> None:
    pictures = day.rows(select(PictureRow))
    (photo,) = pictures
    assert isinstance(photo, PictureRow)
    assert (photo.url, photo.status) == (day.paper.url("/foto/camat.jpg"), "fetched")
    assert Archive(day.home.archive).get(photo.sha256) == PHOTO
    assert "/foto/apel.jpg" not in day.asked


def test_status_counts_every_page_article_mention_case_and_mail(day: Day) -> None:
    told = pantau(day.home, "status", "--json").json
    counts = told["sources"]["kabar-tirta"]
    assert counts["pages"]["off topic"] == 1
    assert sum(counts["pages"].values()) == 4
    assert counts["articles"] == 3
    assert counts["mentions"] >= 2
    assert (counts["cases"], counts["mails"]) == (2, 2)
    assert set(told["waiting"].values()) == {0}
    shown = pantau(day.home, "status").out
    assert re.search(r"kabar-tirta", shown)


def test_why_tells_who_was_told_and_who_not(day: Day) -> None:
    told = pantau(day.home, "why", day.paper.url(ACT) + "?utm_source=rss", "--json").json
    assert (told["disposition"], told["judgement"]) == ("indexed", "likely_violation")
    assert told["mentions"][0]["reasons"]
    (case,) = told["cases"]
    assert {one["subscription"]: one["status"] for one in case["told"]} == {
        "pusat": "sent",
        "garut": "sent",
    }
    (maluku,) = case["not_told"]
    assert maluku["subscription"] == "maluku"
    assert "region 32.05" in maluku["why"]


def test_why_tells_that_a_case_was_too_old_to_be_mailed(day: Day) -> None:
    (case,) = pantau(day.home, "why", day.paper.url(OLD_ACT), "--json").json["cases"]
    assert case["told"] == []
    why = {one["subscription"]: one["why"] for one in case["not_told"]}
    assert "alert horizon" in why["pusat"]
    assert "region 33" in why["garut"]


def test_why_tells_of_pages_that_came_to_nothing(day: Day) -> None:
    sport = pantau(day.home, "why", day.paper.url(SPORT), "--json").json
    assert (sport["disposition"], sport["title"]) == ("off topic", texts.SPORT_TITLE)
    assert "judgement" not in sport
    appeal = pantau(day.home, "why", day.paper.url(APPEAL), "--json").json
    assert (appeal["judgement"], appeal["cases"]) == ("none", [])
    unknown = pantau(day.home, "why", "https://kabar.example/tak-ada")
    assert unknown.code == 1
    assert "no source has shown this address" in unknown.out


def test_search_marks_the_words_and_tells_mistakes(day: Day) -> None:
    found = pantau(day.home, "search", "beras wilayah:32.05 putusan:dugaan", "--json").json
    (hit,) = found["hits"]
    marked = {hit["passage"][start:end].lower() for start, end in hit["highlights"]}
    assert marked == {"beras"}
    nothing = pantau(day.home, "search", "imunisasi", "--json").json
    assert (nothing["total"], nothing["hits"]) == (0, [])
    mistake = pantau(day.home, "search", "wilayh:32")
    assert mistake.code == 2
    assert "wilayah" in mistake.err
    assert "Traceback" not in mistake.err


def test_extract_asks_an_address_and_stores_nothing(day: Day) -> None:
    before = pages(day.home)
    told = pantau(day.home, "extract", day.paper.url(ACT), "--json").json
    assert told["disposition"] == "article"
    assert told["title"] == texts.ACT_TITLE
    assert told["text"].split("\n\n") == list(texts.ACT)
    assert told["published"]
    assert told["images"] == [day.paper.url("/foto/camat.jpg")]
    assert pages(day.home).keys() == before.keys()


def test_again_on_the_same_pages_asks_for_none_and_sends_nothing(day: Day) -> None:
    mails = {mail.path for mail in read_mails(day.home.mail)}
    before = len(day.paper.site.seen)
    assert pantau(day.home, "crawl").code == 0
    again = set(day.paper.site.paths()[before:])
    assert again <= {"/feed", "/robots.txt"}
    assert {mail.path for mail in read_mails(day.home.mail)} == mails


def test_an_edited_article_keeps_its_id_and_gains_a_revision(day: Day) -> None:
    (held,) = day.rows(select(ArticleRow).where(ArticleRow.url == day.paper.url(ACT)))
    mails = {mail.path for mail in read_mails(day.home.mail)}
    edited = (*texts.ACT, "Koreksi: peristiwa itu terjadi di lapangan kecamatan, bukan desa.")
    assert isinstance(held, ArticleRow)
    day.paper.site.on(ACT, texts.article(texts.ACT_TITLE, edited, held.published))
    state = open_state(day.home.database_url(day.home.load_config()))
    with state.write() as session:
        session.execute(
            update(PageRow).where(PageRow.url == day.paper.url(ACT)).values(status="found")
        )
    state.close()

    assert pantau(day.home, "crawl").code == 0
    (now,) = day.rows(select(ArticleRow).where(ArticleRow.url == day.paper.url(ACT)))
    assert isinstance(now, ArticleRow)
    assert (now.id, now.revision) == (held.id, held.revision + 1)
    assert now.first_seen == held.first_seen
    revisions = day.rows(select(RevisionRow.text).where(RevisionRow.article_id == held.id))
    assert ["Koreksi" in str(text) for text in revisions] == [False, True]
    assert pantau(day.home, "search", "koreksi", "--json").json["total"] == 1
    assert {mail.path for mail in read_mails(day.home.mail)} == mails
    (case,) = pantau(day.home, "why", day.paper.url(ACT), "--json").json["cases"]
    assert len(case["told"]) == 2
