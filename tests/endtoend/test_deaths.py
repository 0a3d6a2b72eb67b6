"""A worker that dies over a page takes no other page with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pantau import pipeline
from pantau.demo.verify import read_mails
from tests.endtoend import deaths
from tests.endtoend import paper as texts
from tests.endtoend.conftest import pages, pantau
from tests.endtoend.paper import Paper, make_home

BEFORE, AFTER = "/berita/imbauan", "/berita/camat"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("deadly", "died", "disposition"),
    [("/berita/mati-sekali", 1, "indexed"), ("/berita/mati-terus", 3, "quarantined")],
)
def test_a_worker_killed_over_a_page(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    open_paper: Callable[[str], Paper],
    deadly: str,
    died: int,
    disposition: str,
) -> None:
    """What kills its worker once is read again (perhaps it was no fault of the page); what does
    so again and again is kept for a person to look at. Its neighbours are read and mailed."""
    paper = open_paper("kabar-tirta")
    paper.publish(AFTER, texts.ACT_TITLE, texts.ACT)
    paper.publish(deadly, texts.OTHER_ACT_TITLE, texts.OTHER_ACT)
    paper.publish(BEFORE, texts.APPEAL_TITLE, texts.APPEAL)
    home = make_home(tmp_path / "var", [paper])
    marks = tmp_path / "deaths"
    marks.mkdir()
    monkeypatch.setenv(deaths.MARKS, str(marks))
    monkeypatch.setattr(pipeline, "read_page", deaths.reading)

    done = pantau(home, "crawl")

    assert done.code == 0, done
    rows = pages(home)
    assert rows[deadly].disposition == disposition
    assert len(list(marks.iterdir())) == died
    assert {rows[path].disposition for path in (BEFORE, AFTER)} == {"indexed"}
    assert "garut@bawaslu.example" in {mail.recipient for mail in read_mails(home.mail)}
    if disposition == "quarantined":
        assert rows[deadly].reason.startswith("3 workers died over it")
