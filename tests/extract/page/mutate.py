"""A seeded mutator of pages: cut off, nested, bytes flipped, tags dropped, pieces doubled."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

_TAG = re.compile(rb"<[^<>]{1,300}>")


def _cut_off(body: bytes, rng: random.Random) -> bytes:
    return body[: rng.randrange(len(body) + 1)]


def _flip(body: bytes, rng: random.Random) -> bytes:
    changed = bytearray(body)
    for _ in range(rng.randint(1, 200)):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def _drop_tags(body: bytes, rng: random.Random) -> bytes:
    share = rng.random() * 0.6
    return _TAG.sub(lambda match: b"" if rng.random() < share else match[0], body)


def _nest(body: bytes, rng: random.Random) -> bytes:
    tag = rng.choice([b"div", b"span", b"table", b"ul", b"blockquote", b"font", b"a", b"p"])
    depth = rng.randint(10, 4_000)
    place = rng.randrange(len(body))
    return body[:place] + b"<" + tag + b">" + (b"<" + tag + b">") * depth + body[place:]


def _double(body: bytes, rng: random.Random) -> bytes:
    start = rng.randrange(len(body))
    piece = body[start : start + rng.randint(1, 5_000)]
    place = rng.randrange(len(body))
    return body[:place] + piece * rng.randint(1, 20) + body[place:]


def _shuffle(body: bytes, rng: random.Random) -> bytes:
    size = max(1, len(body) // rng.randint(2, 30))
    pieces = [body[i : i + size] for i in range(0, len(body), size)]
    rng.shuffle(pieces)
    return b"".join(pieces)


def _garbage_at_end(body: bytes, rng: random.Random) -> bytes:
    for _ in range(rng.randint(1, 40)):
        place = rng.randrange(len(body))
        body = body[:place] + rng.choice([b'"', b"'", b"<", b">", b"&#x", b"\x00", b"]]>", b"<!--"])
        body += bytes(rng.randrange(32, 127) for _ in range(3))
    return body


def _insert(body: bytes, rng: random.Random) -> bytes:
    for _ in range(rng.randint(1, 40)):
        place = rng.randrange(len(body))
        mark = rng.choice([b'"', b"'", b"<", b">", b"&#x", b"\x00", b"]]>", b"<!--", b"\xff\xfe"])
        body = body[:place] + mark + body[place:]
    return body


MUTATIONS: list[Callable[[bytes, random.Random], bytes]] = [
    _cut_off,
    _flip,
    _drop_tags,
    _nest,
    _double,
    _shuffle,
    _garbage_at_end,
    _insert,
]


def mutated(body: bytes, seed: int) -> bytes:
    """The page changed in one to three ways, the same for the same seed."""
    rng = random.Random(seed)
    for _ in range(rng.randint(1, 3)):
        if body:
            body = rng.choice(MUTATIONS)(body, rng)
    return body
