"""The model file: safe, exact, small."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from extract.mentions.judge import ENCODER, LETTERS, MODEL
from extract.mentions.letters import SIZE, Letters, places, vector
from extract.mentions.model import Linear, load, save, scaled


def linear(classes: tuple[str, ...] = ("0", "1")) -> Linear:
    return Linear(classes, ("a", "w:b"), np.array([[2.0, -1.0]]), np.array([0.5]))


def test_saved_and_loaded_are_the_same(tmp_path: Path) -> None:
    path = tmp_path / "m.npz"
    save(path, {"frame": linear()}, {"shift": 0.25})
    models, numbers = load(path)
    assert numbers == {"shift": 0.25}
    assert models["frame"].probabilities({"a": 1.0}) == linear().probabilities({"a": 1.0})


def test_probabilities_add_up_and_follow_the_weights() -> None:
    shares = linear().probabilities({"a": 1.0, "unknown": 9.0})
    assert sum(shares.values()) == pytest.approx(1.0)
    assert shares["1"] == pytest.approx(1 / (1 + np.exp(-2.5)))


def test_the_order_of_features_does_not_matter() -> None:
    one, other = {"a": 0.1, "w:b": 0.3}, {"w:b": 0.3, "a": 0.1}
    assert list(linear().logits(one)) == list(linear().logits(other))


def test_words_are_scaled_and_zeros_dropped() -> None:
    assert scaled({"a": 1, "w:b": 1, "c": 0}) == {"a": 1.0, "w:b": 0.35}


def test_a_file_with_objects_in_it_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bad.npz"
    buffer = io.BytesIO()
    np.save(buffer, np.array([{"run": "me"}], dtype=object), allow_pickle=True)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("frame/classes.npy", buffer.getvalue())
    with pytest.raises(ValueError, match="allow_pickle"):
        load(path)


def test_what_ships_is_small() -> None:
    assert sum(path.stat().st_size for path in (MODEL, ENCODER, LETTERS)) < 23_000_000


def test_dialect_shares_letters_with_the_written_word() -> None:
    shared = set(places("membagikan")) & set(places("mbagikake"))
    assert len(shared) > len(set(places("membagikan")) & set(places("diperiksa")))
    assert all(0 <= place < SIZE for place in shared)


def test_a_text_weighs_the_same_however_long() -> None:
    rarity = np.ones(SIZE, dtype=np.float32)
    _, values = vector(Counter({1: 1, 5: 7}), rarity)
    assert float((values**2).sum()) == pytest.approx(1.0)
    assert len(vector(Counter(), rarity)[1]) == 0


def test_letters_saved_and_loaded_vote_the_same(tmp_path: Path) -> None:
    weights = np.linspace(-1, 1, SIZE).astype(np.float16).astype(np.float32)
    letters = Letters(weights, np.ones(SIZE, dtype=np.float32), -0.5)
    path = tmp_path / "letters.npz"
    letters.save(path)
    assert Letters.load(path).logit([]) == letters.logit([]) == -0.5
    assert np.array_equal(Letters.load(path).weights, weights)
