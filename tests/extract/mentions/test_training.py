"""What teaches the judgement takes every text the corpus may hold."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("sklearn")

from extract.mentions.encoder import Picked, Pieces
from extract.mentions.frames import frames
from extract.mentions.reading import Reading
from extract.mentions.sentences import read
from training.mentions.examples import Example
from training.mentions.train import fit_frame, weights


def example(text: str, label: str, why: str) -> Example:
    lines = frames(read(f"\n{text}", [(1, len(text) + 1)], 0))
    return Example(
        id=text,
        group=text,
        label=label,
        subject="asn" if label == "violation" else "none",
        why=why,
        stage="alleged",
        forms=(7, 5) if label == "violation" else (),
        reading=Reading(
            text=f"\n{text}",
            frames=lines,
            persons=(),
            entities=(),
            region_codes=(),
            region_at=lambda _: None,
            context=[],
            kind="news",
            official=False,
        ),
        told=frozenset(range(len(lines))) if label == "violation" else frozenset(),
        whole=True,
    )


ACT = example("Camat Wirobrajan membagikan kaus calon bupati.", "violation", "act")
BAN = example("ASN dilarang membagikan kaus calon bupati.", "not_violation", "ban")
POINTER = example("Baca juga: Jadwal debat calon bupati", "not_violation", "everyday")


def test_a_text_of_nothing_but_a_pointer_to_another_is_no_obstacle() -> None:
    assert all(f.sentence.noise for f in POINTER.reading.frames)
    model = fit_frame([ACT, ACT, BAN, BAN, POINTER])
    assert model.classes == ("0", "1")


def test_every_vote_and_kind_of_text_has_its_weight() -> None:
    assert set(weights()) == {"linear", "encoder", "letters", "short", "long", "post"}


def test_a_lesson_answers_only_what_its_text_tells() -> None:
    encoder = pytest.importorskip("training.mentions.encoder", exc_type=ImportError)
    pieces = Pieces.of(["<s>", "<pad>", "</s>", "<unk>", "▁camat"], [0, 0, 0, 0, -1.0])
    cut = pieces.cut(Picked(["camat"], [1], [1]))
    told = encoder.Lesson.of(ACT, *cut)
    assert told.answers == {
        "subject": ("asn",),
        "why": ("act",),
        "stage": ("alleged",),
        "form": ("7", "5"),
    }
    assert set(encoder.Lesson.of(BAN, *cut).answers) == {"subject", "why"}
    filled = encoder._filled((24, 2, [0]), [told], np.random.default_rng(0))
    assert filled["weights"]["form"].tolist() == [1.0, 0.0]
    assert filled["aims"]["form"].sum() == 2
