"""The corpus keeps its format and its promises: all labels, all kinds, nobody real accused."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime
from typing import Any

import pytest

import corpus
from extract.entities.regions import table

FORMS = range(1, 14)
LABELS = {"violation", "not_violation", "borderline"}
STAGES = {"alleged", "reported", "under_examination", "proven", "dismissed", "none"}
SUBJECTS = {
    "asn", "village_official", "security", "elected_official", "contract_staff", "none",
}  # fmt: skip
KEYS = {
    "id", "kind", "title", "text", "published", "label", "class", "skb", "stage", "subject",
    "actors", "beneficiary", "region", "act_date", "act_sentence", "denied", "event", "why",
}  # fmt: skip
NOT_ACTS = {
    "appeal",
    "ban",
    "pledge",
    "explainer",
    "warning",
    "tally",
    "vulnerability_ranking",
    "village_official",
    "security",
    "elected_official",
    "contract_staff",
    "rotation_elected",
    "dismissed",
    "denial_only",
    "resigned_asn",
    "retired_asn",
    "family_of_asn",
    "asn_victim",
    "asn_speaker",
    "election_staff",
    "campaign_at_office",
    "hoax",
    "old_ruling",
    "name_misused",
    "fake_account",
    "old_clip",
    "namesake",
    "by_assignment",
    "foreign",
    "other_campaign",
    "other_support",
    "question",
    "hypothetical",
}

TEXTS = list(corpus.texts())
PASSAGES = list(corpus.passages())


@pytest.mark.parametrize("rows", [TEXTS, PASSAGES], ids=["texts", "passages"])
def test_ids_are_unique(rows: list[dict[str, Any]]) -> None:
    assert [name for name, times in Counter(row["id"] for row in rows).items() if times > 1] == []


def test_each_text_has_its_labels() -> None:
    for row in TEXTS:
        assert row.keys() >= KEYS, row["id"]
        assert row["label"] in LABELS, row["id"]
        assert row["stage"] in STAGES, row["id"]
        assert row["subject"] in SUBJECTS, row["id"]
        assert set(row["skb"]) <= set(FORMS), row["id"]
        assert datetime.fromisoformat(row["published"]).tzinfo, row["id"]


def test_the_act_sentence_stands_in_the_text() -> None:
    for row in TEXTS:
        assert row["act_sentence"] in f"{row['title']}\n{row['text']}", row["id"]


def test_regions_are_official_codes() -> None:
    known = set(table())
    for row in TEXTS:
        assert not row["region"] or row["region"] in known, (row["id"], row["region"])


def test_there_is_enough_of_everything() -> None:
    forms = Counter(form for row in TEXTS if row["label"] == "violation" for form in row["skb"])
    classes = Counter(row["class"] for row in TEXTS)
    assert len(TEXTS) >= 900
    assert len(PASSAGES) >= 1500
    assert {form: forms[form] for form in FORMS if forms[form] < 20} == {}
    assert {name: classes[name] for name in NOT_ACTS if classes[name] < 15} == {}


def test_pairs_contrast() -> None:
    pairs: dict[str, set[str]] = {}
    for row in PASSAGES:
        pairs.setdefault(row["pair"], set()).add(row["label"])
    assert sum(len(labels) > 1 for labels in pairs.values()) >= 0.8 * len(pairs)


def test_an_event_stands_in_one_part_only() -> None:
    for row in [*TEXTS, *PASSAGES]:
        assert row["event"], row["id"]
    parts = Counter(corpus.split(row["event"]) for row in TEXTS)
    assert set(parts) == {"train", "tune", "report"}
    assert parts["train"] > parts["tune"] + parts["report"]


def test_the_last_blind_texts_are_never_learned_from() -> None:
    blind = [row for row in TEXTS if row["id"].startswith("bld4")]
    assert {corpus.split(row["event"]) for row in blind} == {"report"}


def test_the_accused_serve_in_invented_kecamatan() -> None:
    """No camat of a kecamatan that exists is accused of anything."""
    real = {region.name.casefold() for region in table().values() if region.level == "district"}
    office = re.compile(r"\b(?:[Ss]ek)?[Cc]amat ((?:[A-Z][\w']+ ?){1,3})")
    accused = []
    for row in TEXTS:
        if row["subject"] != "asn":
            continue
        for actor in row["actors"]:
            found = office.search(actor["position"])
            if found and found[1].strip().casefold() in real:
                accused.append((row["id"], found[1].strip()))
    assert accused == []
