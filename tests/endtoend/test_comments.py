"""Comments below a paper's articles go the whole way: taken from WordPress, judged with what they
stand below, told as a citizen's words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from pantau.clock import system_clock
from pantau.demo.verify import read_mails
from pantau.home import Home
from pantau.state import open_state
from pantau.state.tables import ArticleRow, MentionRow
from pantau.web.app import create_app
from pantau.web.context import open_context
from tests.crawler.test_wordpress_comments import Commented
from tests.endtoend import paper as texts
from tests.endtoend.conftest import pantau
from tests.endtoend.paper import article, make_home
from tests.servers import LocalServer

pytestmark = pytest.mark.slow

HERE = ("127.0.0.1", 50000)
ACT = (
    "Yang diimbau siapa? Lurah Tirtawening Dadang Suhendar malah ikut kampanye paslon nomor urut 2 "
    "di lapangan desa kemarin dan mengajak warga memilihnya."
)
NOTHING = "Setuju, semoga pilkada di Garut berjalan aman dan semua warga rukun."
WITNESS = "Benar, saya lihat sendiri orangnya ikut kampanye dan mengajak memilih paslon nomor 2."


class Paper(Commented):
    """A paper on WordPress whose articles can be read, commented now."""

    def __init__(self, site: LocalServer) -> None:
        super().__init__(site)
        self.site = site

    def report(self, number: int, title: str, paragraphs: tuple[str, ...]) -> str:
        published = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=3)
        self.publish(number, published)
        self.posts[0]["title"]["rendered"] = title
        path = f"/berita-nomor-{number}-ini/"
        self.site.on(path, article(title, paragraphs, published))
        return self.root + path

    def answer(self, number: int, below: int, text: str, *, author: str) -> None:
        self.comment(number, below, text)
        when = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2)
        told = dict.fromkeys(("date", "date_gmt"), f"{when:%Y-%m-%dT%H:%M:%S}")
        self.comments[number] |= {"author_name": author, **told}


def watch(root: Path, paper: Paper) -> Home:
    source = {
        "id": "kabar-lembah",
        "name": "Kabar Lembah",
        "region": "32",
        "every": "15m",
        "politeness": {"delay": "0s", "timeout": "5s"},
        "ways": [{"kind": "wordpress", "url": f"{paper.root}/", "comments": True}],
    }
    return make_home(root, [], source, crawl={"allow_private": [paper.site.address]})


def held(home: Home) -> dict[str, ArticleRow]:
    """The comments that are articles now, by their author."""
    state = open_state(home.database_url(home.load_config()))
    with state.read() as session:
        rows = session.scalars(select(ArticleRow).where(ArticleRow.kind == "post")).all()
    state.close()
    return {row.author: row for row in rows}


def cases_of(home: Home, article_id: str) -> set[int | None]:
    state = open_state(home.database_url(home.load_config()))
    with state.read() as session:
        query = select(MentionRow.case_id).where(MentionRow.article_id == article_id)
        found = set(session.scalars(query))
    state.close()
    return found


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A home that has read a paper and what its readers wrote."""
    with LocalServer() as site:
        paper = Paper(site)
        paper.report(1, texts.APPEAL_TITLE, texts.APPEAL)
        paper.report(2, texts.ACT_TITLE, texts.ACT)
        paper.answer(7, 1, ACT, author="Ujang Karangan")
        paper.answer(8, 1, NOTHING, author="Neneng Karangan")
        paper.answer(9, 2, WITNESS, author="Asep Karangan")
        home = watch(tmp_path_factory.mktemp("comments") / "var", paper)
        done = pantau(home, "crawl")
        assert done.code == 0, done
        yield home


def test_a_comment_that_tells_of_an_act_is_a_post_with_its_author_and_article(home: Home) -> None:
    row = held(home)["Ujang Karangan"]
    assert (row.platform, row.citizen, row.text) == ("wordpress", True, ACT)
    assert row.context == texts.APPEAL_TITLE
    assert row.decision == "likely_violation"
    [case] = cases_of(home, row.id)
    assert case is not None
    [hit] = pantau(home, "search", "jenis:kiriman platform:wordpress lurah", "--json").json["hits"]
    assert hit["id"] == row.id


def test_it_is_mailed_as_a_citizens_words_and_not_as_the_papers(home: Home) -> None:
    mails = [one.text for one in read_mails(home.mail) if one.recipient.startswith("garut")]
    [told] = [text for text in mails if "BELUM TERVERIFIKASI" in text]
    assert "Kasus" in told
    assert "menurut akun warga (dibaca lewat Kabar Lembah)" in told
    for text in mails:
        assert "Karangan" not in text
        assert "#comment" not in text
        assert "Dadang" not in text


def test_a_comment_that_says_nothing_is_no_case(home: Home) -> None:
    row = held(home)["Neneng Karangan"]
    assert row.decision == "none"
    assert cases_of(home, row.id) == set()


def test_what_names_nobody_is_told_of_whom_the_article_names(home: Home) -> None:
    row = held(home)["Asep Karangan"]
    assert row.context == texts.ACT_TITLE
    assert row.decision == "likely_violation"
    state = open_state(home.database_url(home.load_config()))
    with state.read() as session:
        above = session.scalars(select(ArticleRow).where(ArticleRow.title == row.context)).one().id
    state.close()
    assert cases_of(home, row.id) == cases_of(home, above) != set()


def test_its_page_leads_to_the_article_and_names_no_account(home: Home) -> None:
    row = held(home)["Asep Karangan"]
    with open_context(home, home.load_config(), system_clock) as context:
        browser = TestClient(create_app(context), base_url="http://127.0.0.1:8000", client=HERE)
        shown = browser.get(f"/artikel/{row.id}").text
    assert "Kiriman warga · kolom komentar · akun warga" in shown
    assert "Yang dikomentari kiriman ini" in shown
    [above] = re.findall(r'Komentar atas</dt><dd><a href="/artikel/(\w+)">', shown)
    assert above != row.id
    assert "Karangan" not in shown
