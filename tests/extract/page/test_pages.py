"""The page set of the project: what must hold on both halves, and every kind of non-article.

The makes of ``report`` are the last batch written; figures of both halves are printed by
``evaluate``.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from extract.page import article, evaluate
from extract.page.evaluate import READERS, Score, gold_of, page_of, score
from pantau.records import NoArticle

PAGES = Path(__file__).parents[2] / "pages"
NON_ARTICLES = gold_of(PAGES / "nonarticles")


# What each figure may not fall below (or rise above, for "leak"). `unseen` are pages as others
# wrote them, whole and without a template, who had not read the rules.
FLOORS = {
    "tune": {"f1": 0.98, "leak": 0.01, "title": 0.97, "date_minute": 0.97, "author": 0.95},
    "report": {"f1": 0.99, "leak": 0.01, "title": 1.0, "date_minute": 1.0, "author": 0.95},
    "unseen": {"f1": 0.99, "leak": 0.01, "title": 1.0, "date_minute": 1.0, "author": 1.0},
}


@pytest.mark.parametrize("half", FLOORS)
def test_figures(half):
    total = score(PAGES / half, READERS["pantau"], gold_of(PAGES / half))
    figures = total.figures()
    floors = FLOORS[half]
    for name in ("f1", "title", "date_minute", "author"):
        assert figures[name] >= floors[name], (name, total.errors)
    assert figures["leak"] <= floors["leak"], total.errors
    assert figures["date_wrong"] == 0, total.errors
    assert figures["date_invented"] == 0, total.errors
    assert figures["refused"] in (None, 1.0), total.errors


_NAMES = re.compile(rb' (?:class|id|rel|itemprop|itemtype)="[^"]*"')
_STATED = re.compile(
    rb"<script[^>]*ld\+json[^>]*>.*?</script>|<meta[^>]*(?:author|publish|date|time)[^>]*>",
    re.S | re.I,
)


@pytest.mark.parametrize("half", ["report", "unseen"])
def test_what_a_reader_sees_is_enough(half):
    """Without JSON-LD, meta and the names of classes: headline, day and byline as shown."""
    total = Score()
    for row in gold_of(PAGES / half):
        page = page_of(PAGES / half, row)
        body = _NAMES.sub(b"", _STATED.sub(b"", page.body))
        total.add(row, evaluate.ours(replace(page, body=body), row.get("region")))
    figures = total.figures()
    assert figures["title"] >= 0.95, total.errors
    assert figures["author"] >= 0.75, total.errors
    assert figures["date_wrong"] == 0, total.errors
    assert figures["date_missing"] <= 0.1, total.errors


@pytest.mark.parametrize("row", NON_ARTICLES, ids=lambda row: row["id"])
def test_a_page_that_is_no_article_says_what_it_is(row):
    result = article.extract_page(page_of(PAGES / "nonarticles", row), source_region=None)
    assert isinstance(result, NoArticle)
    assert (result.disposition.value, result.reason) == (row["disposition"], row["reason"])


ENGLISH = [row for row in gold_of(PAGES / "tune") if "english" in row["traits"]]


@pytest.mark.parametrize("row", ENGLISH, ids=lambda row: row["id"])
def test_pages_in_english_are_read_no_worse_than_by_trafilatura(row):
    ours, theirs = (
        score(PAGES / "tune", READERS[name], [row]).figures()["f1"]
        for name in ("pantau", "trafilatura")
    )
    assert ours >= theirs


def test_the_set_is_large_enough_and_its_halves_share_nothing():
    tune, report = gold_of(PAGES / "tune"), gold_of(PAGES / "report")
    assert len(tune) + len(report) >= 60
    assert len(NON_ARTICLES) >= 40
    for key in ("structure", "title"):
        assert not {row[key] for row in tune} & {row[key] for row in report}
    assert all(b"karangan" in p.read_bytes() for p in PAGES.glob("[tr]*/*.html"))


def test_figures_beside_a_library(tmp_path):
    rows = gold_of(PAGES / "tune")[:4]
    for row in rows:
        (tmp_path / row["file"]).write_bytes((PAGES / "tune" / row["file"]).read_bytes())
    lines = "\n".join(json.dumps(row) for row in rows)
    (tmp_path / "gold.jsonl").write_text(lines, encoding="utf-8")
    figures = evaluate.evaluate(tmp_path)
    assert set(figures) == {"pantau", "trafilatura", "newspaper4k", "readability"}
    assert figures["pantau"]["f1"] > figures["trafilatura"]["f1"]
    assert figures["pantau"]["asked"]["pages"] == 4
    table = evaluate.table(figures)
    assert "trafilatura" in table
    assert "date_minute" in table


def test_scoring_of_a_known_case():
    total = evaluate.Score()
    gold = {
        "id": "x",
        "title": "Judul Berita",
        "paragraphs": ["satu dua tiga empat lima enam"],
        "published": "2024-08-21T19:05:00+07:00",
        "author": ["Ani Budi", "Citra"],
        "not_in_text": ["Baca juga"],
    }
    found = evaluate.Extracted(
        "Judul  Berita",
        "satu dua tiga empat lima\nBACA JUGA",
        "2024-08-21T12:05:40+00:00",
        "Citra dan Ani Budi",
    )
    total.add(gold, found)
    figures = total.figures()
    assert figures["recall"] == pytest.approx(2 / 3, abs=1e-4)
    assert figures["precision"] == 0.5
    assert figures["leak"] == 1.0
    assert figures["title"] == figures["date_minute"] == figures["author"] == 1.0
