"""Sentence boundaries of Indonesian news, against a set written for it."""

from __future__ import annotations

from pathlib import Path

import pytest
import spacy

from extract.entities import sentences  # noqa: F401  (registers the component)
from extract.entities.tokens import make_tokenizer

pytestmark = pytest.mark.slow

SETS = sorted(Path(__file__).parent.glob("sentences*.txt"))


def pipeline() -> spacy.Language:
    nlp = spacy.blank("id")
    nlp.tokenizer = make_tokenizer(nlp.vocab)
    nlp.add_pipe("indonesian_sentences")
    return nlp


def boundaries(path: Path) -> tuple[set[int], set[int], str]:
    """Sentence starts as labelled and as found, in the text of all paragraphs, and that text."""
    lines = [
        line
        for line in path.read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    text = "\n".join(line.replace(" || ", " ") for line in lines)
    wanted: set[int] = set()
    at = 0
    for line in lines:
        for sentence in line.split(" || "):
            wanted.add(at)
            at += len(sentence) + 1
    return wanted, {sent.start_char for sent in pipeline()(text).sents}, text


@pytest.mark.parametrize("path", SETS, ids=lambda path: path.stem)
def test_boundaries_are_found(path: Path) -> None:
    wanted, found, text = boundaries(path)
    # a line's end is a boundary anyhow: what counts is inside the lines
    lines = {0} | {i + 1 for i, letter in enumerate(text) if letter == "\n"}
    assert lines <= found
    wanted, found = wanted - lines, found - lines
    right = len(wanted & found)
    shown = [text[max(0, start - 30) : start + 20] for start in sorted(wanted ^ found)]
    assert right / len(wanted) >= 0.98, shown
    assert right / len(found) >= 0.98, shown


def test_the_sets_hold_enough_boundaries() -> None:
    assert sum(len(boundaries(path)[0]) for path in SETS) >= 400


def test_a_line_break_ends_a_sentence_and_an_abbreviation_does_not() -> None:
    doc = pipeline()("Camat Bantah\nPj. Bupati Kab. Batang hadir")
    assert [sent.text.strip() for sent in doc.sents] == [
        "Camat Bantah",
        "Pj. Bupati Kab. Batang hadir",
    ]


def test_glued_words_are_parted() -> None:
    words = [
        token.text for token in pipeline()("pengurusIKM)Andre JUGA:Selebgram non-ASN Rp27 miliar")
    ]
    assert words == [
        "pengurus", "IKM", ")", "Andre", "JUGA", ":", "Selebgram", "non", "-", "ASN", "Rp", "27",
        "miliar",
    ]  # fmt: skip


def test_abbreviations_and_names_stay_whole() -> None:
    text = "Pj. S.Sos., M.Si NasDem Liputan6.com 17/10/2023 3,2 22.00"
    words = [token.text for token in pipeline()(text)]
    assert words == [
        "Pj.", "S.Sos.", ",", "M.Si", "NasDem", "Liputan6.com", "17/10/2023", "3,2", "22.00",
    ]  # fmt: skip
