"""What leaves by other ways than mail: signed, once, and without anybody's name."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from alerts import desk
from alerts.composing import compose
from alerts.delivery import EmlFolder, Transport
from alerts.sending import PAUSE, deliver
from alerts.ways import Messenger, open_way
from pantau.clock import Clock
from pantau.config import Config
from pantau.config.models import WayOut
from pantau.errors import ConfigError
from pantau.records import Actor
from pantau.state import State
from pantau.state.tables import OutboxRow
from tests.alerts import world
from tests.alerts.conftest import Told

NOW = world.NOW
KEY = "kunci yang tidak ditebak"
NAMES = ("Bambang", "Sutikno", "bambang.sutikno", "kabartirta.example")


@dataclass
class Receiver:
    """An office's own program: answers as it was told to, and keeps what it was sent."""

    url: str
    answers: list[int] = field(default_factory=list)
    """Status codes of the next answers; then 204."""
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def told(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.got]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            office.got.append((headers, body))
            self.send_response(office.answers.pop(0) if office.answers else 204)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    office = Receiver(f"http://127.0.0.1:{server.server_port}/pantau?kantor=7")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield office
    server.shutdown()
    server.server_close()


def with_way(config: Config, way: WayOut, **changes: Any) -> Config:
    told = world.subscription(ways=(way.id,), **changes)
    return replace(config, subscriptions={told.id: told}, ways={way.id: way})


def hook(url: str) -> WayOut:
    return WayOut(id="kantor", kind="webhook", url=url, secret_env="HOOK")


def opened(way: WayOut, clock: Clock = lambda: NOW) -> Transport:
    return open_way(way, {"HOOK": KEY}, clock)


def work(state: State, config: Config) -> None:
    desk.open_cases(state, config, NOW, region_name=world.region_name)
    compose(state, config, NOW, region_name=world.region_name, archive_path=world.archive_path)


def rows(state: State, way: str) -> list[OutboxRow]:
    with state.read() as session:
        return list(session.scalars(select(OutboxRow).where(OutboxRow.way == way)))


def test_a_program_gets_what_the_mail_tells_without_names(
    state: State, config: Config, tell: Told, receiver: Receiver, tmp_path: Path
) -> None:
    config = with_way(config, hook(receiver.url))
    tell("a1", "Bambang Sutikno Berpose", world.mention(act="kata Bambang Sutikno", skb_forms=()))
    work(state, config)
    assert deliver(state, EmlFolder(tmp_path), lambda: NOW) == {"sent": 1}
    assert deliver(state, opened(config.ways["kantor"]), lambda: NOW, way="kantor") == {"sent": 1}
    assert deliver(state, opened(config.ways["kantor"]), lambda: NOW, way="kantor") == {}
    [(headers, body)] = receiver.got
    for name in NAMES:
        assert name.lower() not in body.decode().lower()
    [told] = receiver.told
    [case] = told["cases"]
    assert case["kind"] == "new"
    assert case["region_code"] == "33.15"
    assert case["subject"] == "Dugaan ASN: Camat Tirtawangi, Kab. Grobogan"
    assert told["id"] == headers["webhook-id"]


