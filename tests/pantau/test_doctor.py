"""What the doctor finds, asked of real servers on this machine that do right or wrong."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from dns.resolver import Resolver

from pantau.doctor import Finding, examine
from pantau.doctor.installation import growth
from pantau.home import Home
from pantau.state import open_state
from tests.servers import LocalServer
from tests.servers.names import NameServer
from tests.servers.postbox import Postbox, serving_mail
from tests.servers.proxy import ForwardProxy
from tests.servers.tls import self_signed

NOW = datetime.now(UTC)


def write(home: Home, settings: str = "", sources: str = "") -> None:
    folder = home.root / "config"
    (folder / "sources").mkdir(parents=True, exist_ok=True)
    (folder / "settings.toml").write_text(settings)
    (folder / "sources" / "uji.toml").write_text(sources)


def source(number: int, root: str) -> str:
    return (
        f'[[source]]\nid = "s{number}"\nname = "S"\nevery = "15m"\n'
        f'ways = [{{ kind = "feed", url = "{root}/feed" }}]\n'
    )


def findings(
    home: Home, environment: Mapping[str, str] | None = None, resolver: Resolver | None = None
) -> dict[str, list[Finding]]:
    found: dict[str, list[Finding]] = {}
    for one in examine(home, environment or {}, NOW, resolver=resolver):
        found.setdefault(one.what, []).append(one)
    return found


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def test_a_mistake_in_the_configuration_is_all_that_is_told(home: Home) -> None:
    write(home, settings='[crawl]\ncontct = "x"\n')
    [only] = examine(home, {}, NOW)
    assert only.verdict == "wrong"
    assert "settings.toml:2" in only.told


def test_nothing_is_made_where_there_is_no_home(home: Home) -> None:
    assert {one.what for one in examine(home, {}, NOW)} >= {"configuration", "state", "disk"}
    assert not home.root.exists()


def test_what_an_office_would_miss_is_told(home: Home) -> None:
    write(home, sources=source(1, "http://tidak-ada.invalid"))
    found = findings(home)
    assert found["subscriptions"][0].verdict == "look"
    for what in ("operators", "contact", "mail", "base_url"):
        assert found[what][0].verdict == "look", what


# --- the state


def test_a_damaged_state_is_found(home: Home) -> None:
    write(home)
    open_state(f"sqlite:///{home.root / 'state.sqlite'}").close()
    assert findings(home)["state"][0].verdict == "ok"
    with closing(sqlite3.connect(home.root / "state.sqlite")) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    path = home.root / "state.sqlite"
    whole = path.read_bytes()
    path.write_bytes(whole[:8192] + b"\xff" * 4096 + whole[12288:])
    [told] = findings(home)["state"]
    assert told.verdict == "wrong"


def test_an_earlier_state_is_sent_to_upgrade(home: Home) -> None:
    write(home)
    open_state(f"sqlite:///{home.root / 'state.sqlite'}").close()
    with closing(sqlite3.connect(home.root / "state.sqlite")) as database:
        database.execute("UPDATE alembic_version SET version_num = '0001'")
        database.commit()
    [told] = findings(home)["state"]
    assert told.verdict == "wrong"
    assert "pantau upgrade" in told.told


# --- the disk


def test_the_disk_is_foreseen_from_how_it_fills(home: Home) -> None:
    home.archive.mkdir(parents=True)
    for days in range(20):
        file = home.archive / f"{days}.gz"
        file.write_bytes(b"x" * 1000)
        at = (NOW - timedelta(days=days, hours=1)).timestamp()
        os.utime(file, (at, at))
    assert growth(home, NOW) == pytest.approx(1000, rel=0.1)  # a file of 1,000 bytes a day
    home.index.write_bytes(b"x" * 20_000)  # as large as the archive: it grows as fast
    assert growth(home, NOW) == pytest.approx(2000, rel=0.1)


def test_a_young_home_tells_no_pace(home: Home) -> None:
    home.archive.mkdir(parents=True)
    (home.archive / "a.gz").write_bytes(b"x")
    assert growth(home, NOW) is None


def test_a_full_disk_is_wrong(home: Home) -> None:
    write(home, settings="[operators]\nmin_free_mb = 1000000000\n")
    assert findings(home)["disk"][0].verdict == "wrong"


# --- the web and the clock


@pytest.fixture
def site() -> Any:
    with LocalServer(everywhere=True) as server:
        yield server


@pytest.mark.parametrize(("off", "verdict"), [(0, "ok"), (900, "wrong"), (-900, "wrong")])
def test_the_clock_is_compared_with_the_sites(
    home: Home, site: LocalServer, off: int, verdict: str
) -> None:
    said = format_datetime(NOW - timedelta(seconds=off), usegmt=True)

    def answer(handler: Any) -> None:
        handler.send_response_only(200)
        handler.send_header("Date", said)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    site.on("/robots.txt", answer)
    port = site.address.rpartition(":")[2]
    write(home, sources="".join(source(n, f"http://127.0.0.{n}:{port}") for n in (1, 2, 3)))
    found = findings(home)
    assert found["web"][0].verdict == "ok"
    assert found["clock"][0].verdict == verdict
    assert set(site.paths()) == {"/robots.txt"}


def test_a_site_that_is_down_is_named(home: Home, site: LocalServer) -> None:
    write(home, sources=source(1, site.root) + source(2, "http://tidak-ada.invalid"))
    [told] = findings(home)["web"]
    assert told.verdict == "look"
    assert "tidak-ada.invalid: the name does not resolve" in told.told


def test_the_proxy_is_what_is_asked(home: Home, site: LocalServer) -> None:
    name = "kabar-tirta.invalid"
    with ForwardProxy({name: int(site.address.rpartition(":")[2])}) as proxy:
        write(home, f'[crawl]\nproxy = "{proxy.url}"\n', source(1, f"http://{name}"))
        [told] = findings(home)["web"]
        assert told.verdict == "ok"
        assert proxy.asked == [f"GET {name}"]
    [told] = findings(home)["web"]
    assert told.verdict == "wrong"


# --- mail and its domain


def smtp(port: int, security: str = "none") -> str:
    return (
        '[mail]\nsender = "pantau@bawaslu.example"\n'
        f'[mail.smtp]\nhost = "localhost"\nport = {port}\nsecurity = "{security}"\n'
    )


def test_the_mail_server_is_greeted_and_gets_nothing(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "server.pem"))
    box = Postbox()
    with serving_mail(box, tls_context=self_signed(tmp_path)) as server, NameServer({}) as names:
        write(home, smtp(server.port, "starttls"))
        good, ends = findings(home, resolver=names.resolver())["smtp"]
        assert good.verdict == "ok"
        assert ends.verdict == "look"  # its certificate ends tomorrow
        write(home, smtp(server.port))
        _, bare = findings(home, resolver=names.resolver())["smtp"]
        assert "can be read on its way" in bare.told
    assert box.mails == []
    with NameServer({}) as names:
        [gone] = findings(home, resolver=names.resolver())["smtp"]
    assert gone.verdict == "wrong"


@pytest.mark.parametrize(
    ("records", "spf", "dmarc"),
    [
        ({}, "look", "look"),
        ({"bawaslu.example": ["v=spf1 mx -all", "lain"]}, "ok", "look"),
        ({"bawaslu.example": ["v=spf1 mx -all", "v=spf1 a -all"]}, "wrong", "look"),
        ({"_dmarc.bawaslu.example": ["v=DMARC1; p=reject"]}, "look", "ok"),
    ],
)
def test_the_senders_domain_is_looked_up(
    home: Home, records: dict[str, list[str]], spf: str, dmarc: str
) -> None:
    write(home, smtp(9))
    with NameServer(records) as names:
        found = findings(home, resolver=names.resolver())
    assert found["spf"][0].verdict == spf
    assert found["dmarc"][0].verdict == dmarc


# --- the pages' address


def test_the_address_in_mails_is_tried(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with LocalServer(tls=self_signed(tmp_path)) as site:
        url = site.root.replace("127.0.0.1", "localhost")
        write(home, f'[alerts]\nbase_url = "{url}"\n')
        [untrusted] = findings(home)["base_url"]
        assert untrusted.verdict == "wrong"
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "server.pem"))
        [short] = findings(home)["base_url"]
        assert short.verdict == "look"
        assert "Have it renewed" in short.told
    write(home, '[alerts]\nbase_url = "http://pantau.bawaslu.example"\n')
    assert "RFC 8058" in findings(home)["base_url"][0].told
