"""Langganan: made, tried, changed and ended on the page, each office in its own region."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pantau.config import Subscription
from pantau.state import audit, subscriptions
from pantau.web.context import WebContext
from pantau.web.region_names import UnknownRegion, code_of
from pantau.web.subscribing import Entered, shown
from tests.web.conftest import Account, Browser
from tests.web.reading import words
from tests.web.test_security import csrf_of
from tests.web.world import tell

FILLED = {
    "nama": "Bawaslu Kabupaten Garut",
    "penerima": "temuan@garut.example\nketua@garut.example",
    "wilayah": "Kab. Garut",
    "bentuk": ["5", "3"],
    "irama": "daily",
    "jam": "06:30",
    "tenang_dari": "21:00",
    "tenang_sampai": "05:00",
    "zona": "Asia/Jakarta",
    "batas": "10",
    "pelaku": ["asn"],
}


def held(context: WebContext) -> dict[str, Subscription]:
    with context.state.read() as session:
        return subscriptions.held(session)


def test_one_is_tried_kept_changed_and_ended(context: WebContext, browser: Browser) -> None:
    number = tell(context, "a1", region="32.05")
    tell(context, "a2", region="33.15")
    asked = browser()
    token = {"csrf": csrf_of(asked.get("/langganan/baru").text)}
    tried = asked.post("/langganan/baru", data=token | FILLED | {"langkah": "coba"})
    assert tried.status_code == 200
    assert "30 hari terakhir: 1 kasus" in words(tried.text)
    assert f"Kasus {number}," in words(tried.text)
    assert 'value="Bawaslu Kabupaten Garut"' in tried.text
    assert held(context) == {}

    kept = asked.post("/langganan/baru", data=token | FILLED | {"langkah": "simpan"})
    assert kept.status_code == 303
    (made,) = held(context).values()
    assert made.id == "bawaslu-kabupaten-garut"
    assert made.recipients == ("temuan@garut.example", "ketua@garut.example")
    assert made.regions == ("32.05",)
    assert made.forms == (3, 5)
    assert made.quiet is not None
    assert "jam tenang 21.00–05.00 (WIB)" in words(asked.get("/langganan").text)

    form = asked.get(f"/langganan/{made.id}").text
    assert "Kabupaten Garut" in form
    changed = FILLED | {"nama": "Bawaslu Garut", "langkah": "simpan"}
    assert asked.post(f"/langganan/{made.id}", data=token | changed).status_code == 303
    assert held(context)[made.id].name == "Bawaslu Garut"

    assert asked.post(f"/langganan/{made.id}/hapus", data=token).status_code == 303
    assert held(context) == {}
    with context.state.read() as session:
        noted = [row.detail for row in audit.entries(session, 10) if row.action == "subscription"]
    assert noted[0] == "dihapus"
    assert "ketua@garut.example" in noted[-1]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("nama", " ", "Beri nama"),
        ("penerima", "kantor garut", "Ini bukan alamat surel: kantor garut."),
        ("penerima", "a@b.example\r\nBcc: x@y", "Ini bukan alamat surel"),
        ("wilayah", "Bandung", "Kabupaten Bandung (32.04), Kota Bandung (32.73)"),
        ("wilayah", "Wakanda", "“Wakanda” bukan wilayah yang dikenal."),
        ("kueri", '"tanpa akhir', "tanda kutip"),
        ("tenang_sampai", "", "Isi kedua jam"),
        ("tenang_sampai", "21:00", "harus berbeda"),
    ],
)
def test_a_mistake_is_told_beside_its_field_and_nothing_is_lost(
    context: WebContext, browser: Browser, field: str, value: str, said: str
) -> None:
    asked = browser()
    token = {"csrf": csrf_of(asked.get("/langganan/baru").text)}
    answer = asked.post(
        "/langganan/baru", data=token | FILLED | {field: value, "langkah": "simpan"}
    )
    assert answer.status_code == 422
    assert said in words(answer.text)
    assert 'value="06:30"' in answer.text
    assert held(context) == {}


def test_each_office_sees_to_its_own_region(
    context: WebContext, browser: Browser, account: Account
) -> None:
    account("garut", regions=["32.05"])
    account("jabar", regions=["32"])
    account("peneliti", role="analyst")
    of_province = browser("jabar")
    token = {"csrf": csrf_of(of_province.get("/langganan/baru").text)}
    for wilayah in ("Kabupaten Garut", "Jawa Barat"):
        data = token | FILLED | {"wilayah": wilayah, "nama": wilayah, "langkah": "simpan"}
        assert of_province.post("/langganan/baru", data=data).status_code == 303

    of_garut = browser("garut")
    token = {"csrf": csrf_of(of_garut.get("/langganan/baru").text)}
    assert of_garut.get("/langganan/kabupaten-garut").status_code == 200
    assert of_garut.get("/langganan/jawa-barat").status_code == 404
    assert of_garut.post("/langganan/jawa-barat/hapus", data=token).status_code == 404
    for wilayah, said in (("Jawa Barat", "di luar wilayah kerja"), ("", "Isi wilayah kerja")):
        data = token | FILLED | {"wilayah": wilayah, "langkah": "simpan"}
        answer = of_garut.post("/langganan/baru", data=data)
        assert answer.status_code == 422
        assert said in words(answer.text)
    assert browser("peneliti").get("/langganan").status_code == 403
    assert len(held(context)) == 2


def test_those_of_the_configuration_are_shown_and_left_alone(
    context: WebContext, browser: Browser
) -> None:
    one = Subscription(id="jabar", name="Bawaslu Jawa Barat", recipients=("a@b.example",))
    context.config = replace(context.config, subscriptions={one.id: one})
    asked = browser()
    assert "Diatur operator" in words(asked.get("/langganan").text)
    assert asked.get("/langganan/jabar").status_code == 404
    token = {"csrf": csrf_of(asked.get("/langganan/baru").text)}
    data = token | FILLED | {"nama": "Jabar", "langkah": "simpan"}
    assert asked.post("/langganan/baru", data=data).status_code == 303
    assert list(held(context)) == ["jabar-2"]
    with context.state.read() as session:
        joined = subscriptions.joined(session, context.config)
    assert joined.subscriptions.keys() == {"jabar", "jabar-2"}


@given(
    name=st.text(min_size=1, max_size=60).filter(str.strip),
    regions=st.lists(st.sampled_from(["32", "32.05", "11", "31.71", "94.04"]), unique=True),
    forms=st.sets(st.integers(1, 13)),
    score=st.floats(0, 1),
    quiet=st.none() | st.tuples(st.times(), st.times()).filter(lambda t: t[0] != t[1]),
)
def test_a_form_gives_back_what_it_was_filled_with(
    name: str,
    regions: list[str],
    forms: set[int],
    score: float,
    quiet: tuple[object, object] | None,
) -> None:
    made = Subscription.model_validate(
        {
            "id": "satu",
            "name": name.strip(),
            "recipients": ["a@b.example"],
            "regions": regions,
            "forms": sorted(forms),
            "min_score": score,
            "quiet": quiet,
        }
    )
    again = Entered.model_validate(shown(made).model_dump(mode="json"))
    assert again.subscription((), (), "satu") == made


def test_regions_go_by_code_and_by_name() -> None:
    for entry in ("31", "DKI Jakarta", "dki jakarta", "Prov. DKI Jakarta"):
        assert code_of(entry) == "31", entry
    for entry in ("DI Yogyakarta", "Daerah Istimewa Yogyakarta"):
        assert code_of(entry) == "34", entry
    assert code_of("Kab.  Garut ") == code_of("garut") == "32.05"
    assert code_of(" ") is None
    with pytest.raises(UnknownRegion, match="Kabupaten Bandung"):
        code_of("Bandung")
