"""The vote by meaning: what it reads, how words are cut, and that a saved one votes the same."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from extract.mentions.encoder import (
    END,
    GROUPS,
    HEAD_NAMES,
    HEADS,
    LONGEST,
    MATRICES,
    START,
    UNKNOWN,
    WORDS,
    Array,
    Encoder,
    Picked,
    Pieces,
    pick,
    save,
)
from extract.mentions.frames import frames
from extract.mentions.reading import Reading
from extract.mentions.sentences import read

SPECIAL = ["<s>", "<pad>", "</s>", "<unk>"]
WIDTH = 2 * HEADS
TEXT = (
    "Camat Karangwuni dipanggil\n"
    "Rapat itu digelar Senin. "
    "Cuaca cerah. "
    "Camat membagikan kaus pasangan nomor dua. "
    "Baca juga: Jadwal debat."
)


def reading(text: str, title_end: int, context: str = "") -> Reading:
    spans, start = [], 0
    for end in [i + 1 for i, char in enumerate(text) if char in ".\n"] + [len(text)]:
        if text[start:end].strip():
            spans.append((start, end))
        start = end + (text[end : end + 1] == " ")
    return Reading(
        text=text,
        frames=frames(read(text, spans, title_end)),
        persons=(),
        entities=(),
        region_codes=(),
        region_at=lambda _: None,
        context=read(f"\n{context}", [(1, len(context) + 1)], 0) if context else [],
        kind="post" if context else "news",
        official=False,
    )


def words(text: str) -> Picked:
    found = text.split()
    return Picked(found, [0] * len(found), [0] * len(found))


def pieces() -> Pieces:
    return Pieces.of(
        [*SPECIAL, "▁camat", "▁cam", "at", "▁", "c", "a", "m", "t"],
        [0, 0, 0, 0, -5.0, -4.0, -4.0, -9.0, -9.0, -9.0, -9.0, -9.0],
    )


def tiny() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)

    def some(*shape: int) -> Array:
        return rng.normal(0, 0.1, shape).astype(np.float32)

    names = [*SPECIAL, *(chr(letter) for letter in range(97, 123)), "▁", "▁c"]
    arrays: dict[str, np.ndarray] = {
        "pieces": np.frombuffer("\n".join(names).encode(), dtype=np.uint8),
        "shares": np.full(len(names), -3.0),
        "layers": np.array(1),
        "words": some(len(names), WIDTH),
        "places": some(LONGEST, WIDTH),
        "norm": np.ones(WIDTH),
        "norm_bias": np.zeros(WIDTH),
        "marked": np.array(0),
        "parties": some(len(GROUPS), WIDTH),
        "actors": some(len(GROUPS), WIDTH),
    }
    answers = {"subject": ("asn", "security", "none"), "form": ("1", "2"), "why": ("act", "ban")}
    for name in HEAD_NAMES:
        arrays[f"{name}/answers"] = np.array(answers.get(name, ("alleged", "proven")))
        arrays[f"{name}/head"] = some(2 * WIDTH, len(arrays[f"{name}/answers"]))
        arrays[f"{name}/bias"] = some(len(arrays[f"{name}/answers"]))
    shapes = ((WIDTH, 3 * WIDTH), (WIDTH, WIDTH), (WIDTH, 4 * WIDTH), (4 * WIDTH, WIDTH))
    for name, shape in zip(MATRICES, shapes, strict=True):
        arrays[f"0/{name}"] = some(*shape)
        arrays[f"0/{name}_bias"] = some(shape[1])
    for norm in ("norm1", "norm2"):
        arrays[f"0/{norm}"], arrays[f"0/{norm}_bias"] = np.ones(WIDTH), np.zeros(WIDTH)
    return arrays


def test_a_word_is_cut_into_the_likeliest_pieces() -> None:
    assert pieces().cut(words("camat"))[0] == [START, 4, END]
    assert pieces().cut(words("camatat"))[0] == [START, 4, 6, END]


def test_letters_of_no_piece_are_unknown_and_nothing_is_lost_after_them() -> None:
    assert pieces().cut(words("ж camat"))[0] == [START, 7, UNKNOWN, 4, END]


def test_however_long_a_text_no_more_pieces_than_the_encoder_takes() -> None:
    found, parties, actors = pieces().cut(words("camat " * 500))
    assert len(found) == len(parties) == len(actors) == LONGEST
    assert found[-1] == END


def test_each_piece_knows_the_party_its_word_names_and_who_acts_in_its_sentence() -> None:
    found = pick(reading(TEXT, TEXT.index("\n")), [0.1, 0.1, 0.2, 0.9, 0.0])
    party = dict(zip(found.words, found.parties, strict=True))
    actor = dict(zip(found.words, found.actors, strict=True))
    asn = GROUPS.index("asn_office")
    assert (party["Camat"], party["kaus"]) == (asn, 0)
    assert (actor["Camat"], actor["kaus"]) == (asn, asn)
    _, parties, actors = pieces().cut(Picked(["camatat"], [asn], [3]))
    assert parties == [0, asn, asn, 0]
    assert actors == [0, 3, 3, 0]


def test_title_lead_and_the_strongest_are_read_in_the_order_of_the_text() -> None:
    article = reading(TEXT, TEXT.index("\n"))
    scores = [0.1, 0.1, 0.2, 0.9, 0.0]
    found = str(pick(article, scores))
    assert found.startswith("Camat Karangwuni dipanggil | Rapat itu")
    assert "kaus pasangan" in found
    assert "Baca juga" not in found


def test_of_a_long_text_the_weak_sentences_are_left_out() -> None:
    filler = "Warga desa itu menanam padi di sawah dekat sungai besar. "
    text = f"Judul\nPembuka. {filler * 30}Camat membagikan kaus calon."
    article = reading(text, 5)
    scores = [0.9 if "kaus" in f.sentence.text else 0.1 for f in article.frames]
    found = str(pick(article, scores))
    assert found.endswith("Camat membagikan kaus calon.")
    assert len(found.split()) <= WORDS


def test_what_a_post_answers_is_read_after_it() -> None:
    article = reading("ini pak sekcam ya?", 0, context="Foto warga di panggung paslon 2")
    assert str(pick(article, [0.5])) == "ini pak sekcam ya? < Foto warga di panggung paslon 2"


def test_saved_and_loaded_votes_as_the_weights_say(tmp_path: Path) -> None:
    path = tmp_path / "encoder.npz"
    arrays = tiny()
    save(path, arrays)
    encoder = Encoder.load(path)
    article = reading(TEXT, TEXT.index("\n"))
    scores = [0.5] * len(article.frames)
    vote = encoder.logit(article, scores)
    assert vote == Encoder.load(path).logit(article, scores)
    up = {**arrays, "subject/bias": arrays["subject/bias"] + np.array([1.0, 0, 0])}
    save(path, up)
    assert Encoder.load(path).logit(article, scores) == pytest.approx(vote + 1, abs=0.01)


def test_what_the_frames_found_counts(tmp_path: Path) -> None:
    path = tmp_path / "encoder.npz"
    save(path, tiny())
    encoder = Encoder.load(path)
    officer = reading("Camat membagikan kaus calon.", 0)
    lines = [replace(f, actor=None, parties=()) for f in officer.frames]
    nobody = replace(officer, frames=lines)
    assert encoder.logit(officer, [0.5]) != encoder.logit(nobody, [0.5])


def test_eight_bits_keep_the_words_apart(tmp_path: Path) -> None:
    path = tmp_path / "encoder.npz"
    arrays = tiny()
    save(path, arrays)
    encoder = Encoder.load(path)
    kept = encoder.words * encoder.scales[:, None]
    assert np.abs(kept - arrays["words"]).max() < 0.005


def test_a_file_with_objects_in_it_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bad.npz"
    buffer = io.BytesIO()
    np.save(buffer, np.array([{"run": "me"}], dtype=object), allow_pickle=True)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("words.npy", buffer.getvalue())
    with pytest.raises(ValueError, match="allow_pickle"):
        Encoder.load(path)


def test_numpy_takes_one_thread_so_that_processes_do_not_wait_for_one_another() -> None:
    asked = "import os, extract; print(os.environ['OPENBLAS_NUM_THREADS'])"
    free = {k: v for k, v in os.environ.items() if k != "OPENBLAS_NUM_THREADS"}
    said = subprocess.run(
        [sys.executable, "-c", asked], env=free, capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == "1"
