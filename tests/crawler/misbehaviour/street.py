"""Many sites on one local server, and what stands for a site that misbehaves."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.servers import Answer, LocalServer, habits
from tests.servers.local import Habit

BAD, GOOD = "/berita/yang-rusak-ini", "/berita/yang-baik-ini"
ROBOTS = "/robots.txt"
BOMB = 64_000_000
"""Bytes; eight times what an answer may have."""
CLOUDFLARE = b"<html><title>Just a moment...</title><script src='/cdn-cgi/x'>cloudflare</script>"


class Street:
    """One local server, on which every site has an address of its own."""

    def __init__(self) -> None:
        self.server = LocalServer(everywhere=True)
        self.server.otherwise(self._answer)
        self._houses: dict[str, House] = {}

    def house(self) -> House:
        number = len(self._houses)
        port = self.server.address.rpartition(":")[2]
        house = House(f"127.0.{1 + number // 250}.{1 + number % 250}:{port}")
        self._houses[house.address] = house
        return house

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        self._houses[handler.headers["Host"]].answer(handler)


@dataclass
class House:
    """A site on its address."""

    address: str
    paths: list[str] = field(default_factory=list)
    """What was asked for."""
    _answers: dict[str, Habit] = field(default_factory=dict)
    _otherwise: Habit = habits.hang_up

    @property
    def root(self) -> str:
        return f"http://{self.address}"

    def on(self, path: str, habit: Habit | str) -> None:
        self._answers[path] = Answer(habit.encode()) if isinstance(habit, str) else habit

    def otherwise(self, habit: Habit) -> None:
        self._otherwise = habit

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        self.paths.append(handler.path)
        found = self._answers.get(handler.path)
        found = found or self._answers.get(handler.path.partition("?")[0], self._otherwise)
        found(handler)


SetUp = Callable[[House], None]


@dataclass(frozen=True)
class Index:
    """A way in whose index misbehaves."""

    kind: str
    set_up: SetUp
    outcome: str
    reason: str
    found: int = 0
    way: Mapping[str, Any] = field(default_factory=dict)
    """Settings of the way in."""
    hasty: bool = False
    """Whether it is waited for less long than usual."""


def says(habit: Habit) -> SetUp:
    """All its addresses but robots.txt answer alike."""

    def set_up(house: House) -> None:
        house.on(ROBOTS, Answer(status=404))
        house.otherwise(habit)

    return set_up


def serves(habits_of: Callable[[House], Mapping[str, Habit | str]]) -> SetUp:
    """Its addresses answer so; pages that are no index are there."""

    def set_up(house: House) -> None:
        house.on(ROBOTS, Answer(status=404))
        house.otherwise(Answer(b"<p>isi"))
        for path, habit in habits_of(house).items():
            house.on(path, habit)

    return set_up


def told(value: Any, status: int = 200, /, **headers: str) -> Answer:
    """An answer in JSON."""
    return Answer(json.dumps(value).encode(), "application/json", status, headers)


def rss(root: str, *paths: str) -> Answer:
    """A well-made feed of these pages."""
    items = "".join(f"<item><link>{root}{path}</link></item>" for path in paths)
    body = f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>'
    return Answer(body.encode(), "application/rss+xml")