def test_the_receiver_can_tell_that_it_comes_from_us(
    state: State, config: Config, tell: Told, receiver: Receiver
) -> None:
    config = with_way(config, hook(receiver.url))
    tell("a1", "Berpose", world.mention())
    work(state, config)
    deliver(state, opened(config.ways["kantor"]), lambda: NOW, way="kantor")
    [(headers, body)] = receiver.got
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(KEY.encode(), signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert int(headers["webhook-timestamp"]) == int(NOW.timestamp())


def test_a_failing_program_gets_the_same_message_later_and_holds_up_no_mail(
    state: State, config: Config, tell: Told, receiver: Receiver, tmp_path: Path
) -> None:
    config = with_way(config, hook(receiver.url))
    receiver.answers = [500]
    tell("a1", "Berpose", world.mention())
    work(state, config)
    way = config.ways["kantor"]
    assert deliver(state, opened(way), lambda: NOW, way="kantor") == {"failed": 1}
    assert deliver(state, EmlFolder(tmp_path), lambda: NOW) == {"sent": 1}
    later = NOW + timedelta(hours=1)
    assert deliver(state, opened(way), lambda: later, way="kantor") == {"sent": 1}
    first, second = receiver.got
    assert first[0]["webhook-id"] == second[0]["webhook-id"]
    assert first[1] == second[1]


def test_an_address_that_is_gone_is_given_up(
    state: State, config: Config, tell: Told, receiver: Receiver
) -> None:
    config = with_way(config, hook(receiver.url))
    receiver.answers = [410]
    tell("a1", "Berpose", world.mention())
    work(state, config)
    assert deliver(state, opened(config.ways["kantor"]), lambda: NOW, way="kantor") == {
        "gave_up": 1
    }
    [row] = rows(state, "kantor")
    assert "410" in row.last_error
    assert "kantor=7" not in row.last_error  # the address may hold a token


def test_a_program_that_is_down_is_asked_again_after_a_pause(
    state: State, config: Config, tell: Told
) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as closed:
        port = closed.server_port
    config = with_way(config, hook(f"http://127.0.0.1:{port}/"))
    tell("a1", "Berpose", world.mention())
    work(state, config)
    assert deliver(state, opened(config.ways["kantor"]), lambda: NOW, way="kantor") == {
        "postponed": 1
    }
    [row] = rows(state, "kantor")
    assert row.attempts == 0
    assert row.next_at == NOW + PAUSE


def test_a_correction_goes_by_every_way_and_names_nobody(
    state: State, config: Config, tell: Told, receiver: Receiver
) -> None:
    config = with_way(config, hook(receiver.url))
    tell("a1", "Camat Berpose", world.mention(actor=Actor(position="Camat Tirtawangi")))
    work(state, config)
    tell("a2", "Camat Itu Bernama", world.mention(stage="reported", stage_by="Bambang Sutikno"))
    work(state, config)
    tell("a1", "Camat Tidak Berpose")
    tell("a2", "Camat Tidak Berpose Juga")
    work(state, config)
    deliver(state, opened(config.ways["kantor"]), lambda: NOW, way="kantor")
    told = [case for message in receiver.told for case in message["cases"]]
    assert [case["kind"] for case in told] == ["new", "update", "update"]
    assert told[1]["changes"] == [
        "Penanganan: dinyatakan telah dilaporkan; sebelumnya disebut sebagai dugaan.",
        "Nama kini disebut sumber.",
    ]
    assert told[2]["changes"][0].startswith("Koreksi: ")
    for _, body in receiver.got:
        assert "Bambang" not in body.decode()


def test_a_digest_is_one_message(
    state: State, config: Config, tell: Told, receiver: Receiver
) -> None:
    config = with_way(config, hook(receiver.url), rhythm="daily")
    tell("a1", "Camat Berpose", world.mention())
    tell(
        "a2",
        "Camat Lain",
        world.mention(
            sentence="Camat Sukarimba membagikan mi instan berstiker paslon.",
            actor=Actor(name="Endang Lestari", position="Camat Sukarimba"),
            skb_forms=(10,),
        ),
    )
    work(state, config)
    compose(
        state,
        config,
        NOW + timedelta(days=1),
        region_name=world.region_name,
        archive_path=world.archive_path,
    )
    tomorrow = NOW + timedelta(days=1)
    deliver(state, opened(config.ways["kantor"]), lambda: tomorrow, way="kantor")
    [told] = receiver.told
    assert len(told["cases"]) == 2
    assert told["title"] == "2 kabar dari Pantau"


def test_who_has_no_address_for_mails_is_told_all_the_same(
    state: State, config: Config, tell: Told, receiver: Receiver
) -> None:
    config = with_way(config, hook(receiver.url), recipients=())
    tell("a1", "Berpose", world.mention())
    work(state, config)
    assert rows(state, "mail") == []
    deliver(state, opened(config.ways["kantor"]), lambda: NOW, way="kantor")
    assert len(receiver.told) == 1


def test_a_messenger_is_told_by_apprise(
    state: State, config: Config, tell: Told, receiver: Receiver
) -> None:
    way = WayOut(id="grup", kind="messenger", secret_env="GRUP")
    config = with_way(config, way)
    tell("a1", "Bambang Sutikno Berpose", world.mention())
    work(state, config)
    address = receiver.url.replace("http://", "json://")
    receiver.answers = [500]
    for clock, expected in ((NOW, {"failed": 1}), (NOW + timedelta(hours=1), {"sent": 1})):
        transport = open_way(way, {"GRUP": address}, lambda now=clock: now)
        assert deliver(state, transport, lambda now=clock: now, way="grup") == expected
    told = receiver.told[-1]
    assert told["title"] == "Dugaan foto bersama calon: Camat Tirtawangi, Kab. Grobogan"
    assert "Informasi awal" in told["message"]
    assert "Bambang" not in json.dumps(told)


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({}, "set the environment variable GRUP"),
        ({"GRUP": ""}, "is empty"),
        ({"GRUP": "bukan alamat"}, "no address Apprise knows"),
    ],
)
def test_a_way_without_its_secret_is_told_at_the_start(
    environment: dict[str, str], told: str
) -> None:
    way = WayOut(id="grup", kind="messenger", secret_env="GRUP")
    with pytest.raises(ConfigError, match=told):
        open_way(way, environment, lambda: NOW)


def test_a_messengers_token_is_in_no_message_of_ours() -> None:
    with pytest.raises(ConfigError) as error:
        Messenger("grup", "rahasia-tak-dikenal")
    assert "rahasia" not in str(error.value)


def test_only_what_a_query_finds_is_told(state: State, config: Config, tell: Told) -> None:
    wanting = [
        world.subscription(id="a", query='jabatan:camat AND "dua jari"'),
        world.subscription(id="b", query="tahap:proven"),
        world.subscription(id="c", query="berpose NOT camat"),
        world.subscription(id="d", query="bentuk:5 AND berpase"),  # no leniency for slips
    ]
    config = replace(config, subscriptions={one.id: one for one in wanting})
    tell("a1", "Berpose", world.mention())
    work(state, config)
    with state.read() as session:
        assert len(session.scalars(select(OutboxRow)).all()) == 1
    tell("a2", "Diputus", world.mention(stage="proven", stage_by="BKN"))
    work(state, config)
    assert len(rows(state, "mail")) == 3  # a's update, and b's first
