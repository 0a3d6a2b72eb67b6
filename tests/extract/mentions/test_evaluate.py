"""The figures of the evaluation, on values worked out by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from extract.mentions import Judge
from extract.mentions.evaluate import evaluate, lines, plain
from extract.mentions.labelled import from_row, read
from extract.mentions.measures import (
    Share,
    alike,
    f1,
    keyword_rule,
    matched,
    prevalence_precision,
)

ROWS: list[dict[str, Any]] = [
    {
        "id": "a",
        "title": "Camat Karangwuni Terbukti Langgar Netralitas, Dijatuhi Sanksi",
        "text": "",
        "label": "violation",
        "skb": [10],
        "stage": "proven",
        "actors": [{"name": "", "position": "Camat Karangwuni", "agency": ""}],
    },
    {
        "id": "b",
        "title": "",
        "text": "Bawaslu mengimbau ASN menjaga netralitas.",
        "label": "not_violation",
        "class": "appeal",
    },
    {"id": "c", "text": "Bawaslu mencatat 40 kasus netralitas.", "label": "borderline"},
]


def test_wilson_interval() -> None:
    low, high = Share(9, 10).interval
    assert (round(low, 3), round(high, 3)) == (0.596, 0.982)
    assert Share(0, 0).interval == (0.0, 1.0)


def test_precision_at_a_prevalence() -> None:
    assert prevalence_precision(1.0, 0.05, 0.05) == pytest.approx(0.05 / (0.05 + 0.0475))


def test_f1_of_counts() -> None:
    assert f1(Share(2, 4), Share(2, 2)) == pytest.approx(4 / 6)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Camat Karangwuni", "camat karangwuni", True),
        ("Disdik Kabupaten Toba", "Dinas Pendidikan Kabupaten Toba", True),
        ("Pemkab Toba", "Pemerintah Kabupaten Toba", True),
        ("Camat Karangwuni", "Kepala Dinas Sosial", False),
        ("", "camat", False),
    ],
)
def test_descriptions_that_mean_the_same(one: str, other: str, same: bool) -> None:
    assert alike(one, other) is same


def test_each_name_is_matched_once() -> None:
    assert matched(["Budi Santoso"], ["Budi", "Budi Santoso"]) == (1, 1, 2)


def test_the_keyword_rule_falls_for_an_appeal() -> None:
    assert keyword_rule("Bawaslu ingatkan ASN, langgar netralitas kena sanksi")
    assert not keyword_rule("Camat membagikan kaus paslon")


def test_a_report_counts_what_was_judged(judge: Judge) -> None:
    report, wrong = evaluate({"set": [from_row(row) for row in ROWS]}, judge)
    figures = plain(report)["sets"]["set"]
    assert figures["texts"] == 3
    assert figures["recall"]["of"] == 1
    assert figures["by_class"]["appeal"]["of"] == 1
    assert json.loads(json.dumps(figures))
    assert "\n".join(lines(report))
    assert all(one.wrong for one in wrong)


def test_a_row_without_label_or_text_is_named(tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text('{"karangan": true, "about": "x"}\n{"id": "a"}\n')
    with pytest.raises(ValueError, match=r"set\.jsonl:2: no 'text'"):
        list(read(path))
