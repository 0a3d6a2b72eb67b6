"""What pages are made of, tested with plain values."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.masking import mask, masked
from pantau.records import Actor, Entity, Mention
from pantau.web.asking import Asked
from pantau.web.charts import timeline
from pantau.web.differences import differences
from pantau.web.kept import Kept
from pantau.web.marking import highlighted, paragraphs
from pantau.web.reasons import in_indonesian
from pantau.web.regions import tree
from search.query import parse
from tests.web.world import NOW, Clock


@pytest.mark.parametrize(
    ("parameters", "query"),
    [
        ({}, ""),
        ({"q": " camat "}, "camat"),
        ({"q": "a OR b", "wilayah": "32.05"}, "(a OR b) AND wilayah:32.05"),
        ({"sumber": "kabar-tirta"}, 'media:"kabar-tirta"'),
        ({"instansi": 'Dinas "X" \\ Y'}, 'instansi_persis:"Dinas \\"X\\" \\\\ Y"'),
        ({"dari": "2024-09-25"}, "tanggal:[2024-09-25 TO *]"),
        ({"dari": "kemarin", "mulai": "-3", "urut": "acak"}, ""),
    ],
)
def test_an_address_is_one_query(parameters: dict[str, str], query: str) -> None:
    asked = Asked.of(parameters)
    assert asked.query == query
    parse(asked.query)
    assert asked.start == 0


@given(st.text(min_size=1, max_size=40).filter(str.strip))
def test_whatever_a_facet_is_called_can_be_asked_for(value: str) -> None:
    parse(Asked(words="camat", chosen={"instansi": value}).query)


def test_a_narrowed_search_can_be_widened_again() -> None:
    asked = Asked.of({"q": "camat", "mulai": "40", "bentuk": "5"})
    narrowed = asked.narrowing("tahap")("reported")
    assert narrowed == "/cari?q=camat&bentuk=5&tahap=reported"
    assert Asked(words="a").narrowing("instansi")("Dinas A&B") == "/cari?q=a&instansi=Dinas+A%26B"
    assert asked.at(60).url() == "/cari?q=camat&bentuk=5&mulai=60"


def test_a_time_line_has_no_gaps_and_grows_wider_with_time() -> None:
    few = timeline({"2024-10-01": 2, "2024-10-04": 1})
    assert (few.span, [bar.count for bar in few.bars]) == ("hari", [2, 0, 0, 1])
    weeks = timeline({"2024-01-03": 1, "2024-12-30": 4})
    assert weeks.span == "minggu"
    assert weeks.bars[0].first == date(2024, 1, 1)
    assert sum(bar.count for bar in weeks.bars) == 5
    assert timeline({"2010-05-05": 1, "2024-05-05": 1}).span == "tahun"
    assert timeline({}).bars == ()
    within = timeline({"2024-10-16": 1}, "minggu", (date(2024, 9, 1), date(2024, 10, 20)))
    assert [bar.count for bar in within.bars] == [0, 0, 0, 0, 0, 0, 0, 1]


def test_regions_stand_in_those_above_them() -> None:
    (java,) = tree({"32": 3, "32.05": 2, "32.05.11": 1, "32.73": 1})
    assert [(branch.code, branch.count) for branch in java.branches] == [("32.05", 2), ("32.73", 1)]
    assert [one.code for one in java.branches[0].branches] == ["32.05.11"]
    assert [one.code for one in tree({"32.05": 1})] == ["32.05"]  # nothing above is counted


def mention(start: int, end: int) -> Mention:
    return Mention(
        sentence="", start=start, end=end, subject="asn", actor=Actor(), act="", skb_forms=(5,)
    )


@given(
    st.text(alphabet="ab \n", max_size=60),
    st.lists(st.tuples(st.integers(-5, 70), st.integers(-5, 70)), max_size=6),
    st.lists(st.tuples(st.integers(-5, 70), st.integers(-5, 70)), max_size=4),
)
def test_marking_loses_and_doubles_nothing(
    text: str, named: list[tuple[int, int]], told: list[tuple[int, int]]
) -> None:
    entities = [Entity(start=a, end=b, text="x", label="PER") for a, b in named]
    made = paragraphs(text, entities, [mention(a, b) for a, b in told])
    shown = "".join("".join(piece.text for piece in pieces) for pieces in made)
    assert shown.replace(" ", "") == "".join(text.split())


def test_marks_stand_where_they_were_found() -> None:
    text = "Camat Ani\nIa Ani berpose.\n\nSelesai."
    made = paragraphs(text, [Entity(start=13, end=16, text="Ani", label="PER")], [mention(10, 25)])
    assert [
        [(p.text, p.entity is not None, p.mention, p.first) for p in line] for line in made
    ] == [
        [("Camat Ani", False, 0, False)],
        [("Ia ", False, 1, True), ("Ani", True, 1, False), (" berpose.", False, 1, False)],
        [("Selesai.", False, 0, False)],
    ]


def test_what_is_masked_is_never_cut_up() -> None:
    text = "Hubungi 0812-3456-7890, rumah di Jl. Mawar No 5.\nSelesai."
    hidden = masked(text)
    parts = highlighted(text, [(8, 12), (24, 29), (35, 40)], hidden)
    assert [part.text for part in parts if part.marked] == ["rumah"]
    place = [Entity(start=37, end=42, text="Mawar", label="LOC")]
    shown = paragraphs(text, place, [mention(0, 15)], hidden)
    for pieces in ([part.text for part in parts], [p.text for line in shown for p in line]):
        told = "".join(pieces)
        assert "[nomor telepon disamarkan]" in told
        assert "[alamat disamarkan]" in told
        assert not {"0812", "7890", "Mawar", "No 5"} & set(re.findall(r"No 5|\w+", told))
        assert mask(text).replace("\n", "") == told.replace("\n", "")


def test_highlights_part_a_passage() -> None:
    parts = highlighted("satu dua tiga", [(5, 8)])
    assert [(part.text, part.marked) for part in parts] == [
        ("satu ", False), ("dua", True), (" tiga", False),
    ]  # fmt: skip


def test_differences_tell_what_went_and_what_came() -> None:
    before = "Judul\nCamat hadir di acara.\nTetap."
    after = "Judul\nCamat tidak hadir di acara.\nTetap.\nBaru."
    told = differences(before, after)
    changed = [[(c.kind, c.text) for c in line if c.kind != "same"] for line in told]
    assert changed == [[], [("new", "tidak")], [], [("new", "Baru.")]]
    assert all(c.kind == "same" for line in differences(after, after) for c in line)


def test_an_answer_is_found_once_as_long_as_it_is_fresh() -> None:
    clock = Clock(NOW)
    kept, found = Kept[int](timedelta(seconds=10), clock), iter(range(9))
    assert [kept.get(asked, lambda: next(found)) for asked in ("a", "a", "b", "a")] == [0, 0, 1, 0]
    clock.forward(timedelta(seconds=10))
    assert kept.get("a", lambda: next(found)) == 2


@pytest.mark.parametrize(
    ("noted", "said"),
    [
        ("http 503", "jawaban HTTP 503"),
        (
            "feed: partly (3 × robots.txt; 5 pages left to the next run)",
            "umpan: terbaca sebagian (3 × dilarang robots.txt; 5 halaman menunggu pembacaan "
            "berikutnya)",
        ),
        (
            "failed: timeout; https://a.example/listing/empty?listing=1",
            "gagal: terlalu lama menjawab; https://a.example/listing/empty?listing=1",
        ),
        (
            "hardly any text, and neither civil servants nor elections",
            "hampir tanpa teks, dan bukan tentang ASN atau pemilihan",
        ),
        ("private address 10.0.0.1", "alamat jaringan pribadi 10.0.0.1"),
        ("", ""),
    ],
)
def test_why_something_was_not_read_is_said_in_indonesian(noted: str, said: str) -> None:
    assert in_indonesian(noted) == said
