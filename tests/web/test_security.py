"""Who comes in, who does not, and what an answer carries."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pantau.errors import StateError
from pantau.state import accounts, audit
from pantau.web.context import WebContext
from pantau.web.security import doors, passwords
from pantau.web.security.rights import sees
from pantau.web.viewer import Viewer
from tests.web.conftest import PASSWORD, Account, Browser
from tests.web.world import Clock


def csrf_of(text: str) -> str:
    return text.split('name="csrf" value="', 1)[1].split('"', 1)[0]


# Without accounts


def test_without_accounts_this_machine_is_let_in(browser: Browser) -> None:
    assert browser().get("/cari").status_code == 200


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        ("10.0.0.7", {}),
        ("127.0.0.1", {"host": "pantau.example"}),
        ("127.0.0.1", {"x-forwarded-for": "10.0.0.7"}),
    ],
    ids=["another machine", "another name", "a proxy"],
)
def test_without_accounts_nobody_else_is(
    browser: Browser, address: str, headers: dict[str, str]
) -> None:
    answer = browser(address=address).get("/cari", headers=headers)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/masuk")


def test_other_addresses_are_served_only_once_there_is_an_account(
    context: WebContext, account: Account
) -> None:
    assert "pantau users add" in doors.check(context.state, "127.0.0.1")
    for host in ("0.0.0.0", "192.168.1.5", "pantau.example", "::"):
        with pytest.raises(StateError, match="pantau users add"):
            doors.check(context.state, host)
    account("ani")
    assert doors.check(context.state, "0.0.0.0") == ""


def test_with_an_account_this_machine_logs_in_too(browser: Browser, account: Account) -> None:
    account("ani")
    answer = browser().get("/cari?q=camat&urut=relevansi")
    assert answer.headers["location"] == "/masuk?ke=%2Fcari%3Fq%3Dcamat%26urut%3Drelevansi"


def test_when_the_only_account_is_disabled_strangers_stay_out(
    context: WebContext, browser: Browser, account: Account
) -> None:
    account("ani")
    with context.state.write() as session:
        accounts.disable(session, accounts.get(session, "ani"), context.clock())
    assert browser(address="10.0.0.7").get("/cari").status_code == 303


# Logging in and out


def test_name_and_password_open_and_leaving_closes(browser: Browser, account: Account) -> None:
    account("ani")
    ani = browser()
    entered = ani.post("/masuk", data={"nama": " Ani ", "sandi": PASSWORD, "ke": "/cari?q=camat"})
    assert (entered.status_code, entered.headers["location"]) == (303, "/cari?q=camat")
    cookie = entered.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    page = ani.get("/akun")
    assert page.status_code == 200
    token = ani.cookies["pantau_session"]
    assert ani.post("/keluar", data={"csrf": csrf_of(page.text)}).status_code == 303
    ani.cookies.set("pantau_session", token)
    assert ani.get("/akun").status_code == 303


@pytest.mark.parametrize("to", ["https://jahat.example/", "//jahat.example", "/\\jahat.example"])
def test_a_login_leads_nowhere_else(browser: Browser, account: Account, to: str) -> None:
    account("ani")
    entered = browser().post("/masuk", data={"nama": "ani", "sandi": PASSWORD, "ke": to})
    assert entered.headers["location"] == "/"


def test_a_wrong_password_and_a_wrong_name_read_the_same(
    browser: Browser, account: Account
) -> None:
    account("ani")
    wrong = browser().post("/masuk", data={"nama": "ani", "sandi": "bukan ini"})
    nobody = browser().post("/masuk", data={"nama": "budi", "sandi": "bukan ini"})
    assert wrong.status_code == nobody.status_code == 401
    assert wrong.text.replace('value="ani"', "") == nobody.text.replace('value="budi"', "")
    assert "tidak cocok" in wrong.text


def test_who_guesses_has_to_wait_and_others_need_not(
    browser: Browser, account: Account, clock: Clock
) -> None:
    account("ani")
    thief = browser(address="10.0.0.7")
    for _ in range(5):
        assert thief.post("/masuk", data={"nama": "ani", "sandi": "salah"}).status_code == 401
    late = thief.post("/masuk", data={"nama": "ani", "sandi": PASSWORD})
    assert late.status_code == 429
    assert late.headers["retry-after"] == "900"
    assert "15 menit" in late.text
    assert browser("ani", address="10.0.0.8").get("/akun").status_code == 200
    clock.forward(timedelta(minutes=16))
    assert thief.post("/masuk", data={"nama": "ani", "sandi": PASSWORD}).status_code == 303


def test_what_was_typed_for_an_unknown_name_is_not_kept(
    context: WebContext, browser: Browser, account: Account
) -> None:
    account("ani")
    browser().post("/masuk", data={"nama": "rahasia-saya", "sandi": "x"})
    with context.state.read() as session:
        (entry,) = audit.entries(session, 10)
        assert entry.action == "login_tried"
        assert "rahasia" not in str(vars(entry))


def test_a_session_ends_idle_and_old(browser: Browser, account: Account, clock: Clock) -> None:
    account("ani")
    ani = browser("ani")
    for _ in range(11):
        clock.forward(timedelta(hours=1))
        assert ani.get("/akun").status_code == 200
    clock.forward(timedelta(hours=1, minutes=1))
    assert ani.get("/akun").status_code == 303
    budi = browser("ani")
    clock.forward(timedelta(hours=2, minutes=1))
    assert budi.get("/akun").status_code == 303


def test_another_password_ends_every_session(browser: Browser, account: Account) -> None:
    account("ani")
    ani, elsewhere = browser("ani"), browser("ani")
    csrf = csrf_of(ani.get("/akun").text)
    change = {"csrf": csrf, "lama": PASSWORD, "baru": "kenanga di halaman"}
    assert ani.post("/akun/sandi", data={**change, "lama": "salah"}).status_code == 400
    assert ani.post("/akun/sandi", data={**change, "baru": "pendek"}).status_code == 400
    assert ani.post("/akun/sandi", data=change).status_code == 303
    assert elsewhere.get("/akun").status_code == 303
    again = browser().post("/masuk", data={"nama": "ani", "sandi": "kenanga di halaman"})
    assert again.status_code == 303


@pytest.mark.parametrize(
    ("bad", "fault"),
    [
        ("sebelas-hur", "short"),
        ("x" * 1001, "long"),
        ("halo Ani, apa kabar", "name"),
        ("abababababababab", "uniform"),
        (PASSWORD, None),
    ],
)
def test_a_password_that_is_none_is_told(bad: str, fault: str | None) -> None:
    assert passwords.fault(bad, name="ani") == fault


# What changes something


@pytest.mark.parametrize(
    ("data", "headers"),
    [
        ({}, {}),
        ({"csrf": "salah"}, {}),
        ({}, {"x-csrf-token": "salah"}),
    ],
)
def test_a_form_that_is_not_ours_changes_nothing(
    browser: Browser, account: Account, data: dict[str, str], headers: dict[str, str]
) -> None:
    account("ani")
    ani = browser("ani")
    assert ani.post("/keluar", data=data, headers=headers).status_code == 403
    assert ani.get("/akun").status_code == 200


def test_a_page_elsewhere_cannot_send_our_forms(browser: Browser, account: Account) -> None:
    account("ani")
    ani = browser("ani")
    csrf = csrf_of(ani.get("/akun").text)
    origin = {"origin": "https://jahat.example"}
    assert ani.post("/keluar", data={"csrf": csrf}, headers=origin).status_code == 403
    login = {"nama": "ani", "sandi": PASSWORD}
    assert browser().post("/masuk", data=login, headers=origin).status_code == 403
    own = {"origin": "http://127.0.0.1:8000"}
    assert ani.post("/keluar", data={"csrf": csrf}, headers=own).status_code == 303


def test_without_accounts_forms_are_guarded_too(browser: Browser) -> None:
    assert browser().post("/keluar").status_code == 403


def test_a_body_without_end_is_refused(browser: Browser) -> None:
    assert browser().post("/masuk", content=b"x" * (1024 * 1024 + 1)).status_code == 413


# What an answer carries


@pytest.mark.parametrize("path", ["/cari", "/masuk", "/tidak-ada", "/static/pantau.css"])
def test_every_answer_forbids_what_is_not_ours(browser: Browser, path: str) -> None:
    told = browser().get(path).headers
    policy = told["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert told["x-content-type-options"] == "nosniff"
    assert told["referrer-policy"] == "same-origin"
    assert ("no-store" in told.get("cache-control", "")) is not path.startswith("/static/")


# Rights


def test_an_account_sees_its_regions_and_what_has_no_place() -> None:
    viewer = Viewer(name="ani", role="watcher", regions=("33.15", "34"), account_id=1)
    assert sees(viewer, ["33.15"])
    assert sees(viewer, ["33.15.01", "11"])
    assert sees(viewer, ["34.04"])
    assert sees(viewer, [])
    assert sees(viewer, [None])
    assert not sees(viewer, ["33.1"])
    assert not sees(viewer, ["33"])
    assert not sees(viewer, ["33.74"])
    assert sees(Viewer(name="ani", role="watcher", account_id=1), ["33.74"])
