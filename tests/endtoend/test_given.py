"""What a person gives is fetched where it may be, judged, indexed and mailed as anything else."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from crawler.archive import Archive, ArchiveError
from pantau import intake
from pantau.home import Home
from pantau.posts import Post
from pantau.state import open_state
from pantau.state.intake_tables import EvidenceRow, IntakeRow
from pantau.state.tables import ArticleRow, PageRow
from tests.endtoend.conftest import pantau
from tests.pantau.test_intake import JPEG
from tests.servers import Answer, LocalServer

pytestmark = pytest.mark.slow

POST = (
    "Camat Sukalindung, Drs. Haris Wibawa, ikut kampanye pasangan calon nomor urut 2 di lapangan "
    "kecamatan dan mengajak warga memilihnya."
)
URL = "https://www.facebook.com/wargasukalindung/posts/77?mibextid=abc"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    home = Home(tmp_path / "var")
    home.init()
    for file in (home.config / "sources").glob("*.toml"):
        file.unlink()
    return home


def allow(home: Home, site: LocalServer, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = home.config / "settings.toml"
    told = f'contact = ""\nallow_private = ["{site.address}"]'
    settings.write_text(settings.read_text().replace('contact = ""', told, 1))
    known = [
        {"name": "tiktok", "hosts": ["tiktok.com"], "oembed": f"{site.root}/oembed?url={{url}}"},
        {"name": "facebook", "hosts": ["facebook.com"]},
    ]
    monkeypatch.setitem(intake._DATA, "platform", known)


def rows(home: Home, table: type[ArticleRow | IntakeRow | EvidenceRow | PageRow]) -> list:  # type: ignore[type-arg]
    state = open_state(home.database_url(home.load_config()))
    with state.read() as session:
        found = list(session.scalars(select(table)))
    state.close()
    return found


def test_a_post_that_no_machine_may_read_is_judged_with_its_evidence_kept(
    home: Home, tmp_path: Path
) -> None:
    picture = tmp_path / "layar.jpg"
    picture.write_bytes(JPEG)
    done = pantau(
        home,
        *("add", URL, "--text", POST, "--author", "Warga", "--handle", "@warga"),
        *("--media", str(picture), "--taken-by", "Staf A", "--taken-at", "2026-11-20 10:00"),
        *("--taken-from", "ponsel kantor", "--region", "32.05", "--by", "staf-a"),
    )
    assert (done.code, "kept as a post of facebook" in done.out) == (0, True)
    pantau(home, "crawl")
    [article] = rows(home, ArticleRow)
    assert (article.kind, article.platform, article.handle) == ("post", "facebook", "@warga")
    assert (article.decision, article.source_id) == ("likely_violation", "manual")
    [evidence] = rows(home, EvidenceRow)
    assert evidence.sha256 == hashlib.sha256(JPEG).hexdigest()
    assert Archive(home.archive).get(evidence.sha256) == JPEG
    assert (evidence.key, evidence.taken_by) == (article.id, "Staf A")
    assert evidence.taken_from == "ponsel kantor"
    [given] = rows(home, IntakeRow)
    assert (given.added_by, given.status) == ("staf-a", "done")
    assert pantau(home, "search", "Sukalindung", "--json").json["total"] == 1
    again = pantau(home, "add", URL.replace("www.", "m."), "--text", POST, "--by", "staf-b")
    assert again.code == 0
    pantau(home, "crawl")
    assert len(rows(home, ArticleRow)) == 1
    assert len(rows(home, IntakeRow)) == 2  # who gave it stays


def test_what_was_given_goes_when_its_time_is_over(home: Home, tmp_path: Path) -> None:
    picture = tmp_path / "layar.jpg"
    picture.write_bytes(JPEG)
    pantau(home, "add", URL, "--text", POST, "--media", str(picture), "--by", "staf-a")
    settings = home.config / "settings.toml"
    assert pantau(home, "crawl").code == 0
    assert Archive(home.archive).get(hashlib.sha256(JPEG).hexdigest()) == JPEG
    settings.write_text(settings.read_text().replace('given = "365d"', 'given = "0s"', 1))
    assert pantau(home, "crawl").code == 0
    [evidence] = rows(home, EvidenceRow)
    assert (evidence.name, evidence.size) == ("", len(JPEG))
    with pytest.raises(ArchiveError):
        Archive(home.archive).get(evidence.sha256)
    [given] = rows(home, IntakeRow)
    assert (given.entered, given.added_by) == ({}, "staf-a")


def test_what_is_seen_in_a_video_is_judged_too(home: Home, tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(b"\x00\x00\x00\x18ftypmp42" + bytes(50))
    done = pantau(
        home, "add", "https://www.facebook.com/v/1", "--media", str(film), "--description", POST
    )
    assert done.code == 0
    pantau(home, "crawl")
    [article] = rows(home, ArticleRow)
    assert article.decision == "likely_violation"


def test_a_page_on_the_web_is_fetched_and_a_platform_asked_by_its_interface(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    with LocalServer() as site:
        allow(home, site, monkeypatch)
        text = "".join(f"<p>{POST}</p>" for _ in range(3))
        site.on("/berita/satu", f"<html><h1>Camat ikut kampanye</h1><article>{text}</article>")
        told = {"title": POST, "author_name": "Warga", "author_url": "https://tiktok.com/@warga"}
        tiktok = "https://www.tiktok.com/@warga/video/7"
        site.otherwise(Answer(json.dumps(told).encode(), "application/json"))
        site.on("/robots.txt", Answer(status=404))
        done = pantau(home, "add", f"{site.root}/berita/satu", tiktok)
        assert done.code == 0
        assert "tiktok is asked what it says" in done.out
        pantau(home, "crawl")
        assert not any("tiktok.com" in path and "oembed" not in path for path in site.paths())
        found = {article.kind: article for article in rows(home, ArticleRow)}
        assert found["news"].source_id == "manual"
        assert (found["post"].title, found["post"].handle) == (POST, "@warga")
        assert "known already" in pantau(home, "add", f"{site.root}/berita/satu").out


def test_what_a_platform_tells_stands_beside_what_was_entered_until_it_is_gone_there(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = tmp_path / "layar.jpg"
    picture.write_bytes(JPEG)
    address = "https://www.tiktok.com/@warga/video/9"
    told = {
        "title": "Ramai sekali di lapangan",
        "author_name": "Warga",
        "author_url": "https://www.tiktok.com/@warga",
    }
    with LocalServer() as site:
        allow(home, site, monkeypatch)
        site.otherwise(Answer(json.dumps(told).encode(), "application/json"))
        site.on("/robots.txt", Answer(status=404))
        pantau(home, "add", address, "--text", POST, "--media", str(picture))
        pantau(home, "crawl")
        [article] = rows(home, ArticleRow)
        assert (article.title, article.text) == (told["title"], POST)
        assert (article.author, article.handle) == ("Warga", "@warga")
        assert article.decision == "likely_violation"
        kept = Post.from_bytes(Archive(home.archive).get(article.page_sha256))
        assert (kept.raw["oembed"], kept.raw["given"]) == (told, True)
        site.otherwise(Answer(status=404))
        for _ in range(2):
            assert pantau(home, "search", "Sukalindung", "--json").json["total"] == 1
            days_pass(home)
            pantau(home, "crawl")
        assert pantau(home, "search", "Sukalindung", "--json").json["total"] == 0
    assert Archive(home.archive).get(hashlib.sha256(JPEG).hexdigest()) == JPEG  # is not theirs


def days_pass(home: Home) -> None:
    state = open_state(home.database_url(home.load_config()))
    with state.write() as session:
        for page in session.scalars(select(PageRow)):
            assert page.checked_at is not None
            page.checked_at -= timedelta(days=2)
    state.close()


def test_a_post_is_deleted_when_a_person_says_so(home: Home) -> None:
    pantau(home, "add", URL, "--text", POST)
    pantau(home, "crawl")
    assert pantau(home, "search", "Sukalindung", "--json").json["total"] == 1
    assert pantau(home, "add", "https://facebook.com/lain/1", "--deleted").code == 2
    assert "it leaves search" in pantau(home, "add", URL, "--deleted").out
    pantau(home, "crawl")
    assert pantau(home, "search", "Sukalindung", "--json").json["total"] == 0
    [article] = rows(home, ArticleRow)
    assert (article.gone_at is not None, article.text) == (True, POST)  # its case is open


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (Answer(b'{"type": "video"}', "application/json"), "failed"),
        (Answer(b"<html>masuk"), "failed"),
        (Answer(status=404), "failed"),
        (Answer(status=503), "waiting"),
    ],
)
def test_an_interface_that_tells_nothing_is_told_and_nothing_lost(
    home: Home, monkeypatch: pytest.MonkeyPatch, answer: Answer, status: str
) -> None:
    with LocalServer() as site:
        allow(home, site, monkeypatch)
        site.otherwise(answer)
        site.on("/robots.txt", Answer(status=404))
        pantau(home, "add", "https://www.tiktok.com/@warga/video/8")
        pantau(home, "crawl")
        [given] = rows(home, IntakeRow)
        assert given.status == status
        assert given.reason


def test_a_table_with_bad_lines_takes_the_good_ones(home: Home, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text(f"url,text\n{URL},{POST!r}\nsalah,x\nhttps://instagram.com/p/a,\n")
    done = pantau(home, "add", "--file", str(table))
    assert done.code == 2
    assert f"{table}:2: " in done.err
    table.write_text(f'url,text\n{URL},"{POST}"\nsalah,x\nhttps://instagram.com/p/a,\n')
    done = pantau(home, "add", "--file", str(table))
    assert done.code == 2
    assert f"{table}:3: url: 'salah' is no address" in done.err
    assert f"{table}:4: text: instagram may not be read by machines" in done.err
    assert "1 taken, 2 to be mended" in done.out
    assert len(rows(home, IntakeRow)) == 1
