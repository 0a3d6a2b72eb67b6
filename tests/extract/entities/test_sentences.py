"""Sentence boundaries of Indonesian news, against a set written for it."""

from __future__ import annotations

from pathlib import Path

import spacy

from extract.entities import sentences  # noqa: F401  (registers the component)
from extract.entities.tokens import make_tokenizer

SET = Path(__file__).parent / "sentences.txt"


def pipeline() -> spacy.Language:
    nlp = spacy.blank("id")
    nlp.tokenizer = make_tokenizer(nlp.vocab)
    nlp.add_pipe("indonesian_sentences")
    return nlp


def test_boundaries_are_found() -> None:
    nlp = pipeline()
    lines = [
        line
        for line in SET.read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    text = "\n".join(line.replace(" || ", " ") for line in lines)
    wanted: set[int] = set()
    at = 0
    for line in lines:
        for sentence in line.split(" || "):
            wanted.add(at)
            at += len(sentence) + 1
    found = {sent.start_char for sent in nlp(text).sents}
    right = len(wanted & found)
    assert len(wanted) >= 300
    wrong = sorted(wanted ^ found)
    shown = [text[max(0, start - 30) : start + 20] for start in wrong]
    assert right / len(wanted) >= 0.98, shown
    assert right / len(found) >= 0.98, shown


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
